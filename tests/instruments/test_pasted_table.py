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
