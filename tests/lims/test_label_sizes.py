"""Sizes of labels are typed as a person writes them."""
from __future__ import annotations

import pytest

from lims.shared.organisation import label_size


@pytest.mark.parametrize(("text", "size"), [
    ("25x35", (25.0, 35.0)), ("45 × 28", (45.0, 28.0)), ("60,5X30", (60.5, 30.0))])
def test_a_size_is_width_by_height(text: str, size: tuple[float, float]) -> None:
    assert label_size(text) == size


@pytest.mark.parametrize("text", ["", "25", "5x35", "25x351", "abc", "25x35x45", "２５x35"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        label_size(text)
