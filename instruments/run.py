"""What `lims procedure check` and `lims procedure run` do, as pure functions."""

from __future__ import annotations

from instruments.evaluation import Evaluation
from instruments.observations import Observations
from instruments.procedure_model import Procedure


class ReadingsError(ValueError):
    """READINGS.json is wrong; `faults` are (JSON path, message vi, message en)."""

    def __init__(self, faults: tuple[tuple[str, str, str], ...]) -> None:
        super().__init__("\n".join(f"{path}: {en}" for path, _, en in faults))
        self.faults = faults


def check_text(text: str, source: str) -> tuple[str, ...]:
    """Fault lines "file:line: path: message", empty when the procedure is in order."""
    raise NotImplementedError


def read_observations(text: str, procedure: Procedure) -> Observations:
    """READINGS.json (docs/procedures.md) as observations; ReadingsError otherwise."""
    raise NotImplementedError


def run(procedure_text: str, source: str, readings_text: str, *, lean: bool = False) -> Evaluation:
    """Both files together; ProcedureError or ReadingsError otherwise."""
    raise NotImplementedError


def readable(evaluation: Evaluation) -> str:
    """The evaluation as a table for a terminal, Vietnamese heads."""
    raise NotImplementedError
