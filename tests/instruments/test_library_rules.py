"""Rules that hold for the library whatever is read: a limit belongs to the pass; direction and unit do not matter."""

from __future__ import annotations

import copy
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instruments.library import load_shipped
from instruments.run import readable
from instruments.sheet import layout
from tests.instruments.test_library import evaluated, plain_case


@pytest.mark.parametrize(
    ("name", "cells", "on_limit", "beyond"),
    [
        ("sphygmomanometer", ["main/4/up/1"], "146.9", "146.8"),
        ("sphygmomanometer", ["main/4/up/1", "main/4/down/1"], "152.9", "153.0"),
        ("sphygmomanometer", ["leak/4/end/1"], "230.0", "229.9"),
        ("sphygmomanometer", ["deflation/1/seconds/1"], "10.0", "10.1"),
        ("scale-verification", ["disc/1/after/1"], "1.05", "1.04"),
        ("scale-verification", ["zero/1/dl/1"], "0.050", "0.051"),
    ],
)
def test_on_the_limit_passes_and_one_step_beyond_fails(name: str, cells: list[str], on_limit: str, beyond: str) -> None:
    """±3 mmHg about 150 with a correction of 0.1 mmHg; 4 mmHg/min; 10 s; one step d; half a step e at zero."""
    for text, passes in ((on_limit, True), (beyond, False)):
        observations = plain_case(name)
        observations["readings"].update(dict.fromkeys(cells, text))
        rows = [row for table in evaluated(name, observations).tables for row in table.rows
                if set(row.cells) & set(cells)]  # fmt: skip
        assert [row.verdict for row in rows] == ["pass" if passes else "fail"]


@pytest.mark.parametrize("table", ["q_max_test", "q_min_test"])
@pytest.mark.parametrize(("percent", "verdict"), [("0.2999", "pass"), ("0.3001", "fail"), ("-0.2999", "pass"),
                                                  ("-0.3001", "fail")])  # fmt: skip
def test_a_dispenser_may_err_by_three_per_mille(table: str, percent: str, verdict: str) -> None:
    """Measure at 20 °C with a correction of 0.003 L: its reading for an error E of 20 L is 20/(1 + E/100) − 0.003."""
    observations = plain_case("fuel-dispenser")
    reading = 20 / (1 + float(percent) / 100) - 0.003
    for repeat in (1, 2, 3):
        typed = {"ind": "20.00", "meas": f"{reading:.7f}", "t_measure": "20.0"}
        observations["readings"].update({f"{table}/1/{key}/{repeat}": text for key, text in typed.items()})
    evaluation = evaluated("fuel-dispenser", observations)
    (row,) = next(found for found in evaluation.tables if found.key == table).rows
    assert row.verdict == verdict


@settings(max_examples=15, deadline=None)
@given(shift=st.integers(-40, 40))
def test_water_meters_follow_the_sign_rule_everywhere(shift: int) -> None:
    """All three errors moved together: fails exactly where they share a sign and none is within half of its limit."""
    observations = plain_case("water-meter")
    for point, volume in ((1, 10.02), (2, 10.03), (3, 100.10)):
        start = Decimal(observations["readings"][f"main/{point}/start/1"])
        end = start + Decimal(f"{volume * (1 + shift / 1000):.3f}")
        observations["readings"][f"main/{point}/end/1"] = str(end)
    table = evaluated("water-meter", observations).tables[0]
    shares = [row.value / row.mpe_upper for row in table.rows if row.value is not None and row.mpe_upper]
    one_sign = all(share > 0 for share in shares) or all(share < 0 for share in shares)
    expected = "fail" if one_sign and min(abs(share) for share in shares) > 0.5 else "pass"
    assert table.overall[0].verdict == expected


@pytest.mark.parametrize(("name", "up", "down"), [("pressure-gauge-calibration", "up", "down"),
                                                  ("sphygmomanometer", "up", "down")])  # fmt: skip
def test_up_and_down_may_change_places(name: str, up: str, down: str) -> None:
    observations = plain_case(name)
    turned = copy.deepcopy(observations)
    swap = {f"/{up}/": f"/{down}/", f"/{down}/": f"/{up}/"}
    turned["readings"] = {
        next((key.replace(old, new) for old, new in swap.items() if old in key), key): text
        for key, text in observations["readings"].items()
    }
    assert turned["readings"] != observations["readings"]
    for first, second in zip(evaluated(name, observations).tables[-1].rows, evaluated(name, turned).tables[-1].rows,
                             strict=True):  # fmt: skip
        assert first.value == pytest.approx(second.value)
        assert pytest.approx(second.U) == first.U


