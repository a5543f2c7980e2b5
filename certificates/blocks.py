"""The blocks of running text: headings, label and value grids, statements, notes, end mark."""

from collections.abc import Sequence
from typing import NamedTuple

from certificates.document import Words
from certificates.flow import Block
from certificates.fonts import Face
from certificates.sheet import HAIR, MM, Align, Sheet
from certificates.tagging import Going
from certificates.typeset import Line, Span, Style, set_lines
from certificates.wording import Sentence

VALUE = Style(Face.SERIF_MEDIUM, 9.4, 12.8)
VALUE_EN = Style(Face.SERIF_ITALIC, 7.8, 10.5, english=True)
LABEL = Style(Face.SANS, 8.2, 10.6)
LABEL_EN = Style(Face.SANS_ITALIC, 6.8, 8.8, english=True)
STATEMENT = Style(Face.SERIF, 8.8, 12.4)
STATEMENT_EN = Style(Face.SERIF_ITALIC, 7.6, 10.4, english=True)
NOTE = Style(Face.SERIF, 7.8, 11)
NOTE_EN = Style(Face.SERIF_ITALIC, 7, 9.6, english=True)
HANG = 6 * MM



class Heading(Block):
    """Number, Vietnamese and English on one baseline; never alone at the foot of a page."""

    keep_with_next = True

    def __init__(self, mark: str, words: Words, gap: float = 5 * MM, after: float = 2 * MM) -> None:
        self.mark, self.words = mark, words
        self.gap, self.after = gap, after
        self.height = 9 + after

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        """As H2."""
        y = top - 9
        with sheet.tag("H2"):
            sheet.put(x, y, self.mark, Face.SANS_BOLD, 9.6)
            end = sheet.put(x + (HANG if self.mark else 0), y, self.words.vi, Face.SANS_BOLD, 9.6)
            sheet.put(end + 5, y, self.words.en, Face.SANS_ITALIC, 7.6, english=True)


class Text(Block):
    """Lines of one style as a paragraph; a long one goes on overleaf."""

    def __init__(
        self, spans: Sequence[Span], room: float, leading: float, gap: float = 0, english: bool = False
    ) -> None:
        self.lines = set_lines(spans, room)
        self.leading, self.gap = leading, gap
        self.height = leading * len(self.lines)
        self.element = Going("P", english)  # shared by the parts of a split

    @property
    def least(self) -> float:
        """Two lines, or all of three."""
        return self.height if len(self.lines) <= 3 else 2 * self.leading

    def split(self, room: float) -> "tuple[Text, Text] | None":
        """At least two lines stay and two go over."""
        count = min(int((room + 0.01) / self.leading), len(self.lines) - 2)
        if count < 2:
            return None
        return self._part(self.lines[:count]), self._part(self.lines[count:])

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        """As one P."""
        if self.lines:
            with self.element.on(sheet):
                draw_lines(sheet, x, top, self.lines, self.leading)

    def _part(self, lines: list[Line]) -> "Text":
        part = Text((), 0, self.leading)
        part.lines, part.height, part.element = lines, self.leading * len(lines), self.element
        return part


def draw_lines(
    sheet: Sheet, x: float, top: float, lines: Sequence[Line], leading: float, align: Align = Align.LEFT
) -> None:
    """Lines below each other; the first baseline stands 0.72 of the leading below `top`."""
    for place, line in enumerate(lines):
        sheet.line(x, top - leading * (place + 0.72), line, align)


class Statement(Block):
    """A clause: its number in the margin, Vietnamese, then English one step smaller."""

    def __init__(self, mark: str, sentence: Sentence, room: float, gap: float = 2.2 * MM) -> None:
        inner = room - HANG
        vietnamese = Text(STATEMENT.pieces(sentence.vi), inner, STATEMENT.leading)
        english = Text(STATEMENT_EN.pieces(sentence.en), inner, STATEMENT_EN.leading, english=True)
        self._set(mark, vietnamese, english)
        self.gap = gap

    def _set(self, mark: str, vietnamese: Text, english: Text) -> None:
        self.mark, self.vietnamese, self.english = mark, vietnamese, english
        self.height = vietnamese.height + english.height + 1

    @property
    def least(self) -> float:
        """All of a short clause, some lines of a long one."""
        return min(self.height, 6 * STATEMENT.leading)

    def split(self, room: float) -> tuple[Block, Block] | None:
        """Between the languages, or within one."""
        nothing = Text((), 0, 1)
        if self.vietnamese.height <= room:
            first, rest = self.english.split(room - self.vietnamese.height - 1) or (nothing, self.english)
            return self._part(self.mark, self.vietnamese, first), self._part("", nothing, rest)
        if parts := self.vietnamese.split(room):
            return self._part(self.mark, parts[0], nothing), self._part("", parts[1], self.english)
        return None

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        """As paragraphs, the number first."""
        if self.mark:
            with self.vietnamese.element.on(sheet):
                sheet.put(x, top - STATEMENT.leading * 0.72, self.mark, Face.SANS, 8)
        self.vietnamese.draw(sheet, x + HANG, top)
        self.english.draw(sheet, x + HANG, top - self.vietnamese.height - 1)

    @staticmethod
    def _part(mark: str, vietnamese: Text, english: Text) -> "Statement":
        part = Statement.__new__(Statement)
        part._set(mark, vietnamese, english)
        return part


