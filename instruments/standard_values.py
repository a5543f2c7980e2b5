"""What a standard's certificate says at a point: straight lines between its points, never beyond them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from instruments.evaluation import StandardUse
from instruments.interpolation import interpolated_u
from instruments.observations import StandardData, StandardPoint
from instruments.procedure_model import StandardSlot
from instruments.scope import MATCH_GRACE, same
from instruments.unit_factors import UnlikeUnits, unit_factor
from instruments.words import Words


class StandardUnusable(ValueError):
    """No standard of the slot serves the point. Codes: standard_range, standard_unit, standard_certificate."""

    def __init__(self, code: str, text: Words) -> None:
        super().__init__(text.en)
        self.code, self.text = code, text


def serve(slot: StandardSlot, standards: Sequence[StandardData], at: float) -> tuple[StandardUse, StandardData]:
    """What the first standard that covers `at` (unit of the slot) says there; StandardUnusable when none does."""
    refusal: StandardUnusable | None = None
    for standard in standards:
        try:
            return _read(slot, standard, at), standard
        except StandardUnusable as unusable:
            refusal = refusal or unusable
    if refusal is None:
        raise StandardUnusable("standard_missing", Words(f"chưa chọn {slot.label.vi}", f"{slot.label.en}: none chosen"))
    raise refusal


def standard_numbers(slot: StandardSlot, use: StandardUse, standard: StandardData) -> dict[str, float]:
    """The names that formulas use for the standard at its point."""
    key = slot.key
    own = standard_mpe(slot, standard)
    return {
        **({} if own is None else {f"{key}_mpe": own}),
        f"{key}_value": use.value,
        f"{key}_nominal": use.value - use.correction,
        f"{key}_correction": use.correction,
        f"{key}_U": use.U,
        f"{key}_k": use.k,
        f"{key}_u": use.U / use.k,
        f"{key}_drift": use.drift,
        f"{key}_history": _history(slot, use, standard),
        f"{key}_resolution": standard.resolution * _spread_factor(slot, standard),
    }


def _history(slot: StandardSlot, use: StandardUse, standard: StandardData) -> float:
    """The change that its calibrations allow for; its stated drift where they say nothing. A load of several pieces
    counts it as often as its stated drift, or once where none is stated."""
    if standard.history is None:
        return use.drift
    own = standard.drift * _spread_factor(slot, standard)
    return standard.history * _spread_factor(slot, standard) * (use.drift / own if own else 1.0)


def standard_mpe(slot: StandardSlot, standard: StandardData) -> float | None:
    """The standard's own MPE in the unit of the slot, where one is stated."""
    return None if standard.mpe is None else standard.mpe * _spread_factor(slot, standard)


def as_standards(chosen: Mapping[str, StandardData | Sequence[StandardData]], slot: str) -> tuple[StandardData, ...]:
    """The standards chosen for a slot, none when there are none."""
    found = chosen.get(slot, ())
    return (found,) if isinstance(found, StandardData) else tuple(found)


def _read(slot: StandardSlot, standard: StandardData, at: float) -> StandardUse:
    size, spread = _size_factor(slot, standard), _spread_factor(slot, standard)
    points = standard.ascending
    if standard.fault:
        raise StandardUnusable("standard_certificate", _faulty(standard))
    if slot.between == "sum":
        return _made_up(slot, standard, points, at / size)
    below, above, share = _around(slot, standard, points, at / size)
    correction = _between(_correction(below, size, spread), _correction(above, size, spread), share)
    full = _between(below.U / below.k, above.U / above.k, share)
    held = interpolated_u(below.U / below.k, above.U / above.k, share, standard.correlation)
    lower = held / full if full > 0 else 1.0  # what less than full correlation takes off; 1 at a point
    expanded = _between(below.U, above.U, share) * lower * spread
    std = full * lower * spread
    return StandardUse(
        slot=slot.key,
        asset_number=standard.asset_number,
        certificate_number=standard.certificate_number,
        value=_between(below.nominal, above.nominal, share) * size + correction,
        correction=correction,
        U=expanded,
        k=expanded / std if std > 0 else below.k,
        drift=standard.drift * spread,
    )


