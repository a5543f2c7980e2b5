"""The empty sheet: points, cells, order of measuring, what the guard and the standards' picker need."""

from __future__ import annotations

from decimal import Decimal

import pytest

from instruments.library import load_shipped
from instruments.rows import row_cells
from instruments.sheet import layout
from tests.instruments.sample_procedure import sample

GAUGE = {"range_max": "10", "division": "0,2", "accuracy_class": "1,6"}


def points(text: str, **instrument: str) -> list[str]:
    """Nominal texts of the first table when its points are replaced."""
    procedure = sample(('values = ["range_max/2"]', text))
    return [point.nominal_text for point in layout(procedure, {"range_max": "50", **instrument}).tables[0].points]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("values = [0, 2.5, 10]", ["0.0", "2.5", "10.0"]),
        ('values = ["range_max/3"]', ["16.6666666667"]),
        ('percent = [0, 20, 100]\nfrom = 0\nto = "range_max/31.25"', ["0.00", "0.32", "1.60"]),
        ("evenly = 5\nfrom = -1\nto = 1", ["-1.0", "-0.5", "0.0", "0.5", "1.0"]),
    ],
)
def test_points_come_from_a_list_per_cent_or_an_even_spread(text: str, expected: list[str]) -> None:
    assert points(text) == expected


def test_points_typed_for_this_instrument_go_before_those_of_the_procedure() -> None:
    calliper = load_shipped("vernier-calliper")
    usual = layout(calliper, {"range_max": "150", "resolution": "0,05"}).tables[0]
    chosen = layout(calliper, {"range_max": "150", "resolution": "0,05", "test_points": "41,3; 131.4;150"}).tables[0]
    assert [point.nominal_text for point in usual.points] == ["30", "60", "90", "120", "150"]
    assert [point.nominal_text for point in chosen.points] == ["41.3", "131.4", "150.0"]


def test_the_class_of_a_gauge_gives_its_number_of_points_and_limits() -> None:
    main = layout(load_shipped("dial-pressure-gauge"), GAUGE).tables[1]
    fine = layout(load_shipped("dial-pressure-gauge"), {**GAUGE, "accuracy_class": "0.6"}).tables[1]
    assert [(point.nominal_text, point.mpe_text) for point in main.points] == [
        (text, "±0.16") for text in ("2", "4", "6", "8", "10")
    ]
    assert [point.nominal_text for point in fine.points] == [str(bar) for bar in range(1, 11)]


def test_cells_are_measured_up_and_then_down() -> None:
    main = layout(load_shipped("dial-pressure-gauge"), GAUGE).tables[1]
    walk = [cell.key for cell in sorted(main.cells, key=lambda cell: cell.order)]
    assert walk[:2] == ["main/1/up/1", "main/2/up/1"]
    assert walk[4:7] == ["main/5/up/1", "main/5/down/1", "main/4/down/1"]
    assert walk[-1] == "main/1/down/1"


def test_a_cell_knows_what_is_expected_of_it() -> None:
    cell = layout(load_shipped("dial-pressure-gauge"), GAUGE).cell("main/2/up/1")
    assert (cell.expected, cell.within, cell.resolution) == (Decimal("4"), Decimal("0.48"), Decimal("0.001"))


def test_cells_of_a_row_are_the_same_on_the_sheet_and_in_its_result() -> None:
    procedure = sample()
    sheet = layout(procedure, {"range_max": "50"})
    for table, drawn in zip(procedure.tables, sheet.tables, strict=True):
        wanted = [key for point in drawn.points for key in row_cells(table, point.number)]
        assert [cell.key for cell in drawn.cells] == wanted
    assert [cell.optional for cell in sheet.tables[0].cells] == [False, False, False, True]


def test_what_a_standard_must_cover_and_how_good_it_must_be_at_the_hardest_point() -> None:
    (need,) = layout(sample(), {"range_max": "50", "grade": "1"}).standards
    assert (need.lower, need.upper, need.unit) == (0.0, 50.0, "mm")
    assert need.u_at_most == pytest.approx(0.008 / 3)
    assert [place for place, _limit in need.u_limits] == [0.0, 25.0, 50.0]
    assert min(limit for _place, limit in need.u_limits) == need.u_at_most
    (unknown,) = layout(sample(), {"range_max": "50"}).standards
    assert unknown.u_at_most is None


def test_a_standard_without_a_stated_range_must_cover_the_points_unless_several_share_them() -> None:
    (calibrator,) = layout(load_shipped("multimeter-dc"), {"resolution": "0,1", "test_points": "20; 190"}).standards
    (blocks,) = layout(load_shipped("vernier-calliper"), {"range_max": "150", "resolution": "0,05"}).standards
    assert (calibrator.lower, calibrator.upper) == (20.0, 190.0)
    assert (blocks.lower, blocks.upper, blocks.max_count) == (None, None, 3)


def test_without_its_fields_a_sheet_says_what_is_missing_and_has_no_points_yet() -> None:
    sheet = layout(sample(), {"grade": "7"})
    assert [(problem.code, problem.where) for problem in sheet.problems] == [
        ("field_missing", "range_max"),
        ("field_wrong", "grade"),
    ]
    assert [table.points for table in sheet.tables] == [(), ()]
    with pytest.raises(KeyError):
        sheet.cell("main/1/up/1")


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("range_max", "abc", "Không phải là số"),
        ("range_max", "1;2", "Không phải là số"),
        ("range_max", "nan", "Không phải là số"),
        ("grade", "2", "Chọn một trong: 0.5; 1."),
    ],
)
def test_a_wrong_field_is_told_by_its_name(field: str, text: str, says: str) -> None:
    (problem,) = layout(sample(), {"range_max": "50", field: text}).problems
    assert says in problem.text.vi


def test_a_choice_may_be_typed_with_a_comma_and_a_number_within_its_bounds() -> None:
    calliper = load_shipped("vernier-calliper")
    assert layout(sample(), {"range_max": "50", "grade": "0,5"}).problems == ()
    (problem,) = layout(calliper, {"range_max": "0", "resolution": "0,05"}).problems
    assert problem.text.en == "Measuring range up to: Expected ≥ 1 mm."


def test_what_else_is_known_of_the_instrument_is_left_alone() -> None:
    assert layout(sample(), {"range_max": "50", "colour": "red"}).problems == ()
