"""Calibration points, and what is known of their uncertainties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from uncertainty.errors import InputError

# Entries of a covariance that differ by no more than this share mirror each other.
_SYMMETRY = 1e-9


@dataclass(frozen=True, slots=True)
class Points:
    """n points (x, y), checked when made; each uncertainty is a standard one in the unit of its quantity.

    Raises `InputError` with the field's name, and the place where there is one, as path.
    """

    x: Sequence[float]
    y: Sequence[float]
    u_x: Sequence[float] | None = None
    """Uncertainty of each x; a zero is an exact x."""
    u_y: Sequence[float] | None = None
    """Uncertainty of each y, uncorrelated; a zero only beside a `u_x` above zero."""
    covariance_y: Sequence[Sequence[float]] | None = None
    """n × n covariance matrix of y, instead of `u_y`."""

    def __post_init__(self) -> None:
        for name in ("y", "u_x", "u_y", "covariance_y"):
            values = getattr(self, name)
            if values is not None and len(values) != len(self.x):
                raise InputError(
                    name,
                    vi=f"có {len(values)} phần tử, x có {len(self.x)}",
                    en=f"{len(values)} elements, but x has {len(self.x)}",
                )
        if self.u_y is not None and self.covariance_y is not None:
            raise InputError(
                "covariance_y", vi="chỉ nêu u_y hoặc covariance_y", en="state either u_y or covariance_y, not both"
            )
        self._check_spreads()
        if self.covariance_y is not None:
            _check_covariance(self.covariance_y)

    @property
    def has_uncertainties(self) -> bool:
        """Whether any uncertainty was given; without, the scatter of the points must tell it."""
        return self.u_x is not None or self.u_y is not None or self.covariance_y is not None

    def variance_y(self) -> NDArray[np.float64]:
        """n variances of y (zeros when none were given), or its n × n covariance matrix."""
        if self.covariance_y is not None:
            return np.asarray(self.covariance_y, dtype=np.float64)
        return np.square(self.u_y, dtype=np.float64) if self.u_y is not None else np.zeros(len(self.x))

    def _check_spreads(self) -> None:
        exact_x = [self.u_x is None or value == 0 for value in self.u_x or self.x]
        exact_y = [self.u_y is not None and value == 0 for value in self.u_y or self.x]
        if self.u_x is not None and self.u_y is None and self.covariance_y is None:
            exact_y = [True] * len(self.x)
        for name, values, other in (("u_y", self.u_y, exact_x), ("u_x", self.u_x, exact_y)):
            for position, value in enumerate(values or ()):
                if value < 0 or (value == 0 and other[position]):
                    raise InputError(
                        f"{name}.{position}",
                        vi=f"độ không đảm bảo chuẩn phải lớn hơn 0, nhưng gặp {value:g}",
                        en=f"a standard uncertainty must be greater than 0, found {value:g}",
                    )


def _check_covariance(rows: Sequence[Sequence[float]]) -> None:
    for position, row in enumerate(rows):
        if len(row) != len(rows):
            raise InputError(
                f"covariance_y.{position}",
                vi=f"ma trận phải vuông: hàng có {len(row)} số, cần {len(rows)}",
                en=f"the matrix must be square: this row has {len(row)} numbers, expected {len(rows)}",
            )
    matrix = np.asarray(rows, dtype=np.float64)
    if not np.allclose(matrix, matrix.T, rtol=_SYMMETRY, atol=0):
        raise InputError("covariance_y", vi="ma trận phải đối xứng", en="the matrix must be symmetric")
    try:
        np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        raise InputError(
            "covariance_y", vi="ma trận phải xác định dương", en="the matrix must be positive definite"
        ) from None
