"""What a checked procedure holds: frozen values only, made by `instruments.procedure.load_procedure` from a file.

A formula is text in the notation of `calc budget` (`uncertainty.expression`); docs/procedures.md lists the names that
each formula may use. Every formula held here has been parsed, and every name in it is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as member
from typing import Literal

from instruments.formula import Formula
from instruments.table_model import (
    Confirmation,
    Correlation,
    Criterion,
    Derived,
    Input,
    Mpe,
    Points,
    PrintedColumn,
    ReadingColumn,
    Result,
    Summary,
    Table,
    When,
)
from instruments.words import Words

__all__ = [
    "Check",
    "Confirmation",
    "Constant",
    "Correlation",
    "Coverage",
    "Criterion",
    "Decision",
    "DecisionRule",
    "Derived",
    "EnvironmentLimit",
    "Field",
    "FieldType",
    "Input",
    "Lookup",
    "LookupRow",
    "Method",
    "Mpe",
    "Points",
    "PrintedColumn",
    "Procedure",
    "ReadingColumn",
    "Result",
    "Service",
    "StandardSlot",
    "Summary",
    "Table",
    "Timer",
    "Unconfirmed",
    "Validity",
    "When",
]

Service = Literal["calibration", "verification", "test"]
FieldType = Literal["number", "text", "choice", "list"]
DecisionRule = Literal["simple", "guarded", "guarded_r", "four_state"]


@dataclass(frozen=True, slots=True)
class Method:
    """The document that the procedure follows."""

    document: str
    """Number as cited, e.g. "ĐLVN 08:2011"."""
    edition: str
    title: Words
    confirmation: Confirmation
    note: Words | None


@dataclass(frozen=True, slots=True)
class Field:
    """One characteristic that the sheet asks for before the readings."""

    key: str
    label: Words
    unit: str
    type: FieldType
    """"list" is a list of numbers separated by semicolons (points chosen for this instrument)."""
    where: Literal["instrument", "sheet"]
    """"instrument": stays with the instrument from visit to visit; "sheet": belongs to this measurement."""
    required: bool
    default: str | None
    choices: tuple[str, ...]
    """Canonical texts (decimal point) of a choice; a comma is read as the point when a choice is matched."""
    help: Words | None
    lower: float | None
    upper: float | None
    labels: Mapping[str, Words] = member(default_factory=dict)
    """Words shown for a choice; a choice without any is shown as it is."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number of the method, usable by its key in every formula."""

    key: str
    value: float
    unit: str
    label: Words
    source: str


@dataclass(frozen=True, slots=True)
class LookupRow:
    """One row: `bound` is the upper end (inclusive) or the exact key; None in a lookup by choice alone."""

    bound: float | None
    value: float | None
    by_choice: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Lookup:
    """A table of numbers, usable by its key: by the choice of a field, by a number, or by both."""

    key: str
    unit: str
    field: str | None
    at: Formula | None
    match: Literal["exact", "up_to"]
    rows: tuple[LookupRow, ...]
    source: str
    confirmation: Confirmation
    label: Words | None = None
    """What it holds, for people; without it a document names it by its key."""


@dataclass(frozen=True, slots=True)
class StandardSlot:
    """A standard that the measurement wants. With key "ref" formulas may use ref_value, ref_nominal, ref_correction,
    ref_U, ref_k, ref_u (= U/k), ref_drift, ref_history, ref_resolution and ref_mpe, all at `at` and in `unit`."""

    key: str
    label: Words
    quantity: str
    unit: str
    needs_from: Formula | None
    """Range that the standard must cover, formulas over the fields; None: the points of the sheet."""
    needs_to: Formula | None
    at: Formula
    """Where its certificate is read, over `nominal` and the fields."""
    between: Literal["linear", "exact", "sum"]
    """"exact": only points of the certificate serve (weights, gauge blocks); "linear": straight lines between them;
    "sum": a point may be made up of several points of the certificates (a load of several weights)."""
    u_at_most: Formula | None
    """Greatest U accepted at a point, e.g. "mpe/3"; soft."""
    mpe_at_most: Formula | None
    """Greatest MPE of the standard accepted at a point, e.g. "mpe/4"; soft."""
    min_count: int
    max_count: int


@dataclass(frozen=True, slots=True)
class EnvironmentLimit:
    """A condition typed at start and end; formulas may use its key (the mean) and key_half (half the span)."""

    key: str
    label: Words
    unit: str
    lower: float | None
    upper: float | None
    required: bool


@dataclass(frozen=True, slots=True)
class Check:
    """One step of the procedure, in order; a verification stops at the first that fails."""

    key: str
    label: Words
    how: Words | None
    tables: tuple[str, ...]
    """Tables whose verdicts decide it; empty when a person decides (pass, fail, na)."""
    stops: bool
    """A fail ends the work and decides the verdict; always so in a verification."""
    when: When | None = None
    """None: always."""


@dataclass(frozen=True, slots=True)
class Timer:
    """A time that the procedure wants waited or held: soaking, five minutes at the upper limit."""

    key: str
    label: Words
    seconds: int
    table: str | None
    """Table beside which it stands; None: the sheet as a whole."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How U is formed and stated."""

    probability: float
    method: str
    dof_rule: str
    digits: int
    monte_carlo: Mapping[str, int] | None
    """Run in full evaluations only; None: never, unless the method asks for it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The rule by which conformity is stated. None: nothing is stated unless the customer agreed a rule."""

    rule: DecisionRule | None
    r: float
    wording: Words | None


@dataclass(frozen=True, slots=True)
class Validity:
    """How long a pass holds: the item of the legal list, or an interval to be agreed with the customer."""

    legal_item: str | None
    suggested_months: int | None


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """Something in the procedure that waits for the administrator's confirmation against the original document."""

    subject: Words
    source: str
    only_limits: bool = False
    """It bears on limits of error alone: without a statement of conformity it does not matter."""


@dataclass(frozen=True, slots=True)
class Procedure:
    """One procedure, one edition, one version."""

    code: str
    edition: str
    version: int
    title: Words
    method: Method
    service: Service
    quantity: str
    kinds: tuple[str, ...]
    fields: tuple[Field, ...]
    constants: tuple[Constant, ...]
    lookups: tuple[Lookup, ...]
    standards: tuple[StandardSlot, ...]
    environment: tuple[EnvironmentLimit, ...]
    checks: tuple[Check, ...]
    tables: tuple[Table, ...]
    coverage: Coverage
    decision: Decision
    validity: Validity
    sticker: Literal["verification", "calibration"] | None
    timers: tuple[Timer, ...]
    second_pair: bool
    """Somebody else than who measured must look over the readings before they are submitted."""
    unconfirmed: tuple[Unconfirmed, ...]
    unit_fields: tuple[str, ...]
    """Choice fields that give units: a unit "{pressure_unit}" is the choice of the field pressure_unit."""
    origin: str
    """Where the text came from: a file name or an address in the application."""
    digest: str
    """SHA-256 (hex) of the normalised text (NFC, LF, no blanks at line ends)."""

    def table(self, key: str) -> Table:
        """The table of that key; KeyError when there is none."""
        for table in self.tables:
            if table.key == key:
                return table
        raise KeyError(key)

    def field(self, key: str) -> Field:
        """The field of that key; KeyError when there is none."""
        for field in self.fields:
            if field.key == key:
                return field
        raise KeyError(key)
