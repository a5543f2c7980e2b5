"""The record of the work (biên bản): state heading, checks with tick boxes, results, both verdicts, two signatures."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from certificates import wording
from certificates.blocks import HANG, NOTE, NOTE_EN, Field, Grid, Heading, Text, field_rows
from certificates.document import (
    Anchors,
    Approval,
    Check,
    Kind,
    Outcome,
    Record,
    Stage,
    Step,
    Verdict,
    Words,
)
from certificates.figures import result_table
from certificates.flow import Block, Frame, Together, paginate
from certificates.fonts import Face, clean
from certificates.formats import day, long_day
from certificates.furniture import (
    AFTER_BOX,
    Page,
    draw_approval,
    draw_demonstration,
    draw_footer,
    draw_running_head,
    tick_box,
)
from certificates.layout import Form, Layout
from certificates.sections import check_data
from certificates.sheet import HAIR, MM, Align, Sheet
from certificates.statements import deviation_sentences, stated_sentences
from certificates.typeset import Line, Span, Style, balanced, set_lines
from certificates.values import title_of, value_of
from certificates.wording import plain

_GRID = Grid(pitch=8.1 * MM)
_VALUE = Style(Face.SERIF_MEDIUM, 9, 12.8)
_TICK = Style(Face.SANS, 8.2, 11.6)
_HEAD = Style(Face.SANS_BOLD, 8.6, 11.6)
_LINE = Style(Face.SERIF, 8.8, 12.4)
_PER_ROW = 3
_BOX, _GUTTER = 10.0, 12.0  # of a tick box with its room, and between two columns of them
_CLOSER = 0.6
_ON_ONE_LINE = 2  # so many paragraphs of the conclusion are run together
BESIDE = "/BB"
"""Ends the number of a record that stands beside a certificate."""
_KEPT_TOGETHER = 3  # paragraphs of the conclusion that stay with the signatures
_INK = 18 * MM  # no seal on a work record
_FOOT = 17.4 * MM  # the footer has one line


def beside(certificate: Record) -> Record:
    """The record of the work that a certificate of verification rests on, as a paper of its own.

    It is numbered after its certificate ("V26-00007/BB"): one record for each, no number of another series is taken.
    """
    return replace(certificate, kind=Kind.WORK_RECORD, number=f"{certificate.number}{BESIDE}",
                   certificate_number=certificate.number, form_code="")


class WorkRecord:
    """The drawing of one work record."""

    def __init__(self, record: Record, anchors: Anchors, layout: Layout) -> None:
        self.record, self.anchors = record, anchors
        self.form: Form = layout.forms[record.kind]
        self.page = Page(layout.margins)
        self.count, self.closeness = 0, 1.0

    def draw(self, sheet: Sheet) -> None:
        """All pages; raises LayoutError or GlyphMissing."""
        page = self.page
        sheet.new_page(page.size)
        top = self._draw_heading(sheet)
        later = Frame(page.left, page.top - 11 * MM, _FOOT)
        first = Frame(page.left, top, _FOOT)
        pages = paginate(self._blocks(), first, later)
        if len(pages) > 1:  # a little closer where that spares a page: the signatures stay with the results
            self.closeness = _CLOSER
            closer = paginate(self._blocks(), first, later)
            pages = closer if len(closer) < len(pages) else pages
        for place, blocks in enumerate(pages, 1):
            if place > 1:
                sheet.new_page(page.size)
                draw_running_head(sheet, page, self.record)
            for placed in blocks:
                placed.block.draw(sheet, page.left, placed.top)
            if self.record.demonstration:
                draw_demonstration(sheet, page)
            draw_footer(sheet, page, title_of(self.record), self.record.number, (place, len(pages)),
                        form=self.record.form_code)

    def _draw_heading(self, sheet: Sheet) -> float:
        """Unit left, nation right, both centred on their half, then the title; returns y where the fields begin."""
        page, record = self.page, self.record
        left, right, top = page.left + 37 * MM, page.right - 43 * MM, page.top
        y = top - 3.4 * MM
        with sheet.tag("P"):
            unit = Style(Face.SANS, 7.6, 11).spans(record.organisation.superior.upper(), 200)
            y = _centred(sheet, left, y, balanced(unit, 76 * MM), 13)
            for part in record.organisation.name.vi.split("\n"):
                y = _centred(sheet, left, y, balanced(_HEAD.spans(part, 200), 76 * MM), 11.4)
        y += 11.4 - 2.2 * MM
        sheet.rule(left - 12 * MM, y, left + 12 * MM, y)
        foot = min(y - 4.4 * MM, top - 18.6 * MM)
        with sheet.tag("P"):
            sheet.put(left, foot, f"Số: {clean(record.number, 80)}", Face.SERIF, 9, Align.CENTRE)
        with sheet.tag("P"):
            sheet.put(right, top - 3.4 * MM, wording.NATION.vi, Face.SANS_BOLD, 8.6, Align.CENTRE)
            sheet.put(right, top - 8 * MM, wording.MOTTO.vi, Face.SANS_BOLD, 9, Align.CENTRE)
        sheet.rule(right - 21 * MM, top - 10.2 * MM, right + 21 * MM, top - 10.2 * MM)
        with sheet.tag("P"):
            place = clean(record.organisation.place, 40)
            sheet.put(right, foot, long_day(place, record.issued_on), Face.SERIF_ITALIC, 9, Align.CENTRE)
        title = title_of(record)
        with sheet.tag("H1"):
            y = foot - 12.4 * MM
            sheet.put(page.middle, y, title.vi.upper(), Face.SANS_BOLD, 15, Align.CENTRE, track=0.3)
            sheet.put(page.middle, y - 5 * MM, title.en, Face.SANS_ITALIC, 9, Align.CENTRE, english=True)
        return y - 10 * MM

    def _heading(self, words: Words, gap: float = 4.5 * MM) -> Heading:
        self.count += 1
        return Heading(str(self.count), words, gap * self.closeness)

    def _blocks(self) -> list[Block]:
        room, self.count = self.page.width, 0
        groups = [
            [
                [
                    Field(spec.label, _VALUE.spans(value.vi, 1500), (), spec.number)
                    for spec in row
                    if (value := value_of(spec.value, self.record)).vi
                ]
                for row in group
            ]
            for group in self.form.groups
        ]
        blocks = field_rows(groups, room, _GRID._replace(pitch=_GRID.pitch * (1 + self.closeness) / 2))
        for section in self.form.sections:
            blocks += self._checks() if section == "checks" else self._results()
        *lines, last = check_data(self.record, self.anchors, room, with_software=False)
        lines[0].gap = 2.6 * MM
        signatures = _Signatures(_signed(self.record, self.form), room)
        heading, verdicts, *said = self._conclusion()
        if len(said) <= _KEPT_TOGETHER:
            return [*blocks, Together(heading, verdicts, *said, signatures, *lines, last)]
        return [*blocks, Together(heading, verdicts, said[0]), *said[1:-1],
                Together(said[-1], signatures, *lines, last)]

    def _checks(self) -> list[Block]:
        widths = _check_widths([group.checks for group in self.record.checks], self.page.width - HANG)
        return [block for group in self.record.checks
                for block in (self._heading(group.title), _Checks(group.checks, widths))]

    def _results(self) -> list[Block]:
        blocks: list[Block] = []
        for table in self.record.results:
            words = table.title
            if table.stage is not Stage.ONLY:
                stage = wording.STAGES[table.stage]
                words = Words(f"{words.vi} ({stage.vi})", f"{words.en} ({stage.en})")
            blocks += [self._heading(words, 5 * MM), result_table(table, self.page.width)]
            for note in table.notes:
                blocks.append(Text(NOTE.spans(note.vi), self.page.width, NOTE.leading, 1.6 * MM))
                blocks.append(Text(NOTE_EN.spans(note.en), self.page.width, NOTE_EN.leading, english=True))
        return blocks

    def _conclusion(self) -> list[Block]:
        """Both verdicts with one ticked, the reason of a failure, certificate, sticker and remarks."""
        record = self.record
        passed = bool(record.conformity) and all(s.verdict is Verdict.PASS for s in record.conformity)
        failed = any(s.verdict is Verdict.FAIL for s in record.conformity)
        reason = "; ".join(s.reason.vi for s in record.conformity if s.reason.vi)
        facts = [
            f"Giấy chứng nhận số {record.certificate_number}" if record.certificate_number else "",
            f"tem số {record.sticker}" if record.sticker else "",
            held_until(record),
        ]
        text = "; ".join(fact for fact in facts if fact)
        parts = [text[:1].upper() + text[1:] + "."] if text else []
        said = deviation_sentences(record) + stated_sentences(record)
        parts += [plain(sentence.vi) for sentence in said]
        paragraphs = [ended for one in (" ".join(parts), *(remark.vi for remark in record.remarks))
                      if (ended := _ended(one))]
        if len(paragraphs) <= _ON_ONE_LINE:
            paragraphs = [" ".join(paragraphs)] if paragraphs else []
        return [
            self._heading(Words("Kết luận", "Conclusion")),
            Verdicts(passed, failed, reason, self.page.width),
            *(_hung(paragraph, self.page.width) for paragraph in paragraphs),
        ]


def held_until(record: Record) -> str:
    """Through which day a pass holds, and by which rule; empty for what did not pass."""
    validity = record.validity
    if validity is None:
        return ""
    rule = validity.rule.vi.rstrip(".")
    return rule if validity.until is None else f"có giá trị đến {day(validity.until)} ({rule})"


def _signed(record: Record, form: Form) -> list[Approval]:
    """Those of the form; who authorised too where nobody else looked at it, or where no certificate bears that name."""
    by_step = {approval.step: approval for approval in record.approvals}
    steps = [step for step in form.signatures if step in by_step]
    alone = record.validity is not None and not record.certificate_number
    if Step.AUTHORISED in by_step and Step.AUTHORISED not in steps and (alone or Step.REVIEWED not in steps):
        steps.append(Step.AUTHORISED)
    return [by_step[step] for step in steps]


def _centred(sheet: Sheet, x: float, y: float, lines: Sequence[Line], pitch: float) -> float:
    """Centred lines; returns the baseline that would follow."""
    for line in lines:
        sheet.line(x, y, line, Align.CENTRE)
        y -= pitch
    return y


def _ended(text: str) -> str:
    """The text with the stop that ends a sentence."""
    text = text.rstrip()
    return text if not text or text[-1] in ".!?…:" else f"{text}."


class _Hung(Block):
    """Text with the indent of the headings."""

    def __init__(self, text: Text) -> None:
        self.text, self.height, self.gap = text, text.height, 0.4 * MM

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        self.text.draw(sheet, x + HANG, top)


def _hung(text: str, room: float) -> _Hung:
    return _Hung(Text(_LINE.spans(text, 2000), room - HANG, _LINE.leading))


class _Checks(Block):
    """Tick boxes, three a row; a failed check says so in words, one not done shows an empty box and says it too."""

    def __init__(self, checks: Sequence[Check], widths: Sequence[float]) -> None:
        self.starts = list(accumulate(widths, initial=0.0))
        cells = [(check, set_lines(_TICK.spans(_check_text(check), 200), widths[place % _PER_ROW] - _BOX - _GUTTER))
                 for place, check in enumerate(checks)]
        self.rows = [cells[i : i + _PER_ROW] for i in range(0, len(cells), _PER_ROW)]
        self.heights = [max(len(lines) for _, lines in row) * _TICK.leading + 2 for row in self.rows]
        self.height = sum(self.heights)

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        """Each check as a paragraph: the box as a figure, then its words."""
        y = top - 3 * MM
        for row, height in zip(self.rows, self.heights, strict=True):
            for place, (check, lines) in enumerate(row):
                left = x + HANG + self.starts[place]
                with sheet.tag("P"):
                    tick_box(sheet, left, y, check.outcome is Outcome.PASS, ())
                    _left(sheet, left + _BOX, y, lines)
            y -= height


def _check_widths(groups: Sequence[Sequence[Check]], room: float) -> list[float]:
    """Columns of the ticks, the same in all groups: as wide as their words where all fit, else of equal width."""
    needed = [0.0] * _PER_ROW
    for checks in groups:
        for place, check in enumerate(checks):
            words = sum(span.width for span in _TICK.spans(_check_text(check), 200))
            needed[place % _PER_ROW] = max(needed[place % _PER_ROW], words + _BOX + _GUTTER)
    spare = room - sum(needed)
    return [width + spare / _PER_ROW for width in needed] if spare >= 0 else [room / _PER_ROW] * _PER_ROW


def _left(sheet: Sheet, x: float, y: float, lines: Sequence[Line]) -> None:
    for line in lines:
        sheet.line(x, y, line)
        y -= _TICK.leading


def _check_text(check: Check) -> str:
    """The check's words, with outcome where it is not a pass, and note."""
    outcome = "" if check.outcome is Outcome.PASS else f": {wording.OUTCOMES[check.outcome].vi}"
    return check.label.vi + outcome + (f" ({check.note})" if check.note else "")


