"""Monte Carlo by a fixed number of trials, or by as many as a number of stable digits needs."""

from __future__ import annotations

from uncertainty.monte_carlo import simulate

__all__ = ["simulate"]
