"""Factors between units of one quantity, for certificates that state corrections in a smaller unit."""

from __future__ import annotations

from functools import lru_cache

from uncertainty.units import UnitError, interval_factor


class UnlikeUnits(ValueError):
    """No factor leads from one unit to the other."""


@lru_cache(maxsize=512)
def unit_factor(source: str, target: str) -> float:
    """Number of `target` in one `source`, for differences (°C counts as K); UnlikeUnits when there is none.

    Two equal labels have the factor 1, whether the engine knows the unit or not.
    """
    if source == target:
        return 1.0
    try:
        return float(interval_factor(source, target))
    except UnitError as unlike:
        raise UnlikeUnits(f"no factor leads from {source} to {target}") from unlike
