"""The sheet as its page draws it before any script runs: tables, conditions, checks, fields, the last visit."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from instruments.chosen_units import with_units
from instruments.procedure_model import Check, EnvironmentLimit, Field, Table
from instruments.sheet import Cell, SheetColumn, SheetLayout, SheetPoint, SheetTable
from instruments.words import Words
from lims.jobs.expectations import expected_of
from lims.jobs.models import Worksheet
from lims.jobs.observations import Entry, entries, latest, sheet_layout
from lims.jobs.procedures import procedure_of
from lims.jobs.results import evaluation_of, previous_result
from lims.jobs.room_record import held_conditions
from lims.jobs.second_look import CELL as LOOK
from lims.jobs.sheet_state import chart_points, is_signed, typed_form
from lims.jobs.sheet_views import (
    CellView,
    CheckView,
    ConditionView,
    FieldView,
    HeadView,
    RowView,
    SheetView,
    TableView,
    TimerView,
)
from lims.jobs.shown import MINUS, limits, number
from lims.jobs.timers import Waited, waited
from lims.shared.clock import local
from lims.shared.i18n import language


def page_of(worksheet: Worksheet, *, with_last: bool = True) -> SheetView:
    """The whole sheet as it stands now, beside the visit before unless that is not wanted."""
    layout = sheet_layout(worksheet)
    procedure = with_units(procedure_of(worksheet.item), worksheet.instrument_fields)
    maker = _Maker(worksheet, layout, latest(entries(worksheet.id)), with_last)
    return SheetView(
        tables=[maker.table(table, procedure.table(table.key)) for table in layout.tables],
        fields=[maker.field(field) for field in layout.fields],
        conditions=[maker.condition(limit) for limit in held_conditions(worksheet, layout.environment)],
        checks=[maker.check(check) for check in layout.checks],
        timers=[maker.timer(one) for one in waited(layout, maker.cells)], second_pair=layout.second_pair,
        problems=[problem.text.in_language(language()) for problem in layout.problems],
        last=maker.last)


def source_words() -> dict[str, str]:
    """Where an entry came from -> its word."""
    return {"typed": _("gõ"), "pasted": _("dán"), "undo": _("rút lại"), "conflict": _("chọn giữa hai giá trị"),
            "scan": _("quét"), "api": _("chương trình"), "load": _("đọc chung của bàn")}


def cell_names(worksheet: Worksheet) -> dict[str, str]:
    """Cell -> its name as it is read aloud, for the history and for lists of faults."""
    view = page_of(worksheet)
    named = [cell for table in view.tables for row in table.rows for cell in row.cells]
    named += [cell for condition in view.conditions for cell in (condition.start, condition.end)]
    named += [field.cell for field in view.fields] + [check.cell for check in view.checks if check.cell]
    named += [timer.cell for timer in view.timers]
    return {cell.key: cell.name for cell in named} | {LOOK: _("Người thứ hai xem lại số đọc")}


class _Maker:
    """Turns the parts of one layout into views, with what stands in the cells."""

    def __init__(self, worksheet: Worksheet, layout: SheetLayout, cells: Mapping[str, Entry],
                 with_last: bool) -> None:
        self.worksheet, self.layout, self.cells = worksheet, layout, cells
        self.last, self.last_rows = _last_visit(worksheet) if with_last else (None, {})
        self.history = expected_of(worksheet) if with_last else {}

    def table(self, table: SheetTable, procedure: Table) -> TableView:
        result = procedure.result
        return TableView(
            key=table.key, title=_in(table.title), point=(_in(table.point_label), table.point_unit),
            heads=[HeadView(_in(column.label), column.unit, column.direction, nth if column.repeat > 1 else 0)
                   for column in table.columns for nth in range(1, column.repeat + 1)],
            rows=[self._row(table, point) for point in table.points],
            derived=[(_in(one.label), one.unit) for one in procedure.derived if one.shown],
            result=None if result is None else (_in(result.label), result.report_unit, result.name),
            judged=any(point.mpe_text for point in table.points) or bool(procedure.criteria)
            or (procedure.mpe is not None and bool(self.worksheet.item.decision_rule)),
            has_last=any(f"{table.key}/{point.number}" in self.last_rows for point in table.points))

    def _row(self, table: SheetTable, point: SheetPoint) -> RowView:
        columns = {column.key: column for column in table.columns}
        key = f"{table.key}/{point.number}"
        last = self.last_rows.get(key)
        return RowView(
            key=key, nominal=number(point.nominal_text), mpe=limits(point.mpe_text),
            cells=[self._reading(cell, columns[cell.column], table, point) for cell in table.cells
                   if cell.point == point.number],
            last=last[1] if last and last[0] == point.nominal_text else "")

    def _reading(self, cell: Cell, column: SheetColumn, table: SheetTable, point: SheetPoint) -> CellView:
        name = f"{_in(column.label)}, {number(point.nominal_text)} {table.point_unit}".rstrip()
        if column.repeat > 1:
            name = _("%(name)s, lần %(nth)s", name=name, nth=cell.repeat)
        known = self.history.get(cell.key)
        expected, within = (known.expected, known.within) if known else (cell.expected, cell.within)
        return replace(self._cell(cell.key, name), optional=cell.optional, order=cell.order, head=_in(column.label),
                       expected=_canonical(expected), within=_canonical(within))

    def _cell(self, key: str, name: str, *, text: str | None = None) -> CellView:
        entry = self.cells.get(key)
        stands = entry.text if entry else ""
        return CellView(key, name, stands if text is None else text, entry.revision if entry else 0, note_of(entry))

    def field(self, field: Field) -> FieldView:
        label = _in(field.label)
        stands = self.worksheet.instrument_fields.get(field.key) or field.default or ""
        shown = stands if field.type in ("text", "choice") else typed_form(stands)
        return FieldView(
            cell=self._cell(f"field/{field.key}", label, text=shown), label=label, unit=field.unit, type=field.type,
            choices=[(choice, _in(field.labels[choice]) if choice in field.labels else typed_form(choice))
                     for choice in field.choices],
            help=_in(field.help) if field.help else "", required=field.required)

    def condition(self, limit: EnvironmentLimit) -> ConditionView:
        label = f"{_in(limit.label)}, {limit.unit}"
        return ConditionView(label, _limits(limit),
                             self._cell(f"env/{limit.key}/start", _("%(what)s, đầu", what=label)),
                             self._cell(f"env/{limit.key}/end", _("%(what)s, cuối", what=label)))

    def timer(self, one: Waited) -> TimerView:
        name = _("%(what)s, đã chờ, giây", what=_in(one.label))
        return TimerView(replace(self._cell(one.cell, name), head=_("giây")), _in(one.label), one.seconds)

    def check(self, check: Check) -> CheckView:
        cell = None if check.tables else self._cell(f"check/{check.key}", _in(check.label))
        return CheckView(check.key, _in(check.label), _in(check.how) if check.how else "", cell)


def note_of(entry: Entry | None) -> str:
    """Who typed what stands in a cell, when, and why it was corrected."""
    if entry is None:
        return ""
    who = f"{entry.by} · {local(entry.at):%d/%m/%Y %H:%M}"
    return f"{who} · {entry.reason}" if entry.reason else who


def _canonical(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"


def _in(words: Words) -> str:
    return words.in_language(language())


def _limits(limit: EnvironmentLimit) -> str:
    """(20 ± 5), (≤ 80), (≥ 15) or nothing, its parts tied together by no-break spaces."""
    lower, upper = limit.lower, limit.upper
    if lower is not None and upper is not None:
        return f"({_plain((lower + upper) / 2)}\u00a0±\u00a0{_plain((upper - lower) / 2)})"
    if upper is not None:
        return f"(≤\u00a0{_plain(upper)})"
    return f"(≥\u00a0{_plain(lower)})" if lower is not None else ""


def _plain(value: float) -> str:
    return typed_form(f"{value:g}").replace("-", MINUS)


def _last_visit(worksheet: Worksheet) -> tuple[dict[str, Any] | None, dict[str, tuple[str, str]]]:
    """The visit before for the chart, and {row: (nominal, result as shown)} for the grid."""
    found = previous_result(worksheet.item)
    if found is None:
        return None, {}
    sheet, result = found
    evaluation, procedure = evaluation_of(result), procedure_of(sheet.item)
    rows = {f"{row['table']}/{row['point']}": (row["nominal_text"], number(
                row["value_text"], signed=is_signed(procedure, row["table"], row["mpe_lower"])))
            for table in evaluation["tables"] for row in table["rows"] if row["value_text"]}
    visit = {"on": f"{sheet.performed_on:%m/%Y}", "code": sheet.item.code,
             "charts": {table["key"]: chart_points(table["chart"]) for table in evaluation["tables"]}}
    return visit, rows
