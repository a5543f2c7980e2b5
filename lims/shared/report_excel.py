"""A report as an Excel workbook: one sheet for each section; text stays text, figures become numbers."""
from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from math import ceil
from typing import Any

import xlsxwriter

from certificates.history_chart import HistoryChart
from certificates.report import Column, Line, Part, Report, ReportTable, Section
from certificates.report_chart import SHADES, ReportChart
from certificates.wording import DEMONSTRATION

_NUMBER = re.compile(r"-?\d{1,15}(?:,\d{1,6})?", re.ASCII)
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
WIDEST, NARROWEST = 60, 6
"""Widths of columns, in signs."""
NARROW = 10
"""A column narrower than this holds numbers of lines."""
UPRIGHT, ACROSS = 72, 110
"""Signs across the page, upright and landscape."""
TALLEST = 405
WIDE = 1.1
"""Signs that a word's end costs, on average, of a line: text breaks between words."""


def excel_file(report: Report) -> bytes:
    """The report as .xlsx, ready to be printed on A4: head rows frozen and repeated, wide as the page, charts drawn."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": report.title, "company": report.short_name})
    formats = {
        "title": book.add_format({"bold": True, "font_size": 14, "valign": "top", "text_wrap": True}),
        "head": book.add_format({"bold": True, "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter"}),
        "cell": book.add_format({"border": 1, "text_wrap": True, "valign": "top"}),
        "strong": book.add_format({"border": 1, "text_wrap": True, "valign": "top", "bold": True}),
        "section": book.add_format({"bold": True, "valign": "top", "text_wrap": True}),
        "text": book.add_format({"valign": "top", "text_wrap": True}),
    }
    taken: set[str] = set()
    for section in report.sections:
        _SheetWriter(book, report, section, formats, _name(section, taken)).write()
    book.close()
    return out.getvalue()


class _SheetWriter:
    """One section on its sheet, from the top down; `widths` of the columns are those of its first table."""

    def __init__(self, book: Any, report: Report, section: Section, formats: dict[str, Any], name: str) -> None:
        self.book, self.report, self.section, self.formats, self.name = book, report, section, formats, name
        self.page, self.row, self.tables = book.add_worksheet(name), 0, 0
        first = next((_as_table(part) for part in section.parts if not isinstance(part, str | HistoryChart)), None)
        whole = ACROSS if report.landscape else UPRIGHT
        self.widths = [_width(column) for column in first.columns] if isinstance(first, ReportTable) else [whole]

    def write(self) -> None:
        """Everything of the section."""
        page, report = self.page, self.report
        page.set_paper(9)
        if report.landscape:
            page.set_landscape()
        page.fit_to_pages(1, 0)
        page.set_footer("&C&P/&N")
        if report.demonstration:
            page.set_header(f"&C&B{DEMONSTRATION.vi.upper()}")
        for place, width in enumerate(self.widths):
            page.set_column(place, place, width)
        self._text(report.title, "title", size=1.4)
        if report.note:
            self._text(report.note, "text")
        if self.section.title:
            self._text(f"{self.section.mark} {self.section.title}".strip(), "section")
        for part in self.section.parts:
            table = _as_table(part)
            if isinstance(table, str):
                for line in table.split("\n"):
                    self._text(line, "text")
                continue
            # The words of a chart stand under the words of the table before it, not in its column of numbers.
            chart = part if isinstance(part, ReportChart) else None
            after = int(chart is not None and self.tables > 0 and self.widths[0] < NARROW)
            top = self._table(table, after)
            if chart is not None and chart.shown:
                self._chart(chart, top, after)

    def _text(self, text: str, style: str, *, size: float = 1.0) -> None:
        """A line of text across the sheet; it wraps there, so that it does not widen the printed page."""
        last = len(self.widths) - 1
        if last:
            self.page.merge_range(self.row, 0, self.row, last, "", self.formats[style])
        self.page.write_string(self.row, 0, text, self.formats[style])
        lines = max(1, ceil(len(text) * WIDE * size / sum(self.widths)))
        self.page.set_row(self.row, min(TALLEST, 15 * size * lines))
        self.row += 1

    def _table(self, table: ReportTable, after: int) -> int:
        """Writes the table from the column `after` on; the row of its first line."""
        self.row += 1
        if table.caption:
            self._text(table.caption, "text")
        widths = [*self.widths[after:], *([NARROWEST] * len(table.columns))][:len(table.columns)]
        self.page.set_row(self.row, _height(tuple(column.head for column in table.columns), widths))
        for place, column in enumerate(table.columns, start=after):
            self.page.write_string(self.row, place, column.head, self.formats["head"])
        if not self.tables:
            self.page.repeat_rows(self.row)
            self.page.freeze_panes(self.row + 1, 0)
        self.tables += 1
        self.row += 1
        top = self.row
        for line in table.lines:
            style = self.formats["strong" if line.strong else "cell"]
            self.page.set_row(self.row, 15.0 if line.heads else _height(line.cells, widths))
            if line.heads:
                self.page.merge_range(self.row, after + 1, self.row, after + len(line.cells) - 1, "", style)
            for place, (text, column) in enumerate(zip(line.cells, table.columns, strict=True), start=after):
                if line.heads and place > after + 1:
                    break
                if column.right and _NUMBER.fullmatch(text):
                    self.page.write_number(self.row, place, float(text.replace(",", ".")), style)
                else:
                    self.page.write_string(self.row, place, text, style)
            self.row += 1
        if not table.lines:
            self._text(table.empty, "text")
        self.row += 1
        return top

    def _chart(self, chart: ReportChart, top: int, after: int) -> None:
        """Bars drawn from the table that stands above, in the order of its lines."""
        drawn, last = self.book.add_chart({"type": "bar", "subtype": "stacked"}), top + len(chart.shown) - 1
        for place, words in enumerate(chart.series, start=after + 1):
            red, green, blue = (round(255 * part) for part in SHADES[(place - after - 1) % len(SHADES)])
            drawn.add_series({
                "name": words, "categories": [self.name, top, after, last, after],
                "values": [self.name, top, place, last, place], "fill": {"color": f"#{red:02x}{green:02x}{blue:02x}"},
                "gap": 40})
        drawn.set_title({"name": chart.caption, "name_font": {"size": 10, "bold": False}})
        drawn.set_legend({"position": "bottom"})
        drawn.set_y_axis({"reverse": True})
        drawn.set_x_axis({"num_format": "0", "major_gridlines": {"visible": True, "line": {"color": "#d9d9d9"}}})
        height = 110 + 22 * len(chart.shown)
        drawn.set_size({"width": round(7 * min(UPRIGHT, sum(self.widths))), "height": height})
        self.page.insert_chart(self.row, 0, drawn)
        self.row += ceil(height / 20) + 1


def _as_table(part: Part) -> str | ReportTable:
    """What stands in a chart is a table of numbers here."""
    if isinstance(part, HistoryChart):
        return part.spoken()
    if not isinstance(part, ReportChart):
        return part
    heads = (Column("", 40), *(Column(words, 12, right=True) for words in part.series))
    return ReportTable(heads, tuple(Line((bar.label, *map(str, bar.counts))) for bar in part.bars), part.caption)


def _height(cells: Sequence[str], widths: Sequence[float]) -> float:
    """Points that a row needs: not every program fits the height of wrapped rows by itself."""
    needed = (sum(max(1, ceil(len(part) * WIDE / width)) for part in text.split("\n"))
              for text, width in zip(cells, widths, strict=True))
    return float(min(TALLEST, 15 * max(needed, default=1)))


def _width(column: Column) -> float:
    return min(WIDEST, max(NARROWEST, column.share))


def _name(section: Section, taken: set[str]) -> str:
    """A name that Excel takes, at most 31 signs, each once."""
    wanted = _FORBIDDEN.sub(" ", f"{section.mark} {section.title}".strip()).strip()[:28] or "Bảng"
    name, number = wanted, 2
    while name.casefold() in taken:
        name, number = f"{wanted[:25]} ({number})", number + 1
    taken.add(name.casefold())
    return name
