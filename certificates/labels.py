"""Stickers and labels: verification and calibration stickers, status labels of standards, item labels.

Each draws into its own box, one a page for a label printer or many on an A4 sheet with cut marks. QR modules are a
whole number of printer dots. Sizes are settings of the organisation, not law.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from certificates.archival import Metadata
from certificates.artwork import artwork_in
from certificates.flow import LayoutError
from certificates.fonts import Face, clean
from certificates.pdf import finish
from certificates.qr import QUIET, draw_qr, modules
from certificates.sheet import A4, BLACK, MM, WHITE, Align, Sheet
from certificates.typeset import Span, set_lines, shortened

_SAMPLE = ("BẢN TRÌNH DIỄN", "KHÔNG CÓ GIÁ TRỊ")
"""What stands on labels of the demonstration laboratory in place of heading and validity."""
_RADIUS = 1.6 * MM
_LINE = 0.5


class Label(Protocol):
    """Something that draws itself into the box (0, 0, width, height), in points."""

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height in millimetres."""

    def draw(self, sheet: Sheet, dpi: int) -> None:
        """Draws with QR modules of whole dots at this resolution."""


class StandardState(StrEnum):
    """Status shown by the form of a band: open, hatched ends, solid."""

    IN_USE = "in_use"
    RESTRICTED = "restricted"
    OUT_OF_SERVICE = "out_of_service"


_STATE_WORDS = {
    StandardState.IN_USE: ("ĐANG SỬ DỤNG", "in use"),
    StandardState.RESTRICTED: ("SỬ DỤNG HẠN CHẾ", "restricted"),
    StandardState.OUT_OF_SERVICE: ("NGỪNG SỬ DỤNG", "out of service"),
}


@dataclass(frozen=True)
class VerificationSticker:
    """Number, registration and QR, validity in a solid band; `valid_until` = "11/2027"."""

    number: str
    registration_code: str
    valid_until: str
    qr_payload: str
    size_mm: tuple[float, float] = (25, 35)
    demonstration: bool = False

    def draw(self, sheet: Sheet, dpi: int) -> None:
        """Three zones, drawn from the top."""
        width, height = _points(self.size_mm)
        middle = width / 2
        _frame(sheet, width, height)
        heading, until = _SAMPLE if self.demonstration else ("TEM KIỂM ĐỊNH", "CÓ GIÁ TRỊ ĐẾN")
        _fitted(sheet, middle, height - 3.5 * MM, heading, Face.SANS_BOLD, 6, width, Align.CENTRE)
        _code_line(sheet, middle, height - 7.2 * MM, self.number, (8.4, 7, 6), width - 2 * MM, Align.CENTRE)
        sheet.rule(0, height - 8.7 * MM, width, height - 8.7 * MM, _LINE)
        side = _code(sheet, self.qr_payload, (width - 1 * MM, 11.4 * MM), (width - 9 * MM, height - 20.6 * MM), dpi)
        room = width - side - 2 * MM
        _logo(sheet, 1 * MM + (room - 8 * MM) / 2, 16.6 * MM, 8 * MM)
        y = 13 * MM if sheet.has_image("logo") else 16.6 * MM
        _fitted(sheet, 1 * MM + room / 2, y, self.registration_code, Face.SANS_BOLD, 5.6, room, Align.CENTRE)
        with sheet.state():
            sheet.round_box(0.35, 0.35, width - 0.7, height - 0.7, _RADIUS, clip=True)
            sheet.box(0, 0, width, 10.4 * MM, fill=BLACK)
            sheet.ink(WHITE)
            _fitted(sheet, middle, 7.2 * MM, until, Face.SANS_MEDIUM, 5.6, width, Align.CENTRE)
            _fitted(sheet, middle, 2.1 * MM, self.valid_until, Face.SANS_BOLD, 13, width, Align.CENTRE)


