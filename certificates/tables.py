"""Open tables: thick above and below, thin under the head, no verticals; the head is repeated on every page."""

from collections.abc import Sequence
from typing import NamedTuple

from certificates.document import NO_WORDS, Words
from certificates.flow import Block
from certificates.fonts import Face
from certificates.sheet import HAIR, MM, THICK, THIN, Align, Sheet
from certificates.tagging import Going
from certificates.typeset import Line, Span, Style, set_lines, with_symbols

HEAD = Style(Face.SANS_MEDIUM, 7.8, 9.2, symbol=Face.SERIF_ITALIC)
HEAD_EN = Style(Face.SANS_ITALIC, 6.4, 8, english=True)
HEAD_UNIT = Style(Face.SANS, 6.6, 8.2)
CELL = Style(Face.SERIF, 8.4, 11)
CELL_EN = Style(Face.SERIF_ITALIC, 7.2, 9.6, english=True)
FIGURE_ROW = 5.9 * MM
PAD = 2.0  # left and right of a cell


class Head(NamedTuple):
    """Head of a column. Neighbours with the same group share a head above; `symbol` follows the label in italic."""

    words: Words
    unit: str = ""
    symbol: str = ""
    group: Words = NO_WORDS
    symbols: frozenset[str] = frozenset()  # of the whole table: set in italic where the label names one


class Cell(NamedTuple):
    """Lines of a cell with their places: from the cell's left edge and down from the row's top to the baseline."""

    lines: tuple[tuple[float, float, Line], ...] = ()
    height: float = 0.0


class Columns(NamedTuple):
    """Widths (points) and alignment of the heads; `aligns` gives each head its own, as its cells have.

    With `rows_named` the first column says what its row is about: its cells are heads of their rows.
    """

    widths: tuple[float, ...]
    heads: tuple[Head, ...]
    head_align: Align = Align.CENTRE
    aligns: tuple[Align, ...] = ()
    rows_named: bool = True

    @property
    def outdent(self) -> float:
        """Text of a table set to the left begins at the margin, without the pad of the cell."""
        return PAD if self.head_align is Align.LEFT else 0.0

    @property
    def starts(self) -> list[float]:
        """Left edges."""
        edges = [0.0]
        for width in self.widths:
            edges.append(edges[-1] + width)
        return edges[:-1]


def text_cell(
    width: float, vi: Sequence[Span], en: Sequence[Span] = (), align: Align = Align.LEFT, style: Style = CELL
) -> Cell:
    """Wrapped text, English below in smaller lines."""
    room = width - 2 * PAD
    x = PAD + align.value * room
    placed, y = [], 2.0
    for spans, leading in ((vi, style.leading), (en, CELL_EN.leading)):
        for line in set_lines(spans, room):
            placed.append((x - align.value * line.width, y + 0.76 * leading, line))
            y += leading
    return Cell(tuple(placed), y + 2.6)


class Row(NamedTuple):
    """A row of cells; all rows of a table have as many cells as columns."""

    cells: tuple[Cell, ...]
    height: float

    @classmethod
    def of(cls, cells: Sequence[Cell], least: float = 0.0) -> "Row":
        """As high as its highest cell, at least `least`."""
        return cls(tuple(cells), max(least, *(cell.height for cell in cells)))


