"""The inputs of a budget: an estimate, its standard uncertainty with degrees of freedom, and how it is distributed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from uncertainty import distributions as d
from uncertainty.expression import check_name
from uncertainty.notes import Note
from uncertainty.remarks import input_notes
from uncertainty.type_a import evaluate_pooled, evaluate_readings

INFINITE = math.inf
"""Degrees of freedom of a standard uncertainty that is known exactly."""


@dataclass(frozen=True)
class Input:
    """One input quantity; the class methods make one from each way its spread is usually stated."""

    name: str
    value: float
    """Estimate x in the input's unit, used by the law of propagation."""
    standard_uncertainty: float
    """u(x) in the input's unit (scale of a Student t, JCGM 101 6.4.9.4)."""
    dof: float = INFINITE
    """Degrees of freedom of u(x), > 0 or infinite."""
    distribution: d.Distribution = field(default_factory=lambda: d.Constant(0.0))
    """What Monte Carlo draws."""
    unit: str = ""
    """A label."""
    source: str | None = None
    """Inputs with one source are fully correlated, r = +1."""
    note: str = ""
    observations: tuple[float, ...] | None = None
    """The repeated readings it comes from, if any: two inputs read together are recognised by them."""

    def __post_init__(self) -> None:
        check_name(self.name, f"inputs.{self.name}")
        if not (math.isfinite(self.value) and math.isfinite(self.standard_uncertainty)):
            raise ValueError(f"{self.name}: value and standard uncertainty must be finite")
        if self.standard_uncertainty < 0.0 or not self.dof > 0.0:
            raise ValueError(f"{self.name}: the standard uncertainty is at least 0, the degrees of freedom above 0")

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """What must be said of it in every budget that it enters."""
        return tuple(input_notes(self))

    @classmethod
    def constant(cls, name: str, value: float, *, unit: str = "") -> Input:
        """A number without uncertainty."""
        return cls(name, value, 0.0, INFINITE, d.Constant(value), unit)

    @classmethod
    def normal(
        cls,
        name: str,
        value: float,
        standard_uncertainty: float,
        *,
        dof: float = INFINITE,
        unit: str = "",
        source: str | None = None,
    ) -> Input:
        """Gaussian with standard deviation `standard_uncertainty`; `dof` counts for the effective ones only."""
        drawn = d.Normal(value, standard_uncertainty)
        return cls(name, value, standard_uncertainty, dof, drawn, unit, source)

    @classmethod
    def expanded(
        cls,
        name: str,
        value: float,
        expanded_uncertainty: float,
        coverage_factor: float = 2.0,
        *,
        dof: float = INFINITE,
        unit: str = "",
        source: str | None = None,
    ) -> Input:
        """From a certificate: u = U/k, Gaussian (GUM 4.3.3)."""
        return cls.normal(name, value, expanded_uncertainty / coverage_factor, dof=dof, unit=unit, source=source)

    @classmethod
    def rectangular(
        cls,
        name: str,
        value: float,
        half_width: float,
        *,
        dof: float = INFINITE,
        unit: str = "",
        source: str | None = None,
    ) -> Input:
        """Equally probable within value ± half_width, u = a/√3 (GUM 4.3.7)."""
        return cls.of(name, d.Rectangular(value, half_width), dof=dof, unit=unit, source=source)

    @classmethod
    def of(
        cls,
        name: str,
        distribution: d.Distribution,
        *,
        value: float | None = None,
        dof: float = INFINITE,
        unit: str = "",
        source: str | None = None,
    ) -> Input:
        """With any distribution; the estimate is its mean unless another `value` is given."""
        estimate = distribution.mean if value is None else value
        return cls(name, estimate, distribution.standard_uncertainty, dof, distribution, unit, source)

    @classmethod
    def readings(cls, name: str, readings: Sequence[float], *, unit: str = "", source: str | None = None) -> Input:
        """Mean of at least two repeated readings, u = s/√n with n - 1 degrees of freedom, drawn as Student t."""
        mean, _, _, u, dof = evaluate_readings(readings)
        return cls(name, mean, u, dof, d.StudentT(mean, u, dof), unit, source, observations=tuple(readings))

    @classmethod
    def pooled(
        cls,
        name: str,
        readings: Sequence[float],
        standard_deviation: float,
        *,
        dof: float = INFINITE,
        unit: str = "",
        source: str | None = None,
    ) -> Input:
        """Mean of one or more readings with a pooled s: u = s_p/√n, drawn normal, as Student t when `dof` is finite."""
        mean, _, _, u, _ = evaluate_pooled(readings, standard_deviation)
        drawn: d.Distribution = d.Normal(mean, u) if math.isinf(dof) else d.StudentT(mean, u, dof)
        return cls(name, mean, u, dof, drawn, unit, source)
