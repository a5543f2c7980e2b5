"""May this standard serve this measurement on this day: every reason why not, hard or soft."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import inf
from typing import Literal

from instruments.words import Words

Code = Literal[
    "state", "uncertified", "overdue", "wrong_quantity", "wrong_unit", "out_of_range", "chain", "part",
    "requirement", "reserved", "environment",
]  # fmt: skip
State = Literal["in_use", "out_for_calibration", "quarantined", "out_of_service", "retired"]

SOFT: frozenset[Code] = frozenset({"requirement", "reserved", "environment"})
"""Reasons that a role may override with a reason; all others admit no override."""

RANGE_GRACE = 1e-9
"""Share of the range by which a float may miss its end (0,1 + 0,2 is not 0,3)."""


@dataclass(frozen=True, slots=True)
class CertificateSpan:
    """One certificate of a standard: from when it applies, and through which day (None: no end stated)."""

    number: str
    valid_from: date
    valid_to: date | None
    unit: str
    lower: float
    upper: float
    greatest_U: float | None
    """Greatest U of its table, in the unit."""
    points: tuple[tuple[float, float], ...] = ()
    """(nominal, U) of its table in the unit, by nominal; none where U is in an unlike unit."""

    def U_at(self, place: float) -> float | None:
        """U at a place of its range: that of the point, between two the line through theirs; else the greatest."""
        for below, above in pairwise((*self.points, *self.points[-1:])):
            if below[0] <= place <= above[0]:
                share = (place - below[0]) / (above[0] - below[0]) if above[0] > below[0] else 0.0
                return below[1] + (above[1] - below[1]) * share
        return self.greatest_U


@dataclass(frozen=True, slots=True)
class Candidate:
    """A standard with its history of certificates, in any order."""

    asset_number: str
    quantity: str
    state: State
    certificates: tuple[CertificateSpan, ...]
    reserved_by: str | None = None
    """Who else has reserved it on the day."""
    environment_ok: bool = True
    """Whether the place of use meets the standard's own conditions."""
    part_faults: tuple[Words, ...] = ()
    """What stands against parts that it consists of, on the day: what holds for a part holds for the whole."""
    chain_ok: bool = True
    """Whether `instruments.traceability.chain_faults` found nothing on the day."""


@dataclass(frozen=True, slots=True)
class Need:
    """What a slot of the sheet wants (`instruments.sheet.SlotNeed`) on the measuring day; None: not asked."""

    on: date
    quantity: str
    unit: str
    lower: float | None = None
    upper: float | None = None
    u_at_most: float | None = None
    u_limits: tuple[tuple[float, float], ...] = ()
    """(place, greatest U there); where they are told, they count and not `u_at_most`."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why it may not serve. Hard: nobody may override. Soft: a role may, with a reason."""

    code: Code
    hard: bool
    params: Mapping[str, str]
    text: Words


def certificate_on(candidate: Candidate, on: date) -> CertificateSpan | None:
    """The certificate that applies on the day: the latest begun; None before the first."""
    begun = [certificate for certificate in candidate.certificates if certificate.valid_from <= on]
    return max(begun, key=lambda certificate: certificate.valid_from, default=None)


def reasons_against(candidate: Candidate, need: Need) -> tuple[Reason, ...]:
    """Every reason, hard ones first; empty when it may serve."""
    return tuple(sorted(_reasons(candidate, need), key=lambda reason: not reason.hard))


def _reasons(candidate: Candidate, need: Need) -> Iterator[Reason]:
    if candidate.state != "in_use":
        vi, en = _STATES[candidate.state]
        yield _reason("state", f"chuẩn {vi}", f"the standard is {en}", state=candidate.state)
    if candidate.quantity != need.quantity:
        yield _reason("wrong_quantity", "chuẩn của đại lượng khác", "it is a standard of another quantity",
                      quantity=candidate.quantity, needed=need.quantity)  # fmt: skip
    certificate = certificate_on(candidate, need.on)
    if certificate is None:
        yield _reason("uncertified", "chưa có giấy chứng nhận vào ngày đo", "no certificate on the measuring day",
                      on=need.on.isoformat())  # fmt: skip
    else:
        yield from _certificate_reasons(certificate, need)
    if not candidate.chain_ok:
        yield _reason("chain", "liên kết chuẩn bị đứt vào ngày đo", "its traceability was broken on the measuring day")
    for fault in candidate.part_faults:
        yield _reason("part", fault.vi, fault.en)
    if candidate.reserved_by is not None:
        yield _reason("reserved", f"đã được {candidate.reserved_by} giữ", f"reserved by {candidate.reserved_by}",
                      by=candidate.reserved_by)  # fmt: skip
    if not candidate.environment_ok:
        yield _reason("environment", "nơi đo không đúng điều kiện của chuẩn", "the place does not meet its conditions")


