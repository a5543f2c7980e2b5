"""The end of a programme: its result report, frozen under a number of its own series, in eight parts."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from certificates.report import render_report
from lims.auth.models import User
from lims.programmes import numbering
from lims.programmes.issuing import TRIES, contents, frozen, laboratory_of, unmoved
from lims.programmes.models import Programme, ProgrammeResult
from lims.programmes.papers import result_report
from lims.programmes.service import named, programme
from lims.programmes.state import analysis
from lims.shared import clock
from lims.shared.db import write
from lims.shared.errors import Conflict, Invalid

WRITTEN = ("difficulties", "corrections", "proposals", "closing")
"""What a person writes at the end; the other parts come from the record."""


def reportable(row: Programme) -> bool:
    """Whether the result report can be issued: the programme runs, or was closed when reports had no number."""
    return row.state == "issued" or (row.state == "closed" and row.result is None)


def record_of(row: Programme, written: Mapping[str, str], number: str = "", signer: User | None = None
              ) -> dict[str, Any]:
    """Everything the report says, as plain JSON values; number "" for a draft of today."""
    today = clock.today()
    return {
        "format": "programme-result-1", "number": number, "issued_on": today.isoformat(),
        "created": clock.now().replace(microsecond=0).isoformat(), "laboratory": laboratory_of(),
        "signer": signer.full_name if signer else "", "signer_title": signer.title if signer else "",
        "title": row.title, "programme": row.document.number if row.document else "",
        "first_on": row.first_on.isoformat(), "last_on": row.last_on.isoformat(),
        "enterprise": {"name": row.customer.name, "address": row.customer.address},
        "goals": [{"title": part.title, "body": part.body} for part in row.parts
                  if part.kind == "section" and "mục tiêu" in part.title.casefold() and part.body],
        "actions": [{"text": one.text, "owner": one.owner, "due_on": one.due_on.isoformat(), "state": one.state,
                     "done_on": one.done_on.isoformat() if one.done_on else "", "result": one.result,
                     "effect": one.effect, "effect_note": one.effect_note} for one in row.actions],
        "left": [{"what": line.measurement.what, "gaps": list(line.gaps)}
                 for line in analysis(row, today) if line.gaps],
        **{name: written.get(name, "").strip() for name in WRITTEN}}


def close(programme_id: int, written: Mapping[str, str], *, by: User) -> ProgrammeResult:
    """End an issued programme and freeze its result report under the next number of the year.

    Every action is done or dropped; the conclusion is written (Invalid at `closing`)."""
    if not written.get("closing", "").strip():
        raise Invalid("Hãy ghi kết luận.", "Write the conclusion.", "closing")
    for _try in range(TRIES):
        row = programme(programme_id)
        if not reportable(row):
            raise Conflict("Chỉ kết thúc được chương trình đã ban hành.", "Only an issued programme can be closed.")
        if any(one.state == "open" for one in row.actions):
            raise Conflict("Còn nhiệm vụ chưa xong: ghi kết quả, hoặc không thực hiện có lý do.",
                           "Some actions are open: enter their results, or drop them with a reason.")
        series = numbering.series_for("result", clock.today().year)
        serial, number = series.next, numbering.number(series)
        before, record = contents(row), record_of(row, written, number, by)
        content = render_report(result_report(record))
        with write("programme.close", actor=named(by)) as current:
            again = unmoved(current, programme_id, before)
            if again is None or not numbering.claim(current, series, serial):
                continue  # somebody closed or followed up meanwhile: look again
            issued = ProgrammeResult(programme_id=again.id, **frozen(current, record, content, by))
            current.add(issued)
            again.state, again.closing = "closed", record["closing"]
        return issued
    raise Conflict("Nhiều người cùng ban hành; hãy thử lại.", "Others are issuing just now; try again.")
