"""What is typed is printed as text, every character of it or none; the fonts that do it."""

import io
import re
import unicodedata
from dataclasses import replace

import pikepdf
import pytest
from certificate_samples import CALIBRATION, CUSTOMER, GAUGE, VERIFICATION, WORK_RECORD
from printed import pdf, text_of
from pypdf import PdfReader

from certificates.document import Opinion, Record, Words
from certificates.fonts import Face, GlyphMissing, clean, font, has_glyph

HOSTILE = {
    "markup": '<b>Công ty & con</para> <img src="file:///etc/passwd"/> {k} *U* %s \\',
    "link": '<a href="javascript:alert(1)">bấm</a> <link href="http://x.example">y</link>',
    "one long word": "Đ" * 300,
    "many words": "Công ty trách nhiệm hữu hạn một thành viên " * 7,
    "decomposed": unicodedata.normalize("NFD", "Công ty Cổ phần Thiết bị Đo lường Ữ Ợ Ẵ Ề"),
    "right to left": "שלום עולם شركة القياس 123",
    "controls": "a\x00b\u202ec\u200bd\r\ne\tf\ufeff",
    "signs": "Ω µ ° √ ≤ ≥ ± ÷ × Δ σ ν φ → ≈ ² ³ ½ “” – … €",
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("record", [CALIBRATION, VERIFICATION, WORK_RECORD], ids=lambda record: record.kind.value)
def test_hostile_names_are_printed_as_text_and_do_nothing(name: str, record: Record) -> None:
    text = HOSTILE[name]
    changed = replace(
        record,
        customer=replace(CUSTOMER, name=text, address=text, contact=text, place_of_use=text),
        item=replace(GAUGE, name=Words(text, text), manufacturer=text, condition=Words(text, text)),
        organisation=replace(record.organisation, short_name=text, superior=text, place=text),
        remarks=(Words(text, text),),
        approvals=tuple(replace(approval, person=text, title=Words(text, text)) for approval in record.approvals),
        opinions=(Opinion(Words(text), Words(text), text),),
    )
    content = pdf(changed)
    with pikepdf.open(io.BytesIO(content)) as opened:
        keys = {key for item in opened.objects if isinstance(item, pikepdf.Dictionary) for key in item}
        assert not keys & {"/Annots", "/URI", "/JavaScript", "/JS", "/Launch", "/OpenAction", "/AA"}
        assert len(opened.attachments) == 1
    if name == "markup":
        assert "<b>Công ty & con</para>" in text_of(content)


def test_text_is_composed_before_it_is_printed() -> None:
    decomposed = replace(
        CALIBRATION, item=replace(GAUGE, name=Words(unicodedata.normalize("NFD", "Đồng hồ nước lạnh")))
    )
    assert "Đồng hồ nước lạnh" in text_of(pdf(decomposed))


def test_direction_and_control_characters_are_dropped() -> None:
    assert clean(HOSTILE["controls"]) == "abcd  e f"


def test_a_character_without_glyph_is_named_and_nothing_is_printed() -> None:
    with pytest.raises(GlyphMissing, match=r"U\+6F22"):
        pdf(replace(CALIBRATION, customer=replace(CUSTOMER, name="Công ty 漢")))


def test_every_face_can_print_vietnamese_greek_and_the_signs_of_metrology() -> None:
    vietnamese = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
    tones = "".join(
        unicodedata.normalize("NFC", vowel + tone)
        for vowel in "aăâeêioôơuưy"
        for tone in "\u0300\u0301\u0303\u0309\u0323"
    )
    greek = "αβγδεζηθικλμνξοπρστυφχψωΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ"
    signs = "≤≥√Ωµ°±÷×−–—·…“”‘’½²³⁻⁰¹⁴⁵⁶⁷⁸⁹₀₁₂→≈∞∑∫∂†‡§©®™€‰"
    text = vietnamese + tones + greek + signs
    text += text.upper().replace("‰", "")
    for face in Face:
        lacking = [sign for sign in text if not has_glyph(face, sign) and not has_glyph(Face.SYMBOLS, sign)]
        assert lacking == [], face


def test_figures_of_the_serif_are_all_of_one_width() -> None:
    for face in (Face.SERIF, Face.SERIF_MEDIUM, Face.SERIF_BOLD):
        assert len({font(face).advances[sign] for sign in "0123456789"}) == 1


def test_all_fonts_are_embedded_subsets() -> None:
    for page in PdfReader(io.BytesIO(pdf(CALIBRATION))).pages:
        fonts = page["/Resources"]["/Font"]  # type: ignore[index]
        for item in fonts.values():
            assert re.match(r"/[A-Z]{6}\+", item.get_object()["/BaseFont"])
            (single,) = item.get_object()["/DescendantFonts"]
            assert "/FontFile2" in single.get_object()["/FontDescriptor"]
