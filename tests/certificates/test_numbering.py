"""Numbers of documents: what is written is read back, whatever the pattern."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.numbering import NumberError, Pattern, is_number, normalised, same, slug

SEEN = {
    "C{yy}-{seq:05d}": "C26-00417",
    "{seq:05d}-{yy}": "00417-26",
    "{seq:04d} - {yy} (YB)": "0417 - 26 (YB)",
    "{seq:05d}/BB-KĐ": "00417/BB-KĐ",
    "HC-{yyyy}-{seq:05d}": "HC-2026-00417",
    "V{yy}.{seq:05d}{suffix}": "V26.00417",
    "{seq:05d}{yy}": "0041726",
    "{seq}": "417",
}


@pytest.mark.parametrize("pattern", SEEN)
def test_number_formats_in_use_are_written(pattern: str) -> None:
    assert Pattern.read(pattern).format(417, 2026) == SEEN[pattern]


OTHERS = ("{yy}{seq:03d}", "1{seq:05d}1", "({seq:02d}).{yyyy}", "{seq:05d}-{yy}{suffix}", "{seq:03d}{suffix}")
patterns = st.sampled_from([*SEEN, *OTHERS])


@given(patterns, st.integers(1, 10_000_000), st.integers(2000, 2099), st.sampled_from(["", ".R1", "-A2", "(YB)"]))
def test_every_number_is_parsed_back(text: str, seq: int, year: int, suffix: str) -> None:
    pattern = Pattern.read(text)
    number = pattern.number(seq, year, suffix if "{suffix}" in text else "")
    assert pattern.parse(str(number)) == number
    assert pattern.parse(str(number).lower().replace("-", " - ")) == number
    assert is_number(str(number))


@given(st.text(max_size=40))
def test_any_other_text_is_refused_or_is_the_number_itself(text: str) -> None:
    pattern = Pattern.read("C{yy}-{seq:05d}{suffix}")
    try:
        number = pattern.parse(text)
    except NumberError:
        return
    assert same(str(number), text)


@pytest.mark.parametrize(
    "pattern",
    ["", "C{yy}", "{seq}{seq}", "{yy}{yyyy}{seq}", "{seq:05d}_{yy}", "{seq:05d}<b>", "{suffix}{seq}",
     "{seq:05d}{yy}{suffix}", "{seq:05d}7{suffix}", "{seq:xd}", "{seq!r}", "{seq.__class__}", "C" * 60 + "{seq}"],
)  # fmt: skip
def test_a_pattern_that_could_not_be_read_back_is_refused(pattern: str) -> None:
    with pytest.raises(NumberError):
        Pattern.read(pattern)


@pytest.mark.parametrize("text", ["C26-0417", "C26-000417", "C26-00000", "V26-00417", "C26-00417x!", "C2６-00417", ""])
def test_text_outside_the_series_is_refused(text: str) -> None:
    with pytest.raises(NumberError):
        Pattern.read("C{yy}-{seq:05d}").parse(text)


@pytest.mark.parametrize(
    ("seq", "year", "suffix"),
    [(0, 2026, ""), (-1, 2026, ""), (1, 1999, ""), (1, 2100, ""), (1, 2026, ".r1"), (1, 2026, " R")],
)
def test_a_number_out_of_range_is_refused(seq: int, year: int, suffix: str) -> None:
    with pytest.raises(NumberError):
        Pattern.read("C{yy}-{seq:05d}{suffix}").format(seq, year, suffix)


def test_numbers_are_compared_without_case_and_spaces() -> None:
    assert same("4302 - 26 (YB)", "4302-26(yb)")
    assert not same("4302-26", "4302-27")
    assert normalised("01208/bb-kđ") == "01208/BB-KĐ"


def test_a_slug_is_safe_in_every_file_system() -> None:
    assert slug("4302 - 26 (YB)") == "4302-26-YB"
    assert slug("2266/BB-KĐ(YB)") == "2266-BB-KD-YB"
    assert slug("../../etc") == "etc"


@given(st.text(max_size=50))
def test_every_slug_holds_only_letters_digits_and_hyphens(text: str) -> None:
    assert all(sign.isascii() and (sign.isalnum() or sign == "-") for sign in slug(text))
    assert slug(text)


@pytest.mark.parametrize("text", ["", "a" * 61, "C26<b>", "C26\n1", "C26_1", "-", "C26%2F"])
def test_text_with_other_signs_is_no_number(text: str) -> None:
    assert not is_number(text)
