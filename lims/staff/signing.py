"""Certificates with which persons sign documents on their own tokens: registered by the person in charge of staff."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from sqlalchemy.orm import Mapped, mapped_column, relationship

from certificates.seal_keys import SealError, common_name, fingerprint, refuse_unsuited
from lims.auth.models import User
from lims.shared import clock
from lims.shared.db import Base, session, write
from lims.shared.errors import Conflict, Invalid, NotFound

LARGEST = 100_000


class PersonCertificate(Base):
    """A certificate (DER) of one person, by its SHA-256; ended ones stay, so that what they signed stays explained."""

    __tablename__ = "person_certificate"
    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    subject: Mapped[str]
    issuer: Mapped[str]
    certificate: Mapped[bytes] = mapped_column(sa.LargeBinary)
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime]
    registered_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


def register(user_id: int, content: bytes) -> PersonCertificate:
    """Register a person's certificate (PEM or DER). Raises Invalid at `file` or `user_id`, or Conflict."""
    read = _read(content)
    der = read.public_bytes(serialization.Encoding.DER)
    with write("person_certificate.register") as current:
        if current.get(User, user_id) is None:
            raise Invalid("Hãy chọn người.", "Choose the person.", "user_id")
        if current.get(PersonCertificate, fingerprint(read)) is not None:
            raise Conflict("Chứng thư này đã đăng ký.", "This certificate is registered already.", "file")
        row = PersonCertificate(
            fingerprint=fingerprint(read), user_id=user_id, subject=common_name(read), certificate=der,
            issuer=_issuer(read), valid_from=read.not_valid_before_utc, valid_to=read.not_valid_after_utc,
            registered_at=clock.now())
        current.add(row)
    return row


def end(mark: str, *, reason: str) -> None:
    """Accept nothing more that is signed with a certificate (lost token, person left); what was accepted stays."""
    if not reason.strip():
        raise Invalid("Hãy ghi lý do.", "Give the reason.", "reason")
    with write("person_certificate.end", reason=reason.strip()) as current:
        row = current.get(PersonCertificate, mark)
        if row is None:
            raise NotFound("Không có chứng thư này.", "No such certificate.")
        if row.ended_at is None:
            row.ended_at = clock.now()


def of_everybody() -> Sequence[PersonCertificate]:
    """Every registered certificate, newest first."""
    return session().scalars(sa.select(PersonCertificate).order_by(
        PersonCertificate.registered_at.desc(), PersonCertificate.fingerprint)).all()


def registered(mark: str) -> PersonCertificate | None:
    """The certificate with this SHA-256, ended or not."""
    return session().get(PersonCertificate, mark, populate_existing=True)


def _read(content: bytes) -> x509.Certificate:
    refusal = Invalid("Tệp không phải một chứng thư (PEM hoặc DER).", "The file is no certificate (PEM or DER).",
                      "file")
    if not content or len(content) > LARGEST:
        raise refusal
    try:
        read = (x509.load_pem_x509_certificate if b"-----BEGIN" in content else x509.load_der_x509_certificate)(content)
        refuse_unsuited(read.public_key())
    except SealError as error:
        raise Invalid(f"Chứng thư không dùng được: {error.vi}.", f"The certificate cannot be used: {error}.",
                      "file") from error
    except ValueError as error:
        raise refusal from error
    return read


def _issuer(read: x509.Certificate) -> str:
    names = read.issuer.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(names[0].value) if names else read.issuer.rfc4514_string()
