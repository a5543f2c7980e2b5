"""A face is loaded once, also when the first documents of a process are drawn at the same time."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from certificates import fonts
from certificates.fonts import Face, font
from certificates.pdf import render
from tests.certificates.certificate_samples import CALIBRATION, anchors

THREADS = 6


def test_threads_that_ask_first_get_one_font(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_LOADED", {})
    together = Barrier(THREADS)

    def ask(_turn: int) -> int:
        together.wait()
        return id(font(Face.SERIF))

    with ThreadPoolExecutor(THREADS) as pool:
        assert len(set(pool.map(ask, range(THREADS)))) == 1


def test_documents_drawn_at_once_come_out_like_one_drawn_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = render(CALIBRATION, anchors(CALIBRATION))
    monkeypatch.setattr(fonts, "_LOADED", {})
    with ThreadPoolExecutor(THREADS) as pool:
        made = set(pool.map(lambda _turn: render(CALIBRATION, anchors(CALIBRATION)), range(THREADS)))
    assert made == {alone}
