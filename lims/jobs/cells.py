"""The one interface through which cells of a sheet are saved: readings, conditions, checks and fields.

Every entry is a new row. A cell that somebody else has changed meanwhile is a conflict that shows both values; the
same entry sent again, because its answer was lost, is recognised and not written twice.
"""
from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from instruments.sheet import SheetLayout
from instruments.typed_number import AmbiguousNumber, Convention, DotMeaning, NumberError
from instruments.words import Words
from lims.auth.models import User
from lims.jobs.cell_places import Accepted, Place, place_of, read, suspicion
from lims.jobs.expectations import doubt
from lims.jobs.models import Observation, Worksheet
from lims.jobs.observations import Entry, entries, latest, sheet_layout
from lims.jobs.procedures import layout_for, procedure_of
from lims.jobs.worksheet import actor_of, lock_sheet, require_open
from lims.shared import clock
from lims.shared.db import write
from lims.shared.errors import Invalid
from lims.shared.text import TextError, clean

Status = Literal["saved", "refused", "ambiguous", "guard", "conflict", "reason"]

MOST_CELLS = 1000
LONGEST_REASON = 300
SOURCES = ("typed", "pasted", "undo", "conflict", "scan", "api", "load")
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Change:
    """One cell as a person or program sends it. `base_revision` is the revision seen before typing, 0 for empty;
    `confirmed` says that a reading far from what is expected is meant so, and needs a `reason`."""

    cell: str
    text: str
    base_revision: int
    reason: str = ""
    confirmed: bool = False
    source: str = "typed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one change. `now` is what stands in the cell afterwards; None when it was never filled."""

    cell: str
    status: Status
    now: Entry | None = None
    code: str = ""
    message: Words | None = None
    suggestion: str | None = None
    """Canonical text of what was probably meant (guard)."""
    candidates: Mapping[DotMeaning, str] = field(default_factory=dict)
    """Canonical text of both readings of a dot (ambiguous)."""


def save_cells(code: str, changes: Sequence[Change], user: User, *, dot_means: DotMeaning | None = None,
               convention: Convention = "vi") -> list[Outcome]:
    """Write the changes in order, in one transaction, each with its own outcome.

    `dot_means` answers what a dot before three digits means; the first answer is remembered with the sheet. Raises
    NotFound, Conflict when the sheet is not being measured, NotPermitted without a valid authorisation, Invalid when
    a change has no sensible shape.
    """
    if len(changes) > MOST_CELLS:
        raise Invalid(f"Gửi nhiều nhất {MOST_CELLS} ô một lần.", f"At most {MOST_CELLS} cells at once.")
    cleaned = [cleaned_change(change) for change in changes]
    for attempt in range(_TRIES):
        try:
            with write("worksheet.save_cells", actor=actor_of(user)) as current:
                return _save_all(current, code, cleaned, user, dot_means, convention)
        except IntegrityError:  # another program wrote the same revision; look again at what stands there now
            if attempt == _TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _save_all(current: Session, code: str, changes: Sequence[Change], user: User, dot_means: DotMeaning | None,
              convention: Convention) -> list[Outcome]:
    worksheet = lock_sheet(current, code)
    require_open(worksheet, user)
    if dot_means and not worksheet.dot_means:
        worksheet.dot_means = dot_means
    written = entries(worksheet.id, cells={change.cell for change in changes})
    desk = Desk(current, worksheet, user, convention, written)
    return [desk.save(change) for change in changes]


