"""What the sheet's script sends: checked in shape before anything is believed."""
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from instruments.typed_number import DotMeaning
from lims.jobs.cells import Change
from lims.shared.errors import Invalid

LONGEST_CELL_KEY = 120
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
"""Characters that no database keeps: the null character, halves of a surrogate pair."""
_DOT_MEANINGS: dict[str, DotMeaning] = {"decimal": "decimal", "group": "group"}


@dataclass(frozen=True)
class Asked:
    """One request: changes in order, the newest entry that the page knows, what a dot means if that was answered."""

    changes: Sequence[Change]
    seen: int
    dot_means: DotMeaning | None


def changes_in(body: Any) -> Asked:
    """The request's JSON `{cells: [{cell, text, base_revision, reason?, confirmed?, source?}], seen?, dot_means?}`.

    Raises Invalid at the path of what has no sensible shape.
    """
    if not isinstance(body, dict) or not isinstance(body.get("cells"), list):
        raise _wrong("cells")
    return Asked(changes=[_change(one, f"cells[{at}]") for at, one in enumerate(body["cells"])],
                 seen=_whole(body.get("seen", 0), "seen"),
                 dot_means=_DOT_MEANINGS.get(str(body.get("dot_means", ""))))


def _change(one: Any, path: str) -> Change:
    if not isinstance(one, dict):
        raise _wrong(path)
    cell = _text(one.get("cell"), f"{path}.cell")
    if not 1 <= len(cell) <= LONGEST_CELL_KEY:
        raise _wrong(f"{path}.cell")
    return Change(cell=cell, text=_text(one.get("text"), f"{path}.text"),
                  base_revision=_whole(one.get("base_revision"), f"{path}.base_revision"),
                  reason=_text(one.get("reason", ""), f"{path}.reason"), confirmed=one.get("confirmed") is True,
                  source=_text(one.get("source", "typed"), f"{path}.source"))


def _text(value: Any, path: str) -> str:
    if not isinstance(value, str) or _UNKEEPABLE.search(value):
        raise _wrong(path)
    return value


def _whole(value: Any, path: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise _wrong(path)
    return value


def _wrong(path: str) -> Invalid:
    return Invalid(f"Yêu cầu lưu không đúng dạng tại {path}.", f"The request is not well formed at {path}.", path)
