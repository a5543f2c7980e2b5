"""Words for people, always in both languages of the house: Vietnamese first, English beside it."""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """One text in Vietnamese and English; neither is empty."""

    vi: str
    en: str

    def in_language(self, language: str) -> str:
        """The English text for `language` "en", the Vietnamese one otherwise."""
        return self.en if language == "en" else self.vi
