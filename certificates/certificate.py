"""Pages of calibration, verification and test certificates: identity and approvals on page 1, results after it."""

from certificates import wording
from certificates.blocks import NOTE, EndMark, Field, Grid, Text, field_rows
from certificates.document import Anchors, Approval, Kind, Record, Words
from certificates.flow import Block, Frame, PageBreak, Placed, Space, Together, paginate
from certificates.fonts import Face
from certificates.furniture import (
    INK,
    Page,
    draw_approval,
    draw_code,
    draw_demonstration,
    draw_footer,
    draw_issue_date,
    draw_letterhead,
    draw_running_head,
    draw_title,
)
from certificates.layout import FieldSpec, Form, Layout
from certificates.sections import Sections, check_data, statement_texts
from certificates.sheet import HAIR, MM, Sheet
from certificates.statements import amendment_statement
from certificates.tables import Table, TableWithTail
from certificates.typeset import Span, Style
from certificates.values import VALUES, Value, title_of, value_of

_APPROVALS_TOP = 83 * MM  # of the rule above the approvals, from the lower edge of page 1
_APPROVALS_TOP_ONE_PAGE = 98 * MM  # footnotes, check data and end mark stand below
_ONE_PAGE_FOOT = 17.4 * MM
_LEGAL_GRID = Grid(54 * MM, 114 * MM, 20 * MM, 9.1 * MM, 6.5 * MM)
_GRID = Grid(pitch=8.9 * MM)
_CLOSEST = 8.3 * MM
_STRONG = Style(Face.SERIF_BOLD, 10.4, 13.4)
_VALUE = Style(Face.SERIF_MEDIUM, 9.4, 12.8)
_VALUE_EN = Style(Face.SERIF_ITALIC, 7.8, 10.5, english=True)
_REMARK = Style(Face.SERIF, 8.4, 12.8)
_FOOTNOTE_EN = Style(Face.SERIF_ITALIC, 7, NOTE.leading, english=True)