_FAILED = Span("Không đạt, lý do: ", Face.SANS, 8.2)
REASON_FROM = 68 * MM + AFTER_BOX + _FAILED.width
"""How far from the left the reason of a failure begins."""


class Verdicts(Block):
    """Both verdict boxes, always shown; a dotted line takes the reason of a failure."""

    def __init__(self, passed: bool, failed: bool, reason: str, room: float) -> None:
        self.passed, self.failed, self.room = passed, failed, room
        first, *rest = set_lines(_TICK.spans(reason, 600), room - REASON_FROM) or [Line((), 0)]
        self.first, self.rest = first, rest
        self.height = 5.5 * MM + len(rest) * _TICK.leading

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        """On one line; a long reason goes on below its first line."""
        y = top - 3.4 * MM
        with sheet.tag("P"):
            tick_box(sheet, x + HANG, y, self.passed, _TICK.spans(wording.COMPLIES.vi))
        with sheet.tag("P"):
            end = tick_box(sheet, x + 68 * MM, y, self.failed, (_FAILED,))
            if self.first.spans:
                _left(sheet, end, y, [self.first, *self.rest])
        if not self.first.spans:
            sheet.rule(end, y - 1, x + self.room, y - 1, HAIR, dash=(0.4, 2))


class _Signatures(Block):
    """Signature columns with their ink room."""

    gap = 5 * MM

    def __init__(self, approvals: Sequence[Approval], room: float) -> None:
        self.approvals, self.room = approvals, room
        self.height = _INK + 14 * MM if approvals else 0

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        """Side by side."""
        each = self.room / max(len(self.approvals), 1)
        for place, approval in enumerate(self.approvals):
            middle = x + (place + 0.5) * each
            draw_approval(sheet, middle, top - 3 * MM, each - 10 * MM, approval, _INK, in_house=True)
