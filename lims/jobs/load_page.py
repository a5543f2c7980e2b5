"""A bench load as its page and script see it: shared boxes above, one row for each position, a panel for each point."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _

from instruments.evaluation import Evaluation
from instruments.procedure import Procedure
from lims.jobs.load_cells import ALL
from lims.jobs.load_models import BenchLoad
from lims.jobs.loads import sheets_of
from lims.jobs.observations import Entry, entries_of_sheets, latest, newest_of, standards_of
from lims.jobs.procedures import procedure_of
from lims.jobs.results import evaluate_sheet
from lims.jobs.rows_shown import ROWS
from lims.jobs.sheet_page import page_of
from lims.jobs.sheet_state import cell_state, check_words, is_signed, signed_columns, verdict_words
from lims.jobs.sheet_views import CellView, CheckView, ConditionView, FieldView, SheetView, TableView
from lims.jobs.shown import number
from lims.shared.i18n import language

HALF = 20
"""With more positions than this the bench stands in two blocks beside each other."""


@dataclass(frozen=True)
class Head:
    """Head of a column of boxes."""

    label: str
    unit: str


@dataclass(frozen=True)
class Panel:
    """One point of one table, or the steps that a person decides: what is typed once, and the boxes of a position."""

    number: int
    key: str
    title: str
    mpe: str
    shared: Sequence[CellView]
    heads: Sequence[Head]
    cells: Sequence[CellView]
    """Boxes as on a single sheet; `at` places them on a position."""
    has_result: bool

    def at(self, position: int, entries: Mapping[str, Entry], order: int) -> list[CellView]:
        """The boxes of a position with what stands there."""
        return [_placed(cell, position, entries, order + 1000 * nth) for nth, cell in enumerate(self.cells)]


@dataclass(frozen=True)
class Place:
    """One position of the bench."""

    position: int
    code: str
    serial: str
    state: str
    sticker: str
    reason: str
    entries: Mapping[str, Entry]


@dataclass(frozen=True)
class LoadView:
    """Everything but the results, which the script draws from its state."""

    fields: Sequence[FieldView]
    conditions: Sequence[ConditionView]
    checks: Sequence[CheckView]
    panels: Sequence[Panel]
    points: Sequence[tuple[str, str]]
    """(panel key, short name) of every point with a result: the columns of errors."""
    places: Sequence[Place]
    unit: str

    @property
    def blocks(self) -> list[Sequence[Place]]:
        """The positions in one block, or two beside each other."""
        if len(self.places) <= HALF // 2:
            return [self.places]
        middle = (len(self.places) + 1) // 2
        return [self.places[:middle], self.places[middle:]]


def view_of(load: BenchLoad) -> LoadView:
    """The whole bench as it stands now."""
    sheets = sheets_of(load.id)
    written = entries_of_sheets([sheet.id for sheet in sheets.values()])
    first = next(iter(sheets.values()))
    page = page_of(first, with_last=False)
    panels = [replace(panel, number=at) for at, panel in enumerate(_panels(page, load), start=1)]
    return LoadView(
        fields=[replace(one, cell=_everywhere(one.cell)) for one in page.fields],
        conditions=[replace(one, start=_everywhere(one.start), end=_everywhere(one.end)) for one in page.conditions],
        checks=[replace(one, cell=_everywhere(one.cell)) for one in page.checks if one.cell],
        panels=panels, points=[(panel.key, panel.title) for panel in panels if panel.has_result],
        places=[Place(row.position, row.item.code, row.item.instrument.serial, row.item.state, row.item.sticker,
                      row.reason, latest(written.get(sheets[row.position].id, ()))) for row in load.positions],
        unit=next((table.result[1] for table in page.tables if table.result), ""))


def state_of(load_id: int, *, seen: int = 0, touched: Iterable[int] | None = None) -> dict[str, Any]:
    """Cells written after the entry `seen`, and the results of these positions (of all, when None)."""
    sheets = sheets_of(load_id, touched)
    ids = [sheet.id for sheet in sheets.values()]
    written, stands, standards = entries_of_sheets(ids, after=seen), newest_of(ids), standards_of(ids)
    cells, rows, verdicts, charts = dict[str, Any](), dict[str, Any](), dict[str, Any](), dict[str, Any]()
    newest = seen
    for position, sheet in sheets.items():
        own = written.get(sheet.id, ())
        newest = max([newest, *(entry.id for entry in own)])
        for cell, entry in latest(own).items():
            cells[f"{position}:{cell}"] = cell_state(entry)
            cells.setdefault(f"{ALL}:{cell}", cell_state(entry))
        procedure = procedure_of(sheet.item)
        evaluation = evaluate_sheet(sheet, lean=True, cells=stands.get(sheet.id, {}),
                                    standards=standards.get(sheet.id, {}))
        rows |= _rows(position, evaluation, procedure)
        verdicts[str(position)] = _verdict(evaluation, procedure)
        _chart(charts, position, evaluation)
    return {"seen": newest, "cells": cells, "progress": None, "positions": verdicts,
            "evaluation": {"partial": touched is not None, "verdict": "incomplete", "words": "", "rows": rows,
                           "tables": list(charts.values()), "checks": {}, "check_words": check_words(),
                           "reasons": [], "warnings": []}}


def _panels(page: SheetView, load: BenchLoad) -> Iterable[Panel]:
    if any(check.cell for check in page.checks):
        steps = [check for check in page.checks if check.cell]
        yield Panel(number=0, key="checks", title=_("Kiểm tra"), mpe="", shared=[],
                    heads=[Head(one.label, "") for one in steps],
                    cells=[one.cell for one in steps if one.cell], has_result=False)
    for table in page.tables:
        for row in table.rows:
            common, own = _parted(table, row.cells, load.shared)
            heads = [Head(cell.head, _unit(table, cell)) for cell in own]
            yield Panel(number=0, key=row.key, title=f"{row.nominal} {table.point[1]}".strip(), mpe=row.mpe,
                        shared=[_everywhere(cell) for cell in common], heads=heads, cells=own,
                        has_result=table.result is not None)


def _parted(table: TableView, cells: Sequence[CellView], shared: Sequence[str]
            ) -> tuple[list[CellView], list[CellView]]:
    common, own = list[CellView](), list[CellView]()
    for cell in cells:
        (common if f"{table.key}/{cell.key.split('/')[2]}" in shared else own).append(cell)
    return common, own


def _unit(table: TableView, cell: CellView) -> str:
    return next((head.unit for head in table.heads if head.label == cell.head), "")


def _everywhere(cell: CellView | None) -> CellView:
    assert cell is not None
    return replace(cell, key=f"{ALL}:{cell.key}")


def _placed(cell: CellView, position: int, entries: Mapping[str, Entry], order: int) -> CellView:
    entry = entries.get(cell.key)
    return replace(cell, key=f"{position}:{cell.key}", text=entry.text if entry else "",
                   revision=entry.revision if entry else 0, order=order, head="",
                   name=_("%(what)s, vị trí %(position)s", what=cell.name, position=position))


def _rows(position: int, evaluation: Evaluation, procedure: Procedure) -> dict[str, Any]:
    words = verdict_words()
    return {f"{position}:{row.key}": ROWS.state(
                row, is_signed(procedure, table.key, row.mpe_lower), words, signed_columns(procedure, table.key))
            for table in evaluation.tables for row in table.rows}


def _verdict(evaluation: Evaluation, procedure: Procedure) -> dict[str, Any]:
    """What is said of a position: its verdict, and at which points or steps it failed."""
    failed = [f"{number(row.nominal_text)} {procedure.table(table.key).points.unit}".strip()
              for table in evaluation.tables for row in table.rows if row.verdict == "fail"]
    steps = [check.label.in_language(language()) for check in evaluation.checks if check.state == "fail"]
    reasons = evaluation.reasons if evaluation.verdict == "incomplete" else ()
    waiting = next((reason.text.in_language(language()) for reason in reasons), "")
    return {"verdict": evaluation.verdict, "words": verdict_words()[evaluation.verdict],
            "failed": failed or steps, "waiting": waiting}


def _chart(charts: dict[str, Any], position: int, evaluation: Evaluation) -> None:
    """Errors of all positions at one point, beside each other."""
    for table in evaluation.tables:
        for row in table.rows:
            if row.value is None or row.U is None:
                continue
            chart = charts.setdefault(row.key, {"key": row.key, "points": [], "unit": row.unit, "x": _("Vị trí"),
                                                "x_unit": "", "summary": []})
            chart["points"].append({"x": position, "value": row.value, "U": row.U, "lower": row.mpe_lower,
                                    "upper": row.mpe_upper, "verdict": row.verdict})
