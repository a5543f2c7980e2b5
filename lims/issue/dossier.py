"""Everything behind one document, read from the database at one place: record.py and preflight.py only look at it."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from instruments.procedure import Procedure
from lims.auth.models import User
from lims.equipment.models import Standard
from lims.issue.later import later_of
from lims.issue.models import Amendment, Approval, Certificate, CertificateEvent, SeparateReview, SeriesChoice
from lims.issue.statement_models import ItemStatement
from lims.issue.statements import of_item
from lims.jobs.loads import reason_of
from lims.jobs.models import JobItem, Result, Worksheet, WorksheetStandard
from lims.jobs.observations import Entry, entries, latest
from lims.jobs.photos import Listed, listed
from lims.jobs.procedures import procedure_of
from lims.jobs.results import evaluation_of, latest_result
from lims.legal import designations, marks, official_forms, subject
from lims.legal.catalogue import LegalBasis, basis_on
from lims.legal.designation_models import Designation, StruckMark
from lims.legal.status import Status, status_of
from lims.legal.stickers import Standing, standing
from lims.shared.db import session
from lims.shared.errors import Conflict, NotFound
from lims.shared.organisation import Organisation, organisation
from lims.staff.models import OfficerCard
from lims.staff.officers import names_field


@dataclass(frozen=True)
class Dossier:
    """One item with its newest result and all that a document states about it."""

    item: JobItem
    item_version: int
    """Version that was read: whoever changes the item meanwhile makes the issue start again."""
    worksheet: Worksheet
    result: Result
    evaluation: Mapping[str, Any]
    procedure: Procedure
    organisation: Organisation
    cells: Mapping[str, Entry]
    """Newest entry of each cell of the sheet."""
    performers: frozenset[int]
    """Everybody who measured: none of them may approve."""
    review: Approval | None
    reviewer: User | None
    """Who reviewed, as the account is now."""
    separate_review: bool
    editions: tuple[Certificate, ...]
    """Documents issued for this item, oldest first."""
    amendment: Amendment | None
    """The order to replace the newest of them."""
    legal: LegalBasis | None
    """Row of the group-2 list on the measuring day; None: the instrument is of group 1."""
    designation: Designation | None
    """The decision that designates the laboratory for that row, valid on the measuring day."""
    form_code: str
    """Number of the official form of the document; "" where none is known or it is of group 1."""
    verified: bool
    """Of a calibration: the instrument holds a verification of this laboratory that is valid on the measuring day."""
    countered: str
    """Of a counter-verification: number of this laboratory's own that is in force; "" for none."""
    card: OfficerCard | None
    """Card of the person who measured, valid on the measuring day."""
    status: Status | None
    """Its status record; None where none is kept of the kind."""
    stickers: Standing
    """What the ledger of stickers says of the item."""
    marks: Sequence[StruckMark]
    """Verification marks struck on the instrument."""
    statements: Sequence[ItemStatement]
    """What is stated beside the results, in the order given."""
    photographs: Sequence[Listed]
    """Photographs that count, in the order kept."""
    bench_reason: str
    """Why what stood on a bench failed, in the words of whoever measured; empty for an item measured by itself."""
    series_names: Mapping[str, str]
    """Kind of document -> name of the series that numbers this procedure's, where it is not the common one."""

    @property
    def kind(self) -> str:
        """Kind of the document."""
        return document_kind(self.item, self.result)

    @property
    def passed(self) -> bool:
        """It is a verification, and it passed."""
        return self.item.service == "verification" and self.result.verdict == "pass"

    @property
    def numbered_in(self) -> str:
        """The series of its number: "kind", or "kind/name" where the laboratory chose one of several."""
        name = self.series_names.get(self.kind, "")
        return f"{self.kind}/{name}" if name else self.kind

    @property
    def measured_on(self) -> date:
        return self.worksheet.performed_on

    @property
    def replaces(self) -> Certificate | None:
        return self.editions[-1] if self.editions else None


def document_kind(item: JobItem, result: Result) -> str:
    """Kind of the document: a verification that is no pass gives a record, never a certificate; one that passed does
    where marks and sticker tell of it by themselves."""
    if item.service == "verification" and (result.verdict != "pass" or item.certificate_waived):
        return "work_record"
    return item.service


