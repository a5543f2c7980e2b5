"""Labels of the laboratory's own order: the status of a standard, and the item that was received."""

from dataclasses import dataclass
from enum import StrEnum

from certificates.fonts import Face, clean
from certificates.label_parts import LINE, RADIUS, SAMPLE, code, code_line, fitted, frame, points
from certificates.sheet import BLACK, MM, WHITE, Align, Sheet
from certificates.typeset import Span, set_lines, shortened


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
        width, height = points(self.size_mm)
        frame(sheet, width, height)
        self._band(sheet, width, height)
        side = code(sheet, self.qr_payload, (width - 0.6 * MM, 3.4 * MM), (17.4 * MM, 17.4 * MM), dpi)
        x, room = 2.4 * MM, width - side - 4 * MM
        code_line(sheet, x, height - 11.6 * MM, self.asset_number, (11.5, 8.4, 7), room)
        sheet_name = shortened(self.name, Face.SANS, 6.2, room)
        fitted(sheet, x, height - 15 * MM, sheet_name, Face.SANS, 6.2, room)
        if self.state is StandardState.OUT_OF_SERVICE:
            self._reason(sheet, x, height, room)
        else:
            for place, (label, value) in enumerate((("Hiệu chuẩn", self.calibrated_on), ("Hạn", self.due_on))):
                left = x + place * room / 2
                fitted(sheet, left, height - 19.6 * MM, label, Face.SANS, 5.4, room / 2)
                fitted(sheet, left, height - 23.3 * MM, value, Face.SERIF_BOLD, 8, room / 2)
        note = shortened(SAMPLE[0] if self.demonstration else self.note, Face.SANS_MEDIUM, 5.8, room)
        fitted(sheet, x, 1.9 * MM, note, Face.SANS_MEDIUM, 5.8, room)

    def _reason(self, sheet: Sheet, x: float, height: float, room: float) -> None:
        """In one line, or wrapped to two, of which the second may be shortened."""
        first = set_lines([Span(clean(self.reason, 200), Face.SERIF_BOLD, 7.4)], room)[:1]
        text = "".join(span.text for span in first[0].spans).strip() if first else ""
        rest = shortened(clean(self.reason, 200)[len(text) :].strip(), Face.SERIF_BOLD, 7.4, room)
        y = height - (18.4 if rest else 20.2) * MM
        for line in filter(None, (text, rest)):
            fitted(sheet, x, y, line, Face.SERIF_BOLD, 7.4, room)
            y -= 3.3 * MM
        fitted(sheet, x, y, "Không chọn được cho công việc mới", Face.SANS, 5.4, room)

    def _band(self, sheet: Sheet, width: float, height: float) -> None:
        vi, en = _STATE_WORDS[self.state]
        foot = height - 6.4 * MM
        spans = (Span(vi, Face.SANS_BOLD, 8.4), Span("  ", Face.SANS, 6.4), Span(en, Face.SANS_ITALIC, 6.4, True))
        half = sum(span.width for span in spans) / 2 + 2 * MM
        with sheet.state():
            sheet.round_box(0.35, 0.35, width - 0.7, height - 0.7, RADIUS, clip=True)
            if self.state is StandardState.OUT_OF_SERVICE:
                sheet.box(0, foot, width, 6.4 * MM, fill=BLACK)
                sheet.ink(WHITE)
            if self.state is StandardState.RESTRICTED:
                for x in range(-6, int(width / MM), 2):
                    sheet.rule(x * MM, foot, x * MM + 6.4 * MM, height, 0.7)
                sheet.box(width / 2 - half, foot, 2 * half, 6.4 * MM, fill=WHITE)
                sheet.rule(width / 2 - half, height - 0.35, width / 2 + half, height - 0.35, LINE)
            with sheet.tag("P"):
                sheet.line(width / 2, height - 4.5 * MM, spans, Align.CENTRE)
        sheet.rule(0, foot, width, foot, LINE)


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
        width, height = points(self.size_mm)
        frame(sheet, width, height)
        code(sheet, self.qr_payload, (22 * MM, (height - 21 * MM) / 2), (21 * MM, 21 * MM), dpi, middle=11.4 * MM)
        x = 22.4 * MM
        room = width - x - 2 * MM
        code_line(sheet, x, height - 6.4 * MM, self.identification, (13, 11, 8.4), room)
        # A serial is never shortened: the name gives way.
        serial = f" · {self.serial}" if self.serial else ""
        left = max(room - Span(serial, Face.SERIF_MEDIUM, 7.4).width, 0)
        named = shortened(self.name, Face.SERIF_MEDIUM, 7.4, left) + serial
        fitted(sheet, x, height - 10.4 * MM, named, Face.SERIF_MEDIUM, 7.4, room)
        customer = shortened(self.customer, Face.SANS, 5.6, room)
        fitted(sheet, x, height - 13.8 * MM, customer, Face.SANS, 5.6, room)
        sheet.rule(x, height - 15.6 * MM, width - 2 * MM, height - 15.6 * MM, 0.4)
        for place, (label, value) in enumerate((("Nhận", self.received_on), ("Hẹn trả", self.promised_on))):
            left = x + place * 18 * MM
            fitted(sheet, left, height - 18.4 * MM, label, Face.SANS, 5.4, 17 * MM)
            fitted(sheet, left, height - 21.9 * MM, value, Face.SERIF_BOLD, 7.6, 17 * MM)
        word = shortened(self.service.upper(), Face.SANS_BOLD, 5.8, room / 2)
        framed = Span(word, Face.SANS_BOLD, 5.8).width + 3 * MM
        sheet.box(x, 2 * MM, framed, 4.2 * MM, line=LINE)
        fitted(sheet, x + framed / 2, 3.3 * MM, word, Face.SANS_BOLD, 5.8, framed, Align.CENTRE)
        rest = room - framed - 2 * MM
        accessories = f"Phụ kiện: {self.accessories}" if self.accessories else ""
        accessories = SAMPLE[0] if self.demonstration else accessories
        fitted(
            sheet, x + framed + 2 * MM, 3.3 * MM, shortened(accessories, Face.SANS, 5.4, rest), Face.SANS, 5.4, rest
        )
