"""What a change of one standard does to a standard that was calibrated with it, here and by direct comparison.

The reference value of the comparison moves, and what was stated moves with it: by the same amount at the same point
(sensitivity 1, JCGM 100:2008 5.1.2 for y = x_ref + d). Its u² changes by the difference of the reference's u², drift
included. Where the two are not in like units, or the reference does not cover the point, nothing can be said.
"""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

from instruments.formula import read_formula
from instruments.observations import StandardData, StandardPoint
from instruments.procedure_model import StandardSlot
from instruments.standard_values import StandardUnusable, serve
from instruments.unit_factors import UnlikeUnits, unit_factor
from instruments.words import Words


def handed_on(child: StandardData, before: StandardData, after: StandardData) -> StandardData:
    """The child's table as it would have been stated with the reference `after` instead of `before`.

    Raises ValueError where the change does not reach the child by direct comparison: unlike units, a point that the
    reference does not cover.
    """
    spread = child.spread_unit or child.unit
    try:
        factor = unit_factor(child.unit, spread)
    except UnlikeUnits:
        raise ValueError(f"{child.asset_number}: {child.unit} and {spread} are unlike") from None
    try:
        return replace(child, points=tuple(_moved(child, point, before, after, factor) for point in child.points))
    except StandardUnusable as unusable:
        raise ValueError(f"{child.asset_number}, {child.certificate_number}: {unusable.text.en}") from None


def _moved(
    child: StandardData, point: StandardPoint, before: StandardData, after: StandardData, factor: float
) -> StandardPoint:
    slot = _slot(child.unit)
    old, new = serve(slot, (before,), point.nominal)[0], serve(slot, (after,), point.nominal)[0]
    change = new.correction - old.correction  # in the child's unit
    variance = (new.U / new.k) ** 2 - (old.U / old.k) ** 2 + (new.drift**2 - old.drift**2) / 3
    std = sqrt(max(0.0, (point.U / point.k) ** 2 + variance * factor**2))
    if point.correction is not None:
        return replace(point, correction=point.correction + change * factor, U=std * point.k)
    assert point.value is not None  # a point states one of both
    return replace(point, value=point.value + change, U=std * point.k)


def _slot(unit: str) -> StandardSlot:
    """A place for the reference at the nominal value of the comparison."""
    return StandardSlot(
        key="reference", label=Words("chuẩn", "reference"), quantity="", unit=unit, needs_from=None, needs_to=None,
        at=read_formula("nominal"), between="linear", u_at_most=None, mpe_at_most=None, min_count=1, max_count=1,
    )  # fmt: skip