def test_a_scale_is_the_same_in_grams_and_in_kilograms() -> None:
    """Every number of the sheet times 1000, the certificate left in kilograms."""
    in_kg = plain_case("scale-calibration")
    in_g = copy.deepcopy(in_kg)
    thousand = Decimal(1000)
    in_g["instrument"].update({key: str(Decimal(in_kg["instrument"][key]) * thousand) for key in
                               ("max_capacity", "d", "rep_load", "ecc_load")}, mass_unit="g")  # fmt: skip
    in_g["instrument"]["test_loads"] = "; ".join(
        str(Decimal(load.strip()) * thousand) for load in in_kg["instrument"]["test_loads"].split(";"))  # fmt: skip
    in_g["readings"] = {key: str(Decimal(text) * thousand) for key, text in in_kg["readings"].items()}
    for small, large in zip(evaluated("scale-calibration", in_kg).tables[2].rows,
                            evaluated("scale-calibration", in_g).tables[2].rows, strict=True):  # fmt: skip
        assert small.value is not None
        assert small.U is not None
        assert large.value == pytest.approx(1000 * small.value, abs=1e-9)
        assert pytest.approx(1000 * small.U, rel=1e-9) == large.U
        assert (small.unit, large.unit) == ("kg", "g")


@settings(max_examples=20, deadline=None)
@given(factor=st.floats(1.01, 20))
@pytest.mark.parametrize("name", ["micropipette", "pt100", "thermometer-bath", "weight-verification", "taximeter"])
def test_a_worse_standard_never_makes_a_better_result(name: str, factor: float) -> None:
    observations = plain_case(name)
    worse = copy.deepcopy(observations)
    for standard in worse["standards"].values():
        for point in standard["points"]:
            point["U"] *= factor
    for better, worsened in zip(evaluated(name, observations).tables[-1].rows, evaluated(name, worse).tables[-1].rows,
                                strict=True):  # fmt: skip
        assert better.U is not None
        assert worsened.U is not None
        assert worsened.U / (worsened.k or 1) > better.U / (better.k or 1)
        assert worsened.value == pytest.approx(better.value)


@pytest.mark.parametrize(("deviation", "verdict"), [("0.0145", "pass"), ("0.0155", "fail")])
def test_a_weight_keeps_a_guard_band_of_its_uncertainty(deviation: str, verdict: str) -> None:
    """F2, 1 kg: 16 mg less U ≈ 1.0 mg leaves 15.0 mg (OIML R 111-1, 5.3)."""
    observations = plain_case("weight-verification")
    evaluation = evaluated("weight-verification", observations)
    value, U = evaluation.tables[0].rows[0].value, evaluation.tables[0].rows[0].U
    assert value is not None
    assert U is not None
    assert 0.0009 < U < 0.0011
    shift = 1000 + float(deviation) - value
    for cycle in (1, 2, 3):
        for column in ("b1", "b2"):
            key = f"abba/1/{column}/{cycle}"
            observations["readings"][key] = f"{float(observations['readings'][key]) + shift:.7f}"
    assert evaluated("weight-verification", observations).verdict == verdict


def test_of_several_measures_each_keeps_to_its_own_volume() -> None:
    """The 20 L measure's U of 0.01 L is fine at 20 L, whatever the 2 L measure must keep to."""
    need = layout(load_shipped("fuel-dispenser"), {}).standards[0]
    assert (need.max_count, need.u_at_most) == (3, None)
    warned = [warning for warning in evaluated("fuel-dispenser", plain_case("fuel-dispenser")).warnings
              if warning.code == "standard_requirement"]  # fmt: skip
    assert warned == []


def test_what_is_judged_of_a_whole_table_is_told_on_the_terminal_too() -> None:
    assert "ít nhất một sai số trong 1/2 giới hạn: đạt" in readable(evaluated("water-meter", plain_case("water-meter")))
    failed = readable(evaluated("water-meter", plain_case("water-meter", 1)))
    assert "ít nhất một sai số trong 1/2 giới hạn: không đạt" in failed
