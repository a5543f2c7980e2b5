"""Blocks copied from spreadsheets: columns by their heads, units, faults at their line."""
from __future__ import annotations

import pytest

from instruments.pasted_table import PastedRow, read_block

ROWS = (PastedRow(2, "0", "0,001", "0,004", "2"), PastedRow(3, "16", "-0,002", "0,004", "2"))


@pytest.mark.parametrize("sign", ["\t", ";"])
def test_heads_name_columns_and_units_in_any_order(sign: str) -> None:
    block = f"U (mbar){sign}Điểm đo [bar]{sign}k{sign}Số hiệu chính, mbar\n0,004{sign}0{sign}2{sign}0,001\n" \
            f"0,004{sign}16{sign}2{sign}-0,002"
    read = read_block(block)
    assert (read.rows, read.stated, read.unit, read.spread_unit, read.faults) == (ROWS, "correction", "bar", "mbar", ())


def test_an_error_column_gives_corrections_of_the_opposite_sign() -> None:
    read = read_block("Nominal\tError\tU\tk\n0\t-0,001\t0,004\t2\n16\t+0,002\t0,004\t2\n20\t0,000\t0,004\t2")
    assert [row.stated for row in read.rows] == ["0,001", "-0,002", "0,000"]


def test_without_a_head_the_columns_stand_in_the_usual_order() -> None:
    read = read_block("0\t0,000\t0,004\n16\t16,001\t0,004\n")
    assert (read.stated, [(row.line, row.nominal, row.stated, row.uncertainty, row.coverage) for row in read.rows]) == (
        "value", [(1, "0", "0,000", "0,004", ""), (2, "16", "16,001", "0,004", "")])


@pytest.mark.parametrize(("block", "lines"), [
    ("", [1]), ("Điểm đo;Giá trị;U\n0;1;2;3;4\n5;;6", [2, 3]), ("Điểm đo;Màu;U\n0;1;2", [1, 1]),
    ("Điểm đo;Giá trị;Giá trị;U\n0;1;2;3", [1]), ("1\n2", [1]), ("Điểm đo;Giá trị;U", []),
    ("\n".join(["x;Giá trị;U;k"] + ["1;2;3;4"] * 3), [1, 1])])
def test_faults_name_their_line(block: str, lines: list[int]) -> None:
    read = read_block(block)
    assert [line for line, _text in read.faults] == lines
    assert not (read.rows and len(lines) > 1 and lines[0] == 1)


def test_a_long_block_is_cut_with_a_fault() -> None:
    read = read_block("\n".join(["1;2;3"] * 501))
    assert (len(read.rows), [line for line, _text in read.faults]) == (500, [501])


@pytest.mark.parametrize(("heads", "expected"), [
    ("Điểm đo, bar\tSố hiệu chính, mbar\tU (k = 2), mbar", ("correction", "bar", "mbar", "2")),
    ("Danh định (V)\tSai số (mV)\tĐKĐBĐ U (k=1,65) (mV)", ("correction", "V", "mV", "1,65")),
    ("Điểm đo / bar\tGiá trị chuẩn / bar\tU / mbar", ("value", "bar", "mbar", "")),
    ("Số chỉ (°C)\tGiá trị thực (°C)\tU95 (°C)", ("value", "°C", "°C", "")),
    ("Giá trị đặt (bar)\tGiá trị thực tế (bar)\tĐộ KĐB đo (95 %) (bar)", ("value", "bar", "bar", "")),
    ("Giá trị danh nghĩa (g)\tSố hiệu chính (mg)\tĐộ không đảm bảo đo mở rộng U (k = 2, p = 95 %) (mg)",
     ("correction", "g", "mg", "2")),
    ("Điểm đo [m3/h]\tSai số (%)\tU (%)", ("correction", "m3/h", "%", "")),
])
def test_heads_as_certificates_write_them(heads: str, expected: tuple[str, str, str, str]) -> None:
    read = read_block(heads + "\n10\t-0,5\t0,004")
    (row,) = read.rows
    assert (read.stated, read.unit, read.spread_unit, row.coverage) == expected
    assert (row.nominal, row.stated.lstrip("-"), row.uncertainty, read.faults) == ("10", "0,5", "0,004", ())


def test_columns_that_say_nothing_of_the_values_are_passed_over() -> None:
    read = read_block("STT\tĐiểm đo (bar)\tSai số (bar)\tSai số cho phép (bar)\tU (bar)\tk\tGhi chú\n"
                      "1\t10\t0,02\t0,05\t0,004\t2\tđạt")
    assert read.rows == (PastedRow(2, "10", "-0,02", "0,004", "2"),)
    assert read.faults == ()


@pytest.mark.parametrize("units", ["bar\tbar\tmbar", "(bar)\t(bar)\t(mbar)"])
def test_units_may_stand_below_the_head(units: str) -> None:
    read = read_block(f"Điểm đo\tGiá trị chuẩn\tU\n{units}\n10\t10,002\t4")
    assert (read.rows, read.unit, read.spread_unit) == ((PastedRow(3, "10", "10,002", "4", ""),), "bar", "mbar")


def test_units_may_stand_in_the_cells_and_a_plus_minus_before_u() -> None:
    read = read_block("Điểm đo\tGiá trị\tU\n10 bar\t10,002 bar\t± 4 mbar\n1 000 bar\t1 000,1 bar\t±5 mbar")
    assert [(row.nominal, row.stated, row.uncertainty) for row in read.rows] == [
        ("10", "10,002", "4"), ("1 000", "1 000,1", "5")]
    assert (read.unit, read.spread_unit, read.faults) == ("bar", "mbar", ())
    mixed = read_block("10 bar\t10,002 bar\t4 mbar\n11 kPa\t11 bar\t4 mbar")
    assert [row.nominal for row in mixed.rows] == ["10 bar", "11 kPa"]  # refused where numbers are judged


@pytest.mark.parametrize("heads", ["Điểm đo (V)\tGiá trị (mV)\tU (mV)", "Điểm đo (V)\tSai số (V)\tU (mV)"])
def test_units_that_the_table_could_not_keep_apart_are_refused(heads: str) -> None:
    read = read_block(heads + "\n1\t1000,1\t0,1")
    assert [line for line, _text in read.faults] == [1]
    assert "mV" in read.faults[0][1].vi


def test_the_unit_of_u_is_told_though_it_is_that_of_the_points() -> None:
    assert read_block("Điểm đo (mm)\tGiá trị (mm)\tU (mm)\n25\t25,0001\t0,0001").spread_unit == "mm"


@pytest.mark.parametrize("filler", [" ", "(", "k = ", "±", "1 "])
def test_a_block_that_is_long_and_means_nothing_ends(filler: str) -> None:
    """A search that goes back and forth over the filler would take minutes."""
    cell = "a" + filler * 60_000 + "b"
    assert read_block(f"{cell}\tU\n±{' ' * 60_000}x\t1").rows == ()
