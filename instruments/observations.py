"""What was seen and typed for one sheet: the input of an evaluation, as plain frozen values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from operator import attrgetter
from typing import Literal

from instruments.procedure_model import DecisionRule
from instruments.typed_number import TypedNumber

Number = TypedNumber | Decimal
CheckResult = Literal["pass", "fail", "na"]


@dataclass(frozen=True, slots=True)
class StandardPoint:
    """One line of a standard's certificate: at `nominal` either the `value` or the `correction` (value = nominal +
    correction), with U at k. `nominal` and `value` in the unit, the rest in the spread unit of the StandardData."""

    nominal: float
    U: float
    k: float = 2.0
    value: float | None = None
    correction: float | None = None


@dataclass(frozen=True, slots=True)
class StandardData:
    """A standard as its certificate valid on the measuring date states it."""

    asset_number: str
    certificate_number: str
    unit: str
    points: tuple[StandardPoint, ...]
    """At least one, in any order, no nominal twice."""
    spread_unit: str | None = None
    """Unit of corrections, U, drift, resolution and MPE (a gauge block: mm and µm); None = `unit`."""
    drift: float = 0.0
    """Half width of the change since the certificate."""
    resolution: float = 0.0
    """Step of its indication; 0 for a material measure."""
    mpe: float | None = None
    """Its own maximum permissible error (half width), where one is stated."""
    history: float | None = None
    """Greatest change of a point from one calibration to the next (`instruments.drift_allowance`), half width in the
    spread unit; None where no point was calibrated twice."""
    correlation: float = 1.0
    """r between neighbouring points of its table (`instruments.interpolation`); 1 where nothing is stated."""
    assumed_drift: float = 0.0
    """Half width that a review assumes beside the certificate, at most `drift`; 0 for every measurement itself."""
    whole: str = ""
    """Asset number of the set whose values are those of its parts, of which this is one; a part with one line is one
    piece, and is put on once."""
    ascending: tuple[StandardPoint, ...] = field(init=False, repr=False, compare=False)
    """The points by their nominal: every row of every sheet looks one up."""
    fault: Literal["", "nominals", "points"] = field(init=False, repr=False, compare=False)
    """"nominals": none, or one twice; "points": one without exactly one of value and correction, U below 0 or k not
    above 0."""

    def __post_init__(self) -> None:
        points = tuple(sorted(self.points, key=attrgetter("nominal")))
        object.__setattr__(self, "ascending", points)
        object.__setattr__(self, "fault", _fault(points))

    @property
    def is_one_piece(self) -> bool:
        """Whether there is one of it to make up a load."""
        return bool(self.whole) and len(self.points) == 1


def _fault(points: Sequence[StandardPoint]) -> Literal["", "nominals", "points"]:
    if not points or len({point.nominal for point in points}) < len(points):
        return "nominals"
    if any(point.U < 0 or point.k <= 0 or (point.value is None) == (point.correction is None) for point in points):
        return "points"
    return ""


AgreedRule = DecisionRule | Literal["none"]
"""What a customer may agree to: a rule, or no statement of conformity."""


@dataclass(frozen=True, slots=True)
class Observations:
    """Everything typed on a sheet. Missing keys mean "not yet typed"."""

    instrument: Mapping[str, str] = field(default_factory=dict)
    """Field key -> text. Numbers with a decimal comma or point, no grouping ("1.400" here is 1.4: whoever accepted the
    text from a person has settled it before). Missing or blank: the field's default."""
    readings: Mapping[str, Number] = field(default_factory=dict)
    """Cell key "table/point/column/repeat", counted from 1: "main/3/up/1"."""
    checks: Mapping[str, CheckResult] = field(default_factory=dict)
    environment: Mapping[str, Number] = field(default_factory=dict)
    """"temperature/start", "temperature/end"; one end is enough for a result."""
    standards: Mapping[str, StandardData | Sequence[StandardData]] = field(default_factory=dict)
    """Slot -> the standard(s); of several, the first that covers the point serves it."""
    decision_rule: AgreedRule | None = None
    """Rule agreed with the customer; None: the procedure's own; "none": no statement of conformity was asked for."""
    cmc: Mapping[str, float] = field(default_factory=dict)
    """"table/point" -> smallest U that may be stated there, in the unit of the report."""

    def rule_beside(self, own: DecisionRule | None) -> DecisionRule | None:
        """The rule that counts beside the procedure's own; None where nothing is stated."""
        if self.decision_rule == "none":
            return None
        return self.decision_rule or own
