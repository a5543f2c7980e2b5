"""The balance of stickers and seals as Excel and on paper."""
from __future__ import annotations

from datetime import date

from flask import request
from flask_babel import gettext as _
from flask_babel import pgettext
from flask_login import current_user
from werkzeug.wrappers import Response

from certificates.document import Words
from certificates.plain_list import PlainColumn, PlainList, render_plain_list
from certificates.slips import Signatory
from lims.legal import sticker_reports as reports
from lims.legal import sticker_words as words
from lims.legal.blueprint import blueprint
from lims.legal.sticker_rules import STATES, written
from lims.shared import clock
from lims.shared.db import session
from lims.shared.organisation import organisation
from lims.shared.permissions import LOGIN, permit
from lims.shared.workbook import Cell, workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
VI = {"stock": "Trong kho", "assigned": "Trong tay", "drawn": "Để riêng", "used": "Đã dùng", "spoiled": "Hỏng",
      "lost": "Mất", "void": "Đã hủy"}
KINDS = {"verification": "Tem kiểm định", "calibration": "Tem hiệu chuẩn", "seal": "Niêm phong, chì"}


@blueprint.get("/stickers/balance.xlsx")
@permit(LOGIN)
def balance_file() -> Response:
    """Each series with how many numbers are where."""
    heads = (_("Loại"), _("Số đầu"), _("Số cuối"), _("Ngày nhận"), _("Nhận từ"), pgettext("sticker", "Nhận"),
             *(words.states()[state] for state in STATES), _("Còn lại"))
    return Response(workbook(_("Tem và niêm phong"), heads, _rows(words.kinds())), mimetype=XLSX, headers={
        "Content-Disposition": f'attachment; filename="can-doi-tem-{clock.today():%Y-%m-%d}.xlsx"'})


@blueprint.get("/stickers/balance.pdf")
@permit(LOGIN)
def balance_paper() -> Response:
    """The same for paper, with places to sign."""
    laboratory, today = organisation(session()), clock.today()
    columns = (PlainColumn(Words("Loại", "Kind"), 34), PlainColumn(Words("Số đầu", "First"), 27),
               PlainColumn(Words("Số cuối", "Last"), 27), PlainColumn(Words("Ngày nhận", "Received"), 22),
               PlainColumn(Words("Nhận từ", "From"), 36), PlainColumn(Words("Nhận", "In"), 15, number=True),
               *(PlainColumn(Words(VI[state]), 17, number=True) for state in STATES),
               PlainColumn(Words("Còn lại", "Left"), 16, number=True))
    rows = tuple(tuple(f"{cell:%d/%m/%Y}" if isinstance(cell, date) else str(cell if cell is not None else "")
                       for cell in row) for row in _rows(KINDS))
    content = render_plain_list(PlainList(
        title=Words("Bảng cân đối tem và niêm phong", "Balance of stickers and seals"),
        short_name=laboratory.short_name, today=today, created=clock.now(), columns=columns, rows=rows,
        note="Còn lại = trong kho + trong tay + để riêng. Đã hủy là tem đã dán, nay không còn giá trị. Mỗi số chỉ dùng "
             "một lần; số hỏng, mất không dùng lại.",
        prepared_by=Signatory(Words("Người lập", "Prepared by"), current_user.full_name),
        approved_by=Signatory(Words("Phụ trách", "Approved by"), ""), demonstration=laboratory.demonstration))
    name = f"can-doi-tem-{today:%Y-%m-%d}.pdf"
    inline = "inline" if request.args.get("download") is None else "attachment"
    return Response(content, mimetype="application/pdf",
                    headers={"Content-Disposition": f'{inline}; filename="{name}"'})


def _rows(kinds: dict[str, str]) -> list[tuple[Cell, ...]]:
    return [(kinds[line.series.kind], written(line.series.prefix, line.series.first, line.series.width),
             written(line.series.prefix, line.series.last, line.series.width), line.series.received_on,
             line.series.supplier, line.balance.received,
             *(line.balance.counts.get(state, 0) for state in STATES), line.balance.left)
            for line in reports.balances()]
