"""Rules of the figures of work: turnaround, shares, the area of an enterprise, the months of a period."""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from instruments.recall import add_months

_UNIT = re.compile(r"(?:quận|huyện|thị xã|thành phố|tp\.?|phường|xã|thị trấn|đặc khu)\s+\S.*", re.IGNORECASE)
_PERIOD = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?", re.ASCII)


@dataclass(frozen=True, order=True)
class Span:
    """Whole months: the first day of the first and the last day of the last; `name` as in an address ("2026-Q4")."""

    first: date
    last: date
    name: str

    @property
    def months(self) -> list[date]:
        """First days of its months."""
        number = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        return [add_months(self.first, at) for at in range(number)]


def span_of(text: str) -> Span | None:
    """"2026", "2026-Q4" or "2026-11"; None for anything else."""
    match = _PERIOD.fullmatch(text)
    if match is None or not 2000 <= int(match[1]) <= 2199:
        return None
    year, quarter, month = int(match[1]), match[2], match[3]
    first = date(year, int(month) if month else 3 * int(quarter) - 2 if quarter else 1, 1)
    length = 1 if month else 3 if quarter else 12
    return Span(first, add_months(first, length) - timedelta(days=1), text)


def quarter_of(day: date) -> Span:
    """The quarter that a day lies in."""
    found = span_of(f"{day.year}-Q{(day.month + 2) // 3}")
    assert found is not None
    return found


def area_of(commune: str, district: str, address: str) -> str:
    """Where an enterprise is for the figures: its commune; before the profile was filled in, the district of old, or
    the unit below the province that its address names ("45 Lý Thường Kiệt, phường Phú Hòa, tỉnh Minh Sơn" -> "phường
    Phú Hòa"); "" when nothing says."""
    for named in (commune, district):
        if named.strip():
            return named.strip()
    parts = [part.strip() for part in address.split(",")]
    found = next((part for part in reversed(parts) if _UNIT.fullmatch(part)), "")
    return found[:1].upper() + found[1:]


def quantile(days: Mapping[int, int], share: float) -> int | None:
    """The least number of days within which `share` of the instruments were finished; None without any."""
    total = sum(days.values())
    wanted, seen = ceil(total * share), 0
    for number in sorted(days):
        seen += days[number]
        if seen >= wanted:
            return number
    return None


def share(part: int, whole: int) -> float | None:
    """Per cent; None of nothing."""
    return None if not whole else 100 * part / whole


def neighbours(span: Span) -> Iterator[str]:
    """Names of the span before and of the one after, of the same length."""
    length = len(span.months)
    for first in (months_back(span.first, length), add_months(span.first, length)):
        yield (f"{first.year}" if length == 12 else f"{first.year}-Q{(first.month + 2) // 3}" if length == 3
               else f"{first:%Y-%m}")


def months_back(first: date, months: int) -> date:
    """The first day of the month so many months before the one that begins on `first`."""
    at = first.year * 12 + first.month - 1 - months
    return date(at // 12, at % 12 + 1, 1)
