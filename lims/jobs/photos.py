"""Use cases of photographs: keep one without what the camera wrote into it, strike one out, show them."""
from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from PIL import Image, ImageOps

from lims.auth.models import User
from lims.jobs.models import JobItem, Worksheet
from lims.jobs.photo_models import SUBJECTS, WorksheetPhoto
from lims.jobs.service import code_key
from lims.jobs.worksheet import actor_of, lock_sheet, require_open
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound
from lims.shared.files import StoredFile, store
from lims.shared.text import TextError, clean

MOST = 12
"""Photographs of one sheet."""
MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 50_000_000
"""A photograph of fifty megapixels; more is a bomb or a poster."""
LONGEST_EDGE = 2000
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True)
class Listed:
    """A photograph as documents list it: what it shows, the digest of its file, its note."""

    sha256: str
    subject: str
    caption: str


def keep(code: str, *, content: bytes, subject: str, note: str, user: User) -> WorksheetPhoto:
    """Keep a photograph. It is drawn anew: place, time and camera that stood in the file are gone. Raises Invalid at
    `photo` or `note`, Conflict when the sheet is closed or full."""
    if subject not in SUBJECTS:
        raise Invalid("Hãy chọn ảnh chụp gì.", "Say what the photograph shows.", "subject")
    try:
        words = clean(note)
    except TextError:
        words = ""
    if len(words) > 200:
        raise Invalid("Dài quá 200 ký tự.", "At most 200 characters.", "note")
    plain, width, height = drawn_anew(content)
    with write("worksheet.keep_photo", actor=actor_of(user)) as current:
        worksheet = lock_sheet(current, code)
        require_open(worksheet, user)
        if len(_of(worksheet.id)) >= MOST:
            raise Conflict(f"Mỗi bảng đo có nhiều nhất {MOST} ảnh.", f"At most {MOST} photographs a sheet.")
        file = store(current, f"{subject}.jpg", plain, ("image/jpeg",))
        current.flush()
        photo = WorksheetPhoto(worksheet_id=worksheet.id, file_id=file.id, subject=subject, note=words, width=width,
                               height=height, taken_by_id=user.id, kept_at=clock.now())
        current.add(photo)
    return photo


def strike(code: str, photo_id: int, reason: str, user: User) -> None:
    """A photograph no longer counts; it stays readable. Raises Invalid at `reason`."""
    if not reason.strip():
        raise Invalid("Hãy ghi lý do.", "Give the reason.", "reason")
    with write("worksheet.strike_photo", reason=reason, actor=actor_of(user)) as current:
        require_open(lock_sheet(current, code), user)
        get(code, photo_id).struck_because = reason.strip()[:300]


def of_item(item: JobItem) -> Sequence[WorksheetPhoto]:
    """The photographs of an item's sheet, oldest first."""
    return _of(item.worksheet.id) if item.worksheet else ()


def listed(worksheet_id: int) -> list[Listed]:
    """The photographs of a sheet that count, oldest first, without their content."""
    rows = session().execute(
        sa.select(StoredFile.sha256, WorksheetPhoto.subject, WorksheetPhoto.note)
        .join(StoredFile, StoredFile.id == WorksheetPhoto.file_id)
        .where(WorksheetPhoto.worksheet_id == worksheet_id, WorksheetPhoto.struck_because == "")
        .order_by(WorksheetPhoto.id))
    return [Listed(*row) for row in rows]


def get(code: str, photo_id: int) -> WorksheetPhoto:
    """One photograph of that item, or NotFound."""
    found = session().scalar(
        sa.select(WorksheetPhoto).join(Worksheet, Worksheet.id == WorksheetPhoto.worksheet_id)
        .join(JobItem, JobItem.id == Worksheet.item_id)
        .where(JobItem.code == code_key(code), WorksheetPhoto.id == photo_id))
    if found is None:
        raise NotFound("Không có ảnh này.", "No such photograph.")
    return found


def drawn_anew(content: bytes) -> tuple[bytes, int, int]:
    """(JPEG without metadata, width, height): upright, at most LONGEST_EDGE long. Raises Invalid at `photo`."""
    if not content:
        raise Invalid("Hãy chọn ảnh.", "Choose a photograph.", "photo")
    if len(content) > MAX_BYTES:
        raise Invalid("Ảnh lớn hơn 15 MB.", "The photograph is larger than 15 MB.", "photo")
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise Invalid("Ảnh quá nhiều điểm ảnh.", "The photograph has too many pixels.", "photo")
            opened.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Invalid("Nội dung tệp không phải ảnh JPEG, PNG hay WebP.",
                      "The content is no JPEG, PNG or WebP picture.", "photo") from None
    upright.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    plain = Image.new("RGB", upright.size)
    plain.paste(upright)
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=QUALITY, optimize=False)
    return out.getvalue(), plain.width, plain.height


def _of(worksheet_id: int) -> Sequence[WorksheetPhoto]:
    return session().scalars(sa.select(WorksheetPhoto).where(WorksheetPhoto.worksheet_id == worksheet_id)
                             .order_by(WorksheetPhoto.id)).all()
