"""What one row has before its result: readings, standards at the point, derived numbers, limits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from instruments.assumed_drift import assumed_numbers
from instruments.evaluation import Reason, StandardUse
from instruments.fields import FieldValues
from instruments.formula import Formula, FormulaFailed, UnknownNumber
from instruments.observations import Number, Observations, StandardData
from instruments.procedure_model import Derived, Procedure, ReadingColumn, StandardSlot, Table
from instruments.scope import PointNominal, plain
from instruments.standard_values import StandardUnusable, as_standards, serve, standard_mpe, standard_numbers
from instruments.typed_number import TypedNumber
from instruments.words import Words

MOST_DECIMALS = 15
"""Decimals of a reading that count as its resolution; more are no reading of an instrument."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What all rows of one evaluation share."""

    procedure: Procedure
    observations: Observations
    fields: FieldValues
    numbers: dict[str, float]
    """Numbers known for the whole sheet; summaries of finished tables are added as they come."""
    rule: str | None
    lean: bool
    seed: int | None


class Unfinished(Exception):
    """The row cannot be completed: it waits for something, or something is wrong."""

    def __init__(self, code: str, where: str, text: Words, *, waiting: bool) -> None:
        super().__init__(text.en)
        self.reason, self.waiting = Reason(code, where, text), waiting


@dataclass(slots=True)
class Givens:
    """A row being filled; `numbers` grows as readings, standards and derived numbers become known."""

    sheet: Sheet
    table: Table
    point: PointNominal
    numbers: dict[str, float]
    readings: dict[str, list[float]] = field(default_factory=dict)
    """Repeats of the reading columns, and of derived numbers of each repeat."""
    repeats: dict[str, dict[int, float]] = field(default_factory=dict)
    """The same by the number of the repeat: a blank one is left out."""
    uses: dict[str, StandardUse] = field(default_factory=dict)
    served: dict[str, StandardData] = field(default_factory=dict)
    typed_decimals: int = 0
    lower: float | None = None
    upper: float | None = None
    """Limits of the result."""
    mpe_lower: float | None = None
    mpe_upper: float | None = None
    """Permissible errors: the same, unless they are counted from somewhere else than zero."""
    warnings: list[Reason] = field(default_factory=list)

    @property
    def key(self) -> str:
        """ "table/point"."""
        return f"{self.table.key}/{self.point.number}"

    def value(self, formula: Formula) -> float:
        """The formula's value here; Unfinished says what is missing or wrong."""
        try:
            return formula.value(self.numbers)
        except (UnknownNumber, FormulaFailed) as wrong:
            raise self._unfinished(wrong) from None

    def value_of(self, formula: Formula, numbers: Mapping[str, float]) -> float:
        """The same with other numbers."""
        try:
            return formula.value(numbers)
        except (UnknownNumber, FormulaFailed) as wrong:
            raise self._unfinished(wrong) from None

    def value_if_filled(self, formula: Formula) -> float | None:
        """The same, or None when an optional field that the formula needs is blank."""
        if any(name not in self.numbers and self.may_be_absent(name) for name in formula.names):
            return None
        return self.value(formula)

    def may_be_absent(self, name: str) -> bool:
        """Whether a name may stay without a number: a lookup without a row here, or a blank optional field."""
        procedure = self.sheet.procedure
        optional = {field_.key for field_ in procedure.fields if not field_.required}
        return name in optional or name in {lookup.key for lookup in procedure.lookups}

    def at(self, text: Words) -> Words:
        """The text with the place of the row before it."""
        label = self.table.points.label
        where = f"{self.point.text} {self.table.points.unit}".strip()
        return Words(f"{label.vi} {where}: {text.vi}", f"{label.en} {where}: {text.en}")

    def _unfinished(self, wrong: UnknownNumber | FormulaFailed) -> Unfinished:
        if isinstance(wrong, UnknownNumber):
            return self._without(wrong.name)
        return Unfinished("formula", self.key, self.at(wrong.text), waiting=False)

    def _without(self, name: str) -> Unfinished:
        for field_ in self.sheet.procedure.fields:
            if field_.key == name:
                text = Words(f"chưa có {field_.label.vi}", f"{field_.label.en} is not filled in")
                return Unfinished("field_missing", name, self.at(text), waiting=True)
        for limit in self.sheet.procedure.environment:
            if name in (limit.key, f"{limit.key}_half"):
                text = Words(f"chưa có {limit.label.vi}", f"{limit.label.en} is not filled in")
                return Unfinished("environment_missing", limit.key, self.at(text), waiting=True)
        if name in {f"{slot.key}_mpe" for slot in self.sheet.procedure.standards}:
            text = Words("lý lịch chuẩn chưa ghi MPE của chuẩn", "the register does not state the standard's MPE")
            return Unfinished("standard_certificate", name.removesuffix("_mpe"), self.at(text), waiting=False)
        if any(name == lookup.key for lookup in self.sheet.procedure.lookups):
            text = Words(f"bảng tra {name} không có hàng cho điểm này", f"the lookup {name} has no row here")
            return Unfinished("formula", self.key, self.at(text), waiting=False)
        text = Words(f"chờ {name}", f"waiting for {name}")
        return Unfinished("formula", self.key, self.at(text), waiting=True)


