"""A load made up of several weights (or a length of several gauge blocks): which pieces, and what they state together.

Corrections, U and drift of the pieces add up: EURAMET cg-18 v4.0, 7.1.2.2 sums standard uncertainties arithmetically,
not as squares, to allow for the correlation of weights that were calibrated alike. That holds for pieces of one
certificate as for pieces calibrated one by one, whose certificates do not state how they correlate.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf

from instruments.observations import StandardData, StandardPoint
from instruments.scope import MATCH_GRACE
from instruments.unit_factors import unit_factor

JOINED = " + "
"""Between the names of the pieces of a load."""
_MOST_TRIES = 5000
"""Steps of the search for weights; sets of the 1-2-5 pattern need one per weight."""


def pieces_for(nominals: Sequence[float], load: float, most: Sequence[float] = ()) -> dict[int, int] | None:
    """Which weights make up a load: place in `nominals` (ascending) -> how many, the largest first; None when none do.

    A line of a certificate may stand for several equal weights (2 g and 2* g, a lot of 20 kg), so it is used as often
    as it goes, or as `most` says of it.
    """
    tries = 0

    def fill(place: int, rest: float) -> dict[int, int] | None:
        nonlocal tries
        tries += 1
        if abs(rest) <= MATCH_GRACE * abs(load):
            return {}
        if place < 0 or nominals[place] <= 0 or rest < 0 or tries > _MOST_TRIES:
            return None
        goes = int(rest / nominals[place] * (1 + MATCH_GRACE))
        for number in range(int(min(goes, most[place])) if most else goes, -1, -1):
            found = fill(place - 1, rest - number * nominals[place])
            if found is not None:
                return {place: number, **found} if number else found
        return None

    return fill(len(nominals) - 1, load)


def correction_of(point: StandardPoint, size: float, spread: float) -> float:
    """The correction of a point whose value counts `size` and whose spread counts `spread` of the unit wanted."""
    if point.correction is not None:
        return point.correction * spread
    assert point.value is not None  # a point states one of both
    return (point.value - point.nominal) * size


def combined(standards: Sequence[StandardData], unit: str, load: float) -> StandardData | None:
    """What the pieces of several standards state together at `load` (in `unit`): a standard with that one point, named
    after the pieces, the largest first (no load: after the set). None when no pieces make it up.

    A standard of one line that belongs to a set is one piece; of equal pieces the first in order is taken first.
    Raises UnlikeUnits. All standards must be without fault.
    """
    factors = [(unit_factor(one.unit, unit), unit_factor(one.spread_unit or one.unit, unit)) for one in standards]
    pieces = [(at, point) for at in reversed(range(len(standards))) for point in standards[at].ascending]
    pieces.sort(key=lambda piece: piece[1].nominal * factors[piece[0]][0])
    found = pieces_for(
        [point.nominal * factors[at][0] for at, point in pieces],
        load,
        [1 if standards[at].is_one_piece else inf for at, _point in pieces],
    )
    if found is None:
        return None
    taken = [(*pieces[place], number) for place, number in found.items()]
    used = [standards[at] for at in dict.fromkeys(at for at, _point, _number in taken)]
    U = std = correction = drift = assumed = history = mpe = 0.0
    for at, point, number in taken:
        one, (size, spread) = standards[at], factors[at]
        U += number * point.U * spread
        std += number * point.U / point.k * spread
        correction += number * correction_of(point, size, spread)
        drift += number * one.drift * spread
        assumed += number * one.assumed_drift * spread
        history += _history(one, number) * spread
        mpe += number * (one.mpe or 0.0) * spread
    return StandardData(
        asset_number=_joined(one.asset_number for one in used) or standards[0].whole or standards[0].asset_number,
        certificate_number=_joined(one.certificate_number for one in used),
        unit=unit,
        points=(StandardPoint(nominal=load, U=U, k=U / std if std > 0 else 2.0, correction=correction),),
        drift=drift,
        mpe=None if any(one.mpe is None for one in used) else mpe,
        history=None if all(one.history is None for one in used) else history,
        assumed_drift=assumed,
    )


def _history(one: StandardData, number: int) -> float:
    """What the history of a standard allows for so many of its pieces: as often as its stated drift counts, once where
    none is stated; its stated drift where no point was calibrated twice."""
    if one.history is None:
        return number * one.drift
    return one.history * (number if one.drift else 1)


def _joined(names: Iterable[str]) -> str:
    """Each once, so that pieces of one certificate name it once."""
    return JOINED.join(dict.fromkeys(names))
