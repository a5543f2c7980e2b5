"""Pages of the coverage of the group-2 list."""
from __future__ import annotations

from collections import Counter
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.customers import words as customer_words
from lims.legal.catalogue import basis_on
from lims.shared import clock
from lims.shared.errors import NotFound
from lims.shared.forms import accepted, parse_day
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
    chosen = _of_field(every)
    tally = Counter(one.state for one in chosen)
    lacking = Counter(kind for one in chosen for kind in {missing.kind for missing in one.missing})
    bought = [one for row in every for one in row.purchases]
    groups: dict[str, list[Covered]] = {}
    for one in _filtered(chosen):
        groups.setdefault(one.basis.row.field, []).append(one)
    return render_template("surveys/coverage.html", groups=groups, on=on, today=clock.today(), tally=tally,
                           total=len(every), chosen=len(chosen), lacking=lacking, words=words, fields=_fields(every),
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
            for one in _filtered(_of_field(coverage.coverage(_on()))))
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
    basis = basis_on(item, clock.today())
    if basis is None:
        raise NotFound("Danh mục không có dòng này.", "The list has no such row.")
    found = purchases.get(purchase_id) if purchase_id else None
    form = PurchaseForm(obj=found, standard=found.standard.asset_number if found and found.standard else "")
    if accepted(form, lambda: purchases.save(purchase_id, item, form.data, current_user, form.version.number)):
        flash(_("Đã lưu."), "success")
        return redirect(url_for("surveys.coverage", _anchor=f"row-{item}"), 303)
    return render_template("surveys/purchase.html", form=form, row=basis.row, found=found,
                           vi=language() == "vi"), 422 if form.errors else 200


def _on() -> date:
    return parse_day(request.args.get("on", "")) or clock.today()


def _of_field(every: list[Covered]) -> list[Covered]:
    """Those of the field chosen: what the figures count, each of which opens its part of them."""
    field = request.args.get("field", "")
    return [one for one in every if not field or one.basis.row.field == field]


def _filtered(chosen: list[Covered]) -> list[Covered]:
    state, lack = request.args.get("state", ""), request.args.get("lack", "")
    return [one for one in chosen if (not state or one.state == state)
            and (not lack or any(missing.kind == lack for missing in one.missing))]


def _fields(every: list[Covered]) -> list[tuple[str, object]]:
    return [(field, customer_words.FIELD.get(field, field))
            for field in sorted({one.basis.row.field for one in every})]