class Table(Block):
    """Rows under a head. `rule_every` rows a hairline is drawn (0: never)."""

    def __init__(self, columns: Columns, rows: Sequence[Row], rule_every: int = 5, gap: float = 0.0) -> None:
        self.columns, self.rows, self.rule_every, self.gap = columns, tuple(rows), rule_every, gap
        self.head = _HeadBlock(columns)
        self.first = 0  # place of the first row in the whole table
        self.is_last = True
        self.whole, self.body = Going("Table"), Going("TBody")
        self._measure()

    def _measure(self) -> None:
        self.height = self.head.height + sum(row.height for row in self.rows)

    @property
    def least(self) -> float:
        """The head and two rows, or all of three."""
        few = self.rows if len(self.rows) <= 3 else self.rows[:2]
        return self.head.height + sum(row.height for row in few)

    def split(self, room: float) -> "tuple[Table, Table] | None":
        """At least two rows stay and two go over; of the rows between two rules none is parted from its fellows alone.
        """
        used, count = self.head.height, 0
        for row in self.rows:
            used += row.height
            if used > room + 0.01:
                break
            count += 1
        count = min(count, len(self.rows) - 2)
        count = self._whole_groups(count)
        if count < 2:
            return None
        return self._part(0, count, False), self._part(count, len(self.rows), self.is_last)

    def _whole_groups(self, count: int) -> int:
        """As many rows, or one fewer where one row would be left of its group on either side."""
        over = (self.first + count) % self.rule_every if self.rule_every >= 5 else 0
        return count - 1 if over in (1, self.rule_every - 1) and count > 2 else count

    def _part(self, start: int, end: int, is_last: bool) -> "Table":
        part = Table.__new__(Table)
        part.__dict__.update(self.__dict__)
        part.rows, part.first, part.is_last, part.gap = self.rows[start:end], self.first + start, is_last, 0
        part._measure()
        return part

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        """As Table with THead and TBody; a repeated head is an artifact."""
        width = sum(self.columns.widths)
        sheet.rule(x, top, x + width, top, THICK)
        with self.whole.on(sheet):
            if self.first:
                with sheet.artifact():
                    self.head.draw(sheet, x, top)
            else:
                self.head.draw(sheet, x, top)
        y = top - self.head.height
        sheet.rule(x, y, x + width, y, THIN)
        for place, row in enumerate(self.rows, self.first + 1):
            with self.whole.on(sheet), self.body.on(sheet), sheet.tag("TR"):
                self._draw_row(sheet, x, y, row)
            y -= row.height
            is_end = row is self.rows[-1]
            if is_end:
                sheet.rule(x, y, x + width, y, THICK if self.is_last else THIN)
            elif self.rule_every and place % self.rule_every == 0 and self._is_worth_it():
                sheet.rule(x, y, x + width, y, HAIR)

    def _is_worth_it(self) -> bool:
        """A rule every five rows parts groups; in a table of few rows it would only cut off the end."""
        return self.rule_every < 5 or self.first > 0 or not self.is_last or len(self.rows) > self.rule_every + 2

    def _draw_row(self, sheet: Sheet, x: float, top: float, row: Row) -> None:
        for place, (start, cell) in enumerate(zip(self.columns.starts, row.cells, strict=True)):
            is_name = place == 0 and self.columns.rows_named and bool(cell.lines)
            with sheet.tag("TH" if is_name else "TD") as element:
                if is_name:
                    element.scope = "Row"
                for dx, dy, line in cell.lines:
                    sheet.line(x + start + dx - self.columns.outdent, top - dy, line)


class TableWithTail(Block):
    """A table whose last rows travel with what follows them, e.g. the signatures."""

    def __init__(self, table: Table, tail: Block) -> None:
        self.table, self.tail, self.gap = table, tail, table.gap
        self.height = table.height + tail.gap + tail.height

    @property
    def least(self) -> float:
        """As of the table, or all where it is too short to be parted."""
        return self.height if len(self.table.rows) < 4 else self.table.least

    def split(self, room: float) -> tuple[Block, Block] | None:
        """The table is parted; the tail stays with its end."""
        parts = self.table.split(room)
        return (parts[0], TableWithTail(parts[1], self.tail)) if parts else None

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        """The tail directly below the table."""
        self.table.draw(sheet, x, top)
        self.tail.draw(sheet, x, top - self.table.height - self.tail.gap)


