"""Nobody's change is lost unseen: a form says what it was filled from, and is refused once that is something else.

A row with a version is told by it; of a row without one, or where a form shows only a part of it, a mark of what was
shown is sent along. Both are compared inside the transaction that writes."""
from __future__ import annotations

import hashlib
from typing import Protocol

import sqlalchemy as sa

from lims.shared.db import Base
from lims.shared.errors import Conflict


class Versioned(Protocol):
    """A row that counts its changes."""

    @property
    def version(self) -> int: ...


def require_version(row: Versioned, version: int, vi: str = "mục này", en: str = "this") -> None:
    """Raises Conflict when the row is no longer of the `version` (0: not given) that the form was filled from.

    `vi` and `en` name the row: "doanh nghiệp này", "this enterprise"."""
    if version and row.version != version:
        raise _changed(vi, en)


def require_seen(seen: str, now: str, vi: str = "mục này", en: str = "this") -> None:
    """The same by the mark of what was shown ("": not given) and of what stands there `now`."""
    if seen and seen != now:
        raise _changed(vi, en)


def mark(*values: object) -> str:
    """What tells these values from others, in 16 hexadecimal digits."""
    return hashlib.sha256(repr([None if value is None else str(value) for value in values]).encode()).hexdigest()[:16]


def mark_of(row: Base | None) -> str:
    """The mark of a whole row; of none where there is none yet."""
    if row is None:
        return mark()
    return mark(*(getattr(row, column.key) for column in sa.inspect(type(row)).column_attrs))


def _changed(vi: str, en: str) -> Conflict:
    return Conflict(f"Người khác vừa sửa {vi}; hãy tải lại trang và so sánh.",
                    f"Somebody else has just changed {en}; reload the page and compare.")
