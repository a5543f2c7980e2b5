"""Use cases of a job's life around the measuring: receive, review the request, assign, hand over, cancel."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lims.auth.models import User
from lims.customers import service as customers
from lims.customers.models import Instrument
from lims.jobs import procedures, regimes, states
from lims.jobs.models import Job, JobCounter, JobItem
from lims.jobs.regimes import Regime
from lims.shared import audit, clock
from lims.shared.db import insert_if_absent, session, write
from lims.shared.errors import Conflict, Invalid, NotFound
from lims.shared.freshness import require_version
from lims.shared.text import TextError, clean_identifier
from lims.staff.service import is_authorised

DECISION_RULES = ("", "simple", "guarded", "guarded_r", "four_state")


@dataclass(frozen=True)
class ReceivedItem:
    """One line of the reception form: a known instrument by id, or the particulars of a new one."""

    procedure_id: int
    instrument_id: int | None = None
    kind: str = ""
    name: str = ""
    maker: str = ""
    model: str = ""
    serial: str = ""
    tag: str = ""
    regime: str = ""
    regime_reason: str = ""
    regime_note: str = ""
    condition: str = ""
    accessories: str = ""


@dataclass(frozen=True)
class Reception:
    """What reception writes down: a known customer by id, or `new_customer`'s particulars."""

    customer_id: int | None
    received_on: date
    items: Sequence[ReceivedItem]
    new_customer: Mapping[str, object] = field(default_factory=dict)
    place: str = "laboratory"
    promised_on: date | None = None
    delivered_by: str = ""
    note: str = ""


def receive(reception: Reception, user: User) -> Job:
    """Take in instruments as one job. Raises Invalid at "items.N.serial" and the like."""
    with write("job.receive") as current:
        return add_job(current, reception, user)


def add_job(current: Session, reception: Reception, user: User) -> Job:
    """The same inside a transaction that is open already."""
    _check(reception)
    customer_id = reception.customer_id or customers.add_customer(current, reception.new_customer).id
    customers.customer(customer_id)
    job = Job(number=_next_number(current), customer_id=customer_id, place=reception.place,
              received_on=reception.received_on, received_by_id=user.id, delivered_by=reception.delivered_by,
              promised_on=reception.promised_on, note=reception.note, created_at=clock.now())
    current.add(job)
    current.flush()
    for position, received in enumerate(reception.items, start=1):
        current.add(_item(current, job, position, received))
    return job


def change_job(job_id: int, *, promised_on: date | None, delivered_by: str, note: str, version: int = 0) -> None:
    """Change what was agreed with the customer about the whole job. Raises Invalid at `promised_on`, and Conflict when
    somebody changed the job since that version."""
    with write("job.change"):
        job = get_job(job_id)
        require_version(job, version, "phiếu này", "this job")
        if promised_on is not None and promised_on < job.received_on:
            raise Invalid("Ngày hẹn trước ngày nhận.", "Promised before it was received.", "promised_on")
        job.promised_on, job.delivered_by, job.note = promised_on, delivered_by, note


def review_request(job_id: int, *, rules: dict[int, str], intervals: dict[int, int | None], note: str,
                   user: User, asked: Mapping[int, Regime] | None = None, version: int = 0) -> None:
    """Record the review of the request (ISO/IEC 17025 7.1): decision rule agreed per item, remarks, who and when.

    `asked` gives the regime of verifications again; those whose document was issued keep theirs. Raises Conflict when
    somebody changed the job since that version (0: not asked)."""
    with write("job.review_request"):
        job = get_job(job_id)
        require_version(job, version, "phiếu này", "this job")
        for item in job.items:
            rule = rules.get(item.id, "")
            if rule not in DECISION_RULES:
                raise Invalid("Hãy chọn quy tắc ra quyết định.", "Choose the decision rule.", f"rule-{item.id}")
            if item.service == "verification" and rule != procedures.procedure_of(item).decision.rule:
                raise Invalid("Kiểm định dùng quy tắc ra quyết định của quy trình.",
                              "A verification uses the decision rule of its procedure.", f"rule-{item.id}")
            item.decision_rule = rule
            item.interval_agreed_months = intervals.get(item.id)
            if asked and item.id in asked and item.state in states.BEFORE_ISSUE:
                legal_item = procedures.procedure_of(item).validity.legal_item
                _set_regime(item, item.instrument, legal_item, asked[item.id], f"at-{item.id}-")
        job.reviewed_at, job.reviewed_by_id, job.review_note = clock.now(), user.id, note


def assign(item_ids: Sequence[int], user_id: int, version: int = 0) -> None:
    """Give items to a technician who is authorised for their procedures today. Raises Conflict when somebody changed
    one since that version (0: not asked; the same below)."""
    with write("item.assign") as current:
        person = current.get(User, user_id)
        if person is None or not person.active:
            raise Invalid("Hãy chọn người thực hiện.", "Choose who performs it.", "user")
        for item_id in item_ids:
            item = _item_at(item_id, version)
            if item.job.reviewed_at is None:
                raise Conflict("Yêu cầu chưa được xem xét; hãy xem xét yêu cầu trước khi giao việc.",
                               "The request has not been reviewed yet; review it before assigning.")
            if not is_authorised(person.id, item.procedure.code, "perform", clock.today()):
                raise Invalid(f"{person.full_name} chưa được giao thực hiện {item.procedure.code}.",
                              f"{person.full_name} is not authorised to perform {item.procedure.code}.", "user")
            item.state = states.after(item.state, "assign")
            item.assigned_to_id = person.id