@dataclass(frozen=True)
class CalibrationSticker:
    """White throughout; the recalibration line is left out unless an interval was agreed."""

    number: str
    registration_code: str
    calibrated_on: str
    contact: str
    qr_payload: str
    recalibration_on: str = ""
    size_mm: tuple[float, float] = (45, 28)
    demonstration: bool = False

    def draw(self, sheet: Sheet, dpi: int) -> None:
        """Code left, number and dates right, contact below."""
        width, height = _points(self.size_mm)
        _frame(sheet, width, height)
        x = 15.4 * MM
        up = 0 if sheet.has_image("logo") else 3.4 * MM
        _logo(sheet, 4.4 * MM, height - 6.9 * MM, 5.8 * MM)
        _code(sheet, self.qr_payload, (14.3 * MM, 7.2 * MM + up), (14 * MM, 14 * MM), dpi, middle=7.3 * MM)
        _fitted(sheet, 7.3 * MM, 5.2 * MM + up, self.registration_code, Face.SANS_BOLD, 6, 13 * MM, Align.CENTRE)
        sheet.rule(14.4 * MM, 4.4 * MM, 14.4 * MM, height - 1.4 * MM, _LINE)
        room = width - x - 1 * MM
        heading, foot = _SAMPLE if self.demonstration else ("TEM HIỆU CHUẨN", self.contact)
        _fitted(sheet, x, height - 4 * MM, heading, Face.SANS_BOLD, 6.8, room)
        _code_line(sheet, x, height - 8.7 * MM, self.number, (11, 8.4, 7), room)
        y = height - 12.4 * MM
        for label, value in (("Ngày hiệu chuẩn", self.calibrated_on), ("Hiệu chuẩn lại", self.recalibration_on)):
            if value:
                _fitted(sheet, x, y, label, Face.SANS, 5.2, room)
                _fitted(sheet, x, y - 3.1 * MM, value, Face.SERIF_BOLD, 8, room)
            y -= 6.3 * MM
        sheet.rule(0, 3.9 * MM, width, 3.9 * MM, _LINE)
        contact = shortened(foot, Face.SANS, 4.9, width - 3 * MM)
        _fitted(sheet, width / 2, 1.35 * MM, contact, Face.SANS, 4.9, width, Align.CENTRE)