def take_readings(givens: Givens) -> None:
    """The typed readings with their mean and spread; Unfinished when one that is needed is missing."""
    for column in givens.table.readings:
        found = _typed(givens, column)
        decimals = max((_decimals(number) for number in found.values()), default=0)
        givens.typed_decimals = max(givens.typed_decimals, decimals)
        givens.numbers[f"{column.key}_step"] = 10.0**-decimals
        repeats = {repeat: plain(number) for repeat, number in found.items()}
        if column.blank is not None:
            standing = givens.value(column.blank)
            repeats = {repeat: repeats.get(repeat, standing) for repeat in range(1, column.repeat + 1)}
        _take_repeats(givens, column.key, repeats)


def take_standards(givens: Givens) -> None:
    """What the chosen standards say at this point; Unfinished when one is missing or does not cover it."""
    for slot in givens.sheet.procedure.standards:
        if slot.key not in givens.table.standards:
            continue
        chosen = as_standards(givens.sheet.observations.standards, slot.key)
        if not chosen:
            text = Words(f"chưa chọn chuẩn: {slot.label.vi}", f"no standard chosen: {slot.label.en}")
            raise Unfinished("standard_missing", slot.key, givens.at(text), waiting=True)
        try:
            use, standard = serve(slot, chosen, givens.value(slot.at))
        except StandardUnusable as unusable:
            raise Unfinished(unusable.code, slot.key, givens.at(unusable.text), waiting=False) from None
        givens.uses[slot.key], givens.served[slot.key] = use, standard
        givens.numbers.update(standard_numbers(slot, use, standard))
        givens.numbers.update(assumed_numbers(givens.table, slot, use, standard))


def take_derived(givens: Givens) -> None:
    """The derived numbers, in their order."""
    for derived in givens.table.derived:
        if derived.each:
            _take_repeats(givens, derived.key, _each(givens, derived))
        else:
            givens.numbers[derived.key] = givens.value(derived.formula)


def take_limits(givens: Givens, *, early: bool) -> None:
    """Permissible errors and limits of the result at this point; none where a lookup has no row for it or an optional
    field that they need is blank. `early`: before the readings, take what is known and leave the rest."""
    mpe = givens.table.mpe
    if mpe is None:
        return
    try:
        lower, upper = mpe.lower.value(givens.numbers), mpe.upper.value(givens.numbers)
        middle = mpe.about.value(givens.numbers) if mpe.about else 0.0
    except (UnknownNumber, FormulaFailed) as reason:
        if not early and not (isinstance(reason, UnknownNumber) and givens.may_be_absent(reason.name)):
            givens.value(mpe.lower)
            givens.value(mpe.upper)
        return
    givens.numbers.update(mpe=upper, mpe_lower=lower)
    givens.lower, givens.upper = middle + lower, middle + upper
    givens.mpe_lower, givens.mpe_upper = lower, upper


