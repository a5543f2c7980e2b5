"""The numbers in the library's procedures are those of the data files beside it; their state is said."""

from __future__ import annotations

import csv
import json
from importlib.resources import files
from typing import Any

import pytest

from instruments.library import load_shipped, shipped_names
from instruments.procedure_model import Lookup
from tests.instruments.pencil import air, iec60751, water


def text_of(name: str) -> str:
    return (files("instruments") / "data" / name).read_text(encoding="utf-8")


def rows_of(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text_of(name).splitlines()))


def lookup(procedure: str, key: str) -> Lookup:
    return next(entry for entry in load_shipped(procedure).lookups if entry.key == key)


@pytest.mark.parametrize("procedure", ["weight-verification", "weight-comparison"])
def test_weights_have_the_limits_of_r111(procedure: str) -> None:
    table = lookup(procedure, "mpe_mg")
    held = {(row.bound, choice): value for row in table.rows for choice, value in row.by_choice.items()}
    wanted = {
        (float(f"{float(row['nominal_kg']) * 1000:.12g}"), choice): float(row[f"{choice}_mg"])
        for row in rows_of("oiml_r111_mpe_mg.csv")
        for choice in ("E2", "F1", "F2", "M1", "M1-2", "M2", "M2-3", "M3")
        if row[f"{choice}_mg"]
    }
    assert held == wanted
    assert table.confirmation == "unconfirmed"


def test_scales_have_the_limits_of_r76_by_class_and_load() -> None:
    table = lookup("scale-verification", "mpe_e")
    for row in rows_of("oiml_r76_mpe.csv"):
        lowest, highest = float(row["load_from_e_exclusive"]), float(row["load_to_e_inclusive"] or 1e9)
        for held in table.rows:
            if lowest < (held.bound or 0) <= highest and row["class"] in held.by_choice:
                assert held.by_choice[row["class"]] == float(row["mpe_initial_in_e"])
        assert any(held.bound == highest for held in table.rows)
    beyond = {held.bound for held in table.rows if "III" in held.by_choice}
    assert max(bound for bound in beyond if bound) == 10000


def test_pipettes_have_the_limits_of_iso_8655_and_say_that_they_wait() -> None:
    rows = rows_of("iso8655_2_pipette_mpe_typeA.csv")
    for key, column in (("limit_systematic", "systematic_uL"), ("limit_random", "random_uL")):
        table = lookup("micropipette", key)
        assert {row.bound: row.value for row in table.rows} == {
            float(row["nominal_uL"]): float(row[column]) for row in rows
        }
        assert table.confirmation == "unconfirmed"


def test_the_density_of_water_and_air_gives_the_published_z() -> None:
    """ISO 8655-6, table of Z, printed to 1e-4: differences up to 6e-5 by rounding."""
    for row in rows_of("iso8655_z_factor_computed.csv"):
        t = float(row["t_C"])
        for pressure in ("80", "85", "90", "95", "100", "101.325", "105"):
            rho = air(float(pressure) * 10, 50, t)
            z = 1000 / (water(t) - rho) * (1 - rho / 8000)
            assert z == pytest.approx(float(row[f"p_{pressure}_kPa"]), abs=6e-5)


def test_air_has_the_published_density_at_the_reference_point() -> None:
    """CIPM-2007 at 20 °C, 1013,25 hPa, 50 %: 1,1993 kg/m³; the approximation is good to 2e-4."""
    assert air(1013.25, 50, 20) == pytest.approx(1.1993, rel=2e-4)


def test_platinum_has_the_resistance_and_tolerances_of_iec_60751() -> None:
    data: dict[str, Any] = json.loads(text_of("iec60751.json"))
    for point, resistance in data["test_points"].items():
        assert iec60751(float(point[2:-1]), 100) == pytest.approx(resistance, abs=1e-6)
    constants = {entry.key: entry.value for entry in load_shipped("pt100").constants}
    assert (constants["A"], constants["B"], constants["Cneg"]) == (data["A"], data["B"], data["C_below_0"])
    a, b = (next(iter(lookup("pt100", key).rows)).by_choice for key in ("tol_a", "tol_b"))
    assert {grade: f"{a[grade]:g}+{b[grade]:g}|t|" for grade in a} == data["tolerance_C"]


def test_gauges_have_the_classes_of_en_837() -> None:
    (row,) = lookup("dial-pressure-gauge", "mpe_percent").rows
    assert row.by_choice == {
        line["class"]: float(line["mpe_percent_of_span"]) for line in rows_of("en837_1_classes.csv")
    }


def test_water_meters_dispensers_and_sphygmomanometers_have_the_limits_of_their_files() -> None:
    meters: dict[str, Any] = json.loads(text_of("oiml_r49_mpe.json"))
    for grade in ("1", "2"):
        limits = meters[f"class_{grade}"]
        (low,), (high,) = lookup("water-meter", "mpe_low").rows, lookup("water-meter", "mpe_high").rows
        assert low.by_choice[grade] == limits["Q1<=Q<Q2"]
        assert high.by_choice[grade] == limits["Q2<=Q<=Q4"]["T<=30C"]
    assert json.loads(text_of("oiml_r117_mpe.json"))["vietnam"]["DLVN_10"].startswith("±0.3 %")
    dispenser = load_shipped("fuel-dispenser").tables[0].mpe
    assert dispenser is not None
    assert dispenser.upper.value({}) == 0.3
    cuffs: dict[str, Any] = json.loads(text_of("sphygmomanometer.json"))
    (row,) = lookup("sphygmomanometer", "mpe_mmhg").rows
    assert row.by_choice == {"verification": cuffs["mpe_initial"]["mmHg"], "in_use": cuffs["mpe_in_use"]["mmHg"]}


@pytest.mark.parametrize("name", shipped_names())
def test_a_verification_whose_document_was_not_read_says_so(name: str) -> None:
    procedure = load_shipped(name)
    if procedure.service == "verification" and procedure.method.document.startswith("ĐLVN"):
        assert procedure.method.confirmation == "unconfirmed"
        assert any(procedure.method.document in entry.subject.en for entry in procedure.unconfirmed)
