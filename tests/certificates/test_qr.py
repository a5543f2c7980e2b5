"""Codes are those that segno makes; only the way there is shorter."""

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.qr import modules, segments


def by_segno(payload: str, error: str) -> list[list[int]]:
    code = segno.make(segments(payload), error=error, micro=False, boost_error=False, mask=4)  # type: ignore[arg-type]
    return [list(row) for row in code.matrix]


@pytest.mark.parametrize("length", [1, 10, 30, 60, 100, 150, 200, 300, 450, 700])
def test_every_size_is_that_of_segno(length: int) -> None:
    payload = ("HTTPS://KD.MINHSON.EXAMPLE/V/" + "7QK4M2ZDX9PA3W8C" * 50)[:length]
    assert [list(row) for row in modules(payload)] == by_segno(payload, "m")


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=120), st.sampled_from("lmqh"))
def test_any_text_and_level_gives_the_code_of_segno(payload: str, error: str) -> None:
    assert [list(row) for row in modules(payload, error)] == by_segno(payload, error)


def test_vietnamese_text_too() -> None:
    assert [list(row) for row in modules("Mã kiểm tra Đ")] == by_segno("Mã kiểm tra Đ", "m")
