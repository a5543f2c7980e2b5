"""Result tables: figures aligned on the decimal comma, column widths from the content, the error alone in bold."""

from collections.abc import Sequence
from functools import lru_cache

from certificates.document import Column, ResultTable, Role, Verdict, Words
from certificates.fonts import Face
from certificates.formats import figure, is_figure
from certificates.sheet import MM, Align
from certificates.tables import FIGURE_ROW, HEAD, HEAD_EN, PAD, Cell, Columns, Head, Row, Table, text_cell
from certificates.typeset import Line, Span, Style
from certificates.wording import VERDICTS

FIGURE = Style(Face.SERIF, 8.8, 11.4)
FIGURE_BOLD = Style(Face.SERIF_BOLD, 8.8, 11.4)
LONGEST_CELL = 300
_WIDEST_TEXT = 46 * MM
_ONE_LINE, _ONE_LINE_EN = 24 * MM, 17.5 * MM  # a longer head stands on two lines
_SIGNED = {Role.ERROR, Role.CORRECTION}
_TEXTUAL = {Role.NUMBER, Role.VERDICT, Role.TEXT}
_NAMING = {Role.NUMBER, Role.TEXT, Role.INDICATION, Role.REFERENCE}


def result_table(table: ResultTable, room: float) -> Table:
    """The printed table of one set of results, `room` points wide."""
    shown = [[printed(text, column) for text, column in zip(row, table.columns, strict=True)] for row in table.rows]
    by_column = [[row[i] for row in shown] for i in range(len(table.columns))]
    widths = _widths(table.columns, by_column, room)
    symbols = frozenset(column.symbol for column in table.columns if column.symbol)
    heads = tuple(Head(c.label, c.unit, c.symbol, c.group, symbols) for c in table.columns)
    cells = [_column_cells(*column) for column in zip(table.columns, by_column, widths, strict=True)]
    rows = [_centred(Row.of(row, FIGURE_ROW)) for row in zip(*cells, strict=True)]
    rows_named = bool(table.columns) and table.columns[0].role in _NAMING
    return Table(Columns(tuple(widths), heads, rows_named=rows_named), rows)


def printed(text: str, column: Column) -> str:
    """The text of a cell as printed: a verdict in words, a figure with comma and sign."""
    if column.role is Role.VERDICT and text in list(Verdict):
        return VERDICTS[Verdict(text)].vi
    return figure(text, signed=column.role in _SIGNED)


def _style(column: Column) -> Style:
    return FIGURE_BOLD if column.role is Role.ERROR else FIGURE


def _is_figures(column: Column, texts: Sequence[str]) -> bool:
    """Whether a column is aligned on the comma: any numeric role with at least one figure in it."""
    return column.role not in _TEXTUAL and any(_parts(text) for text in texts)


@lru_cache(maxsize=8_000)
def _parts(text: str) -> tuple[str, str] | None:
    """A printed figure before and from its comma; None for other text."""
    if not text or not is_figure(text.replace("\u00a0", "")):
        return None
    whole, comma, fraction = text.partition(",")
    return whole, comma + fraction


def _column_cells(column: Column, texts: Sequence[str], width: float) -> list[Cell]:
    style = _style(column)
    if not _is_figures(column, texts):
        cells = {
            text: text_cell(width, style.spans(text, LONGEST_CELL), (), Align.CENTRE, style) for text in set(texts)
        }
        return [cells[text] for text in texts]
    whole, fraction = _figure_widths(texts, style)
    point = (width - whole - fraction) / 2 + whole
    cells = {}
    for text in set(texts):
        parts = _parts(text)
        if parts is None:
            cells[text] = text_cell(width, style.spans(text, LONGEST_CELL), (), Align.CENTRE, style)
            continue
        span = Span(text, style.face, style.size)
        x = point - Span(parts[0], style.face, style.size).width
        cells[text] = Cell(((x, 2.0 + 0.76 * style.leading, Line((span,), span.width)),), style.leading + 4.6)
    return [cells[text] for text in texts]


def _figure_widths(texts: Sequence[str], style: Style) -> tuple[float, float]:
    """Greatest widths before and from the comma."""
    parts = {pair for pair in map(_parts, texts) if pair}
    return (
        max(Span(whole, style.face, style.size).width for whole in {whole for whole, _ in parts}),
        max(Span(fraction, style.face, style.size).width for fraction in {fraction for _, fraction in parts}),
    )


def _centred(row: Row) -> Row:
    """Cells lower than the row are moved to its middle."""
    return Row(tuple([_moved(cell, row.height) for cell in row.cells]), row.height)


def _moved(cell: Cell, height: float) -> Cell:
    shift = (height - cell.height) / 2
    return Cell(tuple([(x, y + shift, line) for x, y, line in cell.lines]), height) if shift else cell


def _widths(columns: Sequence[Column], by_column: Sequence[Sequence[str]], room: float) -> list[float]:
    """Each column gets what its words and figures need; the rest is shared by what the heads would like."""
    needed, wanted = [], []
    for column, texts in zip(columns, by_column, strict=True):
        style = _style(column)
        spans = [style.spans(text, LONGEST_CELL) for text in dict.fromkeys(texts)]
        if _is_figures(column, texts):
            content = sum(_figure_widths(texts, style))
        else:
            content = max(map(_longest_word, spans), default=0.0)
        whole = max((sum(span.width for span in cell) for cell in spans), default=0.0)
        least, best = _head_width(column)
        needed.append(max(content, least) + 2 * PAD)
        wanted.append(max(min(whole, _WIDEST_TEXT), best) + 2 * PAD + 2 * MM)
    spare = room - sum(needed)
    if spare < 0:
        return [width * room / sum(needed) for width in needed]
    more = [max(want - need, 0.0) for want, need in zip(wanted, needed, strict=True)]
    share = min(1.0, spare / sum(more)) if sum(more) else 0.0
    widths = [need + share * extra for need, extra in zip(needed, more, strict=True)]
    rest = (room - sum(widths)) / len(widths)
    return [width + rest for width in widths]


@lru_cache(maxsize=1_000)
def _head_width(column: Column) -> tuple[float, float]:
    """Least (longest word) and best (at most two lines) width of a column's head."""
    words = Words(column.label.vi + ("\u00a0" + column.symbol if column.symbol else ""), column.label.en)
    vi, en = HEAD.spans(words.vi), HEAD_EN.spans(words.en)
    least = max(_longest_word(vi), _longest_word(en))
    best = [total if total < one_line else total * 0.62 for total, one_line in
            ((sum(span.width for span in vi), _ONE_LINE), (sum(span.width for span in en), _ONE_LINE_EN))]
    return least, max(least, *best)


def _longest_word(spans: Sequence[Span]) -> float:
    """Width of the longest word, at most that of a text column."""
    words = (span._replace(text=word) for span in spans for word in span.text.split(" "))
    return min(max((word.width for word in words), default=0.0), _WIDEST_TEXT)
