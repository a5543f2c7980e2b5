"""A report as a Word document: fonts, margins and heading as Decree 30/2020/NĐ-CP sets administrative papers."""
from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from certificates.history_chart import HistoryChart
from certificates.report import Line, Report, ReportTable, Section
from certificates.report_chart import ReportChart, chart_png
from certificates.wording import DEMONSTRATION

FONT = "Times New Roman"
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def word_file(report: Report) -> bytes:
    """The report as .docx; the page number stands in the footer, table heads repeat on every page."""
    # Any: python-docx has no types
    document: Any = Document()
    _set_page(document, report)
    if report.heading:
        _heading(document, report)
    _paragraph(document, report.title.upper(), bold=True, size=14, align="CENTER", before=12)
    if report.note:
        _paragraph(document, report.note, italic=True, align="CENTER", after=6)
    if report.contents:
        for section in report.sections:
            if section.title:
                _paragraph(document, f"{section.mark}  {section.title}".strip())
    width = _room(report)
    for section in report.sections:
        _section(document, section, width)
    _closing(document, report)
    document.core_properties.title = _fit(report.title)[:250]
    document.core_properties.author = _fit(report.short_name)[:250]
    document.core_properties.created = report.created.replace(tzinfo=None)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _set_page(document: Any, report: Report) -> None:
    page = document.sections[0]
    high, wide = Mm(297), Mm(210)
    if report.landscape:
        page.orientation = WD_ORIENT.LANDSCAPE
        high, wide = wide, high
    page.page_height, page.page_width = high, wide
    page.left_margin, page.right_margin, page.top_margin, page.bottom_margin = Mm(30), Mm(15), Mm(20), Mm(20)
    if report.demonstration:
        told = page.header.paragraphs[0]
        told.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = told.add_run(DEMONSTRATION.vi.upper())
        run.bold, run.font.size = True, Pt(11)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(13)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    normal.element.rPr.append(language)
    normal.paragraph_format.space_after = Pt(4)
    foot = page.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for code in ("PAGE", "NUMPAGES"):
        if code == "NUMPAGES":
            foot.add_run("/").font.size = Pt(10)
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), code)
        foot._p.append(field)


def _room(report: Report) -> float:
    """Millimetres between the margins."""
    return (297 if report.landscape else 210) - 45


def _heading(document: Any, report: Report) -> None:
    left, right = _bare(document, [Mm(_room(report) * 0.42), Mm(_room(report) * 0.58)])
    _fill(left, [(report.superior.upper(), False, False), (report.issuer.upper(), True, False),
                 (f"Số: {report.number or '........'}", False, False)])
    _fill(right, [("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True, False), ("Độc lập - Tự do - Hạnh phúc", True, False),
                  (report.dated, False, True)])
    _line_below(left.paragraphs[1 if report.superior else 0], 26)
    _line_below(right.paragraphs[1], 24)


def _bare(document: Any, widths: list[Any]) -> list[Any]:
    """The cells of a table of one row without lines; Word keeps the widths of the columns, others those of cells."""
    table = document.add_table(rows=1, cols=len(widths))
    table.autofit = False
    _near_edges(table)
    _whole(table.rows[0])
    cells = list(table.rows[0].cells)
    for column, cell, width in zip(table.columns, cells, widths, strict=True):
        column.width = cell.width = width
    return cells


def _line_below(paragraph: Any, indent_mm: float) -> None:
    """The stroke under the name of the body and under the motto (Decree 30/2020, annex I)."""
    stroke = OxmlElement("w:p")
    paragraph._p.addnext(stroke)
    follows = type(paragraph)(stroke, paragraph._parent)
    follows.paragraph_format.left_indent = follows.paragraph_format.right_indent = Mm(indent_mm)
    follows.paragraph_format.space_after, follows.paragraph_format.line_spacing = Pt(3), Pt(3)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "auto")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    follows._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _whole(row: Any) -> None:
    """The row stays on one page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _fill(cell: Any, lines: list[tuple[str, bool, bool]]) -> None:
    for place, (text, bold, italic) in enumerate(line for line in lines if line[0]):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_after = Pt(0)
        run = paragraph.add_run(_fit(text))
        run.bold, run.italic, run.font.size = bold, italic, Pt(12)


def _section(document: Any, section: Section, width: float) -> None:
    if section.title:
        heading = _paragraph(document, f"{section.mark}  {section.title}".strip(), bold=True, before=10)
        heading.paragraph_format.keep_with_next = True
        heading.paragraph_format.page_break_before = section.new_page
    for part in section.parts:
        if isinstance(part, ReportTable):
            _table(document, part, width)
        elif isinstance(part, ReportChart):
            _chart(document, part, width)
        else:
            words = part.spoken() if isinstance(part, HistoryChart) else part
            for line in words.split("\n"):
                if line.strip():
                    _paragraph(document, line, align="JUSTIFY")


def _chart(document: Any, chart: ReportChart, width: float) -> None:
    """A picture with its words as alternative text."""
    _paragraph(document, chart.caption, italic=True, before=6).paragraph_format.keep_with_next = True
    shape = document.add_picture(BytesIO(chart_png(chart)), width=Mm(width))
    shape._inline.docPr.set("descr", _fit(chart.spoken()))


def _table(document: Any, table: ReportTable, width: float) -> None:
    if table.caption:
        _paragraph(document, table.caption, italic=True, before=6).paragraph_format.keep_with_next = True
    if not table.lines:
        _paragraph(document, table.empty)
        return
    made = document.add_table(rows=0, cols=len(table.columns))
    made.style, made.autofit = "Table Grid", False
    _near_edges(made)
    shares = sum(column.share for column in table.columns)
    widths = [Mm(width * column.share / shares) for column in table.columns]
    for column, size in zip(made.columns, widths, strict=True):
        column.width = size
    head = _row(made, Line(tuple(column.head for column in table.columns), strong=True), widths, table, head=True)
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    head._tr.get_or_add_trPr().append(repeated)
    for line in table.lines:
        _row(made, line, widths, table)
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _near_edges(made: Any) -> None:
    """Text stands 1 mm from the lines, so that a narrow column of marks holds "2.10" unbroken."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), "57")
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    made._tbl.tblPr.append(margins)


