"""What a standard's certificate says at a point: straight lines between its points, never beyond them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise

from instruments.evaluation import StandardUse
from instruments.interpolation import interpolated_u
from instruments.load_of_pieces import combined, correction_of, pieces_for
from instruments.observations import StandardData, StandardPoint
from instruments.procedure_model import StandardSlot
from instruments.scope import same
from instruments.unit_factors import UnlikeUnits, unit_factor
from instruments.words import Words


class StandardUnusable(ValueError):
    """No standard of the slot serves the point. Codes: standard_range, standard_unit, standard_certificate."""

    def __init__(self, code: str, text: Words) -> None:
        super().__init__(text.en)
        self.code, self.text = code, text


def serve(slot: StandardSlot, standards: Sequence[StandardData], at: float) -> tuple[StandardUse, StandardData]:
    """What the first standard that covers `at` (unit of the slot) says there; StandardUnusable when none does.

    Where loads are made up of pieces, those of a set with certificates of their own serve together, and those of all
    standards of the slot where none makes up the load by itself.
    """
    refusal: StandardUnusable | None = None
    for group in _groups(slot, standards):
        try:
            alone = len(group) == 1 and not (slot.between == "sum" and group[0].is_one_piece)
            standard = group[0] if alone else _together(slot, group, at)
            return _read(slot, standard, at), standard
        except StandardUnusable as unusable:
            refusal = refusal or unusable
    if refusal is None:
        raise StandardUnusable("standard_missing", Words(f"chưa chọn {slot.label.vi}", f"{slot.label.en}: none chosen"))
    if len(standards) > 1 and refusal.code == "standard_range" and {one.whole for one in standards} != {""}:
        raise StandardUnusable(refusal.code, _no_piece(slot, standards, at))
    raise refusal


def _groups(slot: StandardSlot, standards: Sequence[StandardData]) -> Iterator[tuple[StandardData, ...]]:
    """The standards in their order, as they may serve: one by one, but the pieces of a set together."""
    together = [tuple(found) for _whole, found in groupby(standards, key=lambda one: one.whole)]
    for group in together:
        yield from (group,) if group[0].whole and slot.between == "sum" else ((one,) for one in group)
    if slot.between == "sum" and len(standards) > 1 and (len(together) > 1 or not standards[0].whole):
        yield tuple(standards)


def _together(slot: StandardSlot, standards: Sequence[StandardData], at: float) -> StandardData:
    for standard in standards:
        if standard.fault:
            raise StandardUnusable("standard_certificate", _faulty(standard))
        for unit in (standard.unit, standard.spread_unit or standard.unit):
            _factor(standard, unit, slot.unit)  # says which standard is in an unlike unit
    found = combined(standards, slot.unit, at)
    if found is None:
        raise StandardUnusable("standard_range", _no_piece(slot, standards, at))
    return found


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
    correction = _between(correction_of(below, size, spread), correction_of(above, size, spread), share)
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
    correction = sum(number * correction_of(point, size, spread) for point, number in used)
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


def _no_piece(slot: StandardSlot, standards: Sequence[StandardData], at: float) -> Words:
    name = ", ".join(dict.fromkeys(one.whole or one.asset_number for one in standards))
    return Words(f"{name}: không bộ phận nào có hay ghép được {at:g} {slot.unit}",
                 f"{name}: no part has or makes up {at:g} {slot.unit}")  # fmt: skip


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
