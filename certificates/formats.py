"""How numbers, dates and times are printed for Vietnamese readers."""

import re
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"
HO_CHI_MINH = timezone(timedelta(hours=7))  # UTC+07 without daylight saving since 1975

_DECIMAL = re.compile(r"([+\-\u2212]?)(\d+)(?:[.,](\d+))?(?:[eE]([+-]?\d+))?")
_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_UNIT = re.compile(
    r"(?<=[\d)]) (?=(?:%|°C|°|Ω|[kMmµnGhd]?(?:Pa|bar|m|g|L|l|V|A|W|Ω|Hz|s|N|K|J|mol)|lượt|điểm)(?![^\W\d_]))"
)
_SIGN = re.compile(r" ([÷=≤≥<>±−]) (?=[\d(−+UVek±])")


@lru_cache(maxsize=8_000)
def is_figure(text: str) -> bool:
    """Whether a text is one decimal number in plain form ("-0.30", "1400", "1.2e-9")."""
    return _DECIMAL.fullmatch(text.strip()) is not None


@lru_cache(maxsize=8_000)
def figure(text: str, signed: bool = False) -> str:
    """A plain decimal as printed: "-1400.50" → "−1 400,50"; with `signed` also "+" (zero has no sign).

    Keeps every digit, groups the integer part by no-break spaces, writes an exponent as a power of ten; text that is
    no number is returned as it is.
    """
    match = _DECIMAL.fullmatch(text.strip())
    if match is None:
        return text
    sign, whole, fraction, exponent = match.groups()
    is_zero = not (whole + (fraction or "")).strip("0")
    shown = "" if is_zero else MINUS if sign in ("-", MINUS) else "+" if signed else ""
    shown += f"{int(whole):,}".replace(",", NO_BREAK_SPACE) + (f",{fraction}" if fraction else "")
    if exponent:
        shown += f"{NO_BREAK_SPACE}·{NO_BREAK_SPACE}10{str(int(exponent)).translate(_SUPERSCRIPT)}"
    return shown


def span(start: str, end: str, unit: str) -> str:
    """A range as printed: ("22.6", "23.1", "°C") → "(22,6 ÷ 23,1) °C"; equal or single ends give one value."""
    first, last = figure(start), figure(end)
    if not first or not last or first == last:
        return f"{first or last}{NO_BREAK_SPACE}{unit}".strip()
    return f"({first}{NO_BREAK_SPACE}÷{NO_BREAK_SPACE}{last}){NO_BREAK_SPACE}{unit}".strip()


def day(on: date | None) -> str:
    """dd/mm/yyyy, "" for none."""
    return f"{on.day:02d}/{on.month:02d}/{on.year:04d}" if on else ""


def long_day(place: str, on: date) -> str:
    """ "Minh Sơn, ngày 05 tháng 02 năm 2026": days below 10 and the months 1 and 2 take a zero (Decree 30/2020)."""
    month = f"{on.month:02d}" if on.month < 3 else str(on.month)
    text = f"ngày {on.day:02d} tháng {month} năm {on.year}"
    return f"{place}, {text}" if place else text[0].upper() + text[1:]


def days(first: date, last: date) -> str:
    """One day, or the first and the last: "13/11/2026 ÷ 16/11/2026"."""
    return day(first) if first == last else f"{day(first)}{NO_BREAK_SPACE}÷{NO_BREAK_SPACE}{day(last)}"


def instant(at: datetime) -> str:
    """An instant in the laboratory's time: "16/11/2026 15:42 (+07)". `at` has a time zone."""
    local = at.astimezone(HO_CHI_MINH)
    return f"{day(local.date())} {local:%H:%M} (+07)"


def tie(text: str) -> str:
    """Text in which no number is parted from its unit, no range broken at ÷ and no equation at its sign."""
    text = _UNIT.sub(NO_BREAK_SPACE, text)
    return _SIGN.sub(lambda match: f"{NO_BREAK_SPACE}{match[1]}{NO_BREAK_SPACE}", text)
