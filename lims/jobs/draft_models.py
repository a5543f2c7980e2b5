"""Drafts of procedures: a text and its reference cases on their way to publication; published ones never change."""
from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lims.auth.models import User
from lims.jobs.models import ProcedureVersion
from lims.shared.db import Base


class ProcedureDraft(Base):
    """One draft; `based_on` is the publication that it started from."""

    __tablename__ = "procedure_draft"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    toml: Mapped[str]
    cases: Mapped[str]
    based_on_id: Mapped[int | None] = mapped_column(sa.ForeignKey("procedure_version.id"))
    published_as_id: Mapped[int | None] = mapped_column(sa.ForeignKey("procedure_version.id"))
    written_at: Mapped[datetime]
    written_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column(default=1)
    written_by: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    based_on: Mapped[ProcedureVersion | None] = relationship(foreign_keys=based_on_id)
    published_as: Mapped[ProcedureVersion | None] = relationship(foreign_keys=published_as_id)
    __mapper_args__ = {"version_id_col": version}


class PublishedCases(Base):
    """The reference cases with which a procedure was published, and by whom; append-only."""

    __tablename__ = "procedure_cases"
    procedure_id: Mapped[int] = mapped_column(sa.ForeignKey("procedure_version.id"), primary_key=True,
                                              autoincrement=False)
    cases: Mapped[str]
    published_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    drafted_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    published_by: Mapped[User] = relationship(foreign_keys=published_by_id, lazy="joined", innerjoin=True)
    drafted_by: Mapped[User] = relationship(foreign_keys=drafted_by_id, lazy="joined", innerjoin=True)