def check_standards(givens: Givens) -> None:
    """Warn where a standard that served does not meet what the slot wants of it."""
    for slot in givens.sheet.procedure.standards:
        use = givens.uses.get(slot.key)
        if use is None:
            continue
        _check_wanted(givens, slot, "U", use.U, slot.u_at_most)
        _check_wanted(givens, slot, "MPE", standard_mpe(slot, givens.served[slot.key]), slot.mpe_at_most)


def _check_wanted(givens: Givens, slot: StandardSlot, name: str, held: float | None, wanted: Formula | None) -> None:
    if wanted is None or ("mpe" in wanted.names and givens.upper is None):
        return
    limit = givens.value(wanted)
    if held is None or held > limit * (1 + 1e-9):
        shown = "?" if held is None else f"{held:.3g}"
        text = Words(
            f"{slot.label.vi}: {name} = {shown} {slot.unit}, cần ≤ {limit:.3g} {slot.unit}",
            f"{slot.label.en}: {name} = {shown} {slot.unit}, wanted ≤ {limit:.3g} {slot.unit}",
        )
        givens.warnings.append(Reason("standard_requirement", slot.key, givens.at(text)))


def _each(givens: Givens, derived: Derived) -> dict[int, float]:
    """The formula for every repeat that all its columns have."""
    columns = [name for name in derived.formula.names if name in givens.repeats]
    common = [givens.repeats[name] for name in columns] or list(givens.repeats.values())
    numbers = dict(givens.numbers)
    found: dict[int, float] = {}
    for repeat in sorted(set.intersection(*(set(repeats) for repeats in common))):
        for name in columns:
            numbers[name] = givens.repeats[name][repeat]
        found[repeat] = givens.value_of(derived.formula, numbers)
    if not found:
        text = Words(f"chờ {derived.label.vi}", f"waiting for {derived.label.en}")
        raise Unfinished("formula", givens.key, givens.at(text), waiting=True)
    return found


def _take_repeats(givens: Givens, key: str, repeats: dict[int, float]) -> None:
    givens.repeats[key], givens.readings[key] = repeats, list(repeats.values())
    try:
        givens.numbers.update(_statistics(key, givens.readings[key]))
    except OverflowError:
        text = Words("số đọc lớn quá mức tính được", "the readings are too large to calculate with")
        raise Unfinished("formula", givens.key, givens.at(text), waiting=False) from None


def _typed(givens: Givens, column: ReadingColumn) -> dict[int, Number]:
    readings = givens.sheet.observations.readings
    found = {}
    for repeat in range(1, column.repeat + 1):
        cell = f"{givens.key}/{column.key}/{repeat}"
        if cell in readings:
            found[repeat] = readings[cell]
        elif repeat <= column.at_least and column.blank is None:
            text = Words(f"chờ số đọc {column.label.vi}", f"waiting for the reading {column.label.en}")
            raise Unfinished("cell_missing", cell, givens.at(text), waiting=True)
    return found


def _statistics(key: str, values: Sequence[float]) -> dict[str, float]:
    """Mean, s (from two readings on), number and extremes; OverflowError when a sum leaves the floats."""
    n = len(values)
    mean, lowest, highest = math.fsum(values) / n, min(values), max(values)
    numbers = {
        key: mean,
        f"{key}_n": float(n),
        f"{key}_min": lowest,
        f"{key}_max": highest,
        f"{key}_range": highest - lowest,
    }
    if n > 1:
        numbers[f"{key}_s"] = math.sqrt(math.fsum([(value - mean) ** 2 for value in values]) / (n - 1))
    if not all(map(math.isfinite, numbers.values())):
        raise OverflowError(key)
    return numbers


def _decimals(number: Number) -> int:
    exponent = (number.value if isinstance(number, TypedNumber) else number).as_tuple().exponent
    return min(max(0, -exponent), MOST_DECIMALS) if isinstance(exponent, int) else 0
