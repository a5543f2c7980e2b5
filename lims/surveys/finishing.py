"""The end of a survey: rows meet the enterprise's register, differences are shown, the whole is frozen."""
from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lims.auth.models import User
from lims.customers import checks
from lims.customers import service as customers
from lims.customers.legal_duty import Standing, due_on, legal_row, state_on
from lims.customers.models import Instrument
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Invalid
from lims.surveys.models import Survey, SurveyRecord, SurveyRow
from lims.surveys.row_fields import COMPARED, Fault, Reading, differences, read
from lims.surveys.service import actor_of, locked

NEEDS = ("overdue", "unverified")


@dataclass(frozen=True)
class Met:
    """One row beside the register: the instrument it is (None: a new one), what differs, what is recommended."""

    row: SurveyRow
    reading: Reading
    known: Instrument | None
    differences: dict[str, list[str]]
    advice: str
    state: str


@dataclass(frozen=True)
class Preview:
    """What finishing would do: rows, faults by row, instruments of the register that nobody saw."""

    met: list[Met]
    unseen: list[Instrument]
    faults: list[tuple[SurveyRow, str, Fault]] = field(default_factory=list)


def preview(survey: Survey) -> Preview:
    """The rows beside the enterprise's register as both stand now."""
    owned = session().scalars(sa.select(Instrument).where(Instrument.customer_id == survey.customer_id)
                              .order_by(Instrument.id)).all()
    by_serial: dict[str, list[Instrument]] = {}
    for one in owned:
        by_serial.setdefault(one.serial_key, []).append(one)
    met, faults, seen = [], [], set()
    keys = Counter[tuple[str, str]]()
    for row in survey.rows:
        reading = read(row.fields, survey.visited_on)
        faults += [(row, name, fault) for name, fault in reading.faults.items()]
        key = customers.serial_key(reading.values["serial"])
        known = _known(by_serial.get(key, []), reading.values)
        keys[(reading.values["kind"], key)] += 1
        if reading.values["serial"] and keys[(reading.values["kind"], key)] == 2:
            faults.append((row, "serial", Fault("Số này đã có ở một dòng khác cùng loại.",
                                                "Another row of this kind has the same serial.")))
        if known is not None:
            seen.add(known.id)
        met.append(_met(row, reading, known, survey))
    return Preview(met, [one for one in owned if one.in_use and one.id not in seen], faults)


def finish(survey_id: int, *, keep: Collection[int], out_of_use: Collection[int], user: User) -> Survey:
    """Freeze the survey and bring its rows to the register, all in one transaction.

    `keep` are ids of rows whose differences are not taken over, `out_of_use` instruments that are no longer there.
    Raises Invalid when a row has a fault or there is neither a row nor a finding, Conflict when it was finished."""
    with write("survey.finish", actor=actor_of(user)) as current:
        survey = locked(current, survey_id)
        if not survey.rows and not survey.findings:
            raise Invalid("Phiếu chưa có phương tiện đo nào và chưa có nhận xét.",
                          "There is no row and no finding yet.")
        seen = preview(survey)
        if seen.faults:
            raise Invalid(f"Còn {len(seen.faults)} ô cần sửa trước khi kết thúc.",
                          f"{len(seen.faults)} fields must be mended first.")
        for one in seen.met:
            _take_over(current, survey, one, update=one.row.id not in keep)
        for instrument in seen.unseen:
            if instrument.id in out_of_use:
                instrument.in_use = False
        current.flush()
        content = record_text(survey)
        survey.state, survey.finished_at, survey.finished_by_id = "finished", clock.now(), user.id
        current.add(SurveyRecord(survey_id=survey.id, statement=content, finished_at=clock.now(),
                                 digest=hashlib.sha256(content.encode()).hexdigest(), finished_by=user.full_name))
    return survey


