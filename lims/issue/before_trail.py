"""Rows that no event of the audit trail inserted, because a migration did, and what stood in them then."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lims.legal import shipped
from lims.shared import audit
from lims.shared.permissions import ROLES

Columns = dict[str, list[Any]]


@dataclass(frozen=True)
class Shipped:
    """Rows that came with the product, found again by the columns `key`, whatever number the database gave them."""

    key: tuple[str, ...]
    read: Callable[[], Sequence[Mapping[str, Any]]]

    def left(self) -> dict[tuple[Any, ...], Columns]:
        """Key -> what the trail would say, had it been there."""
        return {tuple(row[name] for name in self.key): {
            name: [None, audit.plain(name, value)] for name, value in row.items()} for row in self.read()}


DEADLINES = (
    ("activity", date(2000, 3, 30), True, "NĐ 105/2016/NĐ-CP, sửa đổi bởi NĐ 154/2018/NĐ-CP: trước ngày 31/3"),
    ("group2", date(2000, 3, 30), True, "TT 23/2013/TT-BKHCN, Điều 26: trước ngày 31/3"),
    ("plan_half", date(2000, 6, 20), False, "Theo kế hoạch năm"),
    ("plan_nine", date(2000, 9, 20), False, "Theo kế hoạch năm"),
    ("plan_year", date(2000, 12, 15), False, "Theo kế hoạch năm"),
)
"""As migration 0031 put them in: kind, month and day, whether of the next year, basis."""
SHIPPED = {
    "legal_edition": Shipped(("id",), shipped.editions),
    "legal_row": Shipped(("key",), shipped.rows),
    "legal_document": Shipped(("kind", "number"), shipped.documents),
    "report_deadline": Shipped(("kind",), lambda: [
        {"kind": kind, "month": day.month, "day": day.day, "next_year": following, "basis": basis}
        for kind, day, following, basis in DEADLINES]),
    "role": Shipped(("name",), lambda: [{"name": name} for name in ROLES]),
}
UNTOLD = {
    "alert_notice": "SELECT CAST(told.alert_id AS TEXT) || ',' || CAST(told.user_id AS TEXT) FROM alert_notice told "
                    "JOIN outbox_message sent ON sent.id = told.message_id WHERE sent.alert_id = told.alert_id",
    "programme_numbering": "SELECT kind || ',' || CAST(year AS TEXT) FROM programme_numbering",
    "job_counter": "SELECT CAST(year AS TEXT) FROM job_counter",
}
"""Identities (SQL) of rows that may stand without an insertion: migration 0013 told of old messages, counters are
opened by whoever comes first and tell each number they give."""
FILLED = {"instrument": ("last_service", "last_verdict", "last_on", "last_body", "last_number", "valid_until",
                         "due_on"),
          "officer_card": ("ended_on",), "alert_notice": ("message_id",), "programme_numbering": ("pattern", "next")}
"""Columns that a migration filled from what was known: the trail of an older row is silent about them."""
