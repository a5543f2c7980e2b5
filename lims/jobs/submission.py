"""Submitting a sheet for review: everything is there, the full evaluation is stored as a result."""
from __future__ import annotations

import hashlib
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from instruments.evaluation import Evaluation, Reason
from instruments.words import Words
from lims.auth.models import User
from lims.equipment.uses import note_sheet
from lims.jobs import second_look, states
from lims.jobs.models import Observation, Result, Worksheet
from lims.jobs.results import canonical, evaluate_sheet
from lims.jobs.standard_parts import parts_agree
from lims.jobs.standards_choice import slots
from lims.jobs.worksheet import actor_of, lock_sheet, require_open, sheet_of
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid


class NotComplete(Invalid):
    """The sheet cannot be submitted yet; `reasons` lead to what is missing or wrong."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__("Chưa chuyển soát xét được: " + "; ".join(reason.text.vi for reason in reasons),
                         "It cannot be submitted yet: " + "; ".join(reason.text.en for reason in reasons),
                         reasons[0].where)
        self.reasons = tuple(reasons)


def mark_of(worksheet: Worksheet) -> str:
    """What tells this state of a sheet from every other: its entries, details and standards."""
    return hashlib.sha256(repr(_state(session(), worksheet)).encode()).hexdigest()[:16]


def submit(code: str, user: User, seen: str = "") -> Result:
    """Evaluate the sheet in full and hand it to review; `seen` is the mark of the state that is meant, where one is.

    Raises NotComplete, Conflict, NotPermitted. The evaluation runs outside the transaction; when anything was typed
    meanwhile nothing is stored.
    """
    worksheet = sheet_of(code)
    require_open(worksheet, user)
    if seen and seen != mark_of(worksheet):
        raise _moved()
    state = _state(session(), worksheet)
    evaluation = evaluate_sheet(worksheet)
    if reasons := obstacles(worksheet, evaluation):
        raise NotComplete(reasons)
    text, digest = canonical(evaluation)
    with write("worksheet.submit", actor=actor_of(user)) as current:
        worksheet = lock_sheet(current, code)
        require_open(worksheet, user)
        if _state(current, worksheet) != state:
            raise _moved()
        result = Result(worksheet_id=worksheet.id, revision=_next_revision(current, worksheet),
                        computed_at=clock.now(), engine_version=evaluation.engine_version, verdict=evaluation.verdict,
                        evaluation=text, digest=digest)
        current.add(result)
        worksheet.item.state = states.after(worksheet.item.state, "submit")
        worksheet.submitted_at = clock.now()
        current.flush()
        note_sheet(current, {one.standard_id for row in worksheet.standards for one in (row, *row.parts)})
    return result


def obstacles(worksheet: Worksheet, evaluation: Evaluation) -> list[Reason]:
    """What stands between this sheet and its review; empty when it may go."""
    found = list(evaluation.reasons) if evaluation.verdict == "incomplete" else []
    if second_look.is_missing(worksheet):
        found.append(Reason("second_pair", "look", Words(
            "người thứ hai chưa xem lại số đọc, hoặc số đọc đã sửa sau khi xem",
            "nobody else has looked over the readings since the last entry")))
    for slot in slots(worksheet, with_offers=False):
        for row, judged in slot.chosen:
            name = row.standard.asset_number
            found += [Reason(why.code, slot.need.key, Words(f"{name}: {why.text.vi}", f"{name}: {why.text.en}"))
                      for why in judged.reasons if why.hard]
            if judged.counts_other_than(row.certificate_id):
                found.append(Reason("certificate_changed", slot.need.key, Words(
                    f"{name}: giấy chứng nhận của chuẩn đã được thay; hãy chọn lại chuẩn này",
                    f"{name}: its certificate was replaced meanwhile; choose the standard again")))
            elif not parts_agree(worksheet, row):
                found.append(Reason("parts_changed", slot.need.key, Words(
                    f"{name}: bộ phận hoặc giấy của bộ phận đã thay đổi; hãy chọn lại chuẩn này",
                    f"{name}: its parts or their certificates changed meanwhile; choose the standard again")))
    return found


def _moved() -> Conflict:
    return Conflict("Bảng đo vừa được người khác sửa; hãy xem lại rồi chuyển.",
                    "The sheet has just been changed; look again, then submit.")


def _state(current: Session, worksheet: Worksheet) -> tuple[int, int, tuple[tuple[int, int | None], ...]]:
    """What the evaluation rests on: the newest entry, the sheet's version, the standards with their parts."""
    newest = current.scalar(sa.select(sa.func.max(Observation.id)).where(Observation.worksheet_id == worksheet.id))
    return newest or 0, worksheet.version, tuple(
        (one.id, one.certificate_id) for row in worksheet.standards for one in (row, *row.parts))


def _next_revision(current: Session, worksheet: Worksheet) -> int:
    return 1 + (current.scalar(sa.select(sa.func.max(Result.revision)).where(
        Result.worksheet_id == worksheet.id)) or 0)
