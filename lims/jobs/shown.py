"""Numbers of an evaluation as the page shows them: the digits unchanged, set in the page's language."""
from __future__ import annotations

from lims.shared.i18n import decimal
from uncertainty.rounding import group_thousands

MINUS = "\u2212"


def number(text: str, *, signed: bool = False) -> str:
    """A canonical text ("-0.10") with the language's decimal sign, a true minus, and groups of three."""
    shown = group_thousands(decimal(text)).replace("-", MINUS)
    return f"+{shown}" if signed and text and not text.startswith("-") and text.strip("0.") else shown


def plain_float(value: float, digits: int = 6) -> str:
    """A float that is no stated result (an uncertainty in a budget, a nominal) to so many significant digits."""
    return number(f"{value:.{digits}g}" if 1e-4 <= abs(value) < 1e9 or value == 0 else f"{value:.3e}")


def limits(text: str) -> str:
    """ "±0.16" or "-0.10 / +0.20" in the page's language."""
    return decimal(text).replace("-", MINUS)