def _made_up(slot: StandardSlot, standard: StandardData, points: Sequence[StandardPoint], at: float) -> StandardUse:
    """A load of several weights under one certificate: corrections, U and drift of the pieces add up, since errors of
    one calibration go together (EURAMET cg-18 v4.0, 7.1.2.2). No load has no error."""
    size, spread = _size_factor(slot, standard), _spread_factor(slot, standard)
    pieces = pieces_for([point.nominal for point in points], at)
    if pieces is None:
        raise StandardUnusable("standard_range", _not_covered(slot, standard, points, at))
    used = [(points[place], number) for place, number in pieces.items()]
    correction = sum(number * _correction(point, size, spread) for point, number in used)
    expanded = sum(number * point.U for point, number in used) * spread
    std = sum(number * point.U / point.k for point, number in used) * spread
    return StandardUse(
        slot=slot.key,
        asset_number=standard.asset_number,
        certificate_number=standard.certificate_number,
        value=at * size + correction,
        correction=correction,
        U=expanded,
        k=expanded / std if std > 0 else 2.0,
        drift=sum(pieces.values()) * standard.drift * spread,
    )


def pieces_for(nominals: Sequence[float], load: float) -> dict[int, int] | None:
    """Which weights make up a load: place in `nominals` (ascending) -> how many, the largest first; None when none do.

    A line of a certificate may stand for several equal weights (2 g and 2* g, a lot of 20 kg), so it is used as often
    as it goes.
    """
    tries = 0

    def fill(place: int, rest: float) -> dict[int, int] | None:
        nonlocal tries
        tries += 1
        if abs(rest) <= MATCH_GRACE * abs(load):
            return {}
        if place < 0 or nominals[place] <= 0 or rest < 0 or tries > _MOST_TRIES:
            return None
        for number in range(int(rest / nominals[place] * (1 + MATCH_GRACE)), -1, -1):
            found = fill(place - 1, rest - number * nominals[place])
            if found is not None:
                return {place: number, **found} if number else found
        return None

    return fill(len(nominals) - 1, load)


_MOST_TRIES = 5000
"""Steps of the search for weights; sets of the 1-2-5 pattern need one per weight."""


def _around(
    slot: StandardSlot, standard: StandardData, points: Sequence[StandardPoint], at: float
) -> tuple[StandardPoint, StandardPoint, float]:
    """The certificate points on both sides, and how far `at` lies from the first to the second (0 to 1)."""
    for point in points:
        if same(at, point.nominal):
            return point, point, 0.0
    if slot.between == "linear":
        for below, above in pairwise(points):
            if below.nominal < at < above.nominal:
                return below, above, (at - below.nominal) / (above.nominal - below.nominal)
    raise StandardUnusable("standard_range", _not_covered(slot, standard, points, at))


def _not_covered(slot: StandardSlot, standard: StandardData, points: Sequence[StandardPoint], at: float) -> Words:
    name = f"{standard.asset_number} ({standard.certificate_number})"
    where = f"{at:g} {standard.unit}"
    if slot.between in ("exact", "sum"):
        held = _listed(point.nominal for point in points)
        return Words(f"{name}: giấy không có {where}, chỉ có {held}", f"{name}: no {where}, only {held}")
    held = f"{points[0].nominal:g} … {points[-1].nominal:g} {standard.unit}"
    return Words(f"{name}: {where} nằm ngoài {held}", f"{name}: {where} is outside {held}")


def _faulty(standard: StandardData) -> Words:
    name = f"{standard.asset_number} ({standard.certificate_number})"
    if standard.fault == "nominals":
        return Words(f"{name}: bảng giá trị trống hoặc trùng điểm",
                     f"{name}: its table is empty or names a point twice")  # fmt: skip
    return Words(f"{name}: mỗi điểm cần giá trị hoặc số hiệu chính, U ≥ 0 và k > 0",
                 f"{name}: each point needs a value or a correction, U ≥ 0 and k > 0")  # fmt: skip


def _correction(point: StandardPoint, size: float, spread: float) -> float:
    if point.correction is not None:
        return point.correction * spread
    assert point.value is not None  # the check above demands one of both
    return (point.value - point.nominal) * size


def _size_factor(slot: StandardSlot, standard: StandardData) -> float:
    return _factor(standard, standard.unit, slot.unit)


def _spread_factor(slot: StandardSlot, standard: StandardData) -> float:
    return _factor(standard, standard.spread_unit or standard.unit, slot.unit)


def _factor(standard: StandardData, source: str, target: str) -> float:
    try:
        return unit_factor(source, target)
    except UnlikeUnits:
        text = Words(f"{standard.asset_number}: giấy dùng {source}, bảng đo dùng {target}",
                     f"{standard.asset_number}: its certificate is in {source}, the sheet in {target}")  # fmt: skip
        raise StandardUnusable("standard_unit", text) from None


def _between(first: float, second: float, share: float) -> float:
    return first if share == 0.0 else first + (second - first) * share


def _listed(values: Iterable[float]) -> str:
    return "; ".join(f"{value:g}" for value in values)
