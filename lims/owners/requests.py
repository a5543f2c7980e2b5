"""Requests for a visit: asked without login within bounds; reception makes a job of it, or refuses with a reason."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from lims.auth.models import User
from lims.issue.models import Certificate
from lims.jobs import procedures
from lims.jobs.models import Job, JobItem
from lims.jobs.service import ReceivedItem, Reception, add_job
from lims.owners.models import VisitRequest
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound
from lims.shared.text import clean

OPEN_FOR_ONE = 3
"""Open requests for one instrument, each of another telephone."""
A_DAY = 200
"""Requests of all owners together: beyond, somebody plays; the telephone remains."""
OWNER = ("", "chủ phương tiện đo (trang công khai)")


@dataclass(frozen=True)
class Asked:
    """What the form holds."""

    name: str
    phone: str
    preferred_on: date | None = None
    note: str = ""


def ask(certificate_id: int, asked: Asked) -> VisitRequest:
    """Keep a request: one for an instrument and a telephone, however often it is sent while it waits.

    Sent again it takes the newer name, day and note, so that nobody is visited twice for having pressed twice.
    Raises Invalid at `preferred_on`; Conflict when there are too many."""
    today = clock.today()
    if asked.preferred_on is not None and not today <= asked.preferred_on <= today + timedelta(days=366):
        raise Invalid("Hãy chọn một ngày từ hôm nay trong vòng một năm.", "Choose a day from today within a year.",
                      "preferred_on")
    with write("visit.ask", actor=OWNER) as current:
        # Two presses in one second wait for each other here: the later one finds what the earlier one kept.
        current.execute(sa.select(Certificate.id).where(Certificate.id == certificate_id).with_for_update())
        open_ones = current.scalars(sa.select(VisitRequest).where(
            VisitRequest.certificate_id == certificate_id, VisitRequest.state == "open")).all()
        row = next((one for one in open_ones if _digits(one.phone) == _digits(asked.phone)), None)
        if row is None:
            since = clock.now() - timedelta(days=1)
            lately = current.scalar(sa.select(sa.func.count()).select_from(VisitRequest).where(
                VisitRequest.asked_at > since)) or 0
            if len(open_ones) >= OPEN_FOR_ONE or lately >= A_DAY:
                raise Conflict("Đã có đề nghị đang chờ; hãy gọi điện cho phòng.",
                               "Requests wait already; please telephone.")
            row = VisitRequest(certificate_id=certificate_id, phone=clean(asked.phone), asked_at=clock.now())
            current.add(row)
        row.name, row.preferred_on = clean(asked.name), asked.preferred_on
        row.note = clean(asked.note, multiline=True)
    return row


def listed(state: str, limit: int = 100) -> Sequence[VisitRequest]:
    """Requests of one state: open ones oldest first, the others newest first."""
    order = VisitRequest.id if state == "open" else VisitRequest.id.desc()
    return session().scalars(sa.select(VisitRequest).where(VisitRequest.state == state).options(
        joinedload(VisitRequest.job), joinedload(VisitRequest.handled_by),
        joinedload(VisitRequest.certificate).joinedload(Certificate.item)).order_by(order).limit(limit)).all()


def under_way(rows: Sequence[VisitRequest]) -> dict[int, Job]:
    """{instrument: the newest job that it is in} of open requests, so that nobody makes a second job of one visit."""
    owned = [row.certificate.item.instrument_id for row in rows if row.state == "open"]
    found = session().scalars(sa.select(JobItem).where(
        JobItem.instrument_id.in_(owned), JobItem.state.notin_(("handed_over", "cancelled")))
        .options(joinedload(JobItem.job)).order_by(JobItem.id))
    return {item.instrument_id: item.job for item in found}


def waiting() -> int:
    """How many are open."""
    return session().scalar(sa.select(sa.func.count()).select_from(VisitRequest).where(
        VisitRequest.state == "open")) or 0


def accept(request_id: int, user: User) -> Job:
    """A job at the customer's place for the same instrument and work, in one transaction with the answer.

    Raises Conflict when somebody answered before, or the procedure is in force no longer.
    """
    with write("visit.accept", actor=(str(user.id), user.full_name)) as current:
        row = open_one(request_id)
        item = row.certificate.item
        said = "; ".join(filter(None, (f"Đề nghị qua tem: {row.name}, {row.phone}", row.note)))
        asked = ReceivedItem(procedure_id=_procedure_now(item), instrument_id=item.instrument_id,
                             serial=item.instrument.serial, regime="periodic" if item.service == "verification" else "")
        job = add_job(current, Reception(customer_id=item.instrument.customer_id, received_on=clock.today(),
                                         items=[asked], place="customer", note=said[:2000],
                                         promised_on=row.preferred_on), user)
        row.state, row.job_id = "accepted", job.id
        row.handled_by_id, row.handled_at = user.id, clock.now()
    return job


def refuse(request_id: int, reason: str, user: User) -> None:
    """Answer no, with the reason that is told on the telephone. Raises Invalid at `reason`, Conflict."""
    if not clean(reason):
        raise Invalid("Hãy ghi lý do.", "Give the reason.", "reason")
    with write("visit.refuse", reason=clean(reason), actor=(str(user.id), user.full_name)):
        row = open_one(request_id)
        row.state, row.reason = "refused", clean(reason)
        row.handled_by_id, row.handled_at = user.id, clock.now()


def open_one(request_id: int) -> VisitRequest:
    """The request while nobody has answered it, held until the transaction ends. Raises NotFound, Conflict."""
    row = session().get(VisitRequest, request_id, populate_existing=True, with_for_update={"of": VisitRequest})
    if row is None:
        raise NotFound("Không có đề nghị này.", "No such request.")
    if row.state != "open":
        raise Conflict("Đề nghị này đã có người trả lời.", "Somebody has answered this request.")
    return row


def _procedure_now(item: JobItem) -> int:
    """The text in force of the procedure that was used then."""
    code = procedures.procedure_of(item).code
    found = next((version.id for version, _procedure in procedures.current() if version.code == code), None)
    if found is None:
        raise Conflict(f"Quy trình {code} không còn hiệu lực; hãy tiếp nhận bằng tay.",
                       f"Procedure {code} is in force no longer; receive it by hand.")
    return found


def _digits(phone: str) -> str:
    """What is dialled: the same telephone is typed with and without spaces, with 0 or +84 before it."""
    digits = "".join(char for char in phone if char.isdigit())
    return "0" + digits[2:] if digits.startswith("84") and len(digits) > 10 else digits
