"""The figures of a period on paper: what the head signs as the quarterly report."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from flask import Flask, current_app

from certificates.document import Words
from certificates.report import Column, Line, Report, ReportTable, Section
from certificates.slips import Signatory
from lims.shared import clock
from lims.shared.db import session
from lims.shared.organisation import organisation
from lims.workload.counting import NOWHERE
from lims.workload.figures import Figures, Group
from lims.workload.rules import Span

Part = Callable[[Span, date], Section | None]
"""Given the span and today, a section of the quarterly report without its mark; None for nothing."""

__all__ = ["add_section", "area_word", "field_word", "group_table", "quarterly"]

_FIELD = {"length": "Độ dài", "mass": "Khối lượng", "volume": "Dung tích", "flow": "Lưu lượng",
          "volume/flow": "Dung tích, lưu lượng", "pressure": "Áp suất", "temperature": "Nhiệt độ",
          "force": "Lực, mô men lực", "electrical": "Điện, điện từ", "optics": "Quang học",
          "acoustics": "Âm thanh, rung", "phys-chem": "Hóa lý", "hydromet": "Khí tượng thủy văn", "speed": "Tốc độ",
          "other": "Khác", NOWHERE: "Chưa xếp lĩnh vực"}
_COLUMNS = (Column("Đã nhận", 10, right=True), Column("Xong", 9, right=True),
            Column("Kiểm định", 10, right=True), Column("Không đạt", 10, right=True),
            Column("Tỷ lệ không đạt, %", 12, right=True), Column("Đúng hẹn, %", 11, right=True),
            Column("Số ngày TB", 10, right=True), Column("Đang làm", 10, right=True), Column("Quá hẹn", 9, right=True))


def add_section(app: Flask, part: Part) -> None:
    """A feature further right adds a section to the report of a period."""
    app.extensions.setdefault("workload_sections", []).append(part)


def quarterly(found: Figures, period: str, today: date) -> Report:
    """The report of a period: totals, then by field, by area, by person, then what other features add."""
    parts: list[Part] = current_app.extensions.get("workload_sections", [])
    added = [section for part in parts if (section := part(found.span, today)) is not None]
    laboratory = organisation(session())
    total = found.total
    summary = (
        f"Trong {period} (tính đến {min(found.span.last, today):%d/%m/%Y}), đơn vị nhận {total.taken_in} phương tiện "
        f"đo, làm xong {total.done.number}; kiểm định {total.verified}, không đạt {total.rejected} "
        f"({_number(total.rejected_share)} %); đúng hẹn {_number(total.on_time_share)} %. Thời gian từ khi nhận đến "
        f"khi cấp giấy: trung vị {_days(found.median_days)} ngày, chín phần mười không quá {_days(found.slow_days)} "
        f"ngày. Hiện đang làm {total.open}, quá hẹn {total.overdue}.")
    return Report(
        title=f"Báo cáo số liệu công việc {period}", short_name=laboratory.short_name, created=clock.now(),
        superior=laboratory.superior_vi, issuer=laboratory.name_vi, dated=f"{laboratory.place}, ngày {today:%d} tháng "
        f"{today:%m} năm {today:%Y}", kind="Báo cáo", landscape=True, demonstration=laboratory.demonstration,
        sections=(
            Section("1", "Tổng hợp", (summary,)),
            Section("2", "Theo lĩnh vực đo", (group_table("Lĩnh vực", [(field_word(one.key), one) for one in
                                                                       found.by_field], total),)),
            Section("3", "Theo địa bàn", (group_table("Địa bàn", [(area_word(one.key), one) for one in found.by_area],
                                                      total),)),
            Section("4", "Theo người thực hiện", (group_table("Người", [(user.full_name, one) for user, one in
                                                                        found.by_person]),)),
            *(replace(section, mark=str(place)) for place, section in enumerate(added, 5))),
        signatories=(Signatory(Words("Người lập")),
                     Signatory(Words(laboratory.head_title_vi))))


def group_table(head: str, rows: Sequence[tuple[str, Group]], total: Group | None = None) -> ReportTable:
    """One line for each group, the sum last."""
    lines = [Line((name, *_cells(group))) for name, group in rows]
    if total is not None and lines:
        lines.append(Line(("Cộng", *_cells(total)), strong=True))
    return ReportTable((Column(head, 26), *_COLUMNS), tuple(lines), empty="Chưa có số liệu trong kỳ.")


def field_word(key: str) -> str:
    """A field in Vietnamese."""
    return _FIELD.get(key, key)


def area_word(key: str) -> str:
    """An area as written."""
    return "Chưa rõ địa bàn" if key == NOWHERE else key


def _cells(group: Group) -> tuple[str, ...]:
    return (str(group.taken_in), str(group.done.number), str(group.verified), str(group.rejected),
            _number(group.rejected_share), _number(group.on_time_share), _number(group.mean_days), str(group.open),
            str(group.overdue))


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}".replace(".", ",")


def _days(value: int | None) -> str:
    return "–" if value is None else str(value)
