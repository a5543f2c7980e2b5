"""Accounts and roles (Flask-Security-Too)."""
from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_security import RoleMixin, UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from lims.shared.db import Base
from lims.shared.permissions import permissions_of

user_role = sa.Table(
    "user_role", Base.metadata,
    sa.Column("user_id", sa.ForeignKey("user_account.id"), primary_key=True),
    sa.Column("role_id", sa.ForeignKey("role.id"), primary_key=True),
)


class Role(Base, RoleMixin):
    """One of the roles of permissions.ROLES."""

    __tablename__ = "role"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)

    def __str__(self) -> str:
        return self.name


class User(Base, UserMixin):
    """A person with an account; `title` is printed under the signature, `title_en` beside it where one is given.

    Roles are read when asked for: most rows that name a person want the name alone. Lists that judge many people load
    them with `WITH_ROLES`."""

    __tablename__ = "user_account"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    username: Mapped[str | None] = mapped_column(unique=True)
    password: Mapped[str]
    full_name: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    title_en: Mapped[str] = mapped_column(default="", server_default="")
    active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(default="vi")
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    tf_primary_method: Mapped[str | None]
    tf_totp_secret: Mapped[str | None]
    roles: Mapped[list[Role]] = relationship(secondary=user_role)  # type: ignore[assignment]

    @property
    def role_names(self) -> set[str]:
        return {role.name for role in self.roles}

    def title_in(self, language: str) -> str:
        """The position in that language, in Vietnamese where no other was given."""
        return self.title_en or self.title if language == "en" else self.title

    @property
    def permissions(self) -> set[str]:
        return permissions_of(self.role_names)


WITH_ROLES = selectinload(User.roles)


class LoginFailure(Base):
    """A refused attempt to log in: what was typed as identity, from where, when. Counted by throttle.py."""

    __tablename__ = "login_failure"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    identity: Mapped[str] = mapped_column(index=True)
    address: Mapped[str] = mapped_column(index=True)
