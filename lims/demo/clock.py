"""The clock of loading: the demonstration's history is written in order, ending now."""
from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from lims.shared.clock import LOCAL_ZONE, local_date


class MovingClock:
    """Moves forward only; called, it gives an instant a second later each time."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.instant = now - timedelta(days=760)

    def __call__(self) -> datetime:
        self.instant = min(self.instant + timedelta(seconds=1), self.now)
        return self.instant

    def move_to(self, *, days_ago: int, hour: int, minute: int = 0) -> None:
        """Forward to that hour in the laboratory; a time that is past stays where it is, one to come stops at now."""
        day = local_date(self.now) - timedelta(days=max(days_ago, 0))
        wanted = datetime(day.year, day.month, day.day, hour, minute, tzinfo=LOCAL_ZONE).astimezone(UTC)
        self.instant = min(max(wanted, self.instant), self.now)

    def day_ago(self, days: int) -> date:
        """The calendar day that many days before loading."""
        return local_date(self.now) - timedelta(days=days)

    def local_day(self) -> date:
        """The day at which the history stands."""
        return local_date(self.instant)
