"""Is everything that was issued still what it was? Every document, series, signature, raw row, and the audit trail.

Nothing here trusts another part of the database: bytes are digested again, links are joined again, pages are rendered
again from their records, append-only rows are compared with the audit event that inserted them, and rows of the work
with what their events leave.
"""
from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, joinedload, selectinload, undefer

from certificates import document
from certificates.document import Record, RecordError, Step, parse_record
from certificates.numbering import NumberError, Pattern, normalised
from lims.equipment.tally import out_of_step
from lims.issue import integrity_work, keys, planning, retention, sealed, sealing
from lims.issue.models import PAPER, Approval, Certificate, CertificateDocument, PersonSignature, Series
from lims.issue.raw_rows import altered_rows, missing_triggers
from lims.issue.record import SOFTWARE
from lims.issue.retention_models import Disposal
from lims.issue.traced_rows import untraced_changes
from lims.jobs.disposal import trails
from lims.jobs.models import Observation, Result, Worksheet
from lims.legal import sticker_ledger
from lims.shared import bulk_trail
from lims.shared.audit import AuditTransaction, verify_chain
from lims.shared.clock import local_date

PAGE = 100


@dataclass
class Report:
    """What was counted and what is wrong, one sentence each."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def in_order(self) -> bool:
        return not self.faults


@dataclass(frozen=True)
class Anchor:
    """The end of the audit trail as it once was, kept where nobody who changes the database can change it."""

    seq: int
    link: str


def verify(session: Session, *, render: bool = True, anchors: Sequence[Anchor] = ()) -> Report:
    """Check everything; `render=False` leaves out rendering the pages again (the slow part).

    Who can write to the whole database can shorten or rewrite all chains together; only an anchor shows that.
    """
    report = Report()
    report.faults += _readable("documents", _documents(session, report, render))
    report.faults += _readable("sealing keys", _seal_keys(session))
    report.faults += _readable("persons' signatures", _person_signatures(session))
    report.faults += _readable("series", _series(session, report))
    report.faults += _readable("results", integrity_work.results(session, report.counts))
    report.faults += _readable("attached files", integrity_work.files(session, report.counts))
    report.faults += _readable("disposed job records", integrity_work.disposals(session, report.counts))
    report.faults += _readable("audit", verify_chain(session, trails(session)))
    report.faults += _readable("raw rows", altered_rows(session, report.counts))
    report.faults += _readable("rows of the work", untraced_changes(session, report.counts))
    report.faults += _readable("rows written together", bulk_trail.altered(session))
    report.faults += _readable("stickers", sticker_ledger.out_of_step(session))
    report.faults += _readable("triggers", missing_triggers(session))
    report.faults += _readable("kept tallies", out_of_step(session.connection()))
    report.faults += _readable("anchors", _lost_anchors(session, anchors))
    return report


def _readable(name: str, faults: Iterator[str]) -> Iterator[str]:
    """What a check finds; a cell that cannot even be read is a fault of its own, and the other checks go on."""
    try:
        yield from faults
    except (SQLAlchemyError, ValueError, TypeError, LookupError, AttributeError) as error:
        yield f"{name}: cannot be read to the end ({type(error).__name__}: {str(error).splitlines()[0][:200]})"


def _lost_anchors(session: Session, anchors: Sequence[Anchor]) -> Iterator[str]:
    for anchor in anchors:
        link = session.scalar(sa.select(AuditTransaction.link).where(AuditTransaction.seq == anchor.seq))
        if anchor.seq and link != anchor.link:
            yield f"audit: the end kept elsewhere (transaction {anchor.seq}) is no longer part of the trail"


def documents(session: Session, report: Report,
              rendering: Callable[[Certificate], bool]) -> Iterator[tuple[str, list[str]]]:
    """The number of each document with its faults, oldest first; those that `rendering` names are made again too."""
    last, public = 0, keys.public_keys(session)
    while page := session.scalars(
            sa.select(Certificate).where(Certificate.id > last).order_by(Certificate.id).limit(PAGE)
            .options(undefer(Certificate.record), joinedload(Certificate.result),
                     selectinload(Certificate.documents).options(
                         undefer(CertificateDocument.content), undefer(CertificateDocument.container)),
                     selectinload(Certificate.events))).unique().all():
        found = []
        for certificate in page:
            report.counts["documents"] += 1
            faults = list(_document(session, certificate, report, rendering(certificate)))
            if not keys.seal_holds(certificate, public):
                faults.append("the seal in its code does not hold")
            found.append((certificate.number, faults))
        last = page[-1].id
        session.expunge_all()
        yield from found


def _documents(session: Session, report: Report, render: bool) -> Iterator[str]:
    for number, faults in documents(session, report, lambda _certificate: render):
        yield from (f"{number}: {fault}" for fault in faults)


def _document(session: Session, certificate: Certificate, report: Report, render: bool) -> Iterator[str]:
    if not certificate.record and (disposal := retention.disposal_of(certificate.id)) is not None:
        report.counts["documents disposed under a rule"] += 1
        yield from _disposed(certificate, disposal)
        return
    if document.digest(certificate.record) != certificate.record_digest:
        yield "the record does not match its digest"
    yield from _archived(certificate)
    try:
        record = parse_record(certificate.record)
    except RecordError as error:
        yield f"the record cannot be read ({error})"
        return
    yield from _columns(certificate, record)
    yield from _signatures(session, certificate, record)
    if certificate.replaces_id is not None and not _superseded(session, certificate):
        yield "the document that it replaces is not marked as superseded"
    if render:
        known = sealing.known(session)
        yield from _rendered_again(certificate, record, known, report)
        yield from _sealed(certificate, known)


def _archived(certificate: Certificate) -> Iterator[str]:
    if not any(archived.form == "pdf" for archived in certificate.documents):
        yield "no PDF is archived"
    for archived in certificate.documents:
        if hashlib.sha256(archived.content).hexdigest() != archived.sha256 or len(archived.content) != archived.size:
            yield f"the archived {archived.form} (revision {archived.revision}) does not match its SHA-256"


def _disposed(certificate: Certificate, disposal: Disposal) -> Iterator[str]:
    """Nothing is left of the bytes, and what they were is told as it was archived."""
    if any(archived.content or archived.container for archived in certificate.documents):
        yield "it was disposed of, but some of its files are still there"
    kept = [(one.form, one.revision, one.size, one.sha256) for one in certificate.documents]
    told = [(one["form"], one["revision"], one["size"], one["sha256"]) for one in retention.files_of(disposal)]
    if kept != told or disposal.record_digest != certificate.record_digest:
        yield "its disposal tells other files than were archived"


def _columns(certificate: Certificate, record: Record) -> Iterator[str]:
    """What lists and the public page show is what the record says."""
    told = {
        "number": (certificate.number, record.number),
        "number key": (certificate.number_key, normalised(record.number)),
        "kind": (certificate.kind, record.kind.value), "object": (certificate.object_name, record.item.name.vi),
        "serial": (certificate.object_serial, record.item.serial),
        "customer": (certificate.customer_name, record.customer.name),
        "measuring day": (certificate.performed_on, record.performed_until),
        "day of issue": (certificate.issued_on, record.issued_on), "instant": (certificate.issued_at, record.issued_at),
        "validity": (certificate.valid_until, planning.end_of_validity(record)),
        "year": (certificate.year, local_date(record.issued_at).year),
    }
    for name, (stored, stated) in told.items():
        if stored != stated:
            yield f"its {name} is not that of the record"


def _signatures(session: Session, certificate: Certificate, record: Record) -> Iterator[str]:
    result: Result | None = certificate.result
    if result is None:
        yield "its result is gone"
        return
    if record.provenance.evaluation_sha256 != result.digest:
        yield "its record rests on another result"
    approvals = {row.activity: row for row in session.scalars(
        sa.select(Approval).where(Approval.result_id == result.id))}
    given = approvals.get("approve")
    stated = [approval for approval in record.approvals if approval.step is Step.AUTHORISED]
    if given is None or [(one.person, one.at) for one in stated] != [(given.person, given.at)]:
        yield "the approval it states was not recorded"
    if any(approval.result_digest != result.digest for approval in approvals.values()):
        yield "an approval was given to another result"
    if given is not None and given.person_id in _performers(session, result):
        yield "it was approved by a person who measured"


def _performers(session: Session, result: Result) -> set[int]:
    typed = session.scalars(sa.select(Observation.by_id).where(
        Observation.worksheet_id == result.worksheet_id).distinct())
    return {session.get_one(Worksheet, result.worksheet_id).performed_by_id, *typed}


def _superseded(session: Session, certificate: Certificate) -> bool:
    replaced = session.get(Certificate, certificate.replaces_id)
    return replaced is not None and any(
        event.kind == "superseded" and event.other_id == certificate.id for event in replaced.events)


def _rendered_again(certificate: Certificate, record: Record, known: set[str], report: Report) -> Iterator[str]:
    """Only pages of this edition can be told to come out the same; others rest on their digests and seals."""
    if record.provenance.software != SOFTWARE:
        report.counts["documents of another edition, not rendered again"] += 1
        yield from (f"the archived {archived.form} (revision {archived.revision}) is not what was sealed"
                    for archived in certificate.documents
                    if not sealed.stands_by_itself(certificate, archived.content, known))
        return
    report.counts["documents rendered again"] += 1
    first, paper = (next((archived for archived in certificate.documents if archived.form == form), None)
                    for form in ("pdf", PAPER))
    try:
        again = planning.archived_again(certificate, record, first.container if first is not None else None,
                                        paper.container if paper is not None else None)
    except ValueError as error:
        yield f"it cannot be rendered again ({error})"
        return
    if first is not None and again.pdf != first.content:
        yield "rendering the record again gives other bytes than the archive holds"
    dcc = next((archived.content for archived in certificate.documents if archived.form == "dcc"), None)
    if again.dcc != dcc:
        yield "making the digital certificate again gives other bytes than the archive holds"
    if paper is not None and again.paper != paper.content:
        yield "drawing the record of the work again gives other bytes than the archive holds"


def _sealed(certificate: Certificate, known: set[str]) -> Iterator[str]:
    """Every revision of the PDF carries a whole seal of a key of this laboratory."""
    before = b""
    for archived in certificate.documents:
        if archived.form == PAPER and (fault := sealed.fault_of(archived.content, known)):
            yield f"the archived record of the work: {fault}"
        if archived.form != "pdf":
            continue
        if fault := sealed.fault_of(archived.content, known):
            yield f"the archived PDF (revision {archived.revision}): {fault}"
        if not archived.content.startswith(before):
            yield f"the archived PDF (revision {archived.revision}) does not contain the revision before it"
        before = archived.content


def _person_signatures(session: Session) -> Iterator[str]:
    """Each later revision has its signer, whose certificate made the newest signature in it."""
    signed = {row.document_id: row for row in session.scalars(
        sa.select(PersonSignature).options(undefer(PersonSignature.signed_with)))}
    later = session.scalars(sa.select(CertificateDocument).where(
        CertificateDocument.form == "pdf", CertificateDocument.revision > 1,
        ~sa.exists().where(Disposal.certificate_id == CertificateDocument.certificate_id))
        .options(undefer(CertificateDocument.content)))
    for archived in later.yield_per(PAGE):
        row = signed.get(archived.id)
        if row is None or sealed.last_signer(archived.content) != row.fingerprint:
            yield f"document {archived.certificate_id}, revision {archived.revision}: it is not told who signed it"
        elif hashlib.sha256(row.signed_with).hexdigest() != row.fingerprint:
            yield f"document {archived.certificate_id}, revision {archived.revision}: its signer's certificate changed"


def _seal_keys(session: Session) -> Iterator[str]:
    for key in sealing.all_keys(session):
        if hashlib.sha256(key.certificate).hexdigest() != key.fingerprint:
            yield f"sealing key {key.fingerprint[:16]}: its certificate is not the one that was registered"


def _series(session: Session, report: Report) -> Iterator[str]:
    for row in session.scalars(sa.select(Series).order_by(Series.id)).all():
        report.counts["series"] += 1
        yield from _numbers(session, row)


def _numbers(session: Session, series: Series) -> Iterator[str]:
    """Gapless from 1 to the last number given, each written by the pattern, each linked to the one before."""
    name = f"series {series.kind} {series.year}" + (f" {series.name}" if series.name else "")
    serial, previous = 0, ""
    query = sa.select(Certificate.serial, Certificate.number, Certificate.record_digest, Certificate.link).where(
        Certificate.series_id == series.id).order_by(Certificate.serial)
    for found in session.execute(query):
        serial += 1
        if found.serial != serial:
            yield f"{name}: number {serial} is missing"
            serial = found.serial
        if _written(series, serial) != found.number:
            yield f"{found.number}: its number is not that of the series"
        if document.link(previous, found.record_digest) != found.link:
            yield f"{found.number}: the chain of its series breaks here"
        previous = found.link
    if series.next != serial + 1:
        yield f"{name}: the next number is {series.next}, the last one issued is {serial}"
    if series.link != previous:
        yield f"{name}: the end of the chain is not the last document"


def _written(series: Series, serial: int) -> str:
    try:
        return Pattern.read(series.pattern).format(serial, series.year)
    except NumberError:
        return ""
