"""A character without a glyph is told by field before anything is drawn; whatever is not told is drawn."""

from dataclasses import replace

from certificate_samples import CALIBRATION, CUSTOMER, GAUGE, anchors, gauge_table
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.document import Words
from certificates.fonts import Face, clean, font
from certificates.pdf import render
from certificates.printable import unprintable
from certificates.typeset import shown

VIETNAMESE = st.sampled_from("aăâbcdđeêghiklmnoôơpqrstuưvxyAĂÂĐÊÔƠƯ").flatmap(
    lambda letter: st.sampled_from(["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]).map(
        lambda tone: letter + tone
    )
)
SIGNS = st.sampled_from("αβγδΩµ≤≥√°±÷×−½²³→≈∑…–“”0123456789,. ()%/")
ARABIC = st.sampled_from("ابتثجحخدذرزسشصضطظعغفقكلمنهوي\u0622\u0623\u0625ةى، ")
TEXT = st.lists(st.one_of(VIETNAMESE, SIGNS, ARABIC), min_size=1, max_size=60).map("".join)


def test_every_field_with_a_character_without_glyph_is_named() -> None:
    table = gauge_table(3)
    rows = (("1", "漢", *table.rows[0][2:]), *table.rows[1:])
    record = replace(
        CALIBRATION,
        customer=replace(CUSTOMER, name="Công ty 漢字"),
        item=replace(GAUGE, name=Words("Áp kế", "Gauge 🧪")),
        results=(replace(table, rows=rows),),
    )
    told = unprintable(record)
    assert [(one.field, one.characters) for one in told] == [
        ("customer.name", "字漢"),
        ("item.name.en", "🧪"),
        ("results[0].rows[0][1]", "漢"),
    ]
    assert told[0].text == "Công ty 漢字"
    assert told[1].codes == "🧪 (U+1F9EA)"


def test_the_usual_record_has_none() -> None:
    assert unprintable(CALIBRATION) == []


@given(TEXT, st.sampled_from(list(Face)))
def test_every_vietnamese_greek_arabic_text_and_sign_has_glyphs_in_every_face(text: str, face: Face) -> None:
    for part in shown(clean(text), face):
        for stretch in part.stretches:
            assert all(stretch.codes[i : i + 4] != "0000" for i in range(0, len(stretch.codes), 4))
            assert all(sign in font(stretch.face).glyphs for sign in stretch.text)


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=40))
def test_what_is_not_told_is_drawn(text: str) -> None:
    record = replace(
        CALIBRATION, customer=replace(CUSTOMER, name="A" + text, contact=text), remarks=(Words(text, text),)
    )
    if not unprintable(record):
        render(record, anchors(record))
