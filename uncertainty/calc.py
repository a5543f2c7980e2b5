"""The calculations as documents: `calculate(kind, document)` gives what `lims calc` and the HTTP interface answer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

from uncertainty.document_text import load_document
from uncertainty.documents import wrong_kind
from uncertainty.tables import as_table

__all__ = ["KINDS", "as_table", "calculate", "load_document"]

KINDS = ("budget", "conformity", "interval", "fit", "anova", "comparison")
"""The kinds of calculation; each has its document format."""

_MODULES = {
    "budget": "uncertainty.budget_document",
    "conformity": "uncertainty.conformity",
    "interval": "uncertainty.intervals",
    "fit": "uncertainty.fit",
    "anova": "uncertainty.anova",
    "comparison": "uncertainty.comparison",
}


def calculate(
    kind: str, document: Mapping[str, object], *, seed: int | None = None, lean: bool = False
) -> dict[str, object]:
    """Calculate a checked document and return plain JSON values (never NaN or infinity).

    `seed` replaces the seed stated in a budget's `monte_carlo`. `lean` leaves out a budget's second order and texts
    (both null), for sheets that recalculate at every keystroke. Wrong input raises `InputError`.
    """
    if kind not in _MODULES:
        raise wrong_kind("kind", kind, vi=f"một trong: {', '.join(KINDS)}", en=f"one of: {', '.join(KINDS)}")
    options = {"seed": seed, "lean": lean} if kind == "budget" else {}
    result: dict[str, object] = _module(kind).calculate_document(document, **options)
    return result


@cache
def _module(kind: str) -> Any:
    """Imported on use: a worksheet that only needs budgets must not wait for the fits."""
    return import_module(_MODULES[kind])
