"""Certificates: series and numbers, approvals, the archived documents, and what happened to them afterwards."""
from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lims.auth.models import User
from lims.jobs.models import JobItem, Result
from lims.shared.db import Base
from lims.shared.word_index import index_words

KINDS = ("calibration", "verification", "test", "work_record")


class Series(Base):
    """A run of gapless numbers of one kind in one year. `next` and `link` move by compare-and-set at issue.

    `name` tells several series of a kind apart; "" is the one of every procedure for which SeriesChoice names none."""

    __tablename__ = "series"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    year: Mapped[int]
    pattern: Mapped[str]
    next: Mapped[int] = mapped_column(default=1)
    link: Mapped[str] = mapped_column(default="")
    name: Mapped[str] = mapped_column(default="", server_default="")
    __table_args__ = (
        sa.UniqueConstraint("kind", "year", "name"),
        sa.CheckConstraint("kind IN ('calibration','verification','test','work_record')", name="kind"),
    )


class SeriesChoice(Base):
    """Documents of this kind by this procedure are numbered in the series of this name."""

    __tablename__ = "series_choice"
    kind: Mapped[str] = mapped_column(primary_key=True)
    procedure_code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class Approval(Base):
    """A person's recorded signature (password given again) on one result; append-only."""

    __tablename__ = "approval"
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("job_item.id"), index=True)
    result_id: Mapped[int] = mapped_column(sa.ForeignKey("result.id"), index=True)
    activity: Mapped[str]
    meaning: Mapped[str]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    person: Mapped[str]
    title: Mapped[str]
    at: Mapped[datetime]
    result_digest: Mapped[str]
    result: Mapped[Result] = relationship()
    __table_args__ = (
        sa.UniqueConstraint("result_id", "activity"),
        sa.CheckConstraint("activity IN ('perform','review','approve')", name="activity"),
    )


class SigningKey(Base):
    """A public key whose signatures stand in QR codes; the private half lives in the key folder, never here."""

    __tablename__ = "signing_key"
    key_id: Mapped[str] = mapped_column(primary_key=True)
    public_key: Mapped[str]
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class SealKey(Base):
    """A certificate (DER) whose key seals documents, by its SHA-256; the key itself is never here."""

    __tablename__ = "seal_key"
    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject: Mapped[str]
    certificate: Mapped[bytes] = mapped_column(sa.LargeBinary)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    __table_args__ = (sa.CheckConstraint("kind IN ('trial','pkcs12','pkcs11')", name="kind"),)


class Certificate(Base):
    """An issued document: number, frozen record and digests. Append-only; status is told by CertificateEvent.

    One result gives one document, whoever presses how often. `verification_url` and `qr_payload` are kept as printed,
    so that the page can be made again byte for byte after the installation's address has changed."""

    __tablename__ = "certificate"
    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(sa.ForeignKey("series.id"))
    year: Mapped[int]
    serial: Mapped[int]
    number: Mapped[str] = mapped_column(unique=True)
    number_key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(index=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("job_item.id"), index=True)
    edition: Mapped[int]
    result_id: Mapped[int] = mapped_column(sa.ForeignKey("result.id"), unique=True)
    object_name: Mapped[str]
    object_serial: Mapped[str]
    customer_name: Mapped[str]
    performed_on: Mapped[date]
    issued_on: Mapped[date] = mapped_column(index=True)
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    valid_until: Mapped[date | None] = mapped_column(index=True)
    verdict: Mapped[str]
    record: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    record_digest: Mapped[str]
    link: Mapped[str]
    code: Mapped[str]
    key_id: Mapped[str] = mapped_column(sa.ForeignKey("signing_key.key_id"))
    signature: Mapped[str]
    verification_url: Mapped[str]
    qr_payload: Mapped[str]
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("certificate.id"), unique=True)
    idempotency_key: Mapped[str | None] = mapped_column(unique=True)
    search: Mapped[str] = mapped_column(index=True)
    item: Mapped[JobItem] = relationship()
    series: Mapped[Series] = relationship(lazy="joined", innerjoin=True)
    issued_by: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    result: Mapped[Result] = relationship()
    documents: Mapped[list[CertificateDocument]] = relationship(order_by="CertificateDocument.id")
    events: Mapped[list[CertificateEvent]] = relationship(
        order_by="CertificateEvent.id", foreign_keys="CertificateEvent.certificate_id")
    __table_args__ = (
        sa.UniqueConstraint("series_id", "serial"),
        sa.UniqueConstraint("item_id", "edition"),
        sa.Index("ix_certificate_counted", "issued_on", "edition", "verdict", "kind", "item_id"),
        sa.Index("ix_certificate_kind_issued", "kind", "edition", "issued_on"),
    )

    @hybrid_property
    def verified(self) -> bool:
        """It tells of a verification that passed: a certificate, or the record where marks stand in its place."""
        return self.kind == "verification" or (self.kind == "work_record" and self.verdict == "pass")

    @verified.inplace.expression
    @classmethod
    def _is_verified(cls) -> sa.ColumnElement[bool]:
        return sa.or_(cls.kind == "verification", sa.and_(cls.kind == "work_record", cls.verdict == "pass"))

    @hybrid_property
    def failed(self) -> bool:
        """It is the record of a verification that did not pass: it certifies nothing, so nothing of it is in force."""
        return self.kind == "work_record" and self.verdict != "pass"

    @failed.inplace.expression
    @classmethod
    def _is_failed(cls) -> sa.ColumnElement[bool]:
        return sa.and_(cls.kind == "work_record", cls.verdict != "pass")