@dataclass(frozen=True)
class StandardLabel:
    """Status of a standard (ISO/IEC 17025 6.4.8); out of service it shows the reason and no dates."""

    asset_number: str
    name: str
    state: StandardState
    calibrated_on: str
    due_on: str
    qr_payload: str
    note: str = ""  # the limit, the scope, or the number of the incident
    reason: str = ""
    size_mm: tuple[float, float] = (56, 30)
    demonstration: bool = False

    def draw(self, sheet: Sheet, dpi: int) -> None:
        """Band above, identity and dates left, code right."""
        width, height = _points(self.size_mm)
        _frame(sheet, width, height)
        self._band(sheet, width, height)
        side = _code(sheet, self.qr_payload, (width - 0.6 * MM, 3.4 * MM), (17.4 * MM, 17.4 * MM), dpi)
        x, room = 2.4 * MM, width - side - 4 * MM
        _code_line(sheet, x, height - 11.6 * MM, self.asset_number, (11.5, 8.4, 7), room)
        sheet_name = shortened(self.name, Face.SANS, 6.2, room)
        _fitted(sheet, x, height - 15 * MM, sheet_name, Face.SANS, 6.2, room)
        if self.state is StandardState.OUT_OF_SERVICE:
            self._reason(sheet, x, height, room)
        else:
            for place, (label, value) in enumerate((("Hiệu chuẩn", self.calibrated_on), ("Hạn", self.due_on))):
                left = x + place * room / 2
                _fitted(sheet, left, height - 19.6 * MM, label, Face.SANS, 5.4, room / 2)
                _fitted(sheet, left, height - 23.3 * MM, value, Face.SERIF_BOLD, 8, room / 2)
        note = shortened(_SAMPLE[0] if self.demonstration else self.note, Face.SANS_MEDIUM, 5.8, room)
        _fitted(sheet, x, 1.9 * MM, note, Face.SANS_MEDIUM, 5.8, room)

    def _reason(self, sheet: Sheet, x: float, height: float, room: float) -> None:
        """In one line, or wrapped to two, of which the second may be shortened."""
        first = set_lines([Span(clean(self.reason, 200), Face.SERIF_BOLD, 7.4)], room)[:1]
        text = "".join(span.text for span in first[0].spans).strip() if first else ""
        rest = shortened(clean(self.reason, 200)[len(text) :].strip(), Face.SERIF_BOLD, 7.4, room)
        y = height - (18.4 if rest else 20.2) * MM
        for line in filter(None, (text, rest)):
            _fitted(sheet, x, y, line, Face.SERIF_BOLD, 7.4, room)
            y -= 3.3 * MM
        _fitted(sheet, x, y, "Không chọn được cho công việc mới", Face.SANS, 5.4, room)

    def _band(self, sheet: Sheet, width: float, height: float) -> None:
        vi, en = _STATE_WORDS[self.state]
        foot = height - 6.4 * MM
        spans = (Span(vi, Face.SANS_BOLD, 8.4), Span("  ", Face.SANS, 6.4), Span(en, Face.SANS_ITALIC, 6.4, True))
        half = sum(span.width for span in spans) / 2 + 2 * MM
        with sheet.state():
            sheet.round_box(0.35, 0.35, width - 0.7, height - 0.7, _RADIUS, clip=True)
            if self.state is StandardState.OUT_OF_SERVICE:
                sheet.box(0, foot, width, 6.4 * MM, fill=BLACK)
                sheet.ink(WHITE)
            if self.state is StandardState.RESTRICTED:
                for x in range(-6, int(width / MM), 2):
                    sheet.rule(x * MM, foot, x * MM + 6.4 * MM, height, 0.7)
                sheet.box(width / 2 - half, foot, 2 * half, 6.4 * MM, fill=WHITE)
                sheet.rule(width / 2 - half, height - 0.35, width / 2 + half, height - 0.35, _LINE)
            with sheet.tag("P"):
                sheet.line(width / 2, height - 4.5 * MM, spans, Align.CENTRE)
        sheet.rule(0, foot, width, foot, _LINE)


@dataclass(frozen=True)
class ItemLabel:
    """Label of a received item: its number readable at arm's length, service framed, promised date."""

    identification: str
    name: str
    serial: str
    customer: str
    service: str
    received_on: str
    promised_on: str
    qr_payload: str
    accessories: str = ""
    size_mm: tuple[float, float] = (60, 30)
    demonstration: bool = False

    def draw(self, sheet: Sheet, dpi: int) -> None:
        """Code left, words right."""
        width, height = _points(self.size_mm)
        _frame(sheet, width, height)
        _code(sheet, self.qr_payload, (22 * MM, (height - 21 * MM) / 2), (21 * MM, 21 * MM), dpi, middle=11.4 * MM)
        x = 22.4 * MM
        room = width - x - 2 * MM
        _code_line(sheet, x, height - 6.4 * MM, self.identification, (13, 11, 8.4), room)
        # A serial is never shortened: the name gives way.
        serial = f" · {self.serial}" if self.serial else ""
        left = max(room - Span(serial, Face.SERIF_MEDIUM, 7.4).width, 0)
        named = shortened(self.name, Face.SERIF_MEDIUM, 7.4, left) + serial
        _fitted(sheet, x, height - 10.4 * MM, named, Face.SERIF_MEDIUM, 7.4, room)
        customer = shortened(self.customer, Face.SANS, 5.6, room)
        _fitted(sheet, x, height - 13.8 * MM, customer, Face.SANS, 5.6, room)
        sheet.rule(x, height - 15.6 * MM, width - 2 * MM, height - 15.6 * MM, 0.4)
        for place, (label, value) in enumerate((("Nhận", self.received_on), ("Hẹn trả", self.promised_on))):
            left = x + place * 18 * MM
            _fitted(sheet, left, height - 18.4 * MM, label, Face.SANS, 5.4, 17 * MM)
            _fitted(sheet, left, height - 21.9 * MM, value, Face.SERIF_BOLD, 7.6, 17 * MM)
        word = shortened(self.service.upper(), Face.SANS_BOLD, 5.8, room / 2)
        framed = Span(word, Face.SANS_BOLD, 5.8).width + 3 * MM
        sheet.box(x, 2 * MM, framed, 4.2 * MM, line=_LINE)
        _fitted(sheet, x + framed / 2, 3.3 * MM, word, Face.SANS_BOLD, 5.8, framed, Align.CENTRE)
        rest = room - framed - 2 * MM
        accessories = f"Phụ kiện: {self.accessories}" if self.accessories else ""
        accessories = _SAMPLE[0] if self.demonstration else accessories
        _fitted(
            sheet, x + framed + 2 * MM, 3.3 * MM, shortened(accessories, Face.SANS, 5.4, rest), Face.SANS, 5.4, rest
        )


