"""Loads made up of weights calibrated one by one: sums done by hand, and the single certificate as the oracle."""
from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instruments.formula import read_formula
from instruments.load_of_pieces import combined
from instruments.observations import Observations, StandardData, StandardPoint
from instruments.procedure_model import StandardSlot
from instruments.recompute import assumed, with_standard
from instruments.standard_values import StandardUnusable, serve, standard_numbers
from instruments.unit_factors import UnlikeUnits
from instruments.words import Words

SET = "CH-QC-01"


def weight(grams: float, correction_mg: float, U_mg: float, *, name: str = "", drift: float = 0.0,
           k: float = 2.0) -> StandardData:
    name = name or f"QC-{grams:g}"
    return StandardData(name, f"K-{name}", "g", (StandardPoint(grams, U_mg, k, correction=correction_mg),),
                        spread_unit="mg", drift=drift, whole=SET)


def slot(between: Literal["linear", "exact", "sum"] = "sum", unit: str = "g") -> StandardSlot:
    return StandardSlot(
        key="ref", label=Words("quả cân", "weights"), quantity="mass", unit=unit, needs_from=None, needs_to=None,
        at=read_formula("nominal"), between=between, u_at_most=None, mpe_at_most=None, min_count=1, max_count=1)


WEIGHTS = (weight(500, 0.8, 0.25, drift=0.1), weight(200, -0.3, 0.10, drift=0.04),
           weight(200, 0.2, 0.12, name="QC-200*"), weight(100, 0.05, 0.05))


def test_700_g_from_500_g_and_200_g_adds_corrections_and_uncertainties() -> None:
    """By hand: 0.8 - 0.3 = 0.5 mg; U = 0.25 + 0.10 = 0.35 mg (cg-18 v4.0, 7.1.2.2); drift 0.14 mg."""
    use, _data = serve(slot(), WEIGHTS, 700.0)
    assert (use.correction, use.U, use.drift) == pytest.approx((0.0005, 0.00035, 0.00014))
    assert use.value == pytest.approx(700.0005)
    assert (use.asset_number, use.certificate_number) == ("QC-500 + QC-200", "K-QC-500 + K-QC-200")


def test_a_single_point_names_its_own_part_and_each_piece_is_put_on_once() -> None:
    assert serve(slot(), WEIGHTS, 200.0)[0].asset_number == "QC-200"
    assert serve(slot(), WEIGHTS, 400.0)[0].asset_number == "QC-200 + QC-200*"
    assert serve(slot(), WEIGHTS, 1000.0)[0].correction == pytest.approx(0.00075)
    with pytest.raises(StandardUnusable) as wrong:
        serve(slot(), WEIGHTS, 1200.0)
    assert wrong.value.code == "standard_range"
    assert SET in wrong.value.text.vi
    with pytest.raises(StandardUnusable):  # one weight alone is there once
        serve(slot(), WEIGHTS[1:2], 400.0)


def test_other_units_of_the_sheet_and_of_k() -> None:
    parts = (weight(500, 0.8, 0.25, k=2.0), weight(200, -0.3, 0.30, k=3.0))
    use = serve(slot(unit="kg"), parts, 0.7)[0]
    assert (use.correction, use.U) == pytest.approx((0.5e-6, 0.55e-6))
    assert use.U / use.k == pytest.approx((0.125 + 0.1) * 1e-6)


def test_what_is_read_at_a_point_only_is_read_from_the_part_that_has_it() -> None:
    use = serve(slot("exact"), WEIGHTS, 100.0)[0]
    assert (use.asset_number, use.correction) == ("QC-100", pytest.approx(0.00005))
    with pytest.raises(StandardUnusable) as wrong:
        serve(slot("exact"), WEIGHTS, 700.0)
    assert SET in wrong.value.text.en
    below_zero = StandardData("T", "KT", "g", (StandardPoint(-20, 0.1, correction=0.5),), whole=SET, resolution=0.01)
    assert serve(slot("linear"), (below_zero,), -20.0)[1].resolution == 0.01
    with pytest.raises(StandardUnusable):  # nothing is read between two weights
        serve(slot("linear"), WEIGHTS, 300.0)


def test_two_sets_that_were_chosen_make_up_a_load_that_neither_has() -> None:
    small = StandardData("A", "KA", "g", (StandardPoint(300, 0.001, correction=0.002),))
    large = StandardData("B", "KB", "kg", (StandardPoint(1, 0.000004, correction=-0.000005),))
    use = serve(slot(), (small, large), 1300.0)[0]
    assert use.asset_number == "B + A"
    assert (use.correction, use.U) == pytest.approx((-0.003, 0.005))
    assert serve(slot(), (small, large), 900.0)[0].asset_number == "A"  # the first that covers it, as before


def test_no_load_has_no_error() -> None:
    use = serve(slot(), WEIGHTS, 0.0)[0]
    assert (use.correction, use.U, use.drift) == (0.0, 0.0, 0.0)
    assert (use.asset_number, use.certificate_number) == (SET, "")


def test_history_counts_for_each_piece() -> None:
    old, new = replace(WEIGHTS[0], history=0.3), WEIGHTS[1]
    use, data = serve(slot(), (old, new), 700.0)
    assert standard_numbers(slot(), use, data)["ref_history"] == pytest.approx(0.00034)


def test_a_review_of_one_weight_moves_the_loads_that_it_is_in() -> None:
    seen = Observations(standards={"ref": WEIGHTS})
    other = assumed(replace(WEIGHTS[0], whole=""), shift=1.0)
    changed = with_standard(seen, "ref", other).standards["ref"]
    assert not isinstance(changed, StandardData)
    assert serve(slot(), changed, 700.0)[0].correction == pytest.approx(0.0015)
    assert serve(slot(), changed, 200.0)[0].correction == pytest.approx(-0.0003)
    small = with_standard(seen, "ref", assumed(replace(WEIGHTS[1], whole=""), shift=1.0)).standards["ref"]
    assert not isinstance(small, StandardData)
    assert serve(slot(), small, 400.0)[0].correction == pytest.approx(0.0009)


@given(st.lists(st.sampled_from([1, 2, 5, 10, 20, 50, 100, 200, 500]), unique=True, min_size=1), st.data())
def test_weights_one_by_one_say_what_one_certificate_of_them_all_says(nominals: list[int], data: st.DataObject) -> None:
    rows = [StandardPoint(nominal, data.draw(st.floats(0, 1)), correction=data.draw(st.floats(-1, 1)))
            for nominal in nominals]
    whole = StandardData(SET, "K", "g", tuple(rows), spread_unit="mg", drift=0.01)
    parts = tuple(replace(whole, asset_number=f"P{row.nominal:g}", points=(row,), whole=SET) for row in rows)
    load = float(sum(data.draw(st.lists(st.sampled_from(nominals), unique=True, min_size=1))))
    one, several = serve(slot(), (whole,), load)[0], serve(slot(), parts, load)[0]
    assert (several.correction, several.U) == pytest.approx((one.correction, one.U), abs=1e-12)
    assert several.drift == pytest.approx(one.drift)


def test_nothing_is_made_up_of_no_pieces_or_of_unlike_units() -> None:
    assert combined(WEIGHTS, "g", 3.0) is None
    with pytest.raises(UnlikeUnits):
        combined(WEIGHTS, "mm", 3.0)
