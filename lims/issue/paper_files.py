"""What the laboratory's documents look like: its logo, accreditation mark and layout, stored under their SHA-256.

A record names them by digest, so that a document issued before is made again with what it had, whatever is set today.
"""
from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache
from typing import Literal

import sqlalchemy as sa

from certificates.artwork import ArtworkError, artwork_in, media_type
from certificates.document import Record
from certificates.layout import Layout, LayoutFileError, read_layout
from lims.shared.db import session, write
from lims.shared.errors import Invalid
from lims.shared.files import StoredFile, keep
from lims.shared.organisation import Organisation, organisation

Part = Literal["logo", "mark", "layout"]
PARTS: tuple[Part, ...] = ("logo", "mark", "layout")
_MOST_KEPT = 32
_kept: OrderedDict[str, bytes] = OrderedDict()


def set_part(part: Part, name: str, content: bytes) -> None:
    """Print this from now on. Raises Invalid: no usable image, or a layout with a fault (line and place are named)."""
    media_type = checked(part, content)
    with write(f"organisation.{part}") as current:
        row = organisation(current)
        stored = keep(current, name, content, media_type)
        setattr(row, f"{part}_sha256", stored.sha256)


def remove_part(part: Part) -> None:
    """Print none from now on; for the layout, the standard one."""
    with write(f"organisation.{part}") as current:
        setattr(organisation(current), f"{part}_sha256", "")


def content_of(sha256: str) -> bytes | None:
    """The stored bytes; they never change, so the last few are kept in memory."""
    if sha256 in _kept:
        _kept.move_to_end(sha256)
        return _kept[sha256]
    content = session().scalar(sa.select(StoredFile.content).where(StoredFile.sha256 == sha256).limit(1))
    if content is not None:
        _kept[sha256] = content
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return content


def name_of(sha256: str) -> str:
    """The name under which a part was uploaded; "" for none."""
    return session().scalar(sa.select(StoredFile.name).where(StoredFile.sha256 == sha256).limit(1)) or ""


def artwork_of(record: Record) -> dict[str, bytes]:
    """The images that a record names, as far as they are there."""
    wanted = (record.organisation.logo_sha256, record.organisation.accreditation_mark_sha256)
    return {sha256: content for sha256 in wanted if sha256 and (content := content_of(sha256)) is not None}


def layout_of(record: Record) -> Layout | None:
    """The layout that a record names; None for the standard one. Raises LayoutFileError where it is lost."""
    if not record.layout_sha256:
        return None
    content = content_of(record.layout_sha256)
    if content is None:
        raise LayoutFileError("", f"thiếu mẫu in {record.layout_sha256}",
                              f"the layout {record.layout_sha256} is not there")
    return read(content)


def digests(row: Organisation) -> dict[Part, str]:
    """What is set today."""
    return {"logo": row.logo_sha256, "mark": row.mark_sha256, "layout": row.layout_sha256}


@lru_cache(maxsize=8)
def read(content: bytes) -> Layout:
    """The layout in a file. Raises UnicodeDecodeError or LayoutFileError."""
    return read_layout(content.decode("utf-8"))


def checked(part: Part, content: bytes) -> str:
    """The media type of a usable file. Raises Invalid at the part."""
    if not content:
        raise Invalid("Hãy chọn tệp.", "Choose a file.", part)
    if part == "layout":
        try:
            read(content)
        except UnicodeDecodeError as error:
            raise Invalid("Tệp không phải văn bản UTF-8.", "The file is not text in UTF-8.", part) from error
        except LayoutFileError as error:
            raise Invalid(f"Mẫu in không dùng được: {error.vi}", f"The layout cannot be used: {error.en}",
                          part) from error
        return "application/toml"
    try:
        artwork_in(content)
    except ArtworkError as error:
        raise Invalid(f"Không dùng được: {error.vi}.", f"It cannot be used: {error.en}.", part) from error
    return media_type(content)