class _HeadBlock:
    """The head: one row, or two where neighbours share a group."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.groups = _groups(columns)
        self.units_beside = all(_fits_beside(*pair) for pair in zip(columns.heads, columns.widths, strict=True))
        self.cells = [self._cell(i) for i in range(len(columns.heads))]
        self.group_cells = [self._group_cell(start, end) for start, end in self.groups]
        self.group_height = max((cell.height for cell in self.group_cells), default=0.0)
        self.own_height = max(cell.height for cell in self.cells)
        self.height = self.group_height + self.own_height

    def _unit(self, i: int) -> str:
        """A unit that a whole group shares stands in the group's head."""
        shared = any(start <= i < end and self._shared(start, end) for start, end in self.groups)
        return "" if shared else self.columns.heads[i].unit

    def _shared(self, start: int, end: int) -> str:
        units = {head.unit for head in self.columns.heads[start:end]}
        return units.pop() if len(units) == 1 else ""

    def _cell(self, i: int) -> Cell:
        head = self.columns.heads[i]
        align = self.columns.aligns[i] if self.columns.aligns else self.columns.head_align
        return _head_cell(head, self._unit(i), self.columns.widths[i], align, self.units_beside)

    def _group_cell(self, start: int, end: int) -> Cell:
        width = sum(self.columns.widths[start:end])
        return _head_cell(Head(self.columns.heads[start].group), self._shared(start, end), width, Align.CENTRE, True)

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        """All heads stand on the foot of the head; a group's rule spans exactly its columns."""
        starts = self.columns.starts
        inside = {i for start, end in self.groups for i in range(start, end)}
        with sheet.tag("THead"):
            with sheet.tag("TR"):
                for i in range(len(self.cells)):
                    group = next((g for g, (start, _) in enumerate(self.groups) if start == i), None)
                    if group is not None:
                        self._draw_group(sheet, x, top, group)
                    elif i not in inside:
                        self._draw_own(sheet, x + starts[i], top, i, 2 if self.groups else 1)
            if self.groups:
                with sheet.tag("TR"):
                    for i in sorted(inside):
                        self._draw_own(sheet, x + starts[i], top, i, 1)

    def _draw_own(self, sheet: Sheet, x: float, top: float, i: int, row_span: int) -> None:
        cell = self.cells[i]
        foot = top - self.height + cell.height
        with sheet.tag("TH") as element:
            element.scope, element.row_span = "Column", row_span
            for dx, dy, line in cell.lines:
                sheet.line(x + dx - self.columns.outdent, foot - dy, line)

    def _draw_group(self, sheet: Sheet, x: float, top: float, group: int) -> None:
        start, end = self.groups[group]
        left = x + self.columns.starts[start]
        right = left + sum(self.columns.widths[start:end])
        foot = top - self.group_height
        cell = self.group_cells[group]
        with sheet.tag("TH") as element:
            element.scope, element.column_span = "Column", end - start
            for dx, dy, line in cell.lines:
                sheet.line(left + dx, foot + cell.height - dy, line)
        sheet.rule(left + PAD, foot, right - PAD, foot, HAIR)


def _groups(columns: Columns) -> list[tuple[int, int]]:
    """Ranges of two or more neighbours with the same group."""
    found, start = [], 0
    heads = columns.heads
    for i in range(1, len(heads) + 1):
        if i == len(heads) or heads[i].group != heads[start].group:
            if heads[start].group.vi:
                found.append((start, i))
            start = i
    return found


def _fits_beside(head: Head, width: float) -> bool:
    """Whether English and unit fit on one line; a table has all its units beside the English, or all below."""
    spans = HEAD_EN.spans(f"{head.words.en}, {head.unit}" if head.unit else "")
    return sum(span.width for span in spans) <= width - 2 * PAD


def _head_cell(head: Head, unit: str, width: float, align: Align, joined: bool = False) -> Cell:
    """Vietnamese, English, unit, below each other; with `joined` the unit follows the English after a comma."""
    room = width - 2 * PAD
    vi = with_symbols(HEAD, head.words.vi, head.symbols)
    if head.symbol:
        gap = (Span(" ", HEAD.face, HEAD.size),) if vi else ()
        vi = (*vi, *gap, Span(head.symbol, HEAD.symbol, 8.4))
    en = HEAD_EN.spans(head.words.en)
    unit_spans = HEAD_UNIT.spans(unit)
    if joined and en and unit_spans:
        en, unit_spans = (*en, Span(", ", HEAD_EN.face, HEAD_EN.size, True), *unit_spans), ()
    x, y, placed = PAD + align.value * room, 2.0, []
    for spans, leading in ((vi, HEAD.leading), (en, HEAD_EN.leading), (unit_spans, HEAD_UNIT.leading)):
        for line in set_lines(spans, room):
            placed.append((x - align.value * line.width, y + 0.78 * leading, line))
            y += leading
    return Cell(tuple(placed), y + 3.2)
