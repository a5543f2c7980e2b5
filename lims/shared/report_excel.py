"""A report as an Excel workbook: one sheet for each section; text stays text, figures become numbers."""
from __future__ import annotations

import re
from io import BytesIO
from math import ceil
from typing import Any

import xlsxwriter

from certificates.history_chart import HistoryChart
from certificates.report import Column, Line, Part, Report, ReportTable, Section
from certificates.report_chart import ReportChart
from certificates.wording import DEMONSTRATION

_NUMBER = re.compile(r"-?\d{1,15}(?:,\d{1,6})?", re.ASCII)
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
WIDEST, NARROWEST = 60, 6
"""Widths of columns, in signs."""
TALLEST = 405
WIDE = 1.1
"""Signs that a word's end costs, on average, of a line: text breaks between words."""


def excel_file(report: Report) -> bytes:
    """The report as .xlsx, ready to be printed on A4: head rows frozen and repeated, wide as the page."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": report.title, "company": report.short_name})
    formats = {
        "title": book.add_format({"bold": True, "font_size": 14, "valign": "top"}),
        "head": book.add_format({"bold": True, "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter"}),
        "cell": book.add_format({"border": 1, "text_wrap": True, "valign": "top"}),
        "strong": book.add_format({"border": 1, "text_wrap": True, "valign": "top", "bold": True}),
        "text": book.add_format({"valign": "top"}),
    }
    taken: set[str] = set()
    for section in report.sections:
        _sheet(book, report, section, formats, _name(section, taken))
    book.close()
    return out.getvalue()


def _as_table(part: Part) -> str | ReportTable:
    """What stands in a chart is a table of numbers here."""
    if isinstance(part, HistoryChart):
        return part.spoken()
    if not isinstance(part, ReportChart):
        return part
    heads = (Column("", 40), *(Column(words, 12, right=True) for words in part.series))
    return ReportTable(heads, tuple(Line((bar.label, *map(str, bar.counts))) for bar in part.bars), part.caption)


def _sheet(book: Any, report: Report, section: Section, formats: dict[str, Any], name: str) -> None:
    sheet = book.add_worksheet(name)
    sheet.set_paper(9)
    if report.landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P/&N")
    if report.demonstration:
        sheet.set_header(f"&C&B{DEMONSTRATION.vi.upper()}")
    sheet.write_string(0, 0, report.title, formats["title"])
    row = 1
    if report.note:
        sheet.write_string(row, 0, report.note, formats["text"])
        row += 1
    if section.title:
        sheet.write_string(row, 0, f"{section.mark} {section.title}".strip(), formats["text"])
        row += 1
    tables = 0
    for part in map(_as_table, section.parts):
        if isinstance(part, ReportTable):
            row = _table(sheet, part, row + 1, formats, first=tables == 0)
            tables += 1
        else:
            for line in part.split("\n"):
                sheet.write_string(row, 0, line, formats["text"])
                row += 1


def _table(sheet: Any, table: ReportTable, row: int, formats: dict[str, Any], *, first: bool) -> int:
    """Writes the table from that row on; returns the row after it."""
    if table.caption:
        sheet.write_string(row, 0, table.caption, formats["text"])
        row += 1
    sheet.set_row(row, _height(Line(tuple(column.head for column in table.columns)), table))
    for place, column in enumerate(table.columns):
        sheet.write_string(row, place, column.head, formats["head"])
        if first:
            sheet.set_column(place, place, _width(column))
    if first:
        sheet.repeat_rows(row)
        sheet.freeze_panes(row + 1, 0)
    row += 1
    for line in table.lines:
        style = formats["strong" if line.strong else "cell"]
        sheet.set_row(row, _height(line, table))
        if line.heads:
            sheet.merge_range(row, 1, row, len(line.cells) - 1, "", style)
        for place, (text, column) in enumerate(zip(line.cells, table.columns, strict=True)):
            if line.heads and place > 1:
                break
            if column.right and _NUMBER.fullmatch(text):
                sheet.write_number(row, place, float(text.replace(",", ".")), style)
            else:
                sheet.write_string(row, place, text, style)
        row += 1
    return row + 1


def _height(line: Line, table: ReportTable) -> float:
    """Points that a row needs: not every program fits the height of wrapped rows by itself."""
    if line.heads:
        return 15.0
    needed = (sum(max(1, ceil(len(part) * WIDE / _width(column))) for part in text.split("\n"))
              for text, column in zip(line.cells, table.columns, strict=True))
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
