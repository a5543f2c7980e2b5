"""Rows of the register as the plain values that the rules of `instruments` take."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from instruments.drift_allowance import greatest_change
from instruments.eligibility import CertificateSpan
from instruments.observations import StandardData, StandardPoint
from instruments.schedule import CALENDAR_UNITS, CalendarUnit, interval_due
from instruments.traceability import Link, Route
from instruments.unit_factors import UnlikeUnits, unit_factor
from lims.equipment.models import Schedule, Standard, StandardCertificate, StandardValue

_ROUTES: dict[str, Route] = {
    "cipm_mra": "cipm_mra", "ilac_mra": "ilac_mra", "internal": "internal",
    "designated": "other", "other": "other",  # a national designation is documented evidence, not an MRA
}


Borne = tuple[Standard, StandardCertificate]
"""A standard with the certificate of it that counts."""


def standing(certificates: Iterable[StandardCertificate]) -> list[StandardCertificate]:
    """Certificates that no later entry supersedes or takes back, newest calibration first."""
    rows = list(certificates)
    superseded = {row.supersedes_id for row in rows}
    return sorted((row for row in rows if row.id not in superseded and not row.void),
                  key=lambda row: (row.calibrated_on, row.id), reverse=True)


def certificate_on(standard: Standard, day: date, function_id: int | None = None) -> StandardCertificate | None:
    """The certificate whose values count on the day: the newest standing one of that function (None: the first)
    calibrated on or before it. None where those of its parts count."""
    if function_id is None and rests_on_parts(standard, day):
        return None
    return next((row for row in standing(standard.certificates)
                 if row.function_id == function_id and row.calibrated_on <= day), None)


def rests_on_parts(standard: Standard, day: date) -> bool:
    """Whether on that day the values of its first function are those of its parts' certificates."""
    return standard.parts_from is not None and standard.parts_from <= day


def parts_on(whole: Standard, on: date) -> list[Borne]:
    """Parts with certificates of their own, each with the one that counts on the day; the others are covered by the
    certificate of the whole. Of several functions the first certified one stands for the part."""
    found: list[Borne] = []
    for part in whole.parts:
        if part.state == "retired":
            continue
        functions = sorted({row.function_id for row in standing(part.certificates)}, key=lambda one: one or 0)
        certificates = (certificate_on(part, on, function_id) for function_id in functions)
        certificate = next((one for one in certificates if one is not None), None)
        if certificate is not None:
            found.append((part, certificate))
    return found


def borne_by(standard: Standard, on: date, function_id: int | None = None) -> list[Borne]:
    """Whose certificates give the values of that function on the day: its own, or those of all its parts; none where
    one is missing."""
    if function_id is None and rests_on_parts(standard, on):
        found = parts_on(standard, on)
        return found if len(found) == sum(part.state != "retired" for part in standard.parts) else []
    certificate = certificate_on(standard, on, function_id)
    return [] if certificate is None else [(standard, certificate)]


def first_end(found: Iterable[Borne]) -> date | None:
    """The first last day of use among these certificates; None where none ends."""
    ends = (valid_through(standard, certificate) for standard, certificate in found)
    return min((end for end in ends if end is not None), default=None)


def newest_of_each(standard: Standard) -> list[StandardCertificate]:
    """The newest standing certificate of every function in use that has one, newest first; not of a first function
    whose values are those of its parts."""
    wanted = {None if standard.parts_from is None else 0, *(row.id for row in standard.functions if row.active)}
    newest: dict[int | None, StandardCertificate] = {}
    for row in standing(standard.certificates):
        if row.function_id in wanted:
            newest.setdefault(row.function_id, row)
    return list(newest.values())


def next_due(schedule: Schedule, done_on: date) -> date | None:
    """When the duty done on that day is due again by the calendar; None for an interval of use."""
    unit = calendar_unit(schedule.interval_unit)
    return None if unit is None else interval_due(done_on, schedule.interval_count, unit)


