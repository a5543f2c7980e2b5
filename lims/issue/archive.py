"""The archive: inserting an issued document, finding it again, its live status. Archived bytes are never changed."""
from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload, undefer

from certificates.document import Record, parse_record
from certificates.numbering import normalised
from lims.issue.later import Later, later_of
from lims.issue.models import PAPER, Amendment, Certificate, CertificateDocument, CertificateEvent
from lims.issue.planning import Plan
from lims.shared.db import session
from lims.shared.errors import DomainError, NotFound

State = Literal["valid", "superseded", "withdrawn", "ended", "expired", "failed"]


@dataclass(frozen=True)
class Status:
    """What holds of a document now; `by` is the number that replaced it, `later` the verification that ended it."""

    state: State
    since: datetime | None = None
    reason: str = ""
    by: str = ""
    later: Later | None = None


def insert(current: Session, plan: Plan, signer_id: int) -> Certificate:
    """The rows of a planned document, in the issuing transaction."""
    record, request, ready = plan.record, plan.request, plan.ready
    certificate = Certificate(
        series_id=plan.series_id, year=record.issued_on.year, serial=plan.serial, number=record.number,
        number_key=normalised(record.number), kind=ready.kind, item_id=request.item_id, edition=ready.edition,
        result_id=ready.result_id, object_name=record.item.name.vi, object_serial=record.item.serial,
        customer_name=record.customer.name, performed_on=record.performed_until, issued_on=record.issued_on,
        issued_at=request.at, issued_by_id=signer_id, valid_until=plan.valid_until, verdict=ready.verdict,
        record=plan.content, record_digest=plan.digest, link=plan.link, code=plan.seal.code, key_id=plan.seal.key_id,
        signature=plan.seal.signature, verification_url=plan.seal.verification_url, qr_payload=plan.seal.qr_payload,
        replaces_id=ready.replaces_id, idempotency_key=request.idempotency_key, search=plan.search)
    current.add(certificate)
    current.flush()
    current.add(CertificateDocument(certificate_id=certificate.id, form="pdf", revision=1, size=len(plan.pdf),
                                    sha256=plan.pdf_sha256, content=plan.pdf, container=plan.container))
    if plan.dcc is not None:
        current.add(CertificateDocument(certificate_id=certificate.id, form="dcc", revision=1, size=len(plan.dcc),
                                        sha256=hashlib.sha256(plan.dcc).hexdigest(), content=plan.dcc))
    if plan.paper is not None:
        current.add(CertificateDocument(certificate_id=certificate.id, form=PAPER, revision=1, size=len(plan.paper),
                                        sha256=hashlib.sha256(plan.paper).hexdigest(), content=plan.paper,
                                        container=plan.paper_container))
    if ready.replaces_id is not None:
        reason = record.amendment.reason.vi if record.amendment else ""
        current.add(CertificateEvent(certificate_id=ready.replaces_id, kind="superseded", at=request.at,
                                     by_id=signer_id, reason=reason, other_id=certificate.id))
    return certificate


def by_number(number: str) -> Certificate:
    """The document with this number, whatever its case and spaces. Raises NotFound."""
    found = session().scalar(sa.select(Certificate).where(Certificate.number_key == normalised(number))
                             .options(selectinload(Certificate.events), selectinload(Certificate.documents)))
    if found is None:
        raise NotFound("Không có giấy mang số này.", "No document has this number.")
    return found


def by_id(certificate_id: int) -> Certificate:
    """The document with this key. Raises NotFound."""
    found = session().get(Certificate, certificate_id)
    if found is None:
        raise NotFound("Không có giấy này.", "No such document.")
    return found


def record_of(certificate: Certificate) -> Record:
    """The frozen record, read back from the archived bytes. Raises Gone."""
    return parse_record(record_bytes(certificate))


def record_bytes(certificate: Certificate) -> bytes:
    """The archived bytes of the record. Raises Gone."""
    if not certificate.record:
        raise Gone(certificate.number)
    return certificate.record


class Gone(DomainError):
    """The content of the document was disposed of; its number and digests are still here."""

    def __init__(self, number: str) -> None:
        super().__init__(f"Giấy {number} đã hủy theo quy định lưu giữ; chỉ còn số, dấu vân tay và lịch sử.",
                         f"{number} was disposed of under a retention rule; its number, digests and history remain.",
                         status=410)


