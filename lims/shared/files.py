"""Attached files: bytes under their SHA-256; the name a person gave is only a label, never a path."""
from __future__ import annotations

import hashlib
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from lims.shared import clock
from lims.shared.db import Base
from lims.shared.errors import Invalid
from lims.shared.text import clean

MAX_BYTES = 20 * 1024 * 1024
_SIGNATURES = {"application/pdf": b"%PDF-", "image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff",
               "application/xml": b"<?xml"}


class StoredFile(Base):
    """One uploaded file, never changed; `content` is loaded only when asked for."""

    __tablename__ = "stored_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(index=True)
    uploaded_at: Mapped[datetime]
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)


def store(session: Session, name: str, content: bytes, accepted: tuple[str, ...] = ("application/pdf",)) -> StoredFile:
    """Keep an upload. The type is read from the content, not from the name. Raises Invalid."""
    if not content:
        raise Invalid("Tệp rỗng; hãy chọn lại.", "The file is empty; choose it again.", "file")
    if len(content) > MAX_BYTES:
        raise Invalid("Tệp lớn hơn 20 MB.", "The file is larger than 20 MB.", "file")
    media_type = next((kind for kind in accepted if content.startswith(_SIGNATURES[kind])), None)
    if media_type is None:
        kinds = ", ".join(kind.split("/")[1].upper() for kind in accepted)
        raise Invalid(f"Nội dung tệp không phải {kinds}.", f"The file's content is not {kinds}.", "file")
    return keep(session, name, content, media_type)


def keep(session: Session, name: str, content: bytes, media_type: str) -> StoredFile:
    """Keep content whose type was checked before."""
    stored = StoredFile(name=clean(name)[:200] or "file", media_type=media_type, size=len(content),
                        sha256=hashlib.sha256(content).hexdigest(), uploaded_at=clock.now(), content=content)
    session.add(stored)
    return stored
