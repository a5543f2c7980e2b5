"""The page of an item's statements: one panel for each kind, open to whoever may state it."""
from __future__ import annotations

import re
from collections.abc import Callable

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.issue import statements
from lims.issue.blueprint import blueprint
from lims.issue.statement_forms import FORMS, StatementForm
from lims.issue.statement_models import KINDS
from lims.issue.statements import Said
from lims.jobs.service import item_by_code
from lims.jobs.wording import STATE_LIGHTS, state_words
from lims.shared.errors import DomainError
from lims.shared.forms import attach
from lims.shared.permissions import LOGIN, permit

Page = str | Response | tuple[str, int]
_ROW = re.compile(r"[0-9]{1,9}")


@blueprint.get("/items/<path:code>/statements")
@permit(LOGIN)
def statements_page(code: str) -> str:
    """What is stated; ?edit= fills the form of a row that is corrected."""
    chosen = request.args.get("edit", 0, type=int)
    rows = [row for row in statements.of_item(item_by_code(code).id) if row.id == chosen]
    return _page(code, {row.kind: _form(row.kind, obj=row, replaces=str(row.id)) for row in rows})


@blueprint.post("/items/<path:code>/statements/opinion")
@permit("issue.review")
def give_opinion(code: str) -> Page:
    """An opinion or interpretation, by a person with the right to it."""
    return _give(code, "opinion")


@blueprint.post("/items/<path:code>/statements/of/<kind>")
@permit("jobs.measure")
def give_statement(code: str, kind: str) -> Page:
    """Sampling, an external provider's result, the customer's data."""
    if kind not in KINDS or kind == "opinion":
        abort(404)
    return _give(code, kind)


@blueprint.post("/items/<path:code>/statements/opinion/<int:row>/remove")
@permit("issue.review")
def take_opinion_back(code: str, row: int) -> Page:
    return _answered(code, lambda: statements.take_back(item_by_code(code).code, row, "opinion", current_user))


@blueprint.post("/items/<path:code>/statements/of/<kind>/<int:row>/remove")
@permit("jobs.measure")
def take_statement_back(code: str, kind: str, row: int) -> Page:
    if kind not in KINDS or kind == "opinion":
        abort(404)
    return _answered(code, lambda: statements.take_back(item_by_code(code).code, row, kind, current_user))


def _give(code: str, kind: str) -> Page:
    code, form = item_by_code(code).code, FORMS[kind](prefix=f"{kind}-")
    if not form.validate_on_submit():
        return _page(code, {kind: form}), 422
    typed = {name: form.data.get(name) or "" for name in ("text_vi", "text_en", "source_vi", "source_en")}
    said = Said(kind, affects_results=bool(form.data.get("affects_results")), **typed)
    replaced = form.replaces.data or ""
    return _answered(code, lambda: statements.give(
        code, said, current_user, instead_of=int(replaced) if _ROW.fullmatch(replaced) else None), {kind: form})


def _answered(code: str, act: Callable[[], object], forms: dict[str, StatementForm] | None = None) -> Page:
    try:
        act()
    except DomainError as error:
        if error.status == 404:
            raise
        shown = forms or {"": StatementForm(formdata=None)}
        attach(next(iter(shown.values())), error)
        return _page(code, shown), error.status
    return redirect(url_for("issue.statements_page", code=code), 303)


def _form(kind: str, **values: object) -> StatementForm:
    return FORMS[kind](formdata=None, prefix=f"{kind}-", **values)


def _page(code: str, forms: dict[str, StatementForm]) -> str:
    item = item_by_code(code)
    rows = statements.of_item(item.id)
    titles = _titles()
    panels = [(kind, titles[kind], [row for row in rows if row.kind == kind], forms.get(kind) or _form(kind),
               kind in forms, statements.may_change(item, kind, current_user)) for kind in KINDS]
    return render_template("issue/statements.html", item=item, panels=panels, wrong=next(
        (form for form in forms.values() if form.errors), None), words=state_words(), lights=STATE_LIGHTS)


def _titles() -> dict[str, tuple[str, str]]:
    """Kind -> its heading and what stands on the document without it."""
    return {"sampling": (_("Lấy mẫu"), _("Không ghi: không lấy mẫu.")),
            "external": (_("Kết quả của nhà cung cấp bên ngoài"), _("Không ghi: giấy nói rằng không có.")),
            "customer_data": (_("Dữ liệu do khách hàng cung cấp"), _("Không ghi: không có dữ liệu như vậy.")),
            "opinion": (_("Nhận xét và diễn giải"), _("Không ghi: giấy không có nhận xét."))}
