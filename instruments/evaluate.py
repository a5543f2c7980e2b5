"""A procedure and what was typed become results with budgets and a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from instruments.chosen_units import with_units
from instruments.evaluation import (
    ChartPoint,
    CheckOutcome,
    CheckState,
    Evaluation,
    Head,
    Judged,
    Overall,
    Reason,
    Row,
    RowVerdict,
    TableResult,
)
from instruments.fields import read_fields
from instruments.formula import FormulaFailed, UnknownNumber
from instruments.judgement import worst
from instruments.observations import Observations
from instruments.printing import natural
from instruments.procedure_model import Check, Procedure, Table
from instruments.row_givens import Sheet
from instruments.row_memory import RowMemory
from instruments.rows import evaluate_row
from instruments.scope import (
    environment_keys,
    environment_numbers,
    plain,
    sheet_numbers,
    table_points,
    table_title,
    wanted,
    wanted_slots,
    wanted_tables,
)
from instruments.standard_values import as_standards
from instruments.table_summary import overall, summaries
from instruments.words import Words
from uncertainty import ENGINE_VERSION

ENGINE = f"uncertainty {ENGINE_VERSION}"


def evaluate(
    procedure: Procedure,
    observations: Observations,
    *,
    lean: bool = False,
    seed: int | None = None,
    memory: RowMemory | None = None,
) -> Evaluation:
    """Evaluate every point; never raises for what people type: it says in rows and reasons what is missing or wrong.

    `lean` leaves out second order, texts and Monte Carlo (for a sheet being typed); `seed` is handed to the engine;
    `memory` gives rows back that were evaluated with the same givens before.
    Raises KeyError for a slot, check or environment key that the procedure does not have.
    """
    procedure = with_units(procedure, observations.instrument)
    _refuse_unknown(procedure, observations)
    fields = read_fields(procedure, observations.instrument)
    environment = environment_numbers(procedure, observations.environment)
    sheet = Sheet(
        procedure=procedure,
        observations=observations,
        fields=fields,
        numbers=sheet_numbers(procedure, fields, environment),
        rule=observations.rule_beside(procedure.decision.rule),
        lean=lean,
        seed=seed,
    )
    asked = wanted_tables(procedure, fields)
    missing = [*fields.problems, *_environment_missing(sheet), *_standards_missing(sheet, asked)]
    warnings = list(_environment_outside(sheet))
    tables = [_evaluate_table(sheet, table, missing, warnings, memory) for table in asked]
    warnings.extend(_unknown_cells(observations, tables))
    checks = _check_outcomes(sheet, tables)
    verdict, reasons = _overall(sheet, tables, checks, missing)
    warnings.extend(_failed_without_stopping(procedure, checks))
    return Evaluation(
        procedure_code=procedure.code,
        procedure_version=procedure.version,
        procedure_digest=procedure.digest,
        engine_version=ENGINE,
        seed=seed,
        decision_rule=sheet.rule,
        verdict=verdict,
        reasons=tuple(reasons),
        warnings=tuple(_once(warnings)),
        checks=checks,
        tables=tuple(tables),
        notes=tuple(_notes(sheet)),
    )


def _evaluate_table(
    sheet: Sheet, table: Table, missing: list[Reason], warnings: list[Reason], memory: RowMemory | None
) -> TableResult:
    """One table; its reasons and warnings are appended, its summary becomes known to the tables after it."""
    try:
        points = table_points(table, sheet.fields, sheet.numbers)
    except (UnknownNumber, FormulaFailed):
        points = ()
        text = Words(f"{table.title.vi}: chưa biết các điểm đo", f"{table.title.en}: the points are not known yet")
        missing.append(Reason("field_missing", table.points.field or table.key, text))
    found = memory.rows(sheet, table, points) if memory else [evaluate_row(sheet, table, point) for point in points]
    missing.extend(item.reason for item in found if item.reason is not None)
    warnings.extend(warning for item in found for warning in item.warnings)
    rows = tuple(item.row for item in found)
    done = bool(rows) and all(row.state == "complete" for row in rows)
    summary = summaries(sheet, table, found) if done else ()
    judged = overall(sheet, table) if done else ()
    for criterion in table.overall if done else ():
        if criterion.key not in {one.key for one in judged}:
            text = Words(f"{criterion.label.vi}: không tính được", f"{criterion.label.en}: cannot be calculated")
            missing.append(Reason("formula", table.key, text))
    return TableResult(
        key=table.key,
        title=table_title(table, sheet.fields),
        rows=rows,
        heads=tuple(Head(column.key, column.head, column.unit, column.kind) for column in table.columns),
        summary=summary,
        chart=tuple(_chart(rows)),
        chart_x=table.points.label,
        chart_x_unit=table.points.unit,
        chart_unit=table.result.report_unit if table.result else "",
        overall=judged,
    )


def _chart(rows: Sequence[Row]) -> Iterator[ChartPoint]:
    for row in rows:
        if row.value is not None and row.U is not None:
            yield ChartPoint(row.nominal, row.value, row.U, row.mpe_lower, row.mpe_upper, row.verdict)


def _check_outcomes(sheet: Sheet, tables: Sequence[TableResult]) -> tuple[CheckOutcome, ...]:
    outcomes: list[CheckOutcome] = []
    stopped = False
    for check in sheet.procedure.checks:
        state = "not_done" if stopped else _check_state(sheet, check, tables)
        stopped = stopped or (check.stops and state == "fail")
        outcomes.append(CheckOutcome(check.key, check.label, state))
    return tuple(outcomes)


def _check_state(sheet: Sheet, check: Check, tables: Sequence[TableResult]) -> CheckState:
    if not wanted(check.when, sheet.fields):
        return "na"
    if not check.tables:
        return sheet.observations.checks.get(check.key, "waiting")
    deciding = [table for table in tables if table.key in check.tables]
    verdicts = [verdict for table in deciding for verdict in _verdicts(table)]
    if "fail" in verdicts:
        return "fail"
    if not deciding:
        return "na"
    if any(not table.rows or any(row.state != "complete" for row in table.rows) for table in deciding):
        return "waiting"
    return "na" if worst(verdicts) == "not_stated" else "pass"


def _verdicts(table: TableResult) -> list[RowVerdict]:
    """What was judged of its rows and of the table as a whole."""
    return [*(row.verdict for row in table.rows), *(judged.verdict for judged in table.overall)]


def _overall(
    sheet: Sheet, tables: Sequence[TableResult], checks: Sequence[CheckOutcome], missing: Sequence[Reason]
) -> tuple[Overall, list[Reason]]:
    """The verdict and why. A check that stops the work decides it, whatever is still missing after it."""
    counted = [table for table in tables if not sheet.procedure.table(table.key).as_found]
    failed = _stopped_at(sheet.procedure, checks)
    if failed is not None:
        deciding = next(check.tables for check in sheet.procedure.checks if check.key == failed.key)
        outside = [reason for table in counted if table.key in deciding for reason in _outside(sheet, table)]
        return "fail", [_check_reason("check_failed", failed), *outside]
    waiting = [
        *missing,
        *(
            _check_reason("check_missing", outcome)
            for outcome, check in zip(checks, sheet.procedure.checks, strict=True)
            if outcome.state == "waiting" and not check.tables
        ),
    ]
    if waiting:
        return "incomplete", _once(waiting)
    verdict = worst(verdict for table in counted for verdict in _verdicts(table))
    if verdict == "fail":
        return "fail", [reason for table in counted for reason in _outside(sheet, table)]
    return verdict, []


def _stopped_at(procedure: Procedure, checks: Sequence[CheckOutcome]) -> CheckOutcome | None:
    """The failed check that ended the work, once every check before it is done."""
    for check, outcome in zip(procedure.checks, checks, strict=True):
        if outcome.state == "waiting":
            return None
        if outcome.state == "fail" and check.stops:
            return outcome
    return None


def _outside(sheet: Sheet, table: TableResult) -> Iterator[Reason]:
    """What of a table is outside its limits: row by row, then as a whole."""
    unit = sheet.procedure.table(table.key).points.unit
    for row in table.rows:
        where = f"{row.nominal_text} {unit}".strip()
        yield from _failed(row.key, Words(where, where), row.criteria)
    yield from _failed(table.key, table.title, table.overall)


def _failed(key: str, where: Words, judged: Sequence[Judged]) -> Iterator[Reason]:
    for one in judged:
        if one.verdict == "fail":
            text = Words(
                f"{where.vi}: {one.label.vi} ngoài giới hạn", f"{where.en}: {one.label.en} is outside its limits"
            )
            yield Reason("out_of_limits", key, text)


def _check_reason(code: str, outcome: CheckOutcome) -> Reason:
    vi, en = ("không đạt", "failed") if code == "check_failed" else ("chưa làm", "not done yet")
    return Reason(code, outcome.key, Words(f"{outcome.label.vi}: {vi}", f"{outcome.label.en}: {en}"))


def _failed_without_stopping(procedure: Procedure, checks: Sequence[CheckOutcome]) -> Iterator[Reason]:
    for check, outcome in zip(procedure.checks, checks, strict=True):
        if outcome.state == "fail" and not check.stops:
            yield _check_reason("check_failed", outcome)


def _environment_missing(sheet: Sheet) -> Iterator[Reason]:
    for limit in sheet.procedure.environment:
        if limit.required and limit.key not in sheet.numbers:
            text = Words(f"{limit.label.vi}: chưa ghi", f"{limit.label.en}: not filled in")
            yield Reason("environment_missing", limit.key, text)


def _environment_outside(sheet: Sheet) -> Iterator[Reason]:
    for limit in sheet.procedure.environment:
        for key in environment_keys(limit.key):
            if key not in sheet.observations.environment:
                continue
            value = plain(sheet.observations.environment[key])
            too_low = limit.lower is not None and value < limit.lower
            if too_low or (limit.upper is not None and value > limit.upper):
                allowed = " … ".join("" if end is None else natural(end) for end in (limit.lower, limit.upper))
                shown = f"{natural(value)} {limit.unit}"
                text = Words(
                    f"{limit.label.vi} {shown}, ngoài {allowed}", f"{limit.label.en} {shown}, outside {allowed}"
                )
                yield Reason("environment_out", key, text)


def _standards_missing(sheet: Sheet, tables: Sequence[Table]) -> Iterator[Reason]:
    for slot in wanted_slots(sheet.procedure, tables):
        count = len(as_standards(sheet.observations.standards, slot.key))
        if not slot.min_count <= count <= slot.max_count:
            fixed = slot.min_count == slot.max_count
            wanted = Words(
                *(f"{slot.min_count}" if fixed else f"{slot.min_count} {to} {slot.max_count}" for to in ("đến", "to"))
            )
            text = Words(
                f"{slot.label.vi}: đã chọn {count}, cần {wanted.vi}",
                f"{slot.label.en}: {count} chosen, {wanted.en} wanted",
            )
            yield Reason("standard_missing", slot.key, text)


def _notes(sheet: Sheet) -> Iterator[Words]:
    for entry in sheet.procedure.unconfirmed:
        if entry.only_limits and sheet.rule is None:
            continue
        yield Words(
            f"Chưa xác nhận với văn bản gốc: {entry.subject.vi} ({entry.source})",
            f"Unconfirmed against the original: {entry.subject.en} ({entry.source})",
        )


def _once(reasons: Sequence[Reason]) -> list[Reason]:
    """Each code at each place once; a slot or field is named by its first row only."""
    kept: dict[tuple[str, str], Reason] = {}
    for reason in reasons:
        kept.setdefault((reason.code, reason.where), reason)
    return list(kept.values())


def _refuse_unknown(procedure: Procedure, observations: Observations) -> None:
    known = {
        "checks": {check.key for check in procedure.checks if not check.tables},
        "environment": {key for limit in procedure.environment for key in environment_keys(limit.key)},
        "standards": {slot.key for slot in procedure.standards},
    }
    for name, keys in known.items():
        for key in getattr(observations, name):
            if key not in keys:
                raise KeyError(f"{name}: {key}")


def _unknown_cells(observations: Observations, tables: Sequence[TableResult]) -> Iterator[Reason]:
    """Readings of cells that the sheet no longer has, because a field that gives the points was changed."""
    cells = {cell for table in tables for row in table.rows for cell in row.cells}
    for key in observations.readings:
        if key not in cells:
            text = Words(
                f"số đọc ở ô {key} không còn trong bảng", f"the sheet no longer has the cell {key} of a reading"
            )
            yield Reason("cell_unknown", key, text)