def _row(made: Any, line: Line, widths: list[Any], table: ReportTable, *, head: bool = False) -> Any:
    row = made.add_row()
    _whole(row)
    for cell, text, size, column in zip(row.cells, line.cells, widths, table.columns, strict=True):
        cell.width = size
        for place, part in enumerate(text.split("\n") or [""]):
            paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
            paragraph.paragraph_format.space_after = Pt(0)
            if head:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            elif column.right:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            run = paragraph.add_run(_fit(part))
            run.bold, run.font.size = line.strong, Pt(11)
    if line.heads and not head:
        _run_over(row)
    return row


def _run_over(row: Any) -> None:
    """The second cell covers those behind it, which are empty."""
    first, *others = row._tr.tc_lst[1:]
    for other in others:
        first.width += other.width
        row._tr.remove(other)
    first.grid_span = 1 + len(others)


def _closing(document: Any, report: Report) -> None:
    if not (report.signatories or report.recipients):
        return
    names = len(report.signatories) + bool(report.recipients)
    cells = _bare(document, [Mm(_room(report) / names)] * names)
    if report.recipients:
        first = cells.pop(0)
        for place, text in enumerate(("Nơi nhận:", *_recipients(report.recipients))):
            paragraph = first.paragraphs[0] if place == 0 else first.add_paragraph()
            paragraph.paragraph_format.space_after = Pt(0)
            run = paragraph.add_run(_fit(text))
            run.bold, run.italic, run.font.size = place == 0, place == 0, Pt(11)
    for cell, signatory in zip(cells, report.signatories, strict=True):
        _fill(cell, [*((line, True, False) for line in (signatory.note, signatory.role.vi.upper())), ("\u00a0", False,
              False), ("\u00a0", False, False), ("\u00a0", False, False), (signatory.name or "\u00a0", True, False)])


def _recipients(named: Sequence[str]) -> list[str]:
    """Each ends with a semicolon, the last with a full stop."""
    return [f"- {one}{'.' if place == len(named) else ';'}" for place, one in enumerate(named, start=1)]


def _paragraph(document: Any, text: str, *, bold: bool = False, italic: bool = False, size: int = 13,
               align: str = "LEFT", before: int = 0, after: int = 4) -> Any:
    paragraph = document.add_paragraph()
    paragraph.alignment = getattr(WD_ALIGN_PARAGRAPH, align)
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    run = paragraph.add_run(_fit(text))
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    return paragraph


def _fit(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return _UNFIT.sub("", text)