PAPER = "work_record"
"""Form of the record of the work (biên bản) that stands beside a certificate of verification."""


class CertificateDocument(Base):
    """The archived bytes of one rendition of a certificate; append-only. `form`: "pdf", "dcc" or `PAPER`.

    `container` is the signature container of the seal in a PDF: with the record, it gives the same bytes again."""

    __tablename__ = "certificate_document"
    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(sa.ForeignKey("certificate.id"), index=True)
    form: Mapped[str]
    revision: Mapped[int]
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(index=True)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    container: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)
    __table_args__ = (sa.UniqueConstraint("certificate_id", "form", "revision"),)


class PersonSignature(Base):
    """Who signed a further revision of a document on a token of their own, and who accepted it; append-only.

    `signed_with` is the certificate (DER); `accepted_by_id` is None where the command line did."""

    __tablename__ = "person_signature"
    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("certificate_document.id"), unique=True)
    certificate_id: Mapped[int] = mapped_column(sa.ForeignKey("certificate.id"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    signer: Mapped[str]
    fingerprint: Mapped[str]
    signed_with: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    reason: Mapped[str]
    stated_at: Mapped[datetime | None]
    stamped_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime]
    accepted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    user: Mapped[User] = relationship(foreign_keys=user_id, lazy="joined", innerjoin=True)
    accepted_by: Mapped[User | None] = relationship(foreign_keys=accepted_by_id, lazy="joined")
    document: Mapped[CertificateDocument] = relationship(lazy="joined", innerjoin=True)


class CertificateEvent(Base):
    """Superseded, withdrawn, handed over, printed: beside the document, never in it; append-only."""

    __tablename__ = "certificate_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(sa.ForeignKey("certificate.id"), index=True)
    kind: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(default="")
    other_id: Mapped[int | None] = mapped_column(sa.ForeignKey("certificate.id"))
    by: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    other: Mapped[Certificate | None] = relationship(foreign_keys=other_id, lazy="joined")
    __table_args__ = (
        sa.CheckConstraint("kind IN ('superseded','withdrawn','handed_over','printed')", name="kind"),
    )


class Amendment(Base):
    """A replacement has been ordered: what is to change and why; done when a certificate replaces this one (7.8.8)."""

    __tablename__ = "amendment"
    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(sa.ForeignKey("certificate.id"), unique=True)
    changes: Mapped[str]
    reason: Mapped[str]
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    certificate: Mapped[Certificate] = relationship()
    opened_by: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class SeparateReview(Base):
    """A procedure whose results are reviewed by a third person, before and apart from the approval."""

    __tablename__ = "separate_review"
    procedure_code: Mapped[str] = mapped_column(primary_key=True)


index_words(Certificate, "certificate")
