"""The engine's validation report as a document (ISO/IEC 17025:2017 7.11.2), made from its JSON alone.

    python -m certificates.validation_report build/validation-report.json build/validation-report.pdf
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from certificates.archival import Metadata
from certificates.blocks import NOTE, Heading, Text
from certificates.document import Words
from certificates.flow import Block, Frame, paginate
from certificates.fonts import Face
from certificates.formats import instant
from certificates.furniture import Page, draw_footer
from certificates.layout import Margins
from certificates.pdf import finish
from certificates.sheet import A4, MM, Align, Sheet
from certificates.slips import draw_plain_head
from certificates.tables import Columns, Head, Row, Table, text_cell
from certificates.typeset import Style

TITLE = Words("Báo cáo xác nhận giá trị sử dụng phần mềm tính độ không đảm bảo đo",
              "Validation report of the uncertainty engine")
_CELL = Style(Face.SERIF, 8, 10.2)
_BOLD = Style(Face.SERIF_BOLD, 8, 10.2)
_SMALL = Style(Face.SERIF, 7.4, 9.6)
_REQUIREMENT_SHARES = (12, 64, 46, 36, 12)
_CASE_SHARES = (30, 52, 40, 30, 34, 20, 14, 14)


def render_validation_report(report: Mapping[str, Any]) -> bytes:
    """The report as PDF: what it was made with, requirement by requirement, then every quantity of every case.

    `report` is the JSON of `uncertainty.validation`. Raises KeyError for another document.
    """
    sheet, page = Sheet(), Page(Margins(), (A4[1], A4[0]))
    made_at = datetime.fromisoformat(report["made_at"])
    foot = 17 * MM
    first = Frame(page.left, page.top - 30 * MM, foot)
    pages = paginate(_blocks(report, page.width), first, Frame(page.left, page.top - 11 * MM, foot))
    number = f"engine {report['engine_version']}"
    for place, blocks in enumerate(pages, 1):
        sheet.new_page(page.size)
        if place == 1:
            _draw_title(sheet, page, report)
        draw_plain_head(sheet, page, "Chuẩn LIMS", f"{report['standard']}")
        for placed in blocks:
            placed.block.draw(sheet, page.left, placed.top)
        draw_footer(sheet, page, Words("Báo cáo"), number, (place, len(pages)))
    return finish(sheet, Metadata(TITLE.vi, "Chuẩn LIMS", TITLE.vi, "Chuẩn LIMS", made_at, number, ""))


def _draw_title(sheet: Sheet, page: Page, report: Mapping[str, Any]) -> None:
    y = page.top - 15 * MM
    summary = report["summary"]
    with sheet.tag("H1"):
        sheet.put(page.left, y, TITLE.vi.upper(), Face.SANS_BOLD, 13, track=0.2)
        sheet.put(page.left, y - 4.8 * MM, TITLE.en, Face.SANS_ITALIC, 8.6, english=True)
    with sheet.tag("P"):
        tally = (f"{summary['agreeing_cases']}/{summary['cases']} ca · {summary['agreeing_quantities']}/"
                 f"{summary['quantities']} đại lượng phù hợp · {summary['untested']} yêu cầu chưa thử")
        sheet.put(page.left, y - 10 * MM, tally, Face.SANS_MEDIUM, 9)
        sheet.put(page.right, y - 10 * MM, instant(datetime.fromisoformat(report["made_at"])), Face.SANS, 8,
                  Align.RIGHT)


def _blocks(report: Mapping[str, Any], room: float) -> list[Block]:
    made_with = " · ".join(f"{name} {value}" for name, value in sorted(report["environment"].items()))
    lines = (f"Phiên bản {report['engine_version']}; {made_with}.", f"Mã nguồn, SHA-256: {report['code_digest']}.",
             f"Các ca chuẩn, SHA-256: {report['cases_digest']}.")
    return [
        Heading("1", Words("Được tính bằng", "Calculated with"), gap=0),
        *(Text(NOTE.spans(line), room, NOTE.leading) for line in lines),
        Heading("2", Words("Yêu cầu", "Requirements")),
        _requirements(report["requirements"], room),
        Heading("3", Words("Từng đại lượng của từng ca", "Every quantity of every case")),
        _cases(report["cases"], room),
    ]


def _requirements(rows: Sequence[Mapping[str, Any]], room: float) -> Table:
    heads = (Words("Mã", "Code"), Words("Yêu cầu", "Requirement"), Words("Nguồn", "Source"),
             Words("Số ca", "Cases"), Words("Kết quả", "Result"))
    states = {"agrees": "Phù hợp", "disagrees": "Không phù hợp", "untested": "Chưa thử"}
    texts = [(row["requirement"], (row["vi"], row["en"]), row["clause"], str(len(row["cases"])),
              states.get(row["state"], row["state"])) for row in rows]
    return _table(heads, _REQUIREMENT_SHARES, texts, room)


def _cases(cases: Sequence[Mapping[str, Any]], room: float) -> Table:
    heads = (Words("Ca", "Case"), Words("Nguồn", "Source"), Words("Đại lượng", "Quantity"),
             Words("Công bố", "Published"), Words("Tính được", "Computed"), Words("Dung sai", "Tolerance"),
             Words("Số chữ số", "Digits"), Words("Kết quả", "Result"))
    texts = [(case["id"], case["source"], quantity["field"], _figure(quantity["published"]),
              _figure(quantity["computed"]), _figure(quantity["tolerance"]), _figure(quantity["digits"]),
              "Phù hợp" if quantity["agrees"] else "Không")
             for case in cases for quantity in case["quantities"]]
    return _table(heads, _CASE_SHARES, texts, room)


def _table(heads: Sequence[Words], shares: Sequence[int], texts: Sequence[Sequence[Any]], room: float) -> Table:
    widths = tuple(room * share / sum(shares) for share in shares)
    rows = []
    for line in texts:
        cells = []
        for place, (width, text) in enumerate(zip(widths, line, strict=True)):
            vi, en = text if isinstance(text, tuple) else (text, "")
            style = _BOLD if place == len(line) - 1 else _CELL
            cells.append(text_cell(width, style.spans(vi, 400), _SMALL.spans(en, 400) if en else (), Align.LEFT, style))
        rows.append(Row.of(cells, 5.4 * MM))
    return Table(Columns(widths, tuple(map(Head, heads)), Align.LEFT), rows, rule_every=5)


def _figure(value: object) -> str:
    """A number with at most ten significant digits, decimal comma; other values as they are."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "–" if value is None else str(value)
    return f"{value:.10g}".replace(".", ",")


def main(arguments: Sequence[str]) -> int:
    """Read the JSON, write the PDF."""
    if len(arguments) != 2:
        print("usage: python -m certificates.validation_report REPORT.json REPORT.pdf", file=sys.stderr)  # noqa: T201
        return 2
    source, target = map(Path, arguments)
    target.write_bytes(render_validation_report(json.loads(source.read_text(encoding="utf-8"))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
