"""Stickers of verification and of calibration, glued to the instrument.

Sizes are settings of the organisation, not law.
"""

from dataclasses import dataclass

from certificates.fonts import Face
from certificates.label_parts import LINE, RADIUS, SAMPLE, code, code_line, fitted, frame, logo, points
from certificates.sheet import BLACK, MM, WHITE, Align, Sheet
from certificates.typeset import shortened


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
        width, height = points(self.size_mm)
        middle = width / 2
        frame(sheet, width, height)
        heading, until = SAMPLE if self.demonstration else ("TEM KIỂM ĐỊNH", "CÓ GIÁ TRỊ ĐẾN")
        fitted(sheet, middle, height - 3.5 * MM, heading, Face.SANS_BOLD, 6, width, Align.CENTRE)
        code_line(sheet, middle, height - 7.2 * MM, self.number, (8.4, 7, 6), width - 2 * MM, Align.CENTRE)
        sheet.rule(0, height - 8.7 * MM, width, height - 8.7 * MM, LINE)
        side = code(sheet, self.qr_payload, (width - 1 * MM, 11.4 * MM), (width - 9 * MM, height - 20.6 * MM), dpi)
        room = width - side - 2 * MM
        logo(sheet, 1 * MM + (room - 8 * MM) / 2, 16.6 * MM, 8 * MM)
        y = 13 * MM if sheet.has_image("logo") else 16.6 * MM
        fitted(sheet, 1 * MM + room / 2, y, self.registration_code, Face.SANS_BOLD, 5.6, room, Align.CENTRE)
        with sheet.state():
            sheet.round_box(0.35, 0.35, width - 0.7, height - 0.7, RADIUS, clip=True)
            sheet.box(0, 0, width, 10.4 * MM, fill=BLACK)
            sheet.ink(WHITE)
            fitted(sheet, middle, 7.2 * MM, until, Face.SANS_MEDIUM, 5.6, width, Align.CENTRE)
            fitted(sheet, middle, 2.1 * MM, self.valid_until, Face.SANS_BOLD, 13, width, Align.CENTRE)


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
        width, height = points(self.size_mm)
        frame(sheet, width, height)
        x = 15.4 * MM
        up = 0 if sheet.has_image("logo") else 3.4 * MM
        logo(sheet, 4.4 * MM, height - 6.9 * MM, 5.8 * MM)
        code(sheet, self.qr_payload, (14.3 * MM, 7.2 * MM + up), (14 * MM, 14 * MM), dpi, middle=7.3 * MM)
        fitted(sheet, 7.3 * MM, 5.2 * MM + up, self.registration_code, Face.SANS_BOLD, 6, 13 * MM, Align.CENTRE)
        sheet.rule(14.4 * MM, 4.4 * MM, 14.4 * MM, height - 1.4 * MM, LINE)
        room = width - x - 1 * MM
        heading, foot = SAMPLE if self.demonstration else ("TEM HIỆU CHUẨN", self.contact)
        fitted(sheet, x, height - 4 * MM, heading, Face.SANS_BOLD, 6.8, room)
        code_line(sheet, x, height - 8.7 * MM, self.number, (11, 8.4, 7), room)
        y = height - 12.4 * MM
        for label, value in (("Ngày hiệu chuẩn", self.calibrated_on), ("Hiệu chuẩn lại", self.recalibration_on)):
            if value:
                fitted(sheet, x, y, label, Face.SANS, 5.2, room)
                fitted(sheet, x, y - 3.1 * MM, value, Face.SERIF_BOLD, 8, room)
            y -= 6.3 * MM
        sheet.rule(0, 3.9 * MM, width, 3.9 * MM, LINE)
        contact = shortened(foot, Face.SANS, 4.9, width - 3 * MM)
        fitted(sheet, width / 2, 1.35 * MM, contact, Face.SANS, 4.9, width, Align.CENTRE)
