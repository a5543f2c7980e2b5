"""The demonstration's scope: what the laboratory may state at best, with invented numbers."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from lims.auth.models import User
from lims.demo.clock import MovingClock
from lims.jobs import capabilities
from lims.jobs.capabilities import NewLine
from lims.shared.audit import acting_as


def enter(users: Mapping[str, User], clock: MovingClock) -> None:
    """Enter the lines, in force for two years."""
    user = users["chatluong"]
    with acting_as(user.id, user.full_name):
        for line in _lines(clock().date() - timedelta(days=730)):
            capabilities.add(line, user)


def _lines(since: date) -> tuple[NewLine, ...]:
    return (
        NewLine(field="Điện", quantity="dc_voltage", lower=Decimal(1), upper=Decimal(1000), unit="V", form="quadratic",
                a=Decimal("0.002"), b=Decimal("0.0001"), cmc_unit="V", reference="VILAS 000 (trình diễn), dòng 1",
                valid_from=since),
        NewLine(field="Khối lượng", quantity="mass", lower=Decimal(1000), upper=Decimal(20000), unit="g",
                form="points", points=((Decimal(1000), Decimal("0.005")), (Decimal(10000), Decimal("0.03")),
                                       (Decimal(20000), Decimal("0.06"))),
                cmc_unit="g", reference="VILAS 000 (trình diễn), dòng 2", valid_from=since),
        NewLine(field="Áp suất", quantity="pressure", lower=Decimal(0), upper=Decimal(60), unit="bar", form="linear",
                a=Decimal("0.002"), b=Decimal("0.0002"), cmc_unit="bar", reference="VILAS 000 (trình diễn), dòng 3",
                valid_from=since))
