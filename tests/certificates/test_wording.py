"""Fixed sentences and printed numbers."""

from datetime import UTC, date, datetime

import pytest

from certificates import wording
from certificates.document import Words
from certificates.formats import day, days, figure, instant, is_figure, long_day, span, tie
from certificates.wording import Piece, plain, say


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("0", "0"),
        ("-0.30", "−0,30"),
        ("1400", "1\u00a0400"),
        ("1234567.0890", "1\u00a0234\u00a0567,0890"),
        ("-0.00", "0,00"),
        ("0,5", "0,5"),
        ("−2.5", "−2,5"),
        ("1.2e-9", "1,2\u00a0·\u00a010⁻⁹"),
        ("Đạt", "Đạt"),
        ("1.400,5", "1.400,5"),
        ("", ""),
        ("NaN", "NaN"),
    ],
)
def test_a_figure_keeps_its_digits_and_takes_a_comma(typed: str, printed: str) -> None:
    assert figure(typed) == printed


def test_an_error_carries_its_sign_and_zero_none() -> None:
    assert [figure(text, signed=True) for text in ("0.8", "-0.8", "0.0", "-0.0")] == ["+0,8", "−0,8", "0,0", "0,0"]
    assert not is_figure("١٢x")


def test_a_range_stands_in_brackets_and_a_constant_alone() -> None:
    assert span("22.6", "23.1", "°C") == "(22,6\u00a0÷\u00a023,1)\u00a0°C"
    assert span("50", "50", "%RH") == "50\u00a0%RH"
    assert span("1007", "", "hPa") == "1\u00a0007\u00a0hPa"


def test_dates_follow_vietnamese_usage() -> None:
    assert day(date(2026, 2, 5)) == "05/02/2026"
    assert day(None) == ""
    assert long_day("Minh Sơn", date(2026, 2, 5)) == "Minh Sơn, ngày 05 tháng 02 năm 2026"
    assert long_day("Minh Sơn", date(2026, 3, 16)) == "Minh Sơn, ngày 16 tháng 3 năm 2026"
    assert days(date(2026, 11, 13), date(2026, 11, 13)) == "13/11/2026"
    assert days(date(2026, 11, 13), date(2026, 11, 16)) == "13/11/2026\u00a0÷\u00a016/11/2026"


def test_an_instant_is_printed_in_vietnamese_time_across_midnight() -> None:
    assert instant(datetime(2026, 12, 31, 18, 5, tzinfo=UTC)) == "01/01/2027 01:05 (+07)"


def test_a_number_is_tied_to_its_unit_and_an_equation_to_its_sign() -> None:
    assert tie("(0 ÷ 10) bar; 0,2 bar") == "(0\u00a0÷\u00a010)\u00a0bar; 0,2\u00a0bar"
    assert tie("± 5 mm và 3 mục") == "± 5\u00a0mm và 3 mục"


def test_a_value_cannot_change_the_form_of_a_sentence() -> None:
    sentence = say(Words("*k* = {k}"), k="*x* {k} <b>")
    assert sentence.vi == (Piece("k", True), Piece("\u00a0=\u00a0"), Piece("*x* {k} <b>"))


def test_words_are_filled_in_by_language() -> None:
    sentence = say(wording.APPLIES_TO, what=Words("điểm 1", "point 1"))
    assert plain(sentence.vi) == "Áp dụng cho: điểm 1."
    assert plain(sentence.en) == "Applies to: point 1."


def test_the_uncertainty_sentence_states_factor_and_probability() -> None:
    sentence = say(wording.UNCERTAINTY, k="2,00", p="95")
    assert "k\u00a0=\u00a02,00, tương ứng xác suất phủ xấp xỉ 95\u00a0%" in plain(sentence.vi)
    assert "k\u00a0=\u00a02,00, giving a coverage probability of approximately 95\u00a0%" in plain(sentence.en)


def test_every_decision_rule_has_its_sentence_in_both_languages() -> None:
    for words in wording.RULES.values():
        assert plain(say(words, rule="r", source="").vi)
        assert plain(say(words, rule="r", source="").en)
