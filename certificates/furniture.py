"""What stands around the text of a page: letterhead, title, running head, footer, signatures, the code to scan."""

from collections.abc import Sequence

from certificates import wording
from certificates.document import Anchors, Approval, Organisation, Record, Words
from certificates.fonts import Face, clean
from certificates.formats import day, instant, long_day
from certificates.layout import Margins
from certificates.qr import QUIET, draw_qr, modules
from certificates.sheet import A4, HAIR, MM, TEAL, THICK, THIN, Align, Sheet
from certificates.typeset import Line, Span, Style, balanced, set_lines, shortened
from certificates.values import title_of

QR_SIDE = 35 * MM
INK = 32 * MM  # room for signature and seal on a certificate
INK_SMALL = 22 * MM  # on slips
_LOGO = 18 * MM

_SUPERIOR = Style(Face.SANS, 8.2, 11.4)
_NAME = Style(Face.SANS_BOLD, 10, 14)
_NAME_EN = Style(Face.SANS_ITALIC, 7.6, 11, english=True)
_CONTACT = Style(Face.SANS, 6.6, 9.6)
_PERSON = Style(Face.SERIF_BOLD, 9.6, 13)
_OFFICE = Style(Face.SANS_BOLD, 8.6, 11.4)
_ADDRESS = Style(Face.SANS, 6.6, 8.8)
_TINY = Style(Face.SANS, 6.2, 8.8)


class Page:
    """Edges of the text on a page, in points."""

    def __init__(self, margins: Margins, size: tuple[float, float] = A4) -> None:
        self.size = size
        self.left, self.right = margins.left * MM, size[0] - margins.right * MM
        self.top, self.foot = size[1] - margins.top * MM, margins.foot * MM
        self.width = self.right - self.left
        self.middle = (self.left + self.right) / 2


def draw_letterhead(sheet: Sheet, page: Page, organisation: Organisation, artwork: Sequence[str]) -> float:
    """Logo left, centred lines, codes and accreditation mark right; returns y of the closing rule.

    `artwork` names the images there are: "logo", "mark". Without one its place stays white.
    """
    if "logo" in artwork:
        with sheet.tag("Figure", alternative=f"Biểu trưng {organisation.short_name}") as element:
            element.box = (page.left, page.top - _LOGO, page.left + _LOGO, page.top)
            sheet.image("logo", page.left, page.top - _LOGO, _LOGO, _LOGO)
    y = _letterhead_lines(sheet, page, organisation)
    _codes(sheet, page, organisation, "mark" in artwork)
    foot = min(page.top - 21 * MM, y - 2 * MM)
    sheet.rule(page.left, foot, page.right, foot, THICK, TEAL)
    return foot


def _letterhead_lines(sheet: Sheet, page: Page, organisation: Organisation) -> float:
    """The centred lines; returns y below the last. One line each as a rule, more where a name is long."""
    room = page.width - 2 * (_LOGO + 2 * MM)
    phone = f"ĐT: {organisation.phone}" if organisation.phone else ""
    contact = "\u00a0 · \u00a0".join(part for part in (organisation.address, phone, organisation.email) if part)
    y, after = page.top - 3.4 * MM, 0.0
    for text, style, pitch in (
        (organisation.superior, _SUPERIOR, 5.2 * MM),
        (organisation.name.vi, _NAME, 4.2 * MM),
        (organisation.name.en, _NAME_EN, 4.4 * MM),
        (contact, _CONTACT, 0.0),
    ):
        lines = balanced(style.spans(text, 300), room)
        if lines:
            y -= after
            with sheet.tag("P", english=style.english):
                for place, line in enumerate(lines):
                    y -= style.leading if place else 0
                    sheet.line(page.middle, y, line, Align.CENTRE)
            after = pitch
    return y


def _codes(sheet: Sheet, page: Page, organisation: Organisation, has_mark: bool) -> None:
    right = page.right
    if has_mark:
        with sheet.tag("P"):
            sheet.put(
                right - 9 * MM, page.top - 3.2 * MM, organisation.registration_code, Face.SANS_BOLD, 8, Align.CENTRE
            )
        with sheet.tag("Figure", alternative=f"Dấu công nhận {organisation.accreditation_code}") as element:
            element.box = (right - 18 * MM, page.top - 18 * MM, right, page.top - 5 * MM)
            sheet.image("mark", right - 18 * MM, page.top - 18 * MM, 18 * MM, 13 * MM)
        return
    y = page.top - 3.4 * MM
    pairs = (("Mã đăng ký", organisation.registration_code), ("Mã công nhận", organisation.accreditation_code))
    for label, code in pairs:
        if code:
            with sheet.tag("P"):
                sheet.put(right, y, label, Face.SANS, 6.8, Align.RIGHT)
                sheet.put(right, y - 4.2 * MM, clean(code, 24), Face.SANS_BOLD, 9.5, Align.RIGHT)
            y -= 9 * MM


