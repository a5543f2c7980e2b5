"""What `lims procedure check` and `lims procedure run` do, as pure functions."""

from __future__ import annotations

from instruments.evaluate import evaluate
from instruments.evaluation import Evaluation, Row, TableResult
from instruments.observations import Observations
from instruments.procedure import ProcedureError, load_procedure
from instruments.procedure_model import Procedure
from instruments.readings_file import load_observations
from uncertainty.errors import InputError
from uncertainty.rounding import decimal_comma


class ReadingsError(ValueError):
    """READINGS.json is wrong; `faults` are (JSON path, message vi, message en)."""

    def __init__(self, faults: tuple[tuple[str, str, str], ...]) -> None:
        super().__init__("\n".join(f"{path}: {en}" for path, _, en in faults))
        self.faults = faults


def check_text(text: str, source: str) -> tuple[str, ...]:
    """Fault lines "file:line: path: what is wrong / the same in English", empty when the procedure is in order."""
    try:
        load_procedure(text, source)
    except ProcedureError as wrong:
        return tuple(f"{source}:{fault.line}: {fault.path}: {fault.vi} / {fault.en}" for fault in wrong.faults)
    return ()


def read_observations(text: str, procedure: Procedure) -> Observations:
    """READINGS.json (docs/procedures.md) as observations; ReadingsError otherwise."""
    try:
        return load_observations(text, "readings", procedure)
    except InputError as wrong:
        raise ReadingsError(tuple((fault.path, fault.vi, fault.en) for fault in wrong.faults)) from None


def run(procedure_text: str, source: str, readings_text: str, *, lean: bool = False) -> Evaluation:
    """Both files together; ProcedureError or ReadingsError otherwise."""
    procedure = load_procedure(procedure_text, source)
    return evaluate(procedure, read_observations(readings_text, procedure), lean=lean)


def readable(evaluation: Evaluation) -> str:
    """The evaluation as text for a terminal, Vietnamese words and decimal commas."""
    lines = [f"{evaluation.procedure_code}, phiên bản {evaluation.procedure_version}: {_OVERALL[evaluation.verdict]}"]
    for reason in evaluation.reasons:
        lines.append(f"  - {reason.text.vi}")
    for outcome in evaluation.checks:
        lines.append(f"  {outcome.label.vi}: {_CHECKS[outcome.state]}")
    for table in evaluation.tables:
        lines += ["", table.title.vi, *_rows(table)]
        lines += [f"  {entry.label.vi}: {decimal_comma(entry.text)} {entry.unit}" for entry in table.summary]
        lines += [f"  {judged.label.vi}: {_CHECKS.get(judged.verdict, '–')}" for judged in table.overall]
    lines += ["", *(f"Lưu ý: {warning.text.vi}" for warning in evaluation.warnings)] if evaluation.warnings else []
    lines += [note.vi for note in evaluation.notes]
    return "\n".join(lines)


def _rows(table: TableResult) -> list[str]:
    heads = [f"{head.head.vi} ({head.unit})" if head.unit else head.head.vi for head in table.heads]
    cells = [heads] if heads else []
    cells += [_cells(table, row) for row in table.rows if row.state == "complete" and heads]
    widths = [max(len(line[at]) for line in cells) for at in range(len(heads))]
    lines = ["  " + "  ".join(text.rjust(width) for text, width in zip(line, widths, strict=True)) for line in cells]
    if not heads:
        lines += [f"  {judged.label.vi}: {_CHECKS.get(judged.verdict, judged.verdict)}"
                  for row in table.rows for judged in row.criteria]  # fmt: skip
    return lines + [f"  {row.message.vi}" for row in table.rows if row.message is not None]


def _cells(table: TableResult, row: Row) -> list[str]:
    return [
        _VERDICTS[text] if head.kind == "verdict" else decimal_comma(text)
        for head, text in zip(table.heads, row.printed, strict=True)
    ]


_OVERALL = {
    "pass": "đạt",
    "fail": "không đạt",
    "conditional_pass": "đạt có điều kiện",
    "conditional_fail": "không đạt có điều kiện",
    "incomplete": "chưa xong",
    "not_stated": "xong, không công bố sự phù hợp",
}
_VERDICTS = {**_OVERALL, "not_stated": "–"}
_CHECKS = {"pass": "đạt", "fail": "không đạt", "na": "không áp dụng", "waiting": "chưa làm", "not_done": "không làm"}