def pdf_of(certificate: Certificate, revision: int | None = None) -> CertificateDocument:
    """The newest archived revision with its bytes, or the one asked for. Raises NotFound or Gone."""
    query = sa.select(CertificateDocument).where(CertificateDocument.certificate_id == certificate.id,
                                                 CertificateDocument.form == "pdf")
    if revision is not None:
        query = query.where(CertificateDocument.revision == revision)
    found = session().scalars(query.options(undefer(CertificateDocument.content)).order_by(
        CertificateDocument.revision.desc()).limit(1)).first()
    if found is None:
        raise NotFound("Không có bản này.", "No such revision.")
    return _there(certificate, found)


def dcc_of(certificate: Certificate) -> CertificateDocument | None:
    """The digital calibration certificate with its bytes; None for other kinds of document."""
    return _one_of(certificate, "dcc")


def paper_of(certificate: Certificate) -> CertificateDocument | None:
    """The archived record of the work beside a certificate, with its bytes; None for other kinds, and for certificates
    issued before it was archived."""
    return _one_of(certificate, PAPER)


def _one_of(certificate: Certificate, form: str) -> CertificateDocument | None:
    found = session().scalars(
        sa.select(CertificateDocument).where(CertificateDocument.certificate_id == certificate.id,
                                             CertificateDocument.form == form)
        .options(undefer(CertificateDocument.content)).order_by(CertificateDocument.revision.desc()).limit(1)).first()
    return None if found is None else _there(certificate, found)


def _there(certificate: Certificate, document: CertificateDocument) -> CertificateDocument:
    if not document.content:
        raise Gone(certificate.number)
    return document


def container_of(certificate: Certificate, form: str = "pdf") -> bytes | None:
    """The signature container of the laboratory's seal, in the first revision."""
    return session().scalar(sa.select(CertificateDocument.container).where(
        CertificateDocument.certificate_id == certificate.id, CertificateDocument.form == form,
        CertificateDocument.revision == 1))


def file_of(certificate: Certificate) -> CertificateDocument:
    """The same without its bytes: form, size, SHA-256."""
    return session().scalars(
        sa.select(CertificateDocument).where(CertificateDocument.certificate_id == certificate.id,
                                             CertificateDocument.form == "pdf")
        .order_by(CertificateDocument.revision.desc()).limit(1)).one()


def order_of(certificate: Certificate) -> Amendment | None:
    """The order to replace it, carried out or not."""
    return session().scalar(sa.select(Amendment).where(Amendment.certificate_id == certificate.id))


def status(certificate: Certificate, on: date) -> Status:
    """The live status of one document."""
    return statuses([certificate], on)[certificate.id]


def statuses(certificates: Iterable[Certificate], on: date) -> dict[int, Status]:
    """By key, with one question about later verifications for all of them."""
    rows = list(certificates)
    later = later_of(rows)
    return {row.id: _status(row, on, later.get(row.id)) for row in rows}


def _status(certificate: Certificate, on: date, later: Later | None) -> Status:
    """Withdrawn weighs more than superseded, superseded more than ended, and ended more than expired. The record of a
    failure is that, and never in force."""
    events = {event.kind: event for event in certificate.events}
    for kind, state in _ENDS.items():
        if (event := events.get(kind)) is not None:
            by = event.other.number if event.other is not None else ""
            return Status(state, event.at, event.reason, by)
    if certificate.failed:
        return Status("failed")
    if later is not None:
        return Status("ended", later=later)
    if certificate.valid_until is not None and certificate.valid_until < on:
        return Status("expired")
    return Status("valid")


_ENDS: dict[str, State] = {"withdrawn": "withdrawn", "superseded": "superseded"}


def withdrawn_numbers(series_ids: Iterable[int]) -> dict[int, list[str]]:
    """Series -> its numbers that no longer count, oldest first; they stay taken and readable."""
    rows = session().execute(
        sa.select(Certificate.series_id, Certificate.number).join(
            CertificateEvent, CertificateEvent.certificate_id == Certificate.id)
        .where(CertificateEvent.kind == "withdrawn", Certificate.series_id.in_(list(series_ids)))
        .order_by(Certificate.serial))
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.series_id, []).append(row.number)
    return found


def of_item(item_ids: Iterable[int], *, with_events: bool = False) -> Sequence[Certificate]:
    """Documents of these items, oldest edition first."""
    query = sa.select(Certificate).where(Certificate.item_id.in_(list(item_ids)))
    if with_events:
        query = query.options(selectinload(Certificate.events))
    return session().scalars(query.order_by(Certificate.item_id, Certificate.edition)).all()
