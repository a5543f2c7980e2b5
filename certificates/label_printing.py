"""Printing labels and stickers: one a page for a label printer, or many on an A4 sheet with cut marks."""

from collections.abc import Sequence
from datetime import datetime

from certificates.archival import Metadata
from certificates.artwork import artwork_in
from certificates.flow import LayoutError
from certificates.fonts import Face, clean
from certificates.label_parts import Label, points
from certificates.pdf import finish
from certificates.sheet import A4, MM, Align, Sheet


def render_labels(labels: Sequence[Label], title: str, created: datetime, dpi: int = 300, logo: bytes = b"") -> bytes:
    """One label a page, of the label's own size, for a label printer of 203, 300 or 600 dpi.

    `logo` (SVG, PNG or JPEG) goes on stickers. Raises LayoutError for what does not fit; nothing is shrunk or cut.
    """
    sheet = _sheet(logo)
    for label in labels:
        sheet.new_page(points(label.size_mm))
        label.draw(sheet, dpi)
    return finish(sheet, _metadata(title, created))


def render_label_sheet(
    labels: Sequence[Label], title: str, created: datetime, dpi: int = 300, logo: bytes = b"", start: int = 1
) -> bytes:
    """Labels side by side on A4 with cut marks, a 100 mm ruler and the order to print at full size.

    `start` leaves the places before it free on the first sheet, as if labels of the first one's size stood there: a
    sheet that was begun is used up.
    """
    sheet = _sheet(logo)
    edge, gap = 15 * MM, 6 * MM
    x = y = 0.0
    row_height = 0.0
    places: list[tuple[Label, bool]] = [(label, False) for label in labels[:1]] * (start - 1)
    for label, drawn in [*places, *((label, True) for label in labels)]:
        width, height = points(label.size_mm)
        if x + width > A4[0] - edge:
            x, y, row_height = edge, y - row_height - gap, 0.0
        if not sheet.page_count or y - height < 22 * MM:
            sheet.new_page()
            _sheet_furniture(sheet, title)
            x, y, row_height = edge, A4[1] - 24 * MM, 0.0
        if drawn:
            with sheet.state((1, 0, 0, 1, x, y - height)):
                label.draw(sheet, dpi)
            _cut_marks(sheet, x, y - height, width, height)
        x, row_height = x + width + gap, max(row_height, height)
    if not sheet.page_count:
        raise LayoutError("no label to print")
    return finish(sheet, _metadata(title, created))


def _sheet(logo: bytes) -> Sheet:
    sheet = Sheet()
    if logo:
        sheet.add_image("logo", artwork_in(logo))
    return sheet


def _metadata(title: str, created: datetime) -> Metadata:
    return Metadata(title, "", title, "Chuẩn LIMS", created, "", "")


def _sheet_furniture(sheet: Sheet, title: str) -> None:
    left, right, top = 15 * MM, A4[0] - 15 * MM, A4[1] - 12 * MM
    with sheet.tag("H1"):
        sheet.put(left, top, clean(title, 80), Face.SANS_BOLD, 10)
    with sheet.tag("P"):
        text = "In đúng cỡ 100 %, không co theo trang · print at actual size"
        sheet.put(right, top, text, Face.SANS_ITALIC, 7, Align.RIGHT)
        sheet.put(left + 103 * MM, 13.4 * MM, "100 mm: đo lại trước khi in lô", Face.SANS_ITALIC, 6.6)
    sheet.rule(left, 14 * MM, left + 100 * MM, 14 * MM, 0.4)
    for centimetre in range(11):
        x = left + centimetre * 10 * MM
        sheet.rule(x, 14 * MM, x, (16 if centimetre % 5 else 17) * MM, 0.4)


def _cut_marks(sheet: Sheet, x: float, y: float, width: float, height: float) -> None:
    """Corner ticks 1 mm outside the label."""
    for px, sx in ((x, -1), (x + width, 1)):
        for py, sy in ((y, -1), (y + height, 1)):
            sheet.rule(px + sx * MM, py, px + sx * 2.4 * MM, py, 0.25)
            sheet.rule(px, py + sy * MM, px, py + sy * 2.4 * MM, 0.25)