class Certificate:
    """The drawing of one certificate."""

    def __init__(self, record: Record, anchors: Anchors, layout: Layout, artwork: tuple[str, ...]) -> None:
        self.record, self.anchors, self.artwork = record, anchors, artwork
        self.form: Form = layout.forms[record.kind]
        self.page = Page(layout.margins)
        self.is_legal = record.kind is Kind.VERIFICATION
        self.is_one_page = self.is_legal and not record.results  # sections would only repeat the form
        self.approvals_top = _APPROVALS_TOP_ONE_PAGE if self.is_one_page else _APPROVALS_TOP
        self.marks = _marks(record)

    def draw(self, sheet: Sheet) -> None:
        """All pages; raises LayoutError or GlyphMissing."""
        sheet.new_page(self.page.size)
        body_top = self._draw_top(sheet)
        page = self.page
        first = Frame(page.left, body_top, self.approvals_top + 1.5 * MM)
        later = Frame(page.left, page.top - 11 * MM, page.foot)
        pages = paginate(self._blocks(first.height, later.height), first, later)
        for place, blocks in enumerate(pages, 1):
            if place > 1:
                sheet.new_page(page.size)
                draw_running_head(sheet, page, self.record)
            self._draw_page(sheet, blocks, place, len(pages))

    def _draw_page(self, sheet: Sheet, blocks: list[Placed], place: int, total: int) -> None:
        for placed in blocks:
            placed.block.draw(sheet, self.page.left, placed.top)
        if place == 1:
            self._draw_approvals(sheet)
            if self.is_one_page:
                end = self._end()
                end.draw(sheet, self.page.left, _ONE_PAGE_FOOT + end.height)
        if self.record.demonstration:
            draw_demonstration(sheet, self.page)
        title = title_of(self.record)
        draw_footer(sheet, self.page, title, self.record.number, (place, total), wording.NOT_REPRODUCED,
                    self.record.form_code)

    def _draw_top(self, sheet: Sheet) -> float:
        """Letterhead and title; returns y where the fields begin."""
        y = draw_letterhead(sheet, self.page, self.record.organisation, self.artwork)
        down = 14 * MM if self.is_legal else 13 * MM
        number = draw_title(sheet, self.page, title_of(self.record), self.record.number, y - down)
        return number - (7.4 * MM if self.is_legal else 4.6 * MM)

    def _draw_approvals(self, sheet: Sheet) -> None:
        """The code at the left, two signatures, fixed to the foot of page 1."""
        left, top = self.page.left, self.approvals_top
        head = left + 131 * MM
        sheet.rule(left, top, self.page.right, top, HAIR)
        draw_code(sheet, left, top - 39.8 * MM, self.anchors, self.record.number)
        draw_issue_date(sheet, head, top - 5.2 * MM, self.record)
        y = top - 15 * MM
        signatures = _signatures(self.record, self.form)
        for approval, x, room in zip(reversed(signatures), (head, left + 67.5 * MM), (66 * MM, 55 * MM), strict=False):
            draw_approval(sheet, x, y, room, approval, INK)

    def _blocks(self, first_height: float, page_height: float) -> list[Block]:
        amendment = self._amendment()
        fields = self._fields(first_height - sum(block.gap + block.height for block in amendment))
        if self.is_one_page:
            return [*amendment, *fields]
        sections = Sections(self.record, self.page.width, page_height).blocks(self.form.sections)
        # Fields that go on overleaf are followed there by the sections: "from page 2" holds, and no page is left empty.
        fits = sum(block.gap + block.height for block in (*amendment, *fields)) <= first_height
        return [*amendment, *fields, *((PageBreak(),) if fits else ()), *_with_end(sections, self._end())]

    def _amendment(self) -> list[Block]:
        """What this document replaces, above its fields (ISO/IEC 17025 7.8.8)."""
        sentence = amendment_statement(self.record)
        return [*statement_texts(sentence, self.page.width), Space(3 * MM)] if sentence else []

    def _fields(self, height: float) -> list[Block]:
        """The grid, its rows drawn a little closer where they would not fit the page otherwise."""
        groups = [
            [[field for spec in row if (field := self._field(spec))] for row in group] for group in self.form.groups
        ]
        grid = _LEGAL_GRID if self.is_legal else _GRID
        rows = field_rows(groups, self.page.width, grid)
        if sum(row.gap + row.height for row in rows) > height:
            rows = field_rows(groups, self.page.width, grid._replace(pitch=_CLOSEST))
        return rows

    def _field(self, spec: FieldSpec) -> Field | None:
        value = value_of(spec.value, self.record)
        if not value.vi and spec.absent.vi:
            value = Value(spec.absent.vi, spec.absent.en)
        if not value.vi:
            return None
        style = _STRONG if spec.strong else _VALUE
        spans = style.spans(value.vi, 1500)
        if value.remark:
            spans = (*spans, Span("  ", _REMARK.face, _REMARK.size), *_REMARK.spans(value.remark, 300))
        mark = self.marks.get(spec.value, "")
        label = Words(f"{spec.label.vi} {mark}".strip(), spec.label.en)
        return Field(label, spans, _VALUE_EN.spans(value.en, 600), spec.number)

    def _end(self) -> Together:
        """Footnotes, check data and end mark, together."""
        room = self.page.width
        notes: list[Block] = []
        for mark, words in _footnotes(self.record, self.marks):
            spans = (*NOTE.spans(f"{mark} {words.vi}"), Span("  ", NOTE.face, NOTE.size), *_FOOTNOTE_EN.spans(words.en))
            notes.append(Text(spans, room, NOTE.leading))
        if notes:
            notes[0].gap = 4 * MM
        data = check_data(self.record, self.anchors, room, not self.is_one_page)
        data[0].gap = 1.2 * MM if self.is_one_page else 2.4 * MM
        end = EndMark(wording.ENDS[self.record.kind], room)
        end.gap = 1.2 * MM if self.is_one_page else 3 * MM
        return Together(*notes, *data, end)


def _with_end(blocks: list[Block], end: Block) -> list[Block]:
    """The end mark never stands alone on a page: the last rows or the last clause go with it."""
    if blocks and isinstance(blocks[-1], Table):
        return [*blocks[:-1], TableWithTail(blocks[-1], end)]
    for last in blocks[-1:]:
        last.keep_with_next = True
    return [*blocks, end]


def _signatures(record: Record, form: Form) -> list[Approval]:
    """The approvals that the form places, left to right; without any of them the last one recorded."""
    by_step = {approval.step: approval for approval in record.approvals}
    placed = [by_step[step] for step in form.signatures if step in by_step]
    return placed or list(record.approvals[-1:])


def _marks(record: Record) -> dict[str, str]:
    """Footnote marks of the labels by value name."""
    marks: dict[str, str] = {}
    if record.kind is Kind.VERIFICATION and record.validity and record.validity.until:
        marks["valid_until"] = "(*)"
    supplied = [name for name in record.customer_supplied if name in VALUES and value_of(name, record).vi]
    marks |= dict.fromkeys(supplied, "(**)" if marks else "(*)")
    if record.recalibration and record.recalibration.agreed:
        marks["recalibration"] = "(**)" if supplied else "(*)"
    return marks


def _footnotes(record: Record, marks: dict[str, str]) -> list[tuple[str, Words]]:
    """The marks with their sentences."""
    notes = []
    if "valid_until" in marks:
        notes.append((marks["valid_until"], wording.PRESERVATION))
    supplied = [marks[name] for name in record.customer_supplied if name in marks]
    if supplied:
        notes.append((supplied[0], wording.SUPPLIED))
    if "recalibration" in marks:
        notes.append((marks["recalibration"], wording.AGREED_INTERVAL))
    return notes
