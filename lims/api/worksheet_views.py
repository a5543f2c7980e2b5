"""`/api/v1/worksheets`: sheets by the code of their item; readings are written through the saving interface of the
page, with the same questions."""
from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import jsonify
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.api import asked
from lims.api.access import scoped
from lims.api.blueprint import blueprint
from lims.api.bodies import json_body, judged
from lims.api.listing import listed, shown
from lims.api.named import item_named, standard_named
from lims.api.once import created
from lims.api.problems import Fault, Faulty, title_of
from lims.api.sheet_bodies import ChosenStandard, Details, NewWorksheet, Nothing, changes_of
from lims.api.sheet_values import entry, evaluation, line, outcome, plain, result
from lims.api.versions import Revision, changed
from lims.jobs import listing, second_look, standards_choice
from lims.jobs import worksheet as sheets
from lims.jobs.cells import Outcome, save_cells
from lims.jobs.disposal import require_kept
from lims.jobs.models import Result, Worksheet
from lims.jobs.observations import entries
from lims.jobs.service import item_by_code
from lims.jobs.states import STATES
from lims.jobs.submission import NotComplete, mark_of, submit
from lims.shared.db import session
from lims.shared.errors import Invalid, NotFound
from lims.shared.i18n import language
from lims.shared.paging import page_by_id
from lims.shared.responses import problem


@blueprint.get("/worksheets")
@scoped("worksheets:read")
def worksheets() -> Response:
    """Newest first; `q`, `state`, `procedure`, `performed_by`, `since`, `until`."""
    state = asked.code("state", STATES)
    page = page_by_id(listing.sheets(
        text=asked.text("q"), states=(state,) if state else (), procedure=asked.text("procedure"),
        performed_by=asked.person("performed_by"), since=asked.day("since"), until=asked.day("until")), Worksheet.id)
    return listed([line(row) for row in page.rows], page.prev_url, page.next_url)


@blueprint.post("/worksheets")
@scoped("worksheets:write", "jobs.measure")
def start_worksheet() -> Response:
    """Begin measuring an item today."""
    def act(body: dict[str, Any]) -> None:
        sheets.start(item_named(judged(NewWorksheet, body).item.data, "item").code, current_user)
    return created(Worksheet, act, plain)


@blueprint.get("/worksheets/<path:code>")
@scoped("worksheets:read")
def worksheet(code: str) -> Response:
    return shown(plain(_sheet(code)))


@blueprint.patch("/worksheets/<path:code>")
@scoped("worksheets:write", "jobs.measure")
def change_worksheet(code: str) -> Response:
    """Measuring day and deviation; readings go to `cells`."""
    def act(now: Revision, _version: str, body: dict[str, Any]) -> None:
        form = judged(Details, body, now.row)
        sheets.set_details(code, performed_on=form.performed_on.data, deviation=form.deviation.data or "",
                           user=current_user, seen=sheets.mark_of(now.row))
    return _changed(code, act)


@blueprint.post("/worksheets/<path:code>/cells")
@scoped("worksheets:write", "jobs.measure")
def write_cells(code: str) -> Response:
    """Readings, conditions, checks and fields, each against the revision that was seen of its cell. 200 where all
    stand; else a problem document, with what became of each: what is `saved` in it stands."""
    wanted = changes_of(json_body())
    outcomes = save_cells(code, wanted.changes, current_user, dot_means=wanted.dot_means)
    sheet = sheets.sheet_of(code)
    told = {"outcomes": [outcome(one) for one in outcomes], "version": mark_of(sheet)}
    if any(one.status != "saved" for one in outcomes):
        return _unsaved(outcomes, told)
    return shown(told | {"evaluation": evaluation(sheet)})


@blueprint.post("/worksheets/<path:code>/standards")
@scoped("worksheets:write", "jobs.measure")
def choose_standard(code: str) -> Response:
    """Take a standard, by its number."""
    def act(_now: Revision, _version: str, body: dict[str, Any]) -> None:
        form = judged(ChosenStandard, body)
        standard = standard_named(form.standard.data, "standard")
        if form.slot.data:
            standards_choice.choose(code, form.slot.data, standard.id, current_user)
        else:
            standards_choice.choose_scanned(code, standard.asset_number, current_user)
    return _changed(code, act)


