"""Right-to-left names in left-to-right lines: Arabic letters joined, runs drawn from the right, numbers kept.

A laboratory of Việt Nam prints such text as the name of a foreign customer or maker. Every run stands on its own
between left-to-right words (as if isolated), so that no name can change how the rest of a line reads. Joining follows
the Arabic presentation forms of Unicode (blocks FB50 and FE70), order a single level of UAX 9.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

_ANY = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LAM, _ALEFS = "\u0644", "\u0622\u0623\u0625\u0627"
_OPENED = {")": "(", "]": "[", "}": "{", "»": "«"}
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")


class Part(NamedTuple):
    """A stretch as drawn from left to right; `logical` is what it says where that is another order, else ""."""

    drawn: str
    logical: str = ""


def has_right_to_left(text: str) -> bool:
    """Whether a text holds a letter that is written from the right."""
    return not text.isascii() and _ANY.search(text) is not None


@lru_cache(maxsize=2_000)
def joined(text: str) -> str:
    """Arabic letters in the form that their neighbours ask for, still in the order of reading."""
    if not has_right_to_left(text):
        return text
    letters = list(_ligated(text))
    out = []
    for place, letter in enumerate(letters):
        forms = _forms().get(letter)
        if forms is None:
            out.append(letter)
            continue
        before = _joins_on(_neighbour(letters, place, -1)) and ("final" in forms or "medial" in forms)
        after = ("initial" in forms or "medial" in forms) and _takes_join(_neighbour(letters, place, 1))
        wanted = ("medial" if after else "final") if before else ("initial" if after else "isolated")
        out.append(forms.get(wanted) or letter)
    return "".join(out)


def parts(text: str) -> list[Part]:
    """A line of text in the order in which it is drawn, right-to-left runs turned round and joined."""
    if not has_right_to_left(text):
        return [Part(text)]
    found: list[Part] = []
    at = 0
    for start, end in _runs(text):
        if start > at:
            found.append(Part(text[at:start]))
        found.append(Part(_turned(joined(text[start:end])), text[start:end]))
        at = end
    if at < len(text):
        found.append(Part(text[at:]))
    return found


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """From a right-to-left letter to the last one before the next left-to-right letter, with its closing brackets."""
    start = end = -1
    for at, sign in enumerate(text):
        kind = unicodedata.bidirectional(sign)
        if kind in ("R", "AL") or (kind == "NSM" and start >= 0):
            start, end = (at if start < 0 else start), at + 1
        elif start >= 0 and at == end and sign in _OPENED and _OPENED[sign] in text[start:end]:
            end = at + 1
        elif kind == "L" and start >= 0:
            yield start, end
            start = -1
    if start >= 0:
        yield start, end


def _turned(run: str) -> str:
    """A run from right to left; numbers within it keep their order, marks stay behind their letter, brackets turn."""
    pieces = re.findall(r"\d[\d.,:/\-]*\d|.[\u064b-\u065f\u0670\u0591-\u05c7]*", run)
    return "".join(piece.translate(_MIRRORED) for piece in reversed(pieces))


def _ligated(text: str) -> Iterator[str]:
    """Lam and alef are always written as one."""
    at = 0
    while at < len(text):
        pair = text[at : at + 2]
        if len(pair) == 2 and pair[0] == _LAM and pair[1] in _ALEFS:
            yield pair
            at += 2
        else:
            yield text[at]
            at += 1


def _neighbour(letters: list[str], place: int, step: int) -> str:
    """The next letter on that side, marks passed over."""
    place += step
    while 0 <= place < len(letters) and unicodedata.combining(letters[place][0]):
        place += step
    return letters[place] if 0 <= place < len(letters) else ""


def _joins_on(letter: str) -> bool:
    """Whether a letter joins to the one after it."""
    forms = _forms().get(letter, {})
    return letter == "\u0640" or "initial" in forms or "medial" in forms


def _takes_join(letter: str) -> bool:
    """Whether a letter lets the one before it join."""
    forms = _forms().get(letter, {})
    return letter == "\u0640" or "final" in forms or "medial" in forms


@cache
def _forms() -> dict[str, dict[str, str]]:
    """Presentation forms by letter (or lam with alef), as Unicode decomposes them: form → character."""
    found: dict[str, dict[str, str]] = {}
    for code in [*range(0xFB50, 0xFBB2), *range(0xFBD3, 0xFBEA), *range(0xFBFC, 0xFC00), *range(0xFE80, 0xFEFD)]:
        form, *letters = unicodedata.decomposition(chr(code)).split() or [""]
        letter = "".join(chr(int(part, 16)) for part in letters)
        if form.startswith("<") and (len(letter) == 1 or (letter[:1] == _LAM and letter[1:] in _ALEFS)):
            found.setdefault(letter, {})[form[1:-1]] = chr(code)
    return found