def calendar_unit(unit: str) -> CalendarUnit | None:
    """The unit when it is one of the calendar."""
    return next((one for one in CALENDAR_UNITS if one == unit), None)


def valid_through(standard: Standard, certificate: StandardCertificate) -> date | None:
    """Last day of use under this certificate: the earliest of its own end, the laboratory's intervals, the day on which
    a limit of use was reached, and the end of a reference material's lot."""
    ends = [end for end in (certificate.valid_to, standard.expires_on) if end]
    for schedule in standard.schedules:
        if schedule.duty == "calibration" and schedule.active:
            end = next_due(schedule, certificate.calibrated_on) or _used_up(schedule, certificate)
            ends += [end] if end else []
    return min(ends, default=None)


def _used_up(schedule: Schedule, certificate: StandardCertificate) -> date | None:
    """The day the limit of use was reached since this calibration; earlier calibrations are not asked about."""
    reached = schedule.used is not None and schedule.used >= schedule.interval_count
    return schedule.due_on if reached and schedule.last_done_on == certificate.calibrated_on else None


def spans(standard: Standard, unit: str, function_id: int | None = None) -> tuple[CertificateSpan, ...]:
    """The function's standing certificates, newest first, each over the range that it and the register both state.

    Numbers are in `unit` where the certificate's unit turns into it, else in the certificate's own.
    """
    return tuple(_span(standard, row, unit) for row in standing(standard.certificates)
                 if row.values and row.function_id == function_id)


def span_of_parts(found: Sequence[Borne], unit: str) -> tuple[CertificateSpan, ...]:
    """What the certificates of a set's parts cover together, as one; when each ends is said of the part itself."""
    spans = [_span(part, certificate, unit) for part, certificate in found if certificate.values]
    if not spans:
        return ()
    other = next((span.unit for span in spans if span.unit != unit), unit)
    greatest = [span.greatest_U for span in spans]
    return (CertificateSpan(
        number=", ".join(dict.fromkeys(span.number for span in spans)),
        valid_from=max(span.valid_from for span in spans), valid_to=None, unit=other,
        lower=min(span.lower for span in spans), upper=max(span.upper for span in spans),
        greatest_U=None if None in greatest else max(U for U in greatest if U is not None),
        points=() if None in greatest else tuple(sorted(point for span in spans for point in span.points))),)


def _span(standard: Standard, certificate: StandardCertificate, unit: str) -> CertificateSpan:
    shown = certificate.unit if _size_factor(certificate.unit, unit) is None else unit
    size = _size_factor(certificate.unit, shown) or 1.0
    nominals = [float(row.nominal) * size for row in certificate.values]
    low, high = min(nominals), max(nominals)
    held = certificate.function or standard
    register = _size_factor(held.unit, shown)
    if register is not None:
        low = max(low, float(held.range_low) * register) if held.range_low is not None else low
        high = min(high, float(held.range_high) * register) if held.range_high is not None else high
    spread = _factor(certificate.spread_unit or certificate.unit, shown)
    greatest = max(row.uncertainty for row in certificate.values)
    told = () if spread is None else tuple(sorted(
        (float(row.nominal) * size, float(row.uncertainty) * spread) for row in certificate.values))
    return CertificateSpan(
        number=certificate.number, valid_from=certificate.calibrated_on,
        valid_to=valid_through(standard, certificate), unit=shown, lower=low, upper=high,
        greatest_U=None if spread is None else float(greatest) * spread, points=told)


def _size_factor(source: str, target: str) -> float | None:
    """Factor between points of a scale: kelvin and degree Celsius have one step, but not one zero."""
    return None if (source == "°C") != (target == "°C") else _factor(source, target)


def _factor(source: str, target: str) -> float | None:
    try:
        return unit_factor(source, target)
    except UnlikeUnits:
        return None


