"""The quasi-random points: an extension adds exactly what is missing, and the points fill the cube evenly."""

from __future__ import annotations

import numpy as np
import pytest

from uncertainty.lattice import MAX_LEVEL, MIN_LEVEL, VECTOR, added_points


def test_an_extended_lattice_is_the_finer_one() -> None:
    shift = np.array([0.1, 0.7, 0.33])
    coarse = added_points(MIN_LEVEL, shift, first=True)
    added = added_points(MIN_LEVEL + 1, shift, first=False)
    whole = added_points(MIN_LEVEL + 1, shift, first=True)
    points = {tuple(np.round(point, 12)) for point in np.concatenate([coarse, added], axis=1).T}
    assert points == {tuple(np.round(point, 12)) for point in whole.T}
    assert len(points) == 2 ** (MIN_LEVEL + 1)


def test_every_coordinate_is_evenly_spaced_in_the_unit_interval() -> None:
    points = added_points(MIN_LEVEL, np.linspace(0.0, 0.99, len(VECTOR)), first=True)
    assert points.shape == (len(VECTOR), 2**MIN_LEVEL)
    assert points.min() >= 0.0
    assert points.max() < 1.0
    assert np.diff(np.sort(points, axis=1), axis=1) == pytest.approx(2.0**-MIN_LEVEL)


@pytest.mark.parametrize("level", [MIN_LEVEL, 13])
def test_products_of_two_coordinates_are_integrated_better_than_by_chance(level: int) -> None:
    """Random points have a standard error of √(7/144/N) for the mean of x·y; the lattice a fifth at most."""
    rng = np.random.default_rng(2)
    errors = []
    for _ in range(30):
        points = added_points(level, rng.random(8), first=True)
        products = points @ points.T / points.shape[1]
        errors += (products[np.triu_indices(8, 1)] - 0.25).tolist()
    assert np.sqrt(np.mean(np.square(errors))) < 0.2 * np.sqrt(7 / 144 / 2**level)


def test_the_vector_serves_every_level() -> None:
    assert all(element % 2 == 1 and element < 2**MAX_LEVEL for element in VECTOR)
    assert len(set(VECTOR)) == len(VECTOR)
