"""Number series: opened at first use of a year, patterns as data, and the compare-and-set that gives a number once."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from certificates.numbering import NumberError, Pattern, normalised
from lims.issue.models import KINDS, Series, SeriesChoice
from lims.shared import audit
from lims.shared.db import insert_if_absent, session, write
from lims.shared.errors import Conflict, Invalid
from lims.shared.text import clean

DEFAULT_PATTERNS = {
    "calibration": "C{yy}-{seq:05d}",
    "verification": "V{yy}-{seq:05d}",
    "test": "T{yy}-{seq:05d}",
    "work_record": "BB{yy}-{seq:05d}",
}


LONGEST_NAME = 40


class NumberTaken(Exception):
    """Somebody else moved the series since it was read: plan again."""


def series_for(numbered_in: str, year: int, *, actor: tuple[str, str] | None = None) -> Series:
    """The series that numbers documents in this year, opened now when it is the first use.

    `numbered_in` is the kind, or "kind/name" for one of several. A new year takes the pattern of the year before; a
    pattern that does not tell the year simply goes on.
    """
    kind, _slash, name = numbered_in.partition("/")
    standing = _standing(kind, name, year)
    if standing is not None:
        return standing
    pattern = _last_pattern(kind, name) or DEFAULT_PATTERNS[kind]
    with write("series.open", actor=actor) as current:
        insert_if_absent(current, Series, kind=kind, year=year, name=name, pattern=pattern, next=1, link="")
        opened = current.scalars(_of(kind, name).where(Series.year == year)).one()
        audit.note(current, "series", opened.id, "insert", {"kind": [None, kind], "year": [None, year],
                                                            "name": [None, name], "pattern": [None, pattern]})
    return opened


def set_pattern(kind: str, year: int, pattern: str, *, name: str = "", actor: tuple[str, str] | None = None) -> None:
    """Choose how the documents of a series are numbered in a year, before the first one. Raises Invalid or Conflict."""
    name = _checked_name(name)
    _check_pattern(kind, name, year, pattern)
    with write("series.set_pattern", actor=actor) as current:
        row = current.scalar(_of(kind, name).where(Series.year == year))
        if row is None:
            current.add(Series(kind=kind, year=year, name=name, pattern=pattern))
        elif row.next == 1:
            row.pattern = pattern
        else:
            raise Conflict(f"Dãy số năm {year} đã cấp số; mẫu số mới chỉ dùng được từ năm sau.",
                           f"Numbers of {year} have been given; a new pattern can begin with the next year.", "pattern")


def choose(kind: str, procedure_code: str, name: str, *, actor: tuple[str, str] | None = None) -> None:
    """Number documents of a procedure in the series of this name from now on; "" is the common one. Raises Invalid."""
    if name and name not in names(kind):
        raise Invalid("Chưa có dãy số này; hãy mở dãy trước.", "There is no such series; open it first.", "name")
    with write("series.choose", actor=actor) as current:
        row = current.get(SeriesChoice, (kind, procedure_code))
        if row is None and name:
            current.add(SeriesChoice(kind=kind, procedure_code=procedure_code, name=name))
        elif row is not None and name:
            row.name = name
        elif row is not None:
            current.delete(row)


def names(kind: str) -> list[str]:
    """Names of the series of a kind, the common one ("") left out."""
    return sorted(set(session().scalars(sa.select(Series.name).where(Series.kind == kind, Series.name != ""))))


def all_series() -> Sequence[Series]:
    """Every series, newest year first."""
    return session().scalars(sa.select(Series).order_by(Series.year.desc(), Series.kind, Series.name)).all()


def choices() -> dict[tuple[str, str], str]:
    """(kind, procedure) -> name of its series, where it is not the common one."""
    return {(row.kind, row.procedure_code): row.name for row in session().scalars(sa.select(SeriesChoice))}


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


def _of(kind: str, name: str) -> sa.Select[Series]:
    if kind not in KINDS:
        raise ValueError(f"unknown kind of document {kind!r}")
    return sa.select(Series).where(Series.kind == kind, Series.name == name)


def _standing(kind: str, name: str, year: int) -> Series | None:
    rows = session().scalars(_of(kind, name).where(Series.year <= year).order_by(Series.year.desc()).limit(1)
                             .execution_options(populate_existing=True)).all()
    for row in rows:
        if row.year == year or not Pattern.read(row.pattern).has_year:
            return row
    return None


def _last_pattern(kind: str, name: str) -> str | None:
    return session().scalar(sa.select(Series.pattern).where(Series.kind == kind, Series.name == name)
                            .order_by(Series.year.desc()).limit(1))


def _checked_name(name: str) -> str:
    cleaned = clean(name)
    if "/" in cleaned or len(cleaned) > LONGEST_NAME:
        raise Invalid(f"Tên dãy số dài tối đa {LONGEST_NAME} ký tự, không có dấu /.",
                      f"The name of a series has at most {LONGEST_NAME} characters and no /.", "name")
    return cleaned


def _check_pattern(kind: str, name: str, year: int, pattern: str) -> None:
    """The pattern can be read and gives no number that another series gives, has given or would give."""
    try:
        read = Pattern.read(pattern)
    except NumberError as error:
        raise Invalid(f"Mẫu số không dùng được: {pattern!r} (ví dụ C{{yy}}-{{seq:05d}}).", str(error),
                      "pattern") from error
    rows = session().scalars(sa.select(Series)).all()
    others = [(row.pattern, row.year) for row in rows if (row.kind, row.name, row.year) != (kind, name, year)]
    others += [(text, year) for other, text in DEFAULT_PATTERNS.items()
               if (other, "") != (kind, name) and not any((row.kind, row.name) == (other, "") for row in rows)]
    last = {(row.kind, row.name): row.pattern for row in sorted(rows, key=lambda row: row.year)}
    others += [(text, year) for key, text in last.items() if key != (kind, name)]
    if any(_same_numbers(read, year, Pattern.read(text), of) for text, of in others):
        raise Invalid("Dãy số khác đã dùng mẫu số này.", "Another series uses this pattern.", "pattern")


def _same_numbers(pattern: Pattern, year: int, other: Pattern, of: int) -> bool:
    """Also where only the padding differs: "{seq:03d}" and "{seq:05d}" meet at 10000."""
    return any(normalised(pattern.format(seq, year)) == normalised(other.format(seq, of)) for seq in (1, 1_234_567))
