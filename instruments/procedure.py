"""A procedure from its TOML file: checked completely, every fault with its line."""

from __future__ import annotations

from dataclasses import dataclass

from instruments.procedure_model import Procedure

__all__ = ["Fault", "Procedure", "ProcedureError", "load_procedure", "procedure_digest"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: `line` counted from 1, `path` such as "tables[0].result.inputs[2].half_width"."""

    line: int
    path: str
    vi: str
    en: str


class ProcedureError(ValueError):
    """The file is no procedure; `faults` holds all that was found, ordered by line."""

    def __init__(self, origin: str, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(f"{origin}:{fault.line}: {fault.path}: {fault.en}" for fault in faults))
        self.origin, self.faults = origin, faults


def load_procedure(text: str, source: str = "") -> Procedure:
    """The procedure that `text` (TOML, docs/procedures.md) describes; ProcedureError with every fault otherwise."""
    raise NotImplementedError


def procedure_digest(text: str) -> str:
    """SHA-256 (hex) of the text in NFC, with LF line ends, without blanks at line ends, with one final line end."""
    raise NotImplementedError