def record_text(survey: Survey) -> str:
    """What the survey says, as one canonical text (JSON, keys in order)."""
    return json.dumps({
        "number": survey.number, "customer": survey.customer.code, "form": [survey.form.code, survey.form.version],
        "visited_on": survey.visited_on.isoformat(), "team": survey.team, "answers": survey.answers,
        "findings": survey.findings, "recommendations": survey.recommendations,
        "rows": [{"key": row.key, "fields": row.fields, "instrument": row.instrument_id, "outcome": row.outcome,
                  "differences": row.differences, "advice": row.advice} for row in survey.rows],
        "photos": [photo.file.sha256 for photo in survey.photos if not photo.struck_because],
    }, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _known(same_serial: Sequence[Instrument], values: dict[str, Any]) -> Instrument | None:
    """The instrument of the register with this serial: of the same kind, maker and model where several have it."""
    found = [one for one in same_serial if one.kind == values["kind"]]
    if len(found) > 1:
        narrowed = [one for one in found if one.maker == values["maker"] and one.model == values["model"]]
        found = narrowed or found
    return found[0] if found else None


def _met(row: SurveyRow, reading: Reading, known: Instrument | None, survey: Survey) -> Met:
    values = reading.values
    told = {name: getattr(known, name) for name in COMPARED} if known else {}
    differing = differences(told, values) if known else {}
    if known is not None and (check := _check(values)) is not None and _tells_more(known, check):
        before = f"{known.last_on:%d/%m/%Y}" if known.last_on else known.last_number
        differing["last_check"] = [before, f"{check.done_on:%d/%m/%Y}" if check.done_on else check.number]
    standing = _standing(values, known)
    state = state_on(standing, survey.visited_on, 0)
    advice = values["advice"] or ("verify" if state in NEEDS else "")
    return Met(row, reading, known, differing, "" if advice == "none" else advice, state)


def _standing(values: dict[str, Any], known: Instrument | None) -> Standing:
    verdict = values["last_verdict"] or "pass"
    if values["last_service"] or known is None:
        due = due_on(values["kind"], service=values["last_service"], verdict=verdict, done_on=values["last_on"],
                     stated=values["valid_until"], policy=checks.policy()) if values["kind"] else None
        return Standing(values["kind"], values["last_service"], verdict if values["last_service"] else "", due)
    return Standing(known.kind, known.last_service, known.last_verdict, known.due_on)


def _check(values: dict[str, Any]) -> checks.Check | None:
    if not values["last_service"] or (values["last_on"] is None and values["valid_until"] is None):
        return None
    return checks.Check(values["last_service"], values["last_verdict"] or "pass", values["last_on"],
                        values["last_body"], values["last_number"], values["last_sticker"], values["valid_until"])


def _tells_more(known: Instrument, check: checks.Check) -> bool:
    """Whether the survey saw another check than the register knows, and not an older one."""
    if known.last_on and check.done_on and check.done_on < known.last_on:
        return False
    return not (known.last_service == check.service and (
        known.last_on == check.done_on or (check.done_on is None and known.due_on == check.valid_until)))


def _take_over(current: Session, survey: Survey, met: Met, *, update: bool) -> None:
    row, values, instrument = met.row, met.reading.values, met.known
    row.advice = met.advice
    if instrument is None:
        named = values | {"name": values["name"] or _kind_name(values["kind"])}
        instrument = customers.add_instrument(current, survey.customer_id, named)
        row.outcome = "new"
    elif not met.differences:
        row.outcome = "same"
    else:
        row.outcome, row.differences = "changed" if update else "kept", met.differences
    if row.outcome == "changed":
        for name in COMPARED:
            if name in met.differences:
                setattr(instrument, name, values[name])
        instrument.search = customers.search_text(instrument)
    if row.outcome in ("same", "changed"):
        instrument.in_use = True
        if (check := _check(values)) is not None:
            checks.learn(instrument, check)
    row.instrument_id = instrument.id


def _kind_name(code: str) -> str:
    row = legal_row(code, clock.today())
    return row.name.vi if row else customers.kind_of(code).name.vi
