"""Points that fill the unit cube more evenly than random ones: a shifted rank-1 lattice that can be extended.

The lattice of 2^m points {k·z/2^m} holds that of 2^(m-1): a run that needs more points adds the odd multiples. A random
shift makes every point uniform, so that averages have no bias and several shifts tell the error (Cranley and Patterson,
SIAM J. Numer. Anal. 13 (1976) 904).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

VECTOR = (
    1, 18895, 58425, 53031, 97717, 108889, 105929, 28221, 40167, 36667, 17815, 118769, 80307, 34037, 45143, 68337,
    89039, 27667, 29277, 87631, 66463, 115659, 67609, 35435, 1957, 31447, 123431, 337, 91029, 5113, 84581, 77369,
    70653, 42617, 39427, 32623, 4295, 28635, 2769, 45317, 85285, 18665, 38633, 62705, 67457, 52033, 23737, 114665,
    102555, 50011, 23003, 2945, 19075, 101735, 55433, 61299, 94083, 96925, 39981, 93935, 31683, 12771, 52503, 38985,
)  # fmt: skip
"""Generating vector for 2^10 to 2^17 points, found by `benchmarks/lattice_vector.py`."""
MIN_LEVEL = 10
MAX_LEVEL = 17
"""Levels m for which the vector was searched: 2^m points."""


def added_points(level: int, shift: Floats, *, first: bool) -> Floats:
    """Points of level m that are not of level m-1 (all of them when `first`), shape (dimensions, points), in [0, 1).

    `shift` holds one uniform number per dimension, at most as many as `VECTOR` has elements.
    """
    size = 1 << level
    multiples = np.arange(0, size) if first else np.arange(1, size, 2)
    vector = np.array(VECTOR[: len(shift)], dtype=np.int64)
    # The product stays below 2^34, and the mask is the remainder by a power of two.
    points: Floats = (np.multiply.outer(vector, multiples) & (size - 1)) / size
    points += shift[:, None]
    points -= np.floor(points)
    return points