class Desk:
    """One sheet while its cells are written; `written` are the entries of the cells concerned."""

    def __init__(self, current: Session, worksheet: Worksheet, user: User, convention: Convention,
                 written: Iterable[Entry]) -> None:
        self.current, self.worksheet, self.user, self.convention = current, worksheet, user, convention
        self.written = list(written)
        self.cells = latest(self.written)
        self.layout: SheetLayout = sheet_layout(worksheet)

    def save(self, change: Change) -> Outcome:
        """Write one change, or say what stands against it; inside the caller's transaction."""
        now = self.cells.get(change.cell)
        if self._sent_before(change):
            return Outcome(change.cell, "saved", now)
        place = place_of(self.layout, change.cell)
        if place is None:
            return self._refused(change, "unknown_cell", "Bảng này không có ô đó.", "This sheet has no such cell.")
        try:
            accepted = self._read(place, change.text)
        except AmbiguousNumber as question:
            return Outcome(change.cell, "ambiguous", now, question.code, Words(question.vi, question.en),
                           candidates={"decimal": f"{question.as_decimal:f}", "group": f"{question.as_group:f}"})
        except NumberError as wrong:
            return self._refused(change, wrong.code, wrong.vi, wrong.en)
        if change.base_revision != (now.revision if now else 0):
            agreed = now is not None and now.text == accepted.typed
            return Outcome(change.cell, "saved", now) if agreed else _conflict(change, now)
        unchanged = (now.text if now else "") == accepted.typed
        if unchanged and (now is None or not change.reason):
            return Outcome(change.cell, "saved", now)
        return self._question(place, accepted, change) or self._insert(place, accepted, change)

    def _read(self, place: Place, text: str) -> Accepted:
        if not text.strip():
            return Accepted("", None, "")
        meaning: DotMeaning | None = (
            "decimal" if self.worksheet.dot_means == "decimal"
            else "group" if self.worksheet.dot_means == "group" else None)
        return read(place, text, self.convention, meaning)

    def _question(self, place: Place, accepted: Accepted, change: Change) -> Outcome | None:
        """What must be answered before this entry is written."""
        now = self.cells.get(change.cell)
        found = suspicion(place, accepted) or doubt(self.worksheet, place, accepted)
        if found is not None and not (change.confirmed and change.reason):
            return Outcome(change.cell, "guard", now, found.kind, found.text, found.suggestion)
        if now is not None and not change.reason:
            return Outcome(change.cell, "reason", now, "correction", Words(
                "Sửa giá trị đã lưu: hãy ghi lý do.", "A saved value is being corrected: give the reason."))
        if place.kind == "check" and accepted.typed == "fail" and not change.reason:
            return Outcome(change.cell, "reason", now, "failed_check", Words(
                "Không đạt: hãy ghi lý do.", "It failed: say why."))
        if place.field is not None:
            return self._field_fault(place.cell.removeprefix("field/"), accepted, change)
        return None

    def _field_fault(self, key: str, accepted: Accepted, change: Change) -> Outcome | None:
        """A field may change while readings stand there only if each of them keeps its place."""
        changed = layout_for(procedure_of(self.worksheet.item), self._fields_with(key, accepted))
        problem = next((problem for problem in changed.problems if problem.where == key), None)
        if problem is not None and accepted.typed:
            return self._refused(change, problem.code, problem.text.vi, problem.text.en)
        standing = latest(entries(self.worksheet.id))
        lost = [cell for cell, entry in standing.items() if entry.value is not None
                and place_of(self.layout, cell) is not None and place_of(changed, cell) is None]
        if lost:
            return self._refused(
                change, "readings_lost",
                f"Đã có {len(lost)} số đọc không còn chỗ nếu đổi giá trị này; hãy xóa chúng trước.",
                f"{len(lost)} readings would lose their place; clear them first.")
        return None

    def _insert(self, place: Place, accepted: Accepted, change: Change) -> Outcome:
        now = self.cells.get(change.cell)
        row = Observation(
            worksheet_id=self.worksheet.id, cell=change.cell, revision=(now.revision if now else 0) + 1,
            text=accepted.typed, value=accepted.value, unit=place.unit, source=change.source, at=clock.now(),
            by_id=self.user.id, reason=change.reason)
        self.current.add(row)
        if place.field is not None:
            self._keep_field(place, accepted)
        self.current.flush()
        entry = Entry(row.id, row.cell, row.revision, row.text, row.value, row.unit, row.source, row.at, row.by_id,
                      self.user.full_name, row.reason)
        self.written.append(entry)
        self.cells[change.cell] = entry
        return Outcome(change.cell, "saved", entry)

    def _keep_field(self, place: Place, accepted: Accepted) -> None:
        """The sheet's fields hold what counts now; what belongs to the instrument waits there for the next visit."""
        key = place.cell.removeprefix("field/")
        self.worksheet.instrument_fields = self._fields_with(key, accepted)
        if place.field is not None and place.field.where == "instrument":
            instrument = self.worksheet.item.instrument
            instrument.fields = _with(instrument.fields, key, accepted.canonical)
        self.layout = sheet_layout(self.worksheet)

    def _fields_with(self, key: str, accepted: Accepted) -> dict[str, str]:
        return _with(self.worksheet.instrument_fields, key, accepted.canonical)

    def _sent_before(self, change: Change) -> bool:
        """Whether this very entry stands there already: its answer was lost and it came again."""
        return any(entry.cell == change.cell and entry.revision == change.base_revision + 1
                   and entry.by_id == self.user.id and entry.text in _as_kept(change.text) for entry in self.written)

    def _refused(self, change: Change, code: str, vi: str, en: str) -> Outcome:
        return Outcome(change.cell, "refused", self.cells.get(change.cell), code, Words(vi, en))


def _conflict(change: Change, now: Entry | None) -> Outcome:
    return Outcome(change.cell, "conflict", now, "conflict", Words(
        "Người khác vừa ghi ô này; hãy chọn giá trị.", "Somebody else has written this cell; choose a value."))


def _as_kept(text: str) -> tuple[str, str]:
    """How a text may stand in its row: numbers keep the blanks between their digits, words lose them."""
    return text.strip(), unicodedata.normalize("NFC", " ".join(text.split()))


def _with(values: Mapping[str, str], key: str, text: str) -> dict[str, str]:
    kept = {name: value for name, value in values.items() if name != key}
    return {**kept, key: text} if text else kept


def cleaned_change(change: Change) -> Change:
    """The change with a clean reason. Raises Invalid at `source` or `reason`."""
    if change.source not in SOURCES:
        raise Invalid("Nguồn số đọc không hợp lệ.", "No such source of readings.", "source")
    try:
        reason = clean(change.reason)
    except TextError:
        raise Invalid("Lý do có ký tự không dùng được.", "The reason holds unusable characters.", "reason") from None
    if len(reason) > LONGEST_REASON:
        raise Invalid(f"Lý do dài quá {LONGEST_REASON} ký tự.", f"A reason has at most {LONGEST_REASON} characters.",
                      "reason")
    return replace(change, reason=reason)
