"""The budget of one point: as a page, and as the document that the calculator reads."""
from __future__ import annotations

import json

from flask import render_template
from werkzeug.wrappers import Response

from lims.jobs.blueprint import blueprint
from lims.jobs.budget_page import budget_of
from lims.jobs.procedures import procedure_of
from lims.jobs.sheet_state import verdict_words
from lims.jobs.worksheet import sheet_of
from lims.shared.permissions import LOGIN, permit


@blueprint.get("/items/<path:code>/budget/<table>/<int:point>")
@permit(LOGIN)
def budget(code: str, table: str, point: int) -> str:
    """Inputs, distributions, sensitivities, shares, the standards' certificates, engine and seed."""
    sheet = sheet_of(code)
    return render_template("jobs/budget.html", item=sheet.item, sheet=sheet, procedure=procedure_of(sheet.item),
                           view=budget_of(sheet, table, point), verdicts=verdict_words())


@blueprint.get("/items/<path:code>/budget/<table>/<int:point>.json")
@permit(LOGIN)
def budget_document(code: str, table: str, point: int) -> Response:
    """The same budget as a `lims calc budget` document: whoever has it can calculate it again."""
    sheet = sheet_of(code)
    view = budget_of(sheet, table, point)
    name = f"budget-{sheet.item.code.replace('/', '-')}-{view.table}-{view.point}.json"
    return Response(json.dumps(view.document, ensure_ascii=False, indent=2) + "\n", mimetype="application/json",
                    headers={"Content-Disposition": f'attachment; filename="{name}"'})
