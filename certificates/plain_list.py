"""Any list on landscape A4 with its title, note and two signatures: balances, ledgers, tallies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from certificates.document import Words
from certificates.formats import day
from certificates.landscape import CELL, ROW, Landscape, Remark, render_landscape
from certificates.sheet import MM, Align
from certificates.slips import Signatory
from certificates.tables import Row, text_cell


@dataclass(frozen=True)
class PlainColumn:
    """A column's head and its share of the width; numbers stand right."""

    head: Words
    share: float
    number: bool = False


@dataclass(frozen=True)
class PlainList:
    """The list as of `today`; every row has a text for each column, in the order of printing."""

    title: Words
    short_name: str
    today: date
    created: datetime
    columns: tuple[PlainColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str
    prepared_by: Signatory
    approved_by: Signatory
    demonstration: bool = False


def render_plain_list(plain: PlainList) -> bytes:
    """The pages with repeating head; raises GlyphMissing or LayoutError."""
    wanted = Landscape(
        title=plain.title, name=f"{plain.title.vi} {day(plain.today)}", label=Words("Danh sách"),
        number=plain.today.isoformat(), short_name=plain.short_name, today=plain.today, created=plain.created,
        heads=tuple(column.head for column in plain.columns), shares=tuple(column.share for column in plain.columns),
        remarks=(Remark(f"{len(plain.rows)} dòng"),), note=plain.note, empty="Không có dòng nào.",
        signatories=(plain.prepared_by, plain.approved_by), demonstration=plain.demonstration)  # fmt: skip
    return render_landscape(wanted, lambda widths: [_row(plain, row, widths) for row in plain.rows])


def _row(plain: PlainList, texts: Sequence[str], widths: Sequence[float]) -> Row:
    cells = [
        text_cell(width - (2 * MM if column.number else 0), CELL.spans(text, 200), (),
                  Align.RIGHT if column.number else Align.LEFT, CELL)
        for column, width, text in zip(plain.columns, widths, texts, strict=True)
    ]  # fmt: skip
    return Row.of(cells, ROW)
