"""Reverse trace and impact recomputation in a laboratory with many results: CPU time, growth, and both against a floor.

One gauge is calibrated and submitted through the services; every other result is a copy of its rows, with other
readings at one point so that not all are alike. Standards form a chain of five levels. Rows beside the question are
other standards' results, so that growth with the size of the register is seen.
"""

from __future__ import annotations

LEVELS = 5
TRACED = 10_000
"""Results of one year that rest on the standard asked about, over all levels."""
