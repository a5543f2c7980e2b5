"""Who measures on a sheet and in what conditions: what the choice of standards asks about."""
from __future__ import annotations

from decimal import Decimal

from lims.equipment.selection import Circumstances
from lims.jobs.models import Worksheet
from lims.jobs.observations import entries, latest

KINDS = ("temperature", "humidity")


def circumstances(worksheet: Worksheet) -> Circumstances:
    """The person of the sheet and its readings of the environment so far."""
    cells = {f"env/{kind}/{when}": kind for kind in KINDS for when in ("start", "end")}
    read: dict[str, list[Decimal]] = {}
    for cell, entry in latest(entries(worksheet.id, cells=list(cells))).items():
        if entry.value is not None:
            read.setdefault(cells[cell], []).append(entry.value)
    return Circumstances(worksheet.performed_by_id, read)