def load(item_id: int) -> Dossier:
    """The dossier of an item as the transaction sees it. Raises NotFound, or Conflict before a result was submitted."""
    item = session().scalar(sa.select(JobItem).where(JobItem.id == item_id).options(*_WITH_SHEET))
    if item is None:
        raise NotFound("Không có mục này.", "No such item.")
    result = latest_result(item)
    if item.worksheet is None or result is None:
        raise Conflict("Mục này chưa có kết quả gửi soát xét.", "No result of this item was submitted yet.")
    return _dossier(item, item.worksheet, result)


_WITH_SHEET = (
    joinedload(JobItem.procedure),
    joinedload(JobItem.worksheet).selectinload(Worksheet.standards).joinedload(WorksheetStandard.standard)
    .selectinload(Standard.schedules),
)


def _dossier(item: JobItem, worksheet: Worksheet, result: Result) -> Dossier:
    procedure = procedure_of(item)
    typed = entries(worksheet.id)
    review = _review(result.id)
    editions = _editions(item.id)
    legal = basis_on(subject.legal_item_of(item), worksheet.performed_on)
    return Dossier(
        item=item, item_version=item.version, worksheet=worksheet, result=result,
        evaluation=evaluation_of(result), procedure=procedure,
        organisation=organisation(session()), cells=latest(typed),
        performers=frozenset({worksheet.performed_by_id, *(entry.by_id for entry in typed)}),
        review=review, reviewer=session().get(User, review.person_id) if review else None,
        separate_review=_wants_separate_review(procedure.code),
        editions=editions, amendment=_amendment(editions), legal=legal,
        designation=designations.covering(legal.row, worksheet.performed_on) if legal else None,
        form_code=official_forms.form_on(document_kind(item, result), worksheet.performed_on) if legal else "",
        marks=marks.of_item(item.id) if item.service == "verification" else (),
        verified=item.service == "calibration" and bool(_in_force(item.instrument_id, worksheet.performed_on)),
        countered=_countered(item, worksheet.performed_on) if item.regime == "counter" else "",
        card=_card(worksheet.performed_by_id, worksheet.performed_on, legal), statements=of_item(item.id),
        status=status_of(item), stickers=standing(item),
        photographs=listed(worksheet.id), bench_reason=reason_of(item.id),
        series_names=_series_names(procedure.code))


def _review(result_id: int) -> Approval | None:
    return session().scalar(sa.select(Approval).where(Approval.result_id == result_id, Approval.activity == "review"))


def _series_names(code: str) -> dict[str, str]:
    rows = session().execute(sa.select(SeriesChoice.kind, SeriesChoice.name).where(SeriesChoice.procedure_code == code))
    return {row.kind: row.name for row in rows}


def _wants_separate_review(code: str) -> bool:
    return session().get(SeparateReview, code) is not None


def _editions(item_id: int) -> tuple[Certificate, ...]:
    return tuple(session().scalars(sa.select(Certificate).where(Certificate.item_id == item_id)
                                   .options(selectinload(Certificate.events)).order_by(Certificate.edition)))


def _amendment(editions: tuple[Certificate, ...]) -> Amendment | None:
    if not editions:
        return None
    return session().scalar(sa.select(Amendment).where(Amendment.certificate_id == editions[-1].id))


def _in_force(instrument_id: int, on: date) -> list[Certificate]:
    """Verifications by this laboratory that count on the day."""
    ended = sa.select(CertificateEvent.id).where(
        CertificateEvent.certificate_id == Certificate.id, CertificateEvent.kind.in_(("superseded", "withdrawn")))
    held = session().scalars(
        sa.select(Certificate).join(JobItem, JobItem.id == Certificate.item_id).where(
            JobItem.instrument_id == instrument_id, Certificate.verified, Certificate.performed_on <= on,
            sa.or_(Certificate.valid_until.is_(None), Certificate.valid_until >= on), ~ended.exists())).all()
    later = later_of(held)
    return [row for row in held if row.id not in later]


def _countered(item: JobItem, on: date) -> str:
    """Number of a verification of the same thing by this laboratory that counts on the day; "" for none."""
    own = subject.subject_of(item)
    return next((row.number for row in _in_force(item.instrument_id, on) if row.item_id != item.id
                 and subject.same(own, subject.subject_of(row.item))), "")


def _card(user_id: int, on: date, legal: LegalBasis | None) -> OfficerCard | None:
    """Of several cards the one that names the field of the list's row, then the one that is valid longest."""
    held = session().scalars(sa.select(OfficerCard).where(
        OfficerCard.user_id == user_id, OfficerCard.in_force(on))
        .order_by(OfficerCard.valid_to.desc())).all()
    named = [card for card in held if legal is not None and names_field(card.field, legal.row.field)]
    return next(iter([*named, *held]), None)
