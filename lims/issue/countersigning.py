"""A person signs an issued document on a token of their own: export, sign elsewhere, bring back.

What is accepted is the newest archived file with one more signature, of a person of the laboratory who may sign this
document; it becomes a further revision of the same number, and the earlier ones stay.
"""
from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from flask import current_app

from certificates.seal_keys import SealError, common_name
from certificates.seal_revision import PersonSignature as Added
from certificates.seal_revision import added_signature
from certificates.seal_trust import TrustList, leads_to, read_trust_list
from lims.auth.models import User
from lims.issue import archive
from lims.issue.models import Approval, Certificate, CertificateDocument, PersonSignature
from lims.issue.review import actor_of, locked_item
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, DomainError, Invalid, NotPermitted
from lims.shared.text import search_key
from lims.staff import signing

LARGEST = 20_000_000
COMMAND_LINE = ("", "command line")


def accept(certificate_id: int, brought: bytes, *, by: User | None) -> PersonSignature:
    """Archive a file that a person signed elsewhere; `by` is who brings it, None on the command line.

    Raises Invalid at `file` (not the archived file with one more signature, or of nobody who may sign), NotPermitted,
    or Conflict (withdrawn, replaced, signed by somebody else meanwhile).
    """
    certificate = archive.by_id(certificate_id)
    _refuse_ended(certificate)
    newest = archive.pdf_of(certificate)
    revision, document_id = newest.revision, newest.id
    if not brought or len(brought) > LARGEST:
        raise Invalid("Hãy chọn tệp PDF đã ký.", "Choose the signed PDF.", "file")
    try:
        added = added_signature(newest.content, brought, certificate.number)
    except SealError as error:
        raise Invalid(f"Không nhận tệp này: {error.vi}.", f"The file is not accepted: {error}.", "file") from error
    person = _person_of(added, certificate)
    if by is not None and by.id != person.id and "issue.sign" not in by.permissions:
        raise NotPermitted("Đây là chữ ký của người khác; người ký hoặc người có quyền phát hành mới nộp được.",
                           "This is somebody else's signature; the signer or who may issue can bring it.")
    session().rollback()
    with write("certificate.countersign", actor=actor_of(by) if by is not None else COMMAND_LINE) as current:
        locked_item(current, certificate.item_id)
        latest = archive.file_of(certificate)
        if latest.id != document_id:
            raise Conflict("Giấy vừa có thêm chữ ký khác; hãy tải bản mới nhất về ký lại.",
                           "Somebody else has signed meanwhile; export the newest file and sign that.", "file")
        document = CertificateDocument(
            certificate_id=certificate.id, form="pdf", revision=revision + 1, size=len(brought),
            sha256=hashlib.sha256(brought).hexdigest(), content=brought)
        current.add(document)
        current.flush()
        row = PersonSignature(
            document_id=document.id, certificate_id=certificate.id, user_id=person.id, signer=added.seal.signer,
            fingerprint=added.seal.fingerprint, reason=added.reason[:300], stated_at=added.seal.sealed_at,
            signed_with=added.certificate.public_bytes(serialization.Encoding.DER), stamped_at=added.seal.stamped_at,
            accepted_at=clock.now(), accepted_by_id=by.id if by is not None else None)
        current.add(row)
    return row


def of_certificate(certificate_id: int) -> list[PersonSignature]:
    """Signatures that persons added later, oldest first."""
    return list(session().scalars(sa.select(PersonSignature).where(
        PersonSignature.certificate_id == certificate_id).order_by(PersonSignature.id)))


def of_document(document_id: int) -> PersonSignature | None:
    """Who signed this revision; None: it is the one that was issued."""
    return session().scalar(sa.select(PersonSignature).where(PersonSignature.document_id == document_id))


def _refuse_ended(certificate: Certificate) -> None:
    state = archive.status(certificate, clock.today()).state
    if state in ("withdrawn", "superseded"):
        raise Conflict("Giấy đã thu hồi hoặc đã thay thế: không nhận thêm chữ ký.",
                       "The document was withdrawn or replaced: no further signature is accepted.", "file")


def _person_of(added: Added, certificate: Certificate) -> User:
    """Whose signature it is: a registered certificate, or one of a trusted authority with the person's name in it."""
    at = added.seal.stamped_at or added.seal.sealed_at or clock.now()
    row = signing.registered(added.seal.fingerprint)
    if row is not None:
        if row.ended_at is not None:
            raise _unaccepted("chứng thư này đã thôi dùng", "the use of this certificate has ended")
        _refuse_out_of_date(added.certificate, at)
        person: User = row.user
    else:
        person = _named(added, at)
    _refuse_stranger(person, certificate)
    return person


def _named(added: Added, at: datetime) -> User:
    trust = _trusted()
    if trust is None or not leads_to(added.certificate, added.chain, trust, at):
        raise _unaccepted(f"chứng thư «{added.seal.signer}» chưa đăng ký cho ai (trang Nhân sự)",
                          f"the certificate {added.seal.signer!r} is registered for nobody (page Staff)")
    wanted = search_key(common_name(added.certificate))
    everybody = session().scalars(sa.select(User).where(User.active))
    found = [one for one in everybody if search_key(one.full_name) == wanted]
    if len(found) != 1:
        raise _unaccepted(f"không xác định được «{added.seal.signer}» là ai trong phòng; hãy đăng ký chứng thư",
                          f"it is not clear who of the laboratory {added.seal.signer!r} is; register the certificate")
    return found[0]


def _refuse_out_of_date(certificate: x509.Certificate, at: datetime) -> None:
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise _unaccepted("chứng thư không còn hạn vào lúc ký", "the certificate was not valid when it was signed")


def _refuse_stranger(person: User, certificate: Certificate) -> None:
    """Who measured, reviewed or approved this document, or may issue: nobody else signs it."""
    sheet = certificate.item.worksheet
    took_part = {*session().scalars(sa.select(Approval.person_id).where(Approval.result_id == certificate.result_id)),
                 sheet.performed_by_id if sheet is not None else 0}
    if not person.active or not ("issue.sign" in person.permissions or person.id in took_part):
        raise _unaccepted(f"{person.full_name} không tham gia giấy này", f"{person.full_name} has no part in it")


def _unaccepted(vi: str, en: str) -> DomainError:
    return Invalid(f"Không nhận chữ ký: {vi}.", f"The signature is not accepted: {en}.", "file")


def _trusted() -> TrustList | None:
    path: Path | None = current_app.extensions["settings"].person_trust
    if path is None:
        return None
    try:
        return read_trust_list(path.read_bytes())
    except (SealError, OSError) as error:
        raise DomainError("Không đọc được danh sách tin cậy LIMS_PERSON_TRUST.",
                          f"The trust list LIMS_PERSON_TRUST cannot be read: {error}", status=503) from error