class Field(NamedTuple):
    """A label with its value; `number` is the form's own number, hung left of the label."""

    label: Words
    value: tuple[Span, ...]
    value_en: tuple[Span, ...] = ()
    number: str = ""


class Grid(NamedTuple):
    """Where labels and values of one or two fields a row stand, in points from the left."""

    label: float = 46 * MM
    second: float = 98 * MM
    second_label: float = 27 * MM
    pitch: float = 8.6 * MM
    hang: float = 0.0  # room for the form's numbers


class _Cell(NamedTuple):
    """A field with its lines broken; `x` and `value_x` from the left of the row."""

    x: float
    value_x: float
    number: str
    hang: float
    label: list[Line]
    label_en: list[Line]
    value: list[Line]
    value_en: list[Line]

    @property
    def height(self) -> float:
        value = len(self.value) * VALUE.leading + len(self.value_en) * VALUE_EN.leading
        return max(value, len(self.label) * LABEL.leading + len(self.label_en) * LABEL_EN.leading)


class FieldRow(Block):
    """One row of one or two fields; the English stands 3.5 mm below label and value."""

    def __init__(
        self, fields: Sequence[Field], room: float, grid: Grid, whole: Going, rule_above: bool = False
    ) -> None:
        self.cells = [_cell(field, place, len(fields), room, grid) for place, field in enumerate(fields)]
        self.room, self.whole, self.rule_above = room, whole, rule_above
        self.gap = 3.4 * MM if rule_above else 0
        self.height = max(grid.pitch, max(cell.height for cell in self.cells) + 0.9 * MM)

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        """Each field as an item, label and body, of the list `whole`."""
        if self.rule_above and not self.opens_page:
            y = top + self.gap - 1.1 * MM
            sheet.rule(x, y, x + self.room, y, HAIR)
        base = top - 3.5 * MM
        with self.whole.on(sheet):
            for cell in self.cells:
                with sheet.tag("LI"):
                    with sheet.tag("Lbl"):
                        sheet.put(x + cell.x, base, cell.number, Face.SANS, LABEL.size)
                        _pair(sheet, x + cell.x + cell.hang, base, (cell.label, LABEL), (cell.label_en, LABEL_EN))
                    with sheet.tag("LBody"):
                        _pair(sheet, x + cell.value_x, base, (cell.value, VALUE), (cell.value_en, VALUE_EN))


def field_rows(groups: Sequence[Sequence[Sequence[Field]]], room: float, grid: Grid = Grid()) -> list[Block]:  # noqa: B008 - a constant
    """Rows of fields in groups parted by a hairline, as one list; empty rows and groups are left out."""
    whole = Going("L")
    rows: list[Block] = []
    for group in groups:
        rule_above = bool(rows)
        for fields in group:
            if fields:
                rows.append(FieldRow(fields, room, grid, whole, rule_above))
                rule_above = False
    return rows


def _cell(field: Field, place: int, count: int, room: float, grid: Grid) -> _Cell:
    x = place * grid.second
    value_x = x + (grid.second_label if place else grid.label)
    right = room if place == count - 1 else grid.second - 4 * MM
    hang = 0 if place else grid.hang
    label_room = value_x - x - hang - 2 * MM
    return _Cell(
        x,
        value_x,
        field.number,
        hang,
        set_lines(LABEL.spans(field.label.vi), label_room),
        set_lines(LABEL_EN.spans(field.label.en), label_room),
        set_lines(field.value, right - value_x),
        set_lines(field.value_en, right - value_x),
    )


def _pair(
    sheet: Sheet, x: float, base: float, main: tuple[list[Line], Style], english: tuple[list[Line], Style]
) -> None:
    """Vietnamese lines from the baseline `base` on, English below the last of them."""
    for line in main[0]:
        sheet.line(x, base, line)
        base -= main[1].leading
    base += main[1].leading - 3.5 * MM
    for line in english[0]:
        sheet.line(x, base, line)
        base -= english[1].leading


class EndMark(Block):
    """The end of the document between two rules."""

    gap = 3 * MM
    height = 4.5 * MM

    def __init__(self, words: Words, room: float) -> None:
        self.words, self.room = words, room

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        """Centred in `room`."""
        y, track = top - 3.2 * MM, 0.5
        spans = [Span(self.words.vi.upper(), Face.SANS_MEDIUM, 7)]
        english = Span(self.words.en, Face.SANS_ITALIC, 6.6, True)
        half = (spans[0].width + track * len(spans[0].text) + 6 + english.width) / 2
        middle = x + self.room / 2
        with sheet.tag("P"):
            end = sheet.line(middle - half, y, spans, track=track)
            sheet.line(end + 6, y, [english])
        sheet.rule(x, y + 2.4, middle - half - 4 * MM, y + 2.4, HAIR)
        sheet.rule(middle + half + 4 * MM, y + 2.4, x + self.room, y + 2.4, HAIR)
