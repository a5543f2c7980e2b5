"""Issue of a programme: frozen record, the next number of its gapless series, the PDF; and its amendment."""
from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from certificates.numbering import slug
from certificates.report import render_report
from lims.auth.models import User
from lims.programmes import numbering
from lims.programmes.models import (
    Programme,
    ProgrammeAction,
    ProgrammeDocument,
)
from lims.programmes.papers import report_of
from lims.programmes.service import named, programme
from lims.programmes.state import MeasurementState, analysis
from lims.shared import clock
from lims.shared.audit import canonical_json
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid
from lims.shared.files import keep
from lims.shared.organisation import organisation

TRIES = 5
OPTIONAL = "có thể để trống"
"""A section whose hint says so may stay empty."""


def missing(row: Programme) -> list[tuple[str, str]]:
    """What stands in the way of issuing, in Vietnamese and English."""
    lacks = []
    if not row.measurements:
        lacks.append(("Chưa có phép đo nào.", "There is no measurement yet."))
    if not row.actions:
        lacks.append(("Chưa có nhiệm vụ nào.", "There is no action yet."))
    if any(not one.owner for one in row.actions if one.state == "open"):
        lacks.append(("Còn nhiệm vụ chưa có người chịu trách nhiệm.", "Some actions have no owner."))
    answered = {(one.measurement_id, one.gap) for one in row.actions}
    if any((line.measurement.id, gap) not in answered for line in analysis(row, clock.today()) for gap in line.gaps):
        lacks.append(("Còn thiếu sót chưa có nhiệm vụ khắc phục.", "Some gaps have no action."))
    if not any(one.role == "leader" for one in row.experts):
        lacks.append(("Nhóm chuyên gia chưa có trưởng nhóm.", "The expert group has no leader."))
    if any(one.kind == "section" and not one.body and OPTIONAL not in one.hint.casefold() for one in row.parts):
        lacks.append(("Còn mục chưa viết.", "Some sections are not written."))
    return lacks


def record_of(row: Programme, number: str, on: date, signer: str, signer_title: str) -> dict[str, Any]:
    """Everything the document says, as plain JSON values; numbers are text with their digits."""
    return {
        "format": "programme-1", "number": number, "issued_on": on.isoformat(), "signer": signer,
        "signer_title": signer_title, "created": clock.now().replace(microsecond=0).isoformat(),
        "laboratory": laboratory_of(),
        "title": row.title, "edition": row.edition, "change_reason": row.change_reason, "basis": row.basis,
        "replaces": _number_of(row.replaces_id), "first_on": row.first_on.isoformat(),
        "last_on": row.last_on.isoformat(), "wanted_ratio": plain(row.wanted_ratio),
        "enterprise": {"name": row.customer.name, "address": row.customer.address, "code": row.customer.code,
                       "officer": row.customer.metrology_officer},
        "parts": [{"kind": one.kind, "title": one.title, "body": one.body, "gap": one.gap, "cause": one.cause,
                   "actions": [{"text": action.text, "owner": action.owner, "due_on": action.due_on.isoformat()}
                               for action in row.actions if action.part_id == one.id and action.state != "dropped"]}
                  for one in row.parts],
        "measurements": [_measurement(line) for line in analysis(row, clock.today())],
        "actions": [{"kind": one.kind, "text": one.text, "owner": one.owner, "due_on": one.due_on.isoformat(),
                     "cost": plain(one.cost)} for one in row.actions if one.state != "dropped"],
        "experts": [{"name": one.name, "body": one.body, "role": one.role, "decision": one.decision}
                    for one in row.experts],
    }


def laboratory_of() -> dict[str, Any]:
    """The laboratory as its papers name it now."""
    one = organisation(session())
    return {"superior": one.superior_vi, "name": one.name_vi, "short_name": one.short_name, "place": one.place,
            "demonstration": one.demonstration}


def digest_of(record: dict[str, Any]) -> str:
    """SHA-256 of the record's canonical JSON."""
    return hashlib.sha256(canonical_json(record).encode()).hexdigest()


def issue(programme_id: int, *, version: int, by: User) -> ProgrammeDocument:
    """Freeze a draft under the next number of its year. Raises Conflict where something is missing or has moved."""
    for _try in range(TRIES):
        row = programme(programme_id)
        if row.document is not None:
            return row.document
        if row.state != "draft" or row.version != version:
            raise Conflict("Chương trình vừa thay đổi; hãy xem lại rồi ban hành.",
                           "The programme has just changed; look again, then issue it.")
        if lacks := missing(row):
            raise Conflict(" ".join(vi for vi, _en in lacks), " ".join(en for _vi, en in lacks))
        today = clock.today()
        series = numbering.series_for("programme", today.year)
        serial, number = series.next, numbering.number(series)
        before, record = contents(row), record_of(row, number, today, by.full_name, by.title)
        content = render_report(report_of(record))
        with write("programme.issue", actor=named(by)) as current:
            again = unmoved(current, programme_id, before)
            if again is None or not numbering.claim(current, series, serial):
                continue  # somebody issued or wrote meanwhile: look again
            document = ProgrammeDocument(programme_id=again.id, **frozen(current, record, content, by))
            current.add(document)
            again.state = "issued"
            if again.replaces_id is not None:
                current.get_one(Programme, again.replaces_id).state = "superseded"
        return document
    raise Conflict("Nhiều người cùng ban hành; hãy thử lại.", "Others are issuing just now; try again.")


