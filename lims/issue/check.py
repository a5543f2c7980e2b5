"""A file in somebody's hand against the archive: authentic, altered, superseded, withdrawn, or unknown."""
from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from certificates import checking, document
from certificates.checking import Archived, Finding, Status, Verdict
from certificates.document import RecordError, parse_record
from certificates.numbering import normalised
from certificates.work_record import BESIDE
from lims.issue import archive, countersigning, keys, planning, retention, sealed, sealing, work_papers
from lims.issue.models import PAPER, Certificate, CertificateDocument
from lims.issue.record import SOFTWARE
from lims.shared import clock
from lims.shared.db import session

OF_THE_WORK = "record of the work"


def check_file(content: bytes) -> Finding:
    """The verdict on a file's bytes. What is archived counts only while its entry is whole (see `is_whole`)."""
    finding = checking.check(content, _by_sha256, lambda number: _by_number(number, content))
    if finding.verdict is Verdict.UNKNOWN and finding.number.endswith(BESIDE):
        return _of_record_paper(finding, content)
    if finding.archived is not None and finding.verdict is not Verdict.ALTERED and not _is_intact(finding, content):
        return replace(finding, verdict=Verdict.ALTERED)
    return finding


def _of_record_paper(finding: Finding, content: bytes) -> Finding:
    """A record beside a certificate that was issued before such papers were archived: it counts where the frozen record
    gives these very bytes."""
    certificate = session().scalar(sa.select(Certificate).where(
        Certificate.number_key == normalised(finding.number.removesuffix(BESIDE)), Certificate.kind == "verification"))
    if certificate is None or not certificate.record or not is_whole(certificate) or (
            work_papers.record_paper(certificate).content != content):
        return finding
    return checking.check(content, lambda sha256: _archived(certificate, sha256, OF_THE_WORK), lambda _: None)


def is_whole(certificate: Certificate) -> bool:
    """Whether an entry of the archive still agrees with itself: record, digest and the seal made at issue."""
    return (document.digest(certificate.record) == certificate.record_digest
            and keys.seal_holds(certificate, keys.public_keys()))


def _is_intact(finding: Finding, content: bytes) -> bool:
    certificate = archive.by_number(finding.number)
    if (disposal := retention.disposal_of(certificate.id)) is not None:  # its digests are what is left to compare with
        return keys.seal_holds(certificate, keys.public_keys()) and disposal.record_digest == certificate.record_digest
    if not is_whole(certificate):
        return False
    try:
        record = parse_record(certificate.record)
    except RecordError:
        return False
    if content == certificate.record:
        return True
    if record.provenance.software != SOFTWARE:
        return sealed.stands_by_itself(certificate, content, sealing.known())
    again = planning.archived_again(certificate, record, archive.container_of(certificate),
                                    archive.container_of(certificate, PAPER))
    return content in (again.pdf, again.dcc, again.paper) or _is_signed_further(content, again.pdf)


def _is_signed_further(content: bytes, first: bytes) -> bool:
    """A later revision: the first one, with nothing but whole signatures after it."""
    return content.startswith(first) and not sealed.fault_of(content, sealing.known())


def _by_sha256(sha256: str) -> Archived | None:
    found = session().scalar(sa.select(CertificateDocument).where(CertificateDocument.sha256 == sha256))
    if found is not None:
        return _archived(archive.by_id(found.certificate_id), sha256, _revision(found))
    return _archived(session().scalar(sa.select(Certificate).where(Certificate.record_digest == sha256)), sha256,
                     "record")


def _revision(found: CertificateDocument) -> str:
    """Which of the archived files it is."""
    if found.form != "pdf":
        return OF_THE_WORK if found.form == PAPER else found.form
    signed = countersigning.of_document(found.id)
    return "PDF, revision 1: as issued" if signed is None else (
        f"PDF, revision {found.revision}: also signed by {signed.signer}")


def _by_number(number: str, content: bytes) -> Archived | None:
    """The document of this number, with the SHA-256 that a file like this one should have."""
    found = session().scalar(sa.select(Certificate).where(Certificate.number_key == normalised(number)))
    if found is None:
        return _paper_by_number(number)
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"{"):
        return _archived(found, found.record_digest)
    digital = archive.dcc_of(found) if head.startswith(b"<") else None
    return _archived(found, (digital or archive.file_of(found)).sha256)


def _paper_by_number(number: str) -> Archived | None:
    """The archived record of the work of this number, which is that of its certificate with an ending."""
    row = session().execute(sa.select(Certificate, CertificateDocument.sha256).join(CertificateDocument).where(
        Certificate.number_key == normalised(number.removesuffix(BESIDE)), CertificateDocument.form == PAPER)).first()
    if row is None or not number.endswith(BESIDE):
        return None
    known = _archived(row[0], row[1], OF_THE_WORK)
    return known and replace(known, number=f"{row[0].number}{BESIDE}")


def _archived(certificate: Certificate | None, sha256: str, revision: str = "") -> Archived | None:
    if certificate is None:
        return None
    status = archive.status(certificate, clock.today())
    reason, ended_on = status.reason, certificate.valid_until if status.state == "expired" else None
    if (later := status.later) is not None:
        ended_on = later.on
        reason = (f"the instrument was verified again and has the certificate {later.number}" if later.passed
                  else f"the instrument failed a later verification, record {later.number}")
    return Archived(certificate.number, sha256, Status(status.state), revision, superseded_by=status.by, reason=reason,
                    ended_on=ended_on)
