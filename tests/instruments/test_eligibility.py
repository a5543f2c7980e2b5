"""Which standards may serve, and every reason against the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instruments.eligibility import SOFT, Candidate, CertificateSpan, Need, reasons_against

D = date
CERTIFICATE = CertificateSpan("AS.0417.26", D(2026, 8, 14), D(2027, 8, 14), "bar", 0.0, 16.0, 0.004)
STANDARD = Candidate("CH-AS-014", "pressure", "in_use", (CERTIFICATE,))
NEED = Need(D(2026, 11, 23), "pressure", "bar", 0.0, 10.0, 0.04)


def codes(candidate: Candidate, need: Need = NEED) -> list[str]:
    return [reason.code for reason in reasons_against(candidate, need)]


def may_serve(candidate: Candidate, need: Need) -> bool:
    return not any(reason.hard for reason in reasons_against(candidate, need))


def test_a_valid_suitable_standard_has_nothing_against_it() -> None:
    assert codes(STANDARD) == []
    assert may_serve(STANDARD, NEED)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"state": "quarantined"}, "state"),
        ({"state": "out_of_service"}, "state"),
        ({"state": "out_for_calibration"}, "state"),
        ({"state": "retired"}, "state"),
        ({"quantity": "mass"}, "wrong_quantity"),
        ({"certificates": ()}, "uncertified"),
        ({"certificates": (replace(CERTIFICATE, valid_from=D(2026, 11, 24)),)}, "uncertified"),
        ({"certificates": (replace(CERTIFICATE, valid_to=D(2026, 11, 22)),)}, "overdue"),
        ({"certificates": (replace(CERTIFICATE, unit="kPa"),)}, "wrong_unit"),
        ({"certificates": (replace(CERTIFICATE, upper=9.99),)}, "out_of_range"),
        ({"certificates": (replace(CERTIFICATE, lower=0.1),)}, "out_of_range"),
        ({"chain_ok": False}, "chain"),
    ],
)
def test_a_hard_reason_bars_the_standard(change: dict[str, object], code: str) -> None:
    candidate = replace(STANDARD, **change)  # type: ignore[arg-type]
    assert codes(candidate) == [code]
    assert not may_serve(candidate, NEED)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"certificates": (replace(CERTIFICATE, greatest_U=0.05),)}, "requirement"),
        ({"certificates": (replace(CERTIFICATE, greatest_U=None),)}, "requirement"),
        ({"reserved_by": "Lê Văn Minh"}, "reserved"),
        ({"environment_ok": False}, "environment"),
    ],
)
def test_a_soft_reason_is_told_but_does_not_bar(change: dict[str, object], code: str) -> None:
    candidate = replace(STANDARD, **change)  # type: ignore[arg-type]
    assert codes(candidate) == [code]
    assert may_serve(candidate, NEED)


def test_a_standard_serves_on_the_first_and_on_the_last_day_of_its_certificate() -> None:
    assert codes(STANDARD, replace(NEED, on=D(2026, 8, 14))) == []
    assert codes(STANDARD, replace(NEED, on=D(2027, 8, 14))) == []
    assert codes(STANDARD, replace(NEED, on=D(2027, 8, 15))) == ["overdue"]


def test_the_certificate_of_the_day_counts_whatever_was_issued_later() -> None:
    newer = replace(CERTIFICATE, number="AS.0500.27", valid_from=D(2027, 8, 1), valid_to=D(2028, 8, 1), upper=5.0)
    both = replace(STANDARD, certificates=(newer, CERTIFICATE))
    assert codes(both) == []
    assert codes(both, replace(NEED, on=D(2027, 8, 2))) == ["out_of_range"]


def test_hard_reasons_come_first_and_all_are_named() -> None:
    candidate = replace(STANDARD, state="quarantined", reserved_by="A", certificates=())
    assert codes(candidate) == ["state", "uncertified", "reserved"]


def test_a_float_that_misses_the_end_of_the_range_by_nothing_is_inside() -> None:
    exact = replace(STANDARD, certificates=(replace(CERTIFICATE, upper=0.3),))
    assert codes(exact, replace(NEED, upper=0.1 + 0.2)) == []


def test_reasons_name_the_fact_in_both_languages() -> None:
    (reason,) = reasons_against(replace(STANDARD, certificates=(replace(CERTIFICATE, valid_to=D(2026, 11, 2)),)), NEED)
    assert reason.text.vi == "hết hạn ngày 02/11/2026, trước ngày đo"
    assert reason.params == {"due": "2026-11-02", "certificate": "AS.0417.26"}


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["in_use", "out_for_calibration", "quarantined", "out_of_service", "retired"]),
    st.dates(D(2025, 1, 1), D(2029, 1, 1)),
    st.booleans(),
    st.booleans(),
)
def test_a_standard_serves_exactly_when_no_reason_is_hard(state: str, on: date, reserved: bool, chain: bool) -> None:
    candidate = replace(
        STANDARD,
        state=state,  # type: ignore[arg-type]
        reserved_by="A" if reserved else None,
        chain_ok=chain,
    )
    reasons = reasons_against(candidate, replace(NEED, on=on))
    assert all(reason.hard == (reason.code not in SOFT) for reason in reasons)
    in_span = D(2026, 8, 14) <= on <= D(2027, 8, 14)
    assert may_serve(candidate, replace(NEED, on=on)) == (state == "in_use" and chain and in_span)


def test_numbers_in_a_reason_are_written_as_its_language_writes_them() -> None:
    narrow = replace(STANDARD, certificates=(replace(CERTIFICATE, upper=9.987654321),))
    (reason,) = reasons_against(narrow, NEED)
    assert "9,9877" in reason.text.vi
    assert "9.9877" in reason.text.en


SET = CertificateSpan("KL.1", D(2026, 8, 14), D(2027, 8, 14), "g", 1.0, 2000.0, 0.003,
                      points=((1.0, 0.00003), (1000.0, 0.0016), (2000.0, 0.003)))  # fmt: skip


@pytest.mark.parametrize(("limits", "told"), [
    (((1.0, 0.0003),), []), (((1.0, 0.00003),), []), (((1.0, 0.00002),), ["requirement"]),
    (((2000.0, 0.01), (1.0, 0.0003)), []), (((2000.0, 0.002), (1.0, 0.0003)), ["requirement"]),
    (((1500.0, 0.0023),), []), (((1500.0, 0.0022),), ["requirement"]),
])  # fmt: skip
def test_U_is_asked_about_at_the_points_that_are_measured(limits: tuple[tuple[float, float], ...],
                                                          told: list[str]) -> None:
    """By hand: at 1500 g the line between 1,6 mg and 3,0 mg is at 2,3 mg; a 2 kg weight says nothing of 1 g."""
    candidate = Candidate("KL", "mass", "in_use", (SET,))
    need = Need(D(2026, 11, 1), "mass", "g", u_at_most=min(limit for _place, limit in limits), u_limits=limits)
    assert codes(candidate, need) == told


def test_the_point_where_U_is_too_great_is_named() -> None:
    need = Need(D(2026, 11, 1), "mass", "g", u_limits=((1.0, 0.00002), (2000.0, 0.0001)))
    (reason,) = reasons_against(Candidate("KL", "mass", "in_use", (SET,)), need)
    assert reason.text.vi == "U của chuẩn là 0,003 tại 2000 g, cần ≤ 0,0001 g"
    assert reason.text.en == "its U is 0.003 at 2000 g, ≤ 0.0001 g is wanted"
