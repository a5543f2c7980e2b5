"""The legal catalogue: editions of the group-2 list, their rows, what was read of them, and the law behind them.

An edition and its rows never change. What an administrator read in the original stands beside as a reading; the newest
reading of a row counts, and says who, when and in which document.
"""
from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lims.shared.db import Base

DOCUMENT_KINDS = ("law", "form", "dlvn")


class LegalEdition(Base):
    """One table of the list; `whole` ends every earlier row on its first day, else the rows only add and replace."""

    __tablename__ = "legal_edition"
    id: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[str]
    in_force_from: Mapped[date] = mapped_column(index=True)
    whole: Mapped[bool]
    source: Mapped[str]
    imported_by: Mapped[str] = mapped_column(default="")
    imported_at: Mapped[datetime | None]
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))


class CatalogueRow(Base):
    """One row as transcribed. A flag is "x", "-", or "?" where the source does not show it."""

    __tablename__ = "legal_row"
    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(sa.ForeignKey("legal_edition.id"), index=True)
    key: Mapped[str] = mapped_column(unique=True)
    item: Mapped[str] = mapped_column(index=True)
    name_vi: Mapped[str]
    name_en: Mapped[str]
    field: Mapped[str]
    type_approval: Mapped[str]
    initial: Mapped[str]
    periodic: Mapped[str]
    after_repair: Mapped[str]
    counter: Mapped[bool]
    cycle_months: Mapped[int | None]
    evidence: Mapped[str]
    dlvn: Mapped[str]
    effective_from: Mapped[date | None]
    effective_to: Mapped[date | None]
    state: Mapped[str]
    source_vi: Mapped[str]
    source_en: Mapped[str]
    note_vi: Mapped[str]
    note_en: Mapped[str]
    edition: Mapped[LegalEdition] = relationship(lazy="joined", innerjoin=True)


class LegalReading(Base):
    """Somebody compared a row, or a document, with its original: what was read, in which document; append-only.

    `subject` is "row:31@2026-04-15" or "document:24/2013/TT-BKHCN"; `reason` says why a further reading was needed."""

    __tablename__ = "legal_reading"
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(index=True)
    read_values: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    document: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    read_by: Mapped[str]
    at: Mapped[datetime]
    revision: Mapped[int]
    __table_args__ = (sa.UniqueConstraint("subject", "revision"),)


class LegalDocument(Base):
    """A law, a form, or a ĐLVN (or a temporary procedure in its place) with its dates, status and source; dates are
    empty where no source shows them. A new edition is a document of its own; the one before ends on the day before.

    `in_force_to` is the last day, set by the document itself or when it was ended; `replaced_by` says by what or why it
    was ended, "" while nobody did."""

    __tablename__ = "legal_document"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    number: Mapped[str]
    title_vi: Mapped[str]
    title_en: Mapped[str]
    issued_on: Mapped[date | None]
    in_force_from: Mapped[date | None]
    status_vi: Mapped[str]
    status_en: Mapped[str]
    state: Mapped[str]
    source_vi: Mapped[str]
    source_en: Mapped[str]
    in_force_to: Mapped[date | None]
    replaced_by: Mapped[str] = mapped_column(default="", server_default="")
    entered_by: Mapped[str] = mapped_column(default="", server_default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("kind", "number"),
        sa.CheckConstraint("kind IN ('law','form','dlvn')", name="kind"),
    )

    @property
    def first_on(self) -> date | None:
        return self.in_force_from

    @property
    def own_last_on(self) -> date | None:
        return self.in_force_to

    @property
    def has_ended(self) -> bool:
        return bool(self.replaced_by)


class LegalConfirmation(Base):
    """An earlier confirmation that named the original without its flags; shown, but no longer enough for a verdict."""

    __tablename__ = "legal_confirmation"
    row_key: Mapped[str] = mapped_column(primary_key=True)
    basis: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