def draw_title(sheet: Sheet, page: Page, words: Words, number: str, y: float) -> float:
    """Title, its English, the number; `y` is the baseline of the title. Returns the baseline of the number."""
    middle = page.middle
    with sheet.tag("H1"):
        sheet.put(middle, y, words.vi.upper(), Face.SANS_BOLD, 17, Align.CENTRE, track=0.3)
        sheet.put(middle, y - 5.4 * MM, words.en, Face.SANS_ITALIC, 10.5, Align.CENTRE, english=True)
    with sheet.tag("P"):
        spans = (
            Span("Số ", Face.SANS, 9),
            Span("No.  ", Face.SANS_ITALIC, 7.4, True),
            Span(clean(number, 80), Face.SERIF_BOLD, 12),
        )
        sheet.line(middle, y - 12.4 * MM, spans, Align.CENTRE)
    return y - 12.4 * MM


def draw_running_head(sheet: Sheet, page: Page, record: Record) -> None:
    """Short name left, document and number right, on every page but the first."""
    y = page.top - 3 * MM
    with sheet.artifact():
        number = clean(record.number, 80)
        label = f"{title_of(record).vi} số "
        spans = (Span(label, Face.SANS, 7.6), Span(number, Face.SANS_BOLD, 7.6))
        end_room = page.width - sum(span.width for span in spans) - 4 * MM
        sheet.put(page.left, y, shortened(record.organisation.short_name, Face.SANS, 7.6, end_room), Face.SANS, 7.6)
        sheet.line(page.right, y, spans, Align.RIGHT)
        sheet.rule(page.left, y - 2.4 * MM, page.right, y - 2.4 * MM, THIN, TEAL)


def draw_footer(
    sheet: Sheet,
    page: Page,
    kind: Words,
    number: str,
    place: tuple[int, int],
    note: Words | None = None,
    form: str = "",
) -> None:
    """Document, number ("" for none) and official form left, page n/N right, below them the note; on every page."""
    y = 11 * MM
    named = (Span(f"   Mẫu {clean(form, 60)}", Face.SANS, 7),) if form else ()
    with sheet.artifact():
        sheet.rule(page.left, y + 4.6 * MM, page.right, y + 4.6 * MM, HAIR)
        numbered = f"{kind.vi} số " if number else kind.vi
        title = (Span(numbered, Face.SANS, 7), Span(clean(number, 80), Face.SANS_BOLD, 7))
        sheet.line(page.left, y, (*title, *named))
        sheet.line(
            page.right,
            y,
            (
                Span(f"Trang {place[0]}/{place[1]}", Face.SANS_BOLD, 7),
                Span(f"  Page {place[0]} of {place[1]}", Face.SANS_ITALIC, 6.4, True),
            ),
            Align.RIGHT,
        )
        if note:
            sheet.put(page.left, y - 3.6 * MM, note.vi, Face.SANS, 6.2)
            sheet.put(page.right, y - 3.6 * MM, note.en, Face.SANS_ITALIC, 6.2, Align.RIGHT, english=True)


def draw_demonstration(sheet: Sheet, page: Page) -> None:
    """The mark of a document without value, framed in the upper margin of every page."""
    words = wording.DEMONSTRATION
    spans = (
        Span(words.vi.upper(), Face.SANS_BOLD, 9.5),
        Span("   ", Face.SANS, 9),
        Span(words.en, Face.SANS_ITALIC, 7.6, True),
    )
    half = sum(span.width for span in spans) / 2 + 4 * MM
    y = page.size[1] - 8.4 * MM
    with sheet.artifact():
        sheet.box(page.middle - half, y - 1.7 * MM, 2 * half, 6 * MM, line=THICK)
        sheet.line(page.middle, y, spans, Align.CENTRE)


def draw_issue_date(sheet: Sheet, x: float, y: float, record: Record) -> None:
    """Place and date over the head's signature, centred at x."""
    with sheet.tag("P"):
        place = clean(record.organisation.place, 40)
        sheet.put(x, y, long_day(place, record.issued_on), Face.SERIF, 8.8, Align.CENTRE)
        text = f"Date of issue: {day(record.issued_on)}"
        sheet.put(x, y - 3.6 * MM, text, Face.SANS_ITALIC, 7, Align.CENTRE, english=True)


