"""Who measures on a sheet and in what conditions: what the choice of standards asks about."""
from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from lims.equipment.selection import Circumstances
from lims.jobs.models import Worksheet
from lims.jobs.observations import Entry, entries, latest

KINDS = ("temperature", "humidity")


def circumstances(worksheet: Worksheet, cells: Mapping[str, Entry] | None = None) -> Circumstances:
    """The person of the sheet and its readings of the environment so far; `cells` are its newest entries, if known."""
    wanted = {f"env/{kind}/{when}": kind for kind in KINDS for when in ("start", "end")}
    read: dict[str, list[Decimal]] = {}
    known = latest(entries(worksheet.id, cells=list(wanted))) if cells is None else cells
    for cell, entry in known.items():
        if cell in wanted and entry.value is not None:
            read.setdefault(wanted[cell], []).append(entry.value)
    return Circumstances(worksheet.performed_by_id, read)