def frozen(current: Session, record: dict[str, Any], content: bytes, by: User) -> dict[str, Any]:
    """The columns of a numbered paper; its PDF is stored."""
    file = keep(current, f"{slug(record['number'])}.pdf", content, "application/pdf")
    current.flush()
    return {"number": record["number"], "issued_on": date.fromisoformat(record["issued_on"]), "record": record,
            "digest": digest_of(record), "file_id": file.id, "by_id": by.id}


def unmoved(current: Session, programme_id: int, before: str) -> Programme | None:
    """The programme, held until the end of the transaction; None where it moved since `before` was taken of it."""
    again = current.get(Programme, programme_id, populate_existing=True, with_for_update={"of": Programme})
    return again if again is not None and contents(again) == before else None


def amend(programme_id: int, reason: str, *, by: User) -> Programme:
    """A draft of the next edition with everything that the issued one holds; issuing it supersedes this one."""
    if not reason.strip():
        raise Invalid("Hãy ghi lý do sửa đổi.", "Say why it is amended.", "reason")
    with write("programme.amend", reason=reason.strip(), actor=named(by)) as current:
        old = current.get(Programme, programme_id, populate_existing=True)
        if old is None or old.state != "issued":
            raise Conflict("Chỉ sửa đổi chương trình đang thực hiện.", "Only a programme in force is amended.")
        if current.scalar(sa.select(Programme.id).where(Programme.replaces_id == old.id)):
            raise Conflict("Đã có bản sửa đổi của chương trình này.", "An amendment of it stands already.")
        new = Programme(**_copied(old, "state", "edition", "replaces_id", "change_reason", "version", "created_at",
                                  "prepared_by_id"),
                        edition=old.edition + 1, replaces_id=old.id, change_reason=reason.strip(),
                        created_at=clock.now(), prepared_by_id=by.id)
        current.add(new)
        current.flush()
        measured, parts = (_moved(current, rows, new.id) for rows in (old.measurements, old.parts))
        for action in old.actions:
            current.add(ProgrammeAction(
                **_copied(action, "programme_id", "measurement_id", "part_id"), programme_id=new.id,
                measurement_id=measured[action.measurement_id], part_id=parts[action.part_id]))
        _moved(current, old.experts, new.id)
    return new


def _moved(current: Session, rows: Sequence[Any], programme_id: int) -> dict[int | None, int | None]:
    """The rows copied into another programme: the key of each -> that of its copy; None -> None."""
    copies = {one.id: type(one)(**_copied(one, "programme_id"), programme_id=programme_id) for one in rows}
    current.add_all(copies.values())
    current.flush()
    return {None: None} | {key: copy.id for key, copy in copies.items()}


def _copied(row: Any, *but: str) -> dict[str, Any]:
    columns = {column.key for column in sa.inspect(type(row)).column_attrs} - {"id", *but}
    return {name: getattr(row, name) for name in columns}


def contents(row: Programme) -> str:
    """What the document is drawn from, to see whether it moved."""
    session().expire(row, ["parts", "measurements", "actions", "experts"])
    return canonical_json([row.state, row.version, *([_texts(one) for one in rows] for rows in (
        row.parts, row.measurements, row.actions, row.experts))])


def _texts(row: Any) -> dict[str, str]:
    return {name: str(value) for name, value in _copied(row).items()}


def _number_of(programme_id: int | None) -> str:
    return session().scalar(sa.select(ProgrammeDocument.number).where(
        ProgrammeDocument.programme_id == programme_id)) or "" if programme_id else ""


def plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"


def _measurement(line: MeasurementState) -> dict[str, Any]:
    one, found, instrument = line.measurement, line.found, line.measurement.instrument
    return {
        "what": one.what, "unit": one.unit, "lower": plain(one.lower), "upper": plain(one.upper),
        "instrument": f"{instrument.name}, {instrument.serial}" if instrument else "",
        "due_on": instrument.due_on.isoformat() if instrument and instrument.due_on else "",
        "expanded": digits(found.expanded), "ratio": digits(found.ratio), "index": digits(found.index),
        "source": one.source, "gaps": list(line.gaps)}


def digits(value: float | None) -> str:
    """Three significant digits, which is more than a ratio of uncertainties bears."""
    return "" if value is None else f"{Decimal(f'{value:.3g}'):f}"