def draw_approval(
    sheet: Sheet, x: float, y: float, room: float, approval: Approval, ink: float, in_house: bool = False
) -> None:
    """Office, room for ink and seal, name, and the recorded approval, centred at x; `y` is the office's baseline.

    What stays in the house has no English below the recorded approval.
    """
    office = balanced(_OFFICE.spans(approval.title.vi.upper(), 120), room)[:2]
    person = balanced(_PERSON.spans(approval.person, 120), room)[:2]
    english = shortened(approval.title.en, Face.SANS_ITALIC, 7, room)
    with sheet.tag("P"):
        if approval.on_behalf:
            on_behalf = shortened(approval.on_behalf.upper(), Face.SANS_BOLD, 8.6, room)
            sheet.put(x, y + 4.4 * MM, on_behalf, Face.SANS_BOLD, 8.6, Align.CENTRE)
        _centred(sheet, x, y, office, _OFFICE.leading)
        below = y - (len(office) - 1) * _OFFICE.leading - 3.7 * MM
        sheet.put(x, below, english, Face.SANS_ITALIC, 7, Align.CENTRE, english=True)
    y -= 3.7 * MM + ink
    with sheet.tag("P"):  # a second line of the name takes ink room, so that nothing below moves
        _centred(sheet, x, y + (len(person) - 1) * _PERSON.leading, person, _PERSON.leading)
        y -= 4.2 * MM
        if approval.officer_card:
            card = f"Thẻ kiểm định viên số {clean(approval.officer_card, 30)}"
            sheet.put(x, y, card, _TINY.face, _TINY.size, Align.CENTRE)
            y -= _TINY.leading
        moment = f" {instant(approval.at)}"
        free = room - Span(moment, _TINY.face, _TINY.size).width
        meaning = shortened(approval.meaning.vi, _TINY.face, _TINY.size, free)
        sheet.put(x, y, meaning + moment, _TINY.face, _TINY.size, Align.CENTRE)
        if not in_house:
            meaning = shortened(approval.meaning.en, Face.SANS_ITALIC, 6.2, room)
            sheet.put(x, y - _TINY.leading, meaning, Face.SANS_ITALIC, 6.2, Align.CENTRE, english=True)


def _centred(sheet: Sheet, x: float, y: float, lines: Sequence[Line], leading: float) -> None:
    for place, line in enumerate(lines):
        sheet.line(x, y - place * leading, line, Align.CENTRE)


def draw_code(sheet: Sheet, x: float, y: float, anchors: Anchors, number: str) -> None:
    """The QR code, modules aligned with the margin x, and three lines below; `y` is the lower edge of its square."""
    rows = modules(anchors.qr_payload)
    side = QR_SIDE / (len(rows) + 2 * QUIET)
    spoken = f"Mã QR để kiểm tra {number}: {anchors.verification_url}"
    draw_qr(sheet, rows, x - QUIET * side, y, QR_SIDE, spoken)
    with sheet.tag("P"):
        sheet.put(x, y - 2.2 * MM, wording.SCAN.vi, Face.SANS_MEDIUM, 7)
        sheet.put(x, y - 5.4 * MM, wording.SCAN.en, Face.SANS_ITALIC, 6.4, english=True)
        y -= 9.6 * MM
        code = f"mã {' '.join(anchors.code[i : i + 4] for i in range(0, len(anchors.code), 4))}" if anchors.code else ""
        for text in (anchors.verification_url, code):
            for line in set_lines(_ADDRESS.spans(text, 120), 36 * MM):
                sheet.line(x, y, line)
                y -= _ADDRESS.leading


AFTER_BOX = 10.0
"""From the left of a box to tick to its words, in points."""


def tick_box(sheet: Sheet, x: float, y: float, ticked: bool, text: Sequence[Span]) -> float:
    """A box of 7 pt drawn in strokes with its word, readable without colour; returns the x after it."""
    with sheet.tag("Figure", alternative="☑" if ticked else "☐") as element:
        element.box = (x, y - 0.5, x + 7, y + 6.5)
        sheet.box(x, y - 0.5, 7, 7, line=0.6)
        if ticked:
            sheet.path([(x + 1.4, y + 3), (x + 3, y + 1), (x + 5.8, y + 5.4)], 1.1)
    return sheet.line(x + AFTER_BOX, y, text)
