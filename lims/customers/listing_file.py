"""A list of instruments as an Excel file."""
from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lims.customers import words
from lims.customers.listing import Line
from lims.shared.workbook import workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def response(lines: Sequence[Line]) -> Response:
    """The lines with their enterprises, last checks and states."""
    heads = (_("Mã doanh nghiệp"), _("Doanh nghiệp"), _("Xã, phường"), _("Loại"), _("Nhóm"), _("Tên"), _("Số chế tạo"),
             _("Kiểu"), _("Nơi sản xuất"), _("Phạm vi đo"), _("Nơi sử dụng"), _("Lần gần nhất"), _("Kết quả"),
             _("Ngày"), _("Số giấy"), _("Số tem"), _("Hạn"), _("Trạng thái"))
    rows = ((row.customer.code, row.customer.name, row.customer.commune, words.kind_word(row.kind), line.group,
             row.name, row.serial, row.model, row.maker, row.range_text, row.place_of_use,
             str(words.SERVICE.get(row.last_service, "")), str(words.VERDICT.get(row.last_verdict, "")), row.last_on,
             row.last_number, row.last_sticker, row.due_on, str(words.STATE[line.state]))
            for line in lines for row in (line.instrument,))
    return Response(workbook(_("Phương tiện đo"), heads, rows), mimetype=XLSX,
                    headers={"Content-Disposition": 'attachment; filename="phuong-tien-do.xlsx"'})
