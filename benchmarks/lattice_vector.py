"""Finds the generating vector in `uncertainty/lattice.py`, component by component; prints it.

For every dimension, of 300 random odd candidates that one is kept whose worst shift-averaged error over the sizes
2^10 … 2^17, relative to N^-1.5, is smallest (Sloan and Reztsov, Math. Comp. 71 (2002) 263; embedded sizes as in Cools,
Kuo and Nuyens, SIAM J. Sci. Comput. 28 (2006) 2162). Takes a few minutes.
"""

from __future__ import annotations

import numpy as np

SIZES = [2**m for m in range(10, 18)]
DIMENSIONS = 64
CANDIDATES = 300


def kernel(size: int) -> np.ndarray:
    """2π²·B₂(k/N): what one coordinate adds to the squared error of functions with square-integrable derivatives."""
    x = np.arange(size) / size
    return 2.0 * np.pi**2 * (x * x - x + 1.0 / 6.0)


def main() -> None:
    kernels = [kernel(size) for size in SIZES]
    products = [1.0 + values for values in kernels]
    vector = [1]
    for dimension in range(1, DIMENSIONS):
        weight = 1.0 / (dimension + 1)
        rng = np.random.default_rng(dimension)
        candidates = np.unique(2 * rng.integers(0, SIZES[-1] // 2, CANDIDATES) + 1)
        best, chosen = np.inf, 1
        for candidate in candidates.tolist():
            worst = 0.0
            for size, values, product in zip(SIZES, kernels, products, strict=True):
                index = (np.arange(size, dtype=np.int64) * candidate) & (size - 1)
                error = (product * (1.0 + weight * values[index])).mean() - 1.0
                worst = max(worst, error * size**1.5)
                if worst >= best:
                    break
            if worst < best:
                best, chosen = worst, candidate
        vector.append(chosen)
        for position, (size, values) in enumerate(zip(SIZES, kernels, strict=True)):
            index = (np.arange(size, dtype=np.int64) * chosen) & (size - 1)
            products[position] = products[position] * (1.0 + weight * values[index])
    print(vector)


if __name__ == "__main__":
    main()