def hand_over(item_ids: Sequence[int], to: str, version: int = 0) -> None:
    """Give issued items back to the customer."""
    if not to.strip():
        raise Invalid("Hãy ghi tên người nhận.", "Give the receiver's name.", "to")
    with write("item.hand_over"):
        for item_id in item_ids:
            item = _item_at(item_id, version)
            item.state = states.after(item.state, "hand_over")
            item.handed_over_at, item.handed_over_to = clock.now(), to


def cancel(item_id: int, reason: str, version: int = 0) -> None:
    """Take an item out before measuring has begun; its code stays used."""
    if not reason.strip():
        raise Invalid("Hãy ghi lý do.", "Give the reason.", "reason")
    with write("item.cancel", reason=reason):
        item = _item_at(item_id, version)
        item.state = states.after(item.state, "cancel")


def get_job(job_id: int) -> Job:
    """The job, or NotFound."""
    found = session().get(Job, job_id)
    if found is None:
        raise NotFound("Không có phiếu này.", "No such job.")
    return found


def job_by_number(number: str) -> Job:
    """The job with this number, or NotFound."""
    found = session().scalar(sa.select(Job).where(Job.number == code_key(number)))
    if found is None:
        raise NotFound("Không có phiếu này.", "No such job.")
    return found


def get_item(item_id: int) -> JobItem:
    """The item, or NotFound."""
    found = session().get(JobItem, item_id)
    if found is None:
        raise NotFound("Không có mục này.", "No such item.")
    return found


def code_key(code: str) -> str:
    """A code as it is stored, from what was typed or scanned; empty for what cannot be one."""
    try:
        return clean_identifier(code).upper()
    except TextError:
        return ""


def item_by_code(code: str) -> JobItem:
    """The item with this code (as on its label), or NotFound."""
    found = session().scalar(sa.select(JobItem).where(JobItem.code == code_key(code)))
    if found is None:
        raise NotFound("Không có mục này.", "No such item.")
    return found


def _item_at(item_id: int, version: int) -> JobItem:
    item = get_item(item_id)
    require_version(item, version)
    return item


def _check(reception: Reception) -> None:
    if reception.customer_id is None and not reception.new_customer.get("name"):
        raise Invalid("Hãy chọn doanh nghiệp, hoặc điền doanh nghiệp mới.",
                      "Choose the customer, or fill in a new one.", "customer")
    if not reception.items:
        raise Invalid("Chưa có phương tiện đo nào.", "There is no instrument yet.", "items")
    if reception.promised_on is not None and reception.promised_on < reception.received_on:
        raise Invalid("Ngày hẹn trước ngày nhận.", "Promised before it was received.", "promised_on")
    if reception.received_on > clock.today():
        raise Invalid("Ngày nhận ở tương lai.", "Received in the future.", "received_on")
    seen: dict[tuple[str, str], int] = {}
    for index, item in enumerate(reception.items):
        key = (item.kind or str(item.instrument_id), customers.serial_key(item.serial))
        if item.serial and key in seen:
            raise Invalid(f"Trùng số với dòng {seen[key] + 1}.", f"Same serial as line {seen[key] + 1}.",
                          f"items.{index}.serial")
        seen[key] = index


def _item(current: Session, job: Job, position: int, received: ReceivedItem) -> JobItem:
    instrument = _instrument(current, job, position, received)
    version = procedures.version(received.procedure_id)
    procedure = procedures.parsed(version)
    if instrument.kind not in procedure.kinds:
        raise Invalid(f"Quy trình {version.code} không dùng cho loại phương tiện đo này.",
                      f"Procedure {version.code} does not serve this kind of instrument.",
                      f"items.{position - 1}.procedure_id")
    item = JobItem(job_id=job.id, position=position, code=f"{job.number}/{position:02d}",
                   instrument_id=instrument.id, procedure_id=version.id, service=procedure.service,
                   decision_rule=procedure.decision.rule or "", condition=received.condition,
                   accessories=received.accessories)
    if procedure.service == "verification":
        asked = Regime(received.regime, received.regime_reason, received.regime_note)
        _set_regime(item, instrument, procedure.validity.legal_item, asked, f"items.{position - 1}.")
    return item


def _set_regime(item: JobItem, instrument: Instrument, legal_item: str | None, asked: Regime, place: str) -> None:
    kept = regimes.checked(asked, place)
    regimes.refuse_unserved(instrument, legal_item, kept.regime, place)
    regimes.apply(item, kept)


def _instrument(current: Session, job: Job, position: int, received: ReceivedItem) -> Instrument:
    if received.instrument_id is not None:
        known = customers.instrument(received.instrument_id)
        if known.customer_id != job.customer_id:
            raise Invalid("Phương tiện đo này của doanh nghiệp khác.", "This instrument belongs to another customer.",
                          f"items.{position - 1}.serial")
        return known
    try:
        return customers.add_instrument(current, job.customer_id, {
            "kind": received.kind, "name": received.name, "maker": received.maker, "model": received.model,
            "serial": received.serial, "tag": received.tag})
    except Invalid as error:
        raise Invalid(error.vi, error.en, f"items.{position - 1}.{error.field}") from error


def _next_number(current: Session) -> str:
    year = clock.today().year
    if insert_if_absent(current, JobCounter, year=year, next=1):
        audit.note(current, JobCounter.__tablename__, year, "insert", {"next": [None, 1]})
    counter = current.get(JobCounter, year, with_for_update=True, populate_existing=True)
    assert counter is not None
    number = f"{year % 100:02d}-{counter.next:05d}"
    counter.next += 1
    return number
