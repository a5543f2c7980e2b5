"""Tokens by which programs use the API in the name of a person, and the answers kept for requests sent twice."""
from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lims.auth.models import User
from lims.shared.db import Base


class ApiToken(Base):
    """What a program may do in whose name. The token itself is shown once; `digest` is its SHA-256 (hex)."""

    __tablename__ = "api_token"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    name: Mapped[str]
    scopes: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    password_checked_at: Mapped[datetime | None]
    user: Mapped[User] = relationship()

    @property
    def scope_names(self) -> frozenset[str]:
        return frozenset(self.scopes.split())


class KeptAnswer(Base):
    """What a request with an `Idempotency-Key` was answered; `request_digest` is the SHA-256 (hex) of that request."""

    __tablename__ = "api_answer"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    key: Mapped[str]
    request_digest: Mapped[str]
    status: Mapped[int]
    location: Mapped[str]
    etag: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(index=True)
    __table_args__ = (sa.UniqueConstraint("user_id", "key"),)
