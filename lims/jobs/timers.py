"""Times that a procedure wants waited: kept in the sheet as seconds, and told when readings came too early."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from instruments.evaluation import Reason
from instruments.sheet import SheetLayout
from instruments.words import Words
from lims.jobs.observations import Stands, is_reading


@dataclass(frozen=True)
class Waited:
    """One time and what stands in its cell."""

    key: str
    label: Words
    seconds: int
    entry: Stands | None

    @property
    def cell(self) -> str:
        return f"timer/{self.key}"

    @property
    def enough(self) -> bool:
        return self.entry is not None and self.entry.value is not None and self.entry.value >= self.seconds


def waited(layout: SheetLayout, cells: Mapping[str, Stands]) -> list[Waited]:
    """Every time of the sheet, in the order of the procedure."""
    return [Waited(timer.key, timer.label, timer.seconds, cells.get(f"timer/{timer.key}")) for timer in layout.timers]


def too_early(layout: SheetLayout, cells: Mapping[str, Stands]) -> Iterator[Reason]:
    """Times that were not waited although readings of their table stand there."""
    for timer, one in zip(layout.timers, waited(layout, cells), strict=True):
        begun = any(is_reading(cell) and entry.text and timer.table in (None, cell.split("/")[0])
                    for cell, entry in cells.items())
        if begun and not one.enough:
            minutes = f"{timer.seconds / 60:g}"
            yield Reason("timer_short", one.cell, Words(
                f"{timer.label.vi}: chưa ghi đủ {minutes.replace('.', ',')} phút",
                f"{timer.label.en}: {minutes} min not recorded"))
