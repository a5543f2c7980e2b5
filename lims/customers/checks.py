"""The newest verification or calibration of a customer's instrument, written by whoever learns of it."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, cast

import sqlalchemy as sa

from instruments.legal import Policy
from lims.customers.legal_duty import due_on, legal_row
from lims.customers.models import Instrument
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Invalid
from lims.shared.organisation import Organisation
from lims.shared.task_runner import RunningTask
from lims.shared.tasks import periodic, task

TASK = "instruments.due_dates"
FIELDS = ("last_service", "last_verdict", "last_on", "last_body", "last_number", "last_sticker", "valid_until")


@dataclass(frozen=True)
class Check:
    """One check: "verification" | "calibration", "pass" | "fail", when, by whom, under which paper and sticker."""

    service: str
    verdict: str
    done_on: date | None
    body: str = ""
    number: str = ""
    sticker: str = ""
    valid_until: date | None = None


def check_of(values: Mapping[str, Any]) -> Check | None:
    """The check of a form or a sheet's row; None where no service is named. Raises Invalid at `last_on`, `valid_until`.

    Either the day or the end of validity must be known, and the day is not to come."""
    service = values.get("last_service") or ""
    if not service:
        return None
    done, until = values.get("last_on"), values.get("valid_until")
    if done is None and until is None:
        raise Invalid("Hãy ghi ngày kiểm định, hiệu chuẩn hoặc hạn ghi trên giấy, tem.",
                      "Give the day of the check, or the end of validity on the paper or sticker.", "last_on")
    if done is not None and done > clock.today():
        raise Invalid("Ngày này chưa tới.", "This day is yet to come.", "last_on")
    if done is not None and until is not None and until < done:
        raise Invalid("Hạn không thể trước ngày kiểm định, hiệu chuẩn.", "The validity cannot end before the check.",
                      "valid_until")
    return Check(service, values.get("last_verdict") or "pass", done, values.get("last_body") or "",
                 values.get("last_number") or "", values.get("last_sticker") or "", until)


def set_check(instrument: Instrument, check: Check | None) -> None:
    """Write the check as the newest one, inside an open transaction; None clears what was known."""
    given = check or Check("", "", None)
    instrument.last_service, instrument.last_verdict, instrument.last_on = given.service, given.verdict, given.done_on
    instrument.last_body, instrument.last_number = given.body, given.number
    instrument.last_sticker, instrument.valid_until = given.sticker, given.valid_until
    instrument.due_on = due_on(instrument.kind, service=given.service, verdict=given.verdict, done_on=given.done_on,
                               stated=given.valid_until, policy=policy())


def learn(instrument: Instrument, check: Check) -> bool:
    """The same when it tells something newer; True when it was written.

    An older check changes nothing. Of a group-2 instrument the verification is what counts: a calibration does not
    hide it, and it takes a calibration's place whatever its date."""
    legal = legal_row(instrument.kind, clock.today()) is not None
    weight = {"verification": 1 if legal else 0}
    known, told = weight.get(instrument.last_service, 0), weight.get(check.service, 0)
    if told < known or (told == known and instrument.last_on and check.done_on and check.done_on < instrument.last_on):
        return False
    set_check(instrument, check)
    return True


def record(instrument_id: int, check: Check) -> bool:
    """What a paper or sticker tells about an instrument; False when something newer was known already."""
    with write("instrument.record_check") as current:
        return learn(current.get_one(Instrument, instrument_id), check)


def forget(instrument: Instrument, number: str) -> None:
    """The paper of this number was withdrawn: it gives no validity any more."""
    if instrument.last_number == number:
        instrument.last_verdict, instrument.due_on = "withdrawn", None


def refresh_due_dates(page: int = 2000) -> int:
    """Work out again the due dates that rest on the legal list, which may have changed; how many moved."""
    moved, last, reckoned = 0, 0, policy()
    wanted = sa.select(Instrument).where(Instrument.last_service == "verification", Instrument.valid_until.is_(None))
    while True:
        with write("instrument.refresh_due") as current:
            rows = list(current.scalars(wanted.where(Instrument.id > last).order_by(Instrument.id).limit(page)))
            for row in rows:
                due = due_on(row.kind, service=row.last_service, verdict=row.last_verdict, done_on=row.last_on,
                             stated=None, policy=reckoned)
                if due != row.due_on:
                    row.due_on, moved = due, moved + 1
        if len(rows) < page:
            return moved
        last = rows[-1].id


def policy() -> Policy:
    """How the laboratory reckons the end of a legal period."""
    laboratory = session().get(Organisation, 1)
    return cast(Policy, laboratory.validity_policy) if laboratory else "same_day"


@task(TASK)
def _every_night(work: RunningTask, payload: Any) -> None:
    work.result({"moved": refresh_due_dates()})


periodic(TASK, ("Tính lại hạn kiểm định của doanh nghiệp", "Work out the enterprises' due dates again"), time(1, 20))
