"""The results of an evaluation as a document prints them: tables, chart, statements of uncertainty and conformity.

The evaluation is the JSON of `instruments.evaluation.Evaluation`; its texts carry the digits to be printed and are
taken over as they are, never formed again from numbers.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from certificates import document
from certificates.document import (
    Chart,
    ChartPoint,
    Column,
    Conformity,
    ResultTable,
    Role,
    Rule,
    Stage,
    Uncertainty,
    Words,
)
from certificates.formats import MINUS
from certificates.wording import OUTCOMES
from instruments.procedure_model import PrintedColumn, Procedure, Table
from lims.issue import wording

Plain = Mapping[str, Any]


def tables(evaluation: Plain, procedure: Procedure) -> tuple[ResultTable, ...]:
    """Tables with at least one complete row and one printed column."""
    return tuple(_table(plain, procedure.table(plain["key"])) for plain in evaluation["tables"]
                 if plain["heads"] and complete(plain))


def uncertainty(evaluation: Plain, procedure: Procedure) -> tuple[Uncertainty, ...]:
    """One statement for all results that share k and method; results with their own k are named by their points."""
    groups: dict[tuple[str, str, str], list[tuple[Plain, Plain]]] = {}
    for table in evaluation["tables"]:
        for row in complete(table):
            if row["k_text"] and row["budget"]:
                key = (row["k_text"], row["budget"]["method_used"], probability(row["budget"]))
                groups.setdefault(key, []).append((table, row))
    return tuple(_statement(*key, rows, alone=len(groups) == 1) for key, rows in groups.items())


def conformity(evaluation: Plain, procedure: Procedure, said: str = "") -> tuple[Conformity, ...]:
    """The statement of conformity (7.8.6); none where nothing was judged. `said`: why it failed, as somebody said."""
    verdict = wording.VERDICTS.get(evaluation["verdict"])
    if verdict is None:
        return ()
    rule = wording.RULES.get(evaluation["decision_rule"] or "")
    inherent = procedure.service == "verification" or rule is None
    judged = [table for table in procedure.tables if _is_judged(table)]
    chosen = Rule.PROCEDURE if inherent or rule is None else rule
    rule_words = _inherent(procedure) if chosen is Rule.PROCEDURE else words(procedure.decision.wording)
    return (Conformity(
        rule=chosen, verdict=verdict, covers=_covers(evaluation, procedure),
        requirement=_requirement(evaluation, judged),
        rule_words=rule_words if chosen in (Rule.PROCEDURE, Rule.GUARDED_R) else document.NO_WORDS,
        reason=_reason(evaluation, said) if evaluation["verdict"] == "fail" else document.NO_WORDS),)


def _reason(evaluation: Plain, said: str) -> Words:
    """What failed and, where somebody said so, why."""
    failed = _failures(evaluation)
    return Words(f"{failed.vi}: {said}" if failed.vi else said, failed.en) if said else failed


def _is_judged(table: Table) -> bool:
    """Whether the table bears on the statement; readings before an adjustment do not."""
    return bool(table.mpe or table.criteria) and not table.as_found


def _inherent(procedure: Procedure) -> Words:
    """The rule of the method itself: "ĐLVN 08:2011 (chấp nhận đơn giản: …)"."""
    name, said = procedure.method.document, words(procedure.decision.wording)
    if not said.vi:
        return Words(name, name)
    vi, en = (f"{name} ({text[:1].lower()}{text[1:].rstrip('.')})" for text in (said.vi, said.en))
    return Words(vi, en)


def complete(table: Plain) -> list[Plain]:
    """The rows of a table that have everything."""
    return [row for row in table["rows"] if row["state"] == "complete"]


def probability(budget: Plain) -> str:
    """Coverage probability in per cent, without the noise of binary numbers."""
    percent = Decimal(repr(budget["coverage_probability"])) * 100
    return f"{percent.normalize():f}"


def words(pair: Any) -> Words:
    """Words of a document from a pair of the procedure, its JSON form, or None."""
    if pair is None:
        return document.NO_WORDS
    vi, en = (pair["vi"], pair["en"]) if isinstance(pair, Mapping) else (pair.vi, pair.en)
    return Words(vi, en)


def _table(plain: Plain, table: Table) -> ResultTable:
    columns = tuple(_column(head, column, table) for head, column in zip(plain["heads"], table.columns, strict=True))
    rows = tuple(tuple(_cell(text, head["kind"]) for text, head in zip(row["printed"], plain["heads"], strict=True))
                 for row in complete(plain))
    notes = (*(_note(number) for number in plain["summary"]), *_overall_notes(plain))
    title, stage = _stage(plain, table)
    return ResultTable(title, columns, rows, notes=notes, chart=_chart(plain, table), stage=stage)


def adjustment(results: Sequence[ResultTable]) -> Words:
    """Whether the instrument was adjusted, as the results themselves say (ISO/IEC 17025:2017, 7.8.4.1 d)."""
    return wording.ADJUSTED if any(table.stage is Stage.AS_LEFT for table in results) else wording.NO_ADJUSTMENT


def _stage(plain: Plain, table: Table) -> tuple[Words, Stage]:
    """The title, and whether the table holds what was found or what was left (ISO/IEC 17025:2017, 7.8.4.1 d)."""
    if table.as_found:
        return words(table.plain_title), Stage.AS_FOUND
    left = table.adjusted_title is not None and words(plain["title"]) == words(table.adjusted_title)
    return (words(table.title), Stage.AS_LEFT) if left else (words(plain["title"]), Stage.ONLY)


def _cell(text: str, kind: str) -> str:
    """Figures stay plain decimals; limits are words of their own ("±0,16"), a verdict that was not stated is none."""
    if kind == "limits":
        return text.replace(".", ",").replace("-", MINUS)
    return "" if kind == "verdict" and text not in wording.VERDICTS else text


def _column(head: Plain, column: PrintedColumn, table: Table) -> Column:
    return Column(key=head["key"], label=words(head["head"]), unit=head["unit"], role=_role(column, table))


def _role(column: PrintedColumn, table: Table) -> Role:
    if column.show is None:
        return Role.LIMIT if column.kind == "limits" else Role.VERDICT
    shown = column.show.text
    fixed = {"result_U": Role.UNCERTAINTY, "result_k": Role.COVERAGE_FACTOR, "nominal": Role.VALUE}
    if shown in fixed:
        return fixed[shown]
    if shown == "point" or shown in {f"{reading.key}_n" for reading in table.readings}:
        return Role.NUMBER
    if shown in {reading.key for reading in table.readings}:
        return Role.INDICATION
    if shown.endswith(("_value", "_nominal")):
        return Role.REFERENCE
    judged = {name for criterion in table.criteria if criterion.formula for name in criterion.formula.names}
    return Role.ERROR if column.signed and shown in {"result", *judged} else Role.VALUE


def _note(number: Plain) -> Words:
    label = words(number["label"])
    shown = number["text"].replace(".", ",")
    return Words(f"{label.vi}: {shown} {number['unit']}".strip(), f"{label.en}: {shown} {number['unit']}".strip())


def _overall_notes(plain: Plain) -> Iterator[Words]:
    """What was judged of the table as a whole; evaluations made before there was such a thing have none."""
    for judged in plain.get("overall", ()):
        outcome = wording.OUTCOMES.get(judged["verdict"])
        if outcome is not None:
            label, said = words(judged["label"]), OUTCOMES[outcome]
            yield Words(f"{label.vi}: {said.vi}", f"{label.en}: {said.en}")


def _chart(plain: Plain, table: Table) -> Chart | None:
    points = tuple(
        ChartPoint(row["nominal_text"], row["value_text"], row["U_text"], _limit(row["mpe_lower"]),
                   _limit(row["mpe_upper"]))
        for row in complete(plain) if row["value_text"] and row["U_text"])
    if not points or table.result is None:
        return None
    # An axis has room for a word: what the error is exactly stands in the heads of the table.
    axis = wording.ERROR if table.result.name.startswith("E") else words(table.result.label)
    return Chart(words(plain["chart_x"]), plain["chart_x_unit"], axis, plain["chart_unit"], points)


def _limit(value: float | None) -> str:
    return "" if value is None else f"{Decimal(repr(value)):f}"


def _statement(k: str, method: str, percent: str, rows: Sequence[tuple[Plain, Plain]], *, alone: bool) -> Uncertainty:
    name, _, distribution = method.partition("_") if method.startswith("dominant") else (method, "", "")
    freedoms = {row["budget"]["effective_dof"] for _table, row in rows}
    freedom = freedoms.pop() if len(freedoms) == 1 else None
    return Uncertainty(
        probability=percent, coverage_factor=k, method=name,
        applies_to=document.NO_WORDS if alone else _points(rows),
        distribution=_DISTRIBUTIONS.get(distribution, document.NO_WORDS),
        effective_dof=f"{int(freedom)}" if freedom is not None and name == "student_t" and freedom < _MANY else "")


_MANY = 1000
"""Effective degrees of freedom from which on they say nothing: k is 2,00."""

_DISTRIBUTIONS = {
    "rectangular": Words("chữ nhật", "rectangular"),
    "triangular": Words("tam giác", "triangular"),
    "arcsine": Words("hình chữ U", "arcsine"),
    "two_rectangular": Words("hình thang của hai thành phần chữ nhật", "trapezoidal (two rectangular)"),
}


def _points(rows: Iterable[tuple[Plain, Plain]]) -> Words:
    by_table: dict[str, tuple[Plain, list[str]]] = {}
    for table, row in rows:
        point = f"{row['nominal_text'].replace('.', ',')} {table['chart_x_unit']}".strip()
        by_table.setdefault(table["key"], (table, []))[1].append(point)
    vi = "; ".join(f"{table['title']['vi']}: {', '.join(points)}" for table, points in by_table.values())
    en = "; ".join(f"{table['title']['en']}: {', '.join(points)}" for table, points in by_table.values())
    return Words(vi, en)


def _covers(evaluation: Plain, procedure: Procedure) -> Words:
    judged = {table.key for table in procedure.tables if _is_judged(table)}
    counted = sum(len(complete(table)) for table in evaluation["tables"] if table["key"] in judged)
    if not counted:
        return Words("các bước kiểm tra của quy trình", "the checks of the procedure")
    if evaluation["verdict"] == "fail":
        return _outside(evaluation, judged, counted)
    if counted == 1:
        return Words("điểm đo đã nêu", "the point stated")
    return Words(f"cả {counted} điểm đo", f"all {counted} points")


def _outside(evaluation: Plain, judged: set[str], counted: int) -> Words:
    """What a failed statement rests on: the points out of their limits, else the checks that stopped the work."""
    failed = sum(row["verdict"] in ("fail", "conditional_fail") for table in evaluation["tables"]
                 if table["key"] in judged for row in complete(table))
    if not failed:
        return Words("các bước kiểm tra của quy trình", "the checks of the procedure")
    if counted == 1:
        return Words("điểm đo đã nêu", "the point stated")
    return Words(f"{failed} trong {counted} điểm đo", f"{failed} of {counted} points")


def _requirement(evaluation: Plain, judged: Sequence[Table]) -> Words:
    """The limits of the results, in figures where they are the same at every point."""
    keys = {table.key for table in judged}
    limits = {(row["mpe_lower"], row["mpe_upper"], row["unit"]): row["mpe_text"] for table in evaluation["tables"]
              if table["key"] in keys for row in complete(table) if row["mpe_text"] and row["unit"]}
    sources = "; ".join(dict.fromkeys(table.mpe.source for table in judged if table.mpe))
    source = f" ({sources})" if sources else ""
    if len(limits) == 1:
        ((_lower, _upper, unit), text), = limits.items()
        shown = f"{_cell(text, 'limits')} {unit}"
        return Words(f"giới hạn sai số {shown}{source}", f"limits of error {shown}{source}")
    return Words(f"giới hạn sai số cho phép tại từng điểm{source}",
                 f"maximum permissible errors at each point{source}")


def _failures(evaluation: Plain) -> Words:
    reasons = [reason["text"] for reason in evaluation["reasons"]]
    return Words("; ".join(text["vi"] for text in reasons), "; ".join(text["en"] for text in reasons))
