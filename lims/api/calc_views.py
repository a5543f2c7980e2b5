"""`POST /api/v1/calc/KIND`: the calculations of `lims calc`."""
from __future__ import annotations

from typing import Any

from flask import jsonify, request
from werkzeug.wrappers import Response

from lims.api.access import scoped
from lims.api.blueprint import blueprint
from lims.shared.i18n import language
from lims.shared.responses import problem
from uncertainty.calc import KINDS, calculate, load_document
from uncertainty.errors import InputError

MOST_TRIALS = 10_000_000
"""A longer run would hold one of the server's processes for minutes; `lims calc` takes a hundred times as many."""


@blueprint.post(f"/calc/<any({', '.join(KINDS)}):kind>")
@scoped("calc")
def calculated(kind: str) -> Response:
    """The result of a calculation document; 422 with every fault at its JSON path."""
    if not request.is_json:
        return problem(415, "Unsupported Media Type", "Content-Type: application/json")
    try:
        document = load_document(request.get_data().decode("utf-8", "replace"), "request.json")
        _refuse_long_runs(document)
        return jsonify(calculate(kind, document))
    except InputError as error:
        errors = [{"field": fault.path, "detail": fault.message(language())} for fault in error.faults]
        return problem(422, "Unprocessable Content", errors[0]["detail"], errors[0]["field"], errors)


def _refuse_long_runs(document: Any) -> None:
    run = document.get("monte_carlo") if isinstance(document, dict) else None
    trials = run.get("trials") if isinstance(run, dict) else None
    if isinstance(trials, int) and trials > MOST_TRIALS:
        raise InputError("monte_carlo.trials", vi=f"qua API nhiều nhất {MOST_TRIALS} lần thử",
                         en=f"at most {MOST_TRIALS} trials through the API")
