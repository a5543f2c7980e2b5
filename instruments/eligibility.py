"""May this standard serve this measurement on this day: every reason why not, hard or soft."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
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
    if need.u_at_most is not None and (certificate.greatest_U is None or certificate.greatest_U > need.u_at_most):
        U = f"{certificate.greatest_U:.5g}" if certificate.greatest_U is not None else "?"
        wanted = f"{need.u_at_most:.5g}"
        yield _reason("requirement", f"U của chuẩn là {_vi(U)}, cần ≤ {_vi(wanted)} {need.unit}",
                      f"its U is {U}, ≤ {wanted} {need.unit} is wanted", U=U, wanted=wanted)  # fmt: skip


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
