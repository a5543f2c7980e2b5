"""Decisions and documents of the law end by one rule: once, within their own dates, with a reason."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lims.legal import documents
from lims.legal.documents import NewDocument
from lims.legal.ending import checked_end
from lims.shared.errors import Conflict, DomainError, Invalid
from tests.lims.people import person

DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 20))
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


@dataclass(frozen=True)
class Row:
    first_on: date | None
    own_last_on: date | None
    has_ended: bool


@given(st.none() | DAYS, st.none() | DAYS, st.booleans(), DAYS, st.sampled_from(["", "  ", "đình chỉ"]))
def test_it_ends_within_its_dates_once_and_with_a_reason(first: date | None, last: date | None, ended: bool, on: date,
                                                         reason: str) -> None:
    allowed = (bool(reason.strip()) and not ended and (first is None or first <= on) and (last is None or on <= last))
    try:
        assert checked_end(Row(first, last, ended), on, reason) == reason.strip()
        assert allowed
    except DomainError:
        assert not allowed


def test_a_temporary_procedure_has_its_last_day_and_may_end_before_it_or_be_replaced(app: Any) -> None:
    keeper = person("administrator")

    def entered(number: str, first: date, last: date | None, replaces: int | None = None) -> documents.LegalDocument:
        return documents.enter(NewDocument("dlvn", number, "Quy trình tạm thời", "", None, first, "", "QĐ 12",
                                           in_force_to=last, replaces=replaces), keeper)

    with pytest.raises(Invalid) as wrong:
        entered("QT-T00", LAST, FIRST)
    assert wrong.value.field == "in_force_to"
    first, second = entered("QT-T01", FIRST, LAST), entered("QT-T02", FIRST, LAST)
    with pytest.raises(Invalid, match="within its validity"):
        documents.end(first.id, LAST + timedelta(days=1), "kéo dài", keeper)
    documents.end(first.id, LAST - timedelta(days=9), "có ĐLVN mới", keeper)
    with pytest.raises(Conflict):
        documents.end(first.id, LAST - timedelta(days=10), "lần nữa", keeper)
    later = entered("QT-T03", LAST + timedelta(days=30), None, second.id)
    assert (first.in_force_to, second.in_force_to, second.replaced_by, later.has_ended) == (
        LAST - timedelta(days=9), LAST, "QT-T03", False)