def render_labels(labels: Sequence[Label], title: str, created: datetime, dpi: int = 300, logo: bytes = b"") -> bytes:
    """One label a page, of the label's own size, for a label printer of 203, 300 or 600 dpi.

    `logo` (SVG, PNG or JPEG) goes on stickers. Raises LayoutError for what does not fit; nothing is shrunk or cut.
    """
    sheet = _sheet(logo)
    for label in labels:
        sheet.new_page(_points(label.size_mm))
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
        width, height = _points(label.size_mm)
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


def _logo(sheet: Sheet, x: float, y: float, side: float) -> None:
    if sheet.has_image("logo"):
        with sheet.tag("Figure", alternative="Biểu trưng") as element:
            element.box = (x, y, x + side, y + side)
            sheet.image("logo", x, y, side, side)


def _metadata(title: str, created: datetime) -> Metadata:
    return Metadata(title, "", title, "Chuẩn LIMS", created, "", "")


def _points(size_mm: tuple[float, float]) -> tuple[float, float]:
    return size_mm[0] * MM, size_mm[1] * MM


def _frame(sheet: Sheet, width: float, height: float) -> None:
    with sheet.state():
        sheet.stroke(_LINE)
        sheet.round_box(0.35, 0.35, width - 0.7, height - 0.7, _RADIUS)


def _fitted(
    sheet: Sheet, x: float, y: float, text: str, face: Face, size: float, room: float, align: Align = Align.LEFT
) -> None:
    """One line; codes and dates are never shortened, so one that is too wide for the label is an error."""
    text = clean(text, 200)
    if Span(text, face, size).width > room + 0.5:
        raise LayoutError(f"{text!r} is too long for the label")
    if text:
        with sheet.tag("P"):
            sheet.put(x, y, text, face, size, align)


def _code_line(
    sheet: Sheet, x: float, y: float, text: str, sizes: tuple[float, ...], room: float, align: Align = Align.LEFT
) -> None:
    """A number in the largest of the scale's sizes that holds it whole; LayoutError where even the smallest does not.
    """
    fits = (size for size in sizes if Span(clean(text, 200), Face.SANS_BOLD, size).width <= room)
    _fitted(sheet, x, y, text, Face.SANS_BOLD, next(fits, sizes[-1]), room, align)


def _code(
    sheet: Sheet, payload: str, right_foot: tuple[float, float], room: tuple[float, float], dpi: int, middle: float = 0
) -> float:
    """A QR code with its lower right corner at `right_foot`, as large as whole dots allow; returns its side.

    With `middle` it stands around that line instead, so that a coarse printer's smaller code keeps its place.
    """
    rows = modules(payload)
    count, dot = len(rows) + 2 * QUIET, 72 / dpi
    dots = int(min(room) / (count * dot))
    if dots * dot < 0.24 * MM:
        raise LayoutError(f"a code of {count} modules is too dense for the label; shorten the address")
    side = count * dots * dot
    left = middle - side / 2 if middle else right_foot[0] - side
    draw_qr(sheet, rows, left, right_foot[1], side, "Mã QR")
    return side


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
