"""Remarks that go with a result: what was assumed, what is missing and why."""

from __future__ import annotations

from typing import NamedTuple


class Note(NamedTuple):
    """One remark in both languages; as a text Vietnamese first, English beside it."""

    vi: str
    en: str

    def __str__(self) -> str:
        return f"{self.vi} / {self.en}"


def note(vi: str, en: str) -> str:
    """The text of one remark, as it stands in the `notes` of a result."""
    return str(Note(vi, en))
