"""One line of `lims doctor`: in order, worth knowing, or wrong with what to do; in both languages."""
from __future__ import annotations

from typing import NamedTuple

from instruments.words import Words

OK, NOTE, BAD = "ok", "note", "bad"
SIGNS = {OK: Words("được", "ok"), NOTE: Words("lưu ý", "note"), BAD: Words("HỎNG", "BAD")}


class Finding(NamedTuple):
    """What was looked at and what was found; only `state` "bad" makes the exit status 1."""

    state: str
    subject: Words
    text: Words

    def line(self, language: str) -> str:
        """As it is printed."""
        return f"{SIGNS[self.state].in_language(language):6} {self.subject.in_language(language):20} " \
               f"{self.text.in_language(language)}"


def found(good: bool, subject: Words, fine: Words, wrong: Words) -> Finding:
    """One of two texts, by whether it is in order."""
    return Finding(OK, subject, fine) if good else Finding(BAD, subject, wrong)
