"""Repeats that stand in several lines keep their columns apart."""
from __future__ import annotations

from lims.jobs.sheet_page import CellView, HeadView, RowView, TableView

CELLS = [CellView(f"main/1/{column}/{repeat}", f"{column} {repeat}", "", 0, "", head=column)
         for column in ("Chuẩn", "Số chỉ") for repeat in range(1, 5)]
HEADS = [HeadView(column, "°C", "none", repeat) for column in ("Chuẩn", "Số chỉ") for repeat in range(1, 5)]


def test_each_column_of_repeats_has_one_head_and_its_own_boxes() -> None:
    row = RowView("main/1", "0", "", CELLS, "")
    table = TableView("main", "Sai số", ("Nhiệt độ", "°C"), HEADS, [row], [], None, False, False)
    assert table.wrapped
    assert [(head.label, head.nth) for head in table.columns] == [("Chuẩn", 0), ("Số chỉ", 0)]
    assert [[cell.key for cell in group] for group in row.groups] == [
        [f"main/1/{column}/{repeat}" for repeat in range(1, 5)] for column in ("Chuẩn", "Số chỉ")]
