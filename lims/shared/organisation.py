"""The laboratory itself: its heading on documents and the choices that are its own, as one audited row."""
from __future__ import annotations

import re
from collections.abc import Mapping

from sqlalchemy.orm import Mapped, Session, mapped_column

from lims.shared.db import Base, write
from lims.shared.errors import DomainError
from lims.shared.freshness import require_version


class Organisation(Base):
    """The one laboratory of this installation (row 1)."""

    __tablename__ = "organisation"
    id: Mapped[int] = mapped_column(primary_key=True)
    superior_vi: Mapped[str] = mapped_column(default="")
    superior_en: Mapped[str] = mapped_column(default="")
    name_vi: Mapped[str]
    name_en: Mapped[str]
    short_name: Mapped[str]
    address: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    registration_code: Mapped[str] = mapped_column(default="")
    accreditation_code: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    head_title_vi: Mapped[str] = mapped_column(default="Giám đốc")
    head_title_en: Mapped[str] = mapped_column(default="Director")
    validity_policy: Mapped[str] = mapped_column(default="same_day")
    reprints: Mapped[str] = mapped_column(default="plain")
    """"copy": a document that was printed before is printed with BẢN SAO on every page."""
    verification_sticker_mm: Mapped[str] = mapped_column(default="25x35")
    calibration_sticker_mm: Mapped[str] = mapped_column(default="45x28")
    standard_label_mm: Mapped[str] = mapped_column(default="56x30")
    item_label_mm: Mapped[str] = mapped_column(default="60x30")
    label_dpi: Mapped[str] = mapped_column(default="300")
    logo_sha256: Mapped[str] = mapped_column(default="")
    """SHA-256 of the stored file; "" for none. Likewise the next two."""
    mark_sha256: Mapped[str] = mapped_column(default="")
    layout_sha256: Mapped[str] = mapped_column(default="")
    disuse_months: Mapped[int] = mapped_column(default=12, server_default="12")
    """An authorisation not used for so many months is proposed to lapse."""
    least_qualified: Mapped[int] = mapped_column(default=2, server_default="2")
    """So many persons at least must be qualified in each field."""
    demonstration: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


def label_size(text: str) -> tuple[float, float]:
    """Width and height in millimetres of "25x35"; also "25 × 35,5". Raises ValueError outside 15 to 150 mm."""
    found = _SIZE.fullmatch(text.strip())
    size = tuple(float(side.replace(",", ".")) for side in found.groups()) if found else ()
    if len(size) != 2 or not all(15 <= side <= 150 for side in size):
        raise ValueError(text)
    return size[0], size[1]


_SIZE = re.compile(r"(\d{2,3}(?:[.,]\d)?)\s*[x×X]\s*(\d{2,3}(?:[.,]\d)?)", re.ASCII)


def save(values: Mapping[str, object], version: int = 0) -> None:
    """Set the laboratory's particulars; documents issued before keep theirs.

    Raises Conflict when somebody changed them since the form, of that `version`, was opened."""
    with write("organisation.save") as current:
        row = current.get(Organisation, 1)
        if row is None:
            row = Organisation(id=1)
            current.add(row)
        else:
            require_version(row, version, "thông tin này")
        for name, value in values.items():
            setattr(row, name, value or "")


def organisation(session: Session) -> Organisation:
    """The laboratory's row; raises DomainError before it has been filled in."""
    row = session.get(Organisation, 1)
    if row is None:
        raise DomainError("Chưa khai báo thông tin phòng thí nghiệm (Cài đặt).",
                          "The laboratory's particulars are not set yet (Settings).")
    return row
