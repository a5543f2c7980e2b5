"""Numbers of programmes and of their result reports: patterns as data of a year, changed before its first number."""
from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from certificates.numbering import NumberError, Pattern, normalised
from lims.auth.models import User
from lims.programmes.models import PAPERS, ProgrammeNumbering
from lims.shared import audit
from lims.shared.db import insert_if_absent, session, write
from lims.shared.errors import Conflict, Invalid

DEFAULT_PATTERNS = {"programme": "{seq:02d}/{yyyy}/CT-BĐĐL", "result": "{seq:02d}/{yyyy}/BC-BĐĐL"}
FAR = 1_234_567
"""A running number at which patterns that differ only in their padding give the same text."""


def series_for(kind: str, year: int) -> ProgrammeNumbering:
    """What numbers a kind of paper in a year, opened at its first use: with the pattern of the year before, and where
    that pattern tells no year it simply goes on."""
    last = _last(kind, year)
    if last is not None and (last.year == year or not Pattern.read(last.pattern).has_year):
        return last
    with write("programme.series", actor=("", "system")) as current:
        pattern = last.pattern if last else DEFAULT_PATTERNS[kind]
        if insert_if_absent(current, ProgrammeNumbering, kind=kind, year=year, next=1, pattern=pattern):
            audit.note(current, ProgrammeNumbering.__tablename__, f"{kind},{year}", "insert",
                       {"pattern": [None, pattern], "next": [None, 1]})
    return session().get_one(ProgrammeNumbering, (kind, year), populate_existing=True)


def number(series: ProgrammeNumbering) -> str:
    """The number that comes next."""
    return Pattern.read(series.pattern).format(series.next, series.year)


def claim(current: Session, series: ProgrammeNumbering, serial: int) -> bool:
    """Give `serial` out inside the issuing transaction; False where somebody has taken it since it was read."""
    taken = current.get(ProgrammeNumbering, (series.kind, series.year), populate_existing=True, with_for_update=True)
    if taken is None or taken.next != serial:
        return False
    taken.next = serial + 1
    return True


def all_series() -> Sequence[ProgrammeNumbering]:
    """Every series, newest year first."""
    return session().scalars(sa.select(ProgrammeNumbering).order_by(
        ProgrammeNumbering.year.desc(), ProgrammeNumbering.kind)).all()


def set_pattern(kind: str, year: int, pattern: str, *, by: User) -> str:
    """Choose how a kind is numbered in a year, before its first number; the first number is returned.

    Raises Invalid or Conflict at the field."""
    if kind not in PAPERS:
        raise Invalid("Hãy chọn loại văn bản.", "Choose the kind of document.", "kind")
    try:
        first = Pattern.read(pattern).format(1, year)
    except NumberError as error:
        raise Invalid(f"Mẫu số không dùng được: {pattern!r} (ví dụ {DEFAULT_PATTERNS[kind]}).", str(error),
                      "pattern") from error
    with write("programme.set_pattern", actor=(str(by.id), by.full_name)) as current:
        rows = list(current.scalars(sa.select(ProgrammeNumbering).with_for_update()))
        _refuse_same(kind, year, pattern, rows)
        row = next((one for one in rows if (one.kind, one.year) == (kind, year)), None)
        if row is None:
            current.add(ProgrammeNumbering(kind=kind, year=year, pattern=pattern))
        elif row.next == 1:
            row.pattern = pattern
        else:
            raise Conflict(f"Dãy số năm {year} đã cấp số; mẫu số mới chỉ dùng được từ năm sau.",
                           f"Numbers of {year} have been given; a new pattern can begin with the next year.", "pattern")
    return first


def _last(kind: str, year: int) -> ProgrammeNumbering | None:
    return session().scalars(sa.select(ProgrammeNumbering).where(
        ProgrammeNumbering.kind == kind, ProgrammeNumbering.year <= year).order_by(ProgrammeNumbering.year.desc())
        .limit(1).execution_options(populate_existing=True)).first()


def _refuse_same(kind: str, year: int, pattern: str, rows: Sequence[ProgrammeNumbering]) -> None:
    """No other kind or year gives, or would give, the same number."""
    others = [(row.pattern, row.year) for row in rows if (row.kind, row.year) != (kind, year)]
    others += [(text, year) for other, text in DEFAULT_PATTERNS.items()
               if other != kind and not any(row.kind == other for row in rows)]
    others += [(row.pattern, year) for row in rows if row.kind != kind]
    read = Pattern.read(pattern)
    if any(normalised(read.format(serial, year)) == normalised(Pattern.read(text).format(serial, of))
           for text, of in others for serial in (1, FAR)):
        raise Invalid("Dãy số khác đã dùng mẫu số này.", "Another series uses this pattern.", "pattern")
