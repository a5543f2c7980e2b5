"""Number series: opened at first use of a year, patterns as data, and the compare-and-set that gives a number once."""
from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from certificates.numbering import NumberError, Pattern
from lims.issue.models import KINDS, Series
from lims.shared import audit
from lims.shared.db import insert_if_absent, session, write
from lims.shared.errors import Conflict, Invalid

DEFAULT_PATTERNS = {
    "calibration": "C{yy}-{seq:05d}",
    "verification": "V{yy}-{seq:05d}",
    "test": "T{yy}-{seq:05d}",
    "work_record": "BB{yy}-{seq:05d}",
}


class NumberTaken(Exception):
    """Somebody else moved the series since it was read: plan again."""


def series_for(kind: str, year: int, *, actor: tuple[str, str] | None = None) -> Series:
    """The series that numbers this kind in this year, opened now when it is the first use.

    A new year takes the pattern of the year before; a pattern that does not tell the year simply goes on.
    """
    standing = _standing(kind, year)
    if standing is not None:
        return standing
    pattern = _last_pattern(kind) or DEFAULT_PATTERNS[kind]
    with write("series.open", actor=actor) as current:
        insert_if_absent(current, Series, kind=kind, year=year, pattern=pattern, next=1, link="")
        opened = current.scalars(_of(kind).where(Series.year == year)).one()
        audit.note(current, "series", opened.id, "insert", {"kind": [None, kind], "year": [None, year],
                                                            "pattern": [None, pattern]})
    return opened


def set_pattern(kind: str, year: int, pattern: str, *, actor: tuple[str, str] | None = None) -> None:
    """Choose how the documents of a kind are numbered in a year, before the first one. Raises Invalid or Conflict."""
    _check_pattern(kind, year, pattern)
    with write("series.set_pattern", actor=actor) as current:
        row = current.scalar(_of(kind).where(Series.year == year))
        if row is None:
            current.add(Series(kind=kind, year=year, pattern=pattern))
        elif row.next == 1:
            row.pattern = pattern
        else:
            raise Conflict(f"Dãy số năm {year} đã cấp số; mẫu số mới chỉ dùng được từ năm sau.",
                           f"Numbers of {year} have been given; a new pattern can begin with the next year.", "pattern")


def read(series_id: int) -> Series:
    """The series as it stands now."""
    return session().get_one(Series, series_id, populate_existing=True)


def number(series: Series, serial: int) -> str:
    """Text of a number of this series."""
    return Pattern.read(series.pattern).format(serial, series.year)


def dummy_number(series: Series) -> str:
    """A number of the same length that is none, since running numbers begin at 1: "C26-00000"."""
    return str(replace(Pattern.read(series.pattern).number(1, series.year), seq=0))


def take(current: Session, series_id: int, serial: int, previous: str, link: str) -> None:
    """Give `serial` out inside the issuing transaction: moves `next` and `link`, or raises NumberTaken."""
    moved = current.execute(
        sa.update(Series).where(Series.id == series_id, Series.next == serial)
        .values(next=serial + 1, link=link).execution_options(synchronize_session=False))
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise NumberTaken
    audit.note(current, "series", series_id, "update", {"next": [serial, serial + 1], "link": [previous, link]})


def _of(kind: str) -> sa.Select[Series]:
    if kind not in KINDS:
        raise ValueError(f"unknown kind of document {kind!r}")
    return sa.select(Series).where(Series.kind == kind)


def _standing(kind: str, year: int) -> Series | None:
    rows = session().scalars(_of(kind).where(Series.year <= year).order_by(Series.year.desc()).limit(1)
                             .execution_options(populate_existing=True)).all()
    for row in rows:
        if row.year == year or not Pattern.read(row.pattern).has_year:
            return row
    return None


def _last_pattern(kind: str) -> str | None:
    return session().scalar(sa.select(Series.pattern).where(Series.kind == kind).order_by(Series.year.desc()).limit(1))


def _check_pattern(kind: str, year: int, pattern: str) -> None:
    try:
        read = Pattern.read(pattern)
    except NumberError as error:
        raise Invalid(f"Mẫu số không dùng được: {pattern!r} (ví dụ C{{yy}}-{{seq:05d}}).", str(error),
                      "pattern") from error
    taken = {row.kind: row.pattern for row in session().scalars(
        sa.select(Series).where(Series.year <= year).order_by(Series.year))}
    others = {**DEFAULT_PATTERNS, **taken}
    if any(read.format(1, year) == Pattern.read(text).format(1, year)
           for other, text in others.items() if other != kind):
        raise Invalid("Loại giấy khác đã dùng mẫu số này.", "Another kind of document uses this pattern.", "pattern")
