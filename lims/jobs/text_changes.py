"""What changed between two texts, line by line, with a few lines around each change."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

AROUND = 3


@dataclass(frozen=True)
class ChangedLine:
    """One line; `before` and `after` are its numbers from 1, None where it does not stand."""

    kind: Literal["same", "gone", "new", "gap"]
    before: int | None
    after: int | None
    text: str


def changed_lines(before: str, after: str) -> list[ChangedLine]:
    """The changed lines in order; a "gap" stands for equal lines that are left out. Nothing when the texts agree."""
    old, new = before.splitlines(), after.splitlines()
    found: list[ChangedLine] = []
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND):
        if found:
            found.append(ChangedLine("gap", None, None, ""))
        for step, i1, i2, j1, j2 in group:
            found += _lines(step, old, new, (i1, i2, j1, j2))
    return found


def _lines(step: str, old: list[str], new: list[str], at: tuple[int, int, int, int]) -> Iterator[ChangedLine]:
    i1, i2, j1, j2 = at
    if step == "equal":
        yield from (ChangedLine("same", i1 + n + 1, j1 + n + 1, old[i1 + n]) for n in range(i2 - i1))
        return
    yield from (ChangedLine("gone", n + 1, None, old[n]) for n in range(i1, i2))
    yield from (ChangedLine("new", None, n + 1, new[n]) for n in range(j1, j2))
