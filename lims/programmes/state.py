"""The state of the enterprise's measurements: capability and gaps of each, computed when asked."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from instruments.measurement_assurance import URGENT, Capability, Gap, Standing, capability, gaps
from lims.customers.listing import lines_of
from lims.programmes.models import Programme, ProgrammeMeasurement


@dataclass(frozen=True)
class MeasurementState:
    """A measurement with what its instrument can do for it, and its gaps."""

    measurement: ProgrammeMeasurement
    found: Capability
    gaps: tuple[Gap, ...]

    @property
    def urgent(self) -> bool:
        return bool(URGENT & set(self.gaps))


def analysis(programme: Programme, today: date) -> list[MeasurementState]:
    """Every measurement of a programme on a day."""
    instruments = [one.instrument for one in programme.measurements if one.instrument is not None]
    groups = {line.instrument.id: line.group for line in lines_of(instruments, today)}
    lines = []
    for one in programme.measurements:
        found = capability(one.lower, one.upper, expanded=one.expanded, factor=one.factor, permissible=one.permissible)
        instrument = one.instrument
        standing = None if instrument is None else Standing(
            instrument.in_use, instrument.last_service, instrument.last_verdict, instrument.due_on,
            groups[instrument.id] == 2)
        lines.append(MeasurementState(one, found, gaps(
            standing, found, has_tolerance=one.lower is not None or one.upper is not None,
            wanted_ratio=programme.wanted_ratio, today=today, until=programme.last_on)))
    return lines