def links(standard: Standard, function_id: int | Literal["all"] | None = "all") -> tuple[Link, ...]:
    """The standing certificates, of one function or of all, as links of the traceability chain; a set whose values are
    those of its parts stands below them."""
    found: tuple[Link, ...] = ()
    if standard.parts_from is not None and function_id in ("all", None):
        found = (Link(standard=standard.asset_number, certificate_number="", valid_from=standard.parts_from,
                      valid_to=None, route="parts", parents=tuple(
                          part.asset_number for part in standard.parts if part.state != "retired")),)
    return found + tuple(
        Link(standard=standard.asset_number, certificate_number=row.number, valid_from=row.calibrated_on,
             valid_to=valid_through(standard, row), route=_ROUTES[row.route],
             evidence=f"{row.accreditation} {row.traceable_to}".strip(),
             parents=tuple(parent.asset_number for parent in row.parents
                           if parent.part_of is None or parent.part_of not in row.parents
                           or not rests_on_parts(parent.part_of, row.calibrated_on)))
        for row in standing(standard.certificates) if function_id in ("all", row.function_id)
        and not (row.function_id is None and rests_on_parts(standard, row.calibrated_on)))


def as_standard_data(standard: Standard, certificate: StandardCertificate) -> StandardData:
    """The table of one certificate with the standard's drift, resolution and MPE, for an evaluation.

    Raises ValueError when the certificate has no values, or when drift, resolution and MPE cannot be turned into the
    unit of the certificate's U.
    """
    if not certificate.values:
        raise ValueError(f"{standard.asset_number}: certificate {certificate.number} has no values")
    spread = certificate.spread_unit or certificate.unit
    held = certificate.function or standard
    scale = _factor(held.spread_unit or held.unit, spread)
    stated = (held.drift_half_width, held.resolution, held.mpe)
    if scale is None and any(stated):
        raise ValueError(f"{standard.asset_number}: drift, resolution and MPE are in "
                         f"{held.spread_unit or held.unit}, its certificate states U in {spread}")
    drift, resolution, mpe = (None if one is None or scale is None else float(one) * scale for one in stated)
    return StandardData(
        asset_number=standard.asset_number, certificate_number=certificate.number, unit=certificate.unit,
        points=points(certificate.values), spread_unit=certificate.spread_unit or None,
        drift=drift or 0.0, resolution=resolution or 0.0, mpe=mpe, history=_history(standard, certificate),
        correlation=1.0 if certificate.correlation is None else float(certificate.correlation))


def as_part_data(part: Standard, certificate: StandardCertificate, whole: str) -> StandardData:
    """The same of a part, for the set of that asset number whose values are those of its parts."""
    return replace(as_standard_data(part, certificate), whole=whole)


def _history(standard: Standard, certificate: StandardCertificate) -> float | None:
    """Greatest change between the calibrations of the function up to this certificate, in its spread unit. Only what
    had been entered by then counts: it never changes, so neither do results that rest on it."""
    entered = [row for row in standard.certificates if row.id <= certificate.id]
    rows = [row for row in reversed(standing(entered)) if row.function_id == certificate.function_id
            and row.calibrated_on <= certificate.calibrated_on and _alike(row, certificate)]
    size = _factor(certificate.unit, certificate.spread_unit or certificate.unit) or 1.0
    return greatest_change([{float(one.nominal): _deviation(one, size) for one in row.values} for row in rows])


def _deviation(row: StandardValue, size: float) -> float:
    if row.correction is not None:
        return float(row.correction)
    return float((row.nominal if row.value is None else row.value) - row.nominal) * size


def _alike(row: StandardCertificate, other: StandardCertificate) -> bool:
    """Whether two tables are written in the same units."""
    return (row.unit, row.spread_unit or row.unit) == (other.unit, other.spread_unit or other.unit)


def points(values: Sequence[StandardValue]) -> tuple[StandardPoint, ...]:
    """The rows of a certificate as evaluation reads them."""
    return tuple(
        StandardPoint(nominal=float(row.nominal), U=float(row.uncertainty), k=float(row.coverage_factor),
                      value=None if row.value is None else float(row.value),
                      correction=None if row.correction is None else float(row.correction))
        for row in values)
