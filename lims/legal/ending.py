"""One rule by which a decision or a legal document ends before its own last day: once, within it, with a reason."""
from __future__ import annotations

from datetime import date
from typing import Protocol

from lims.shared.errors import Conflict, Invalid
from lims.shared.text import clean


class Dated(Protocol):
    """What holds from a day to a day; None: no day is set, or none is known."""

    @property
    def first_on(self) -> date | None:
        """Its first day."""

    @property
    def own_last_on(self) -> date | None:
        """The last day that it sets itself."""

    @property
    def has_ended(self) -> bool:
        """Whether somebody ended it before."""


def checked_end(row: Dated, last_on: date, reason: str) -> str:
    """The reason as it is kept. Raises Conflict where it ended before, Invalid at `last_on` or `reason`."""
    reason = clean(reason)
    if not reason:
        raise Invalid("Hãy ghi lý do, căn cứ.", "Give the reason.", "reason")
    if row.has_ended:
        raise Conflict("Văn bản này đã thôi hiệu lực trước đó.", "It has ended before.")
    if (row.first_on is not None and last_on < row.first_on) or (
            row.own_last_on is not None and last_on > row.own_last_on):
        raise Invalid("Ngày cuối phải nằm trong thời hạn của văn bản.", "The last day lies within its validity.",
                      "last_on")
    return reason