def _certificate_reasons(certificate: CertificateSpan, need: Need) -> Iterator[Reason]:
    if certificate.valid_to is not None and certificate.valid_to < need.on:
        due = f"{certificate.valid_to:%d/%m/%Y}"
        yield _reason("overdue", f"hết hạn ngày {due}, trước ngày đo", f"it was due on {due}, before the measuring day",
                      due=certificate.valid_to.isoformat(), certificate=certificate.number)  # fmt: skip
    if certificate.unit != need.unit:
        yield _reason("wrong_unit", f"giấy của chuẩn dùng {certificate.unit}, cần {need.unit}",
                      f"its certificate is in {certificate.unit}, {need.unit} is needed",
                      unit=certificate.unit, needed=need.unit)  # fmt: skip
        return
    if not _covers(certificate, need):
        held = f"{certificate.lower:.5g} … {certificate.upper:.5g}"
        yield _reason("out_of_range", f"phạm vi của chuẩn là {_vi(held)} {certificate.unit}",
                      f"its range is {held} {certificate.unit}",
                      lower=f"{certificate.lower:g}", upper=f"{certificate.upper:g}")  # fmt: skip
    worst = _worst(certificate, need)
    if worst is not None:
        place, there, limit = worst
        greatest, wanted = "?" if there is None else f"{there:.5g}", f"{limit:.5g}"
        at = "" if place is None else f"{place:.5g} {need.unit}"
        yield _reason("requirement",
                      f"U của chuẩn là {_vi(greatest)}{_vi(at and f' tại {at}')}, cần ≤ {_vi(wanted)} {need.unit}",
                      f"its U is {greatest}{at and f' at {at}'}, ≤ {wanted} {need.unit} is wanted",
                      U=greatest, wanted=wanted)  # fmt: skip


def _worst(certificate: CertificateSpan, need: Need) -> tuple[float | None, float | None, float] | None:
    """(place, U there, limit) where U exceeds its limit most; None where it exceeds none."""
    limits = need.u_limits or (((None, need.u_at_most),) if need.u_at_most is not None else ())
    found = [(place, certificate.greatest_U if place is None else certificate.U_at(place), limit)
             for place, limit in limits]  # fmt: skip
    beyond = [one for one in found if one[1] is None or one[1] > one[2] * (1 + RANGE_GRACE)]
    return max(beyond, key=lambda one: inf if one[1] is None or one[2] <= 0 else one[1] / one[2], default=None)


def _vi(text: str) -> str:
    """Numbers within the text as Vietnamese writes them."""
    return text.replace(".", ",")


def _covers(certificate: CertificateSpan, need: Need) -> bool:
    grace = RANGE_GRACE * max(abs(certificate.lower), abs(certificate.upper))
    reaches_down = need.lower is None or certificate.lower - grace <= need.lower
    reaches_up = need.upper is None or need.upper <= certificate.upper + grace
    return reaches_down and reaches_up


def _reason(code: Code, vi: str, en: str, /, **params: str) -> Reason:
    return Reason(code, code not in SOFT, params, Words(vi, en))


_STATES: dict[State, Words] = {
    "in_use": Words("đang dùng", "in use"),
    "out_for_calibration": Words("đang gửi hiệu chuẩn", "out for calibration"),
    "quarantined": Words("đang cách ly", "quarantined"),
    "out_of_service": Words("ngừng sử dụng", "out of service"),
    "retired": Words("đã thanh lý", "retired"),
}