@blueprint.post("/worksheets/<path:code>/standards/remove")
@scoped("worksheets:write", "jobs.measure")
def remove_standard(code: str) -> Response:
    """Take a standard out of the sheet; without a slot out of each."""
    def act(now: Revision, _version: str, body: dict[str, Any]) -> None:
        form = judged(ChosenStandard, body)
        standard = standard_named(form.standard.data, "standard")
        chosen = [one.id for one in now.row.standards
                  if one.standard_id == standard.id and form.slot.data in ("", one.slot)]
        if not chosen:
            raise Invalid("Bảng đo không dùng chuẩn này.", "The sheet does not use this standard.", "standard")
        for row_id in chosen:
            standards_choice.remove(code, row_id, current_user)
    return _changed(code, act)


@blueprint.post("/worksheets/<path:code>/look")
@scoped("worksheets:write", "jobs.measure")
def look_over_worksheet(code: str) -> Response:
    """The second pair of eyes, where the procedure wants it."""
    def act(_now: Revision, _version: str, body: dict[str, Any]) -> None:
        judged(Nothing, body)
        second_look.look_over(code, current_user)
    return _changed(code, act)


@blueprint.post("/worksheets/<path:code>/submit")
@scoped("worksheets:write", "jobs.measure")
def submit_worksheet(code: str) -> Response:
    """Hand the sheet that was read to review; what stands in the way is told at its cell."""
    def act(_now: Revision, version: str, body: dict[str, Any]) -> None:
        judged(Nothing, body)
        try:
            submit(code, current_user, version)
        except NotComplete as error:
            raise Faulty([Fault((reason.where,), reason.text.in_language(language()), in_body=False)
                          for reason in error.reasons]) from error
    return _changed(code, act)


@blueprint.get("/worksheets/<path:code>/results")
@scoped("worksheets:read")
def worksheet_results(code: str) -> Response:
    """What was submitted, newest first, each with its whole evaluation."""
    rows = session().scalars(sa.select(Result).where(Result.worksheet_id == _sheet(code).id)
                             .order_by(Result.revision.desc()))
    return listed([result(row) for row in rows], None, None)


@blueprint.get("/worksheets/<path:code>/history")
@scoped("worksheets:read")
def worksheet_history(code: str) -> Response:
    """Every entry exactly as it was typed, oldest first; nothing is ever replaced."""
    return listed([entry(one) for one in entries(_sheet(code).id)], None, None)


def _sheet(code: str) -> Worksheet:
    """The sheet; NotFound also where measuring has not begun, for then there is none. Raises WorkGone."""
    found = item_by_code(code).worksheet
    if found is None:
        raise NotFound("Mục này chưa bắt đầu đo.", "Measuring of this item has not begun.")
    require_kept(found)
    return found


def _changed(code: str, act: Any) -> Response:
    def read() -> Revision:
        sheet = _sheet(code)
        return Revision(sheet, mark_of(sheet))
    return changed(read, act, lambda now: plain(now.row))


def _unsaved(outcomes: list[Outcome], told: dict[str, Any]) -> Response:
    """What stands against a change, at its text; 409 where somebody else wrote the cell."""
    waiting = [(at, one) for at, one in enumerate(outcomes) if one.status != "saved"]
    saved = len(outcomes) - len(waiting)
    errors = [Fault(("cells", at, "text"), one.message.in_language(language()) if one.message else one.status)
              for at, one in waiting]
    status = 409 if any(one.status == "conflict" for _at, one in waiting) else 422
    detail = (f"Đã ghi {saved} trên {len(outcomes)} ô; còn lại cần trả lời." if language() == "vi"
              else f"{saved} of {len(outcomes)} cells were written; the others need an answer.")
    answer = problem(status, title_of(status), detail, errors[0].field,
                     [one.plain(of_body=True) for one in errors])
    answer.set_data(jsonify({**(answer.get_json() or {}), **told}).get_data())
    return answer
