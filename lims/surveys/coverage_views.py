"""Pages of the coverage of the group-2 list."""
from __future__ import annotations

from collections import Counter
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.customers import words as customer_words
from lims.shared import clock
from lims.shared.errors import DomainError, NotFound
from lims.shared.forms import attach, parse_day
from lims.shared.i18n import language
from lims.shared.permissions import LOGIN, permit
from lims.shared.workbook import workbook
from lims.surveys import coverage, purchases, words
from lims.surveys.blueprint import blueprint
from lims.surveys.coverage import Covered
from lims.surveys.forms import PurchaseForm

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/coverage", endpoint="coverage")
@permit(LOGIN)
def coverage_page() -> str:
    on = _on()
    every = coverage.coverage(on)
    tally = Counter(one.state for one in every)
    lacking = Counter(kind for one in every for kind in {missing.kind for missing in one.missing})
    bought = [one for row in every for one in row.purchases]
    return render_template("surveys/coverage.html", rows=_filtered(every), on=on, today=clock.today(), tally=tally,
                           total=len(every), lacking=lacking, words=words, fields=_fields(every),
                           customer_words=customer_words, vi=language() == "vi",
                           bought=bought, sources=purchases.sources([one.id for one in bought]))


@blueprint.get("/coverage.xlsx")
@permit(LOGIN)
def coverage_file() -> Response:
    """The same rows as an Excel file."""
    vi = language() == "vi"
    heads = (_("Dòng"), _("Phương tiện đo"), _("Lĩnh vực"), _("Chu kỳ, tháng"), _("Trạng thái"), _("Quy trình"),
             _("Chuẩn"), _("Người thực hiện có thẻ"), _("Còn thiếu"), _("Thiết bị mua cho dòng này"))
    rows = ((one.basis.row.item, one.basis.row.name.vi if vi else one.basis.row.name.en,
             str(customer_words.FIELD.get(one.basis.row.field, one.basis.row.field)), one.basis.row.cycle_months,
             str(words.COVERAGE[one.state]), one.way.procedure.code if one.way else "",
             ", ".join(one.way.standards) if one.way else "", ", ".join(one.way.people) if one.way else "",
             "; ".join(missing.vi if vi else missing.en for missing in one.missing),
             "; ".join(f"{bought.name} ({words.STEP[bought.step]})" for bought in one.purchases))
            for one in _filtered(coverage.coverage(_on())))
    return Response(workbook(_("Năng lực nhóm 2"), heads, rows), mimetype=XLSX,
                    headers={"Content-Disposition": 'attachment; filename="nang-luc-nhom-2.xlsx"'})


@blueprint.route("/coverage/<item>/purchases/new", methods=["GET", "POST"])
@permit("surveys.edit")
def new_purchase(item: str) -> str | Response | tuple[str, int]:
    return _purchase(None, item)


@blueprint.route("/coverage/purchases/<int:purchase_id>", methods=["GET", "POST"])
@permit("surveys.edit")
def purchase(purchase_id: int) -> str | Response | tuple[str, int]:
    return _purchase(purchase_id, purchases.get(purchase_id).item)


def _purchase(purchase_id: int | None, item: str) -> str | Response | tuple[str, int]:
    row = next((one.basis.row for one in coverage.coverage(clock.today()) if one.basis.row.item == item), None)
    if row is None:
        raise NotFound("Danh mục không có dòng này.", "The list has no such row.")
    found = purchases.get(purchase_id) if purchase_id else None
    form = PurchaseForm(obj=found, standard=found.standard.asset_number if found and found.standard else "")
    if form.validate_on_submit():
        try:
            purchases.save(purchase_id, item, form.data, current_user, form.version.data or 0)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã lưu."), "success")
            return redirect(url_for("surveys.coverage", _anchor=f"row-{item}"), 303)
    return render_template("surveys/purchase.html", form=form, row=row, found=found,
                           vi=language() == "vi"), 422 if form.errors else 200


def _on() -> date:
    return parse_day(request.args.get("on", "")) or clock.today()


def _filtered(every: list[Covered]) -> list[Covered]:
    state, field, lack = (request.args.get(name, "") for name in ("state", "field", "lack"))
    return [one for one in every
            if (not state or one.state == state) and (not field or one.basis.row.field == field)
            and (not lack or any(missing.kind == lack for missing in one.missing))]


def _fields(every: list[Covered]) -> list[tuple[str, object]]:
    return [(field, customer_words.FIELD.get(field, field))
            for field in sorted({one.basis.row.field for one in every})]
