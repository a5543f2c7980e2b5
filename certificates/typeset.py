"""Sets text in lines: spans of faces and sizes, greedy breaking at spaces, nothing read as markup."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from certificates.fonts import Face, clean, font, runs, width
from certificates.formats import tie
from certificates.righttoleft import joined, parts
from certificates.wording import Piece


class Span(NamedTuple):
    """A stretch of text in one face and size (points)."""

    text: str
    face: Face
    size: float
    english: bool = False

    @property
    def width(self) -> float:
        """In points, with fallback glyphs."""
        return _units(self.text, self.face) * self.size


class Line(NamedTuple):
    """Spans side by side, and their width in points."""

    spans: tuple[Span, ...]
    width: float


class Style(NamedTuple):
    """How running text is set; `symbol` is the face of quantity symbols within it."""

    face: Face
    size: float
    leading: float
    english: bool = False
    symbol: Face = Face.SERIF_ITALIC

    def spans(self, text: str, longest: int = 4000) -> tuple[Span, ...]:
        """Cleaned, tied text in this style; none for empty text."""
        text = _tied(text, longest)
        return (Span(text, self.face, self.size, self.english),) if text else ()

    def pieces(self, pieces: Iterable[Piece], longest: int = 4000) -> tuple[Span, ...]:
        """A sentence in this style, its symbols in italic. Spaces at the ends of a piece are kept."""
        return tuple(
            Span(_tied_piece(piece.text, longest), self._face(piece), self.size, self.english)
            for piece in pieces
        )

    def _face(self, piece: Piece) -> Face:
        return self.symbol if piece.symbol else self.face


def with_symbols(style: Style, text: str, symbols: Collection[str]) -> tuple[Span, ...]:
    """The text in this style, each of these letters in italic where it stands alone as the name of a quantity."""
    if not symbols:
        return style.spans(text)
    names = "|".join(sorted(map(re.escape, symbols), key=len, reverse=True))
    parts = re.split(rf"(?<![\w.])({names})(?![\w.(])", text)
    return style.pieces(Piece(part, place % 2 == 1) for place, part in enumerate(parts) if part)


def set_lines(spans: Sequence[Span], room: float) -> list[Line]:
    """Lines no wider than `room`; a word that is wider is broken between characters."""
    return list(_set_lines(tuple(spans), room))


@lru_cache(maxsize=4_000)
def _set_lines(spans: tuple[Span, ...], room: float) -> list[Line]:
    if len(spans) == 1:
        total = spans[0].width
        if total <= room and spans[0].text == spans[0].text.strip(" ") and "  " not in spans[0].text:
            return [Line((spans[0],), total)] if spans[0].text else []
    lines: list[Line] = []
    current: list[Span] = []
    used = 0.0
    for word, word_width in _words(spans):
        gap = _units(" ", current[-1].face) * current[-1].size if current else 0.0
        if current and used + gap + word_width > room:
            lines.append(_line(current))
            current, used, gap = [], 0.0, 0.0
        if word_width > room:
            *full, word = list(_broken(word, room))
            lines += [_line(part) for part in full]
            word_width = sum(part.width for part in word)
        if current:
            current.append(_with_text(current[-1], " "))
        current += word
        used += gap + word_width
    if current:
        lines.append(_line(current))
    return lines


def balanced(spans: Sequence[Span], room: float) -> list[Line]:
    """As few lines as `set_lines` makes, of nearly equal length: for centred heads."""
    lines = set_lines(spans, room)
    if len(lines) < 2:
        return lines
    for narrower in range(95, 40, -5):
        tried = set_lines(spans, room * narrower / 100)
        if len(tried) > len(lines):
            break
        lines = tried
    return lines


def shortened(text: str, face: Face, size: float, room: float) -> str:
    """Text cut with "…", at a word where there is one, so that it fits in `room`; never for codes, numbers or dates."""
    text = clean(text)
    while Span(text, face, size).width > room and len(text) > 1:
        stem = text.rstrip("…")
        text = (stem.rsplit(" ", 1)[0] if " " in stem else stem[:-1]).rstrip(" ,;") + "…"
    return text


@lru_cache(maxsize=8_000)
def _tied(text: str, longest: int) -> str:
    return tie(clean(text, longest))


@lru_cache(maxsize=8_000)
def _tied_piece(text: str, longest: int) -> str:
    lead = " " if text[:1] == " " else ""
    tail = " " if text[-1:] == " " and text.strip() else ""
    return tie(lead + clean(text, longest) + tail)


def _words(spans: Iterable[Span]) -> Iterator[tuple[list[Span], float]]:
    """Words between spaces with their widths; a word may hold several spans."""
    word: list[Span] = []
    width = 0.0
    for span in spans:
        for place, part in enumerate(span.text.split(" ")):
            if place and word:
                yield word, width
                word, width = [], 0.0
            if part:
                word.append(_with_text(span, part))
                width += _units(part, span.face) * span.size
    if word:
        yield word, width


def _with_text(span: Span, text: str) -> Span:
    return Span(text, span.face, span.size, span.english)


def _broken(word: list[Span], room: float) -> Iterator[list[Span]]:
    """A word in parts that fit, at least one character each."""
    part: list[Span] = []
    used = 0.0
    for span in word:
        start = 0
        for at, sign in enumerate(span.text):
            advance = width(sign, span.face, span.size)
            if used + advance > room and (part or at > start):
                yield [*part, _with_text(span, span.text[start:at])] if at > start else part
                part, start, used = [], at, 0.0
            used += advance
        part.append(_with_text(span, span.text[start:]))
    yield part


def _line(parts: list[Span]) -> Line:
    """Neighbours of one style become one span."""
    merged: list[Span] = []
    texts: list[str] = []
    last: Span | None = None
    for part in parts:
        if last is not None and part.face is last.face and part.size == last.size and part.english == last.english:
            texts.append(part.text)
            continue
        if last is not None:
            merged.append(_with_text(last, "".join(texts)))
        last, texts = part, [part.text]
    if last is not None:
        merged.append(_with_text(last, "".join(texts)))
    return Line(tuple(merged), sum(span.width for span in merged))


@lru_cache(maxsize=20_000)
def _units(text: str, face: Face) -> float:
    return width(joined(text), face, 1.0)


class Shown(NamedTuple):
    """A stretch of one face ready to be shown: its characters, and their glyph numbers in hexadecimal."""

    face: Face
    text: str
    codes: str


class ShownPart(NamedTuple):
    """Stretches from left to right; `logical` is what they say where it is read in another order."""

    stretches: tuple[Shown, ...]
    logical: str


@lru_cache(maxsize=20_000)
def shown(text: str, face: Face) -> tuple[ShownPart, ...]:
    """A line of text, each stretch in the face that draws it, fallback included. Raises GlyphMissing."""
    return tuple(
        ShownPart(
            tuple(
                Shown(chosen, stretch, "".join(map(font(chosen).codes.__getitem__, stretch)))
                for chosen, stretch in runs(part.drawn, face)
            ),
            part.logical,
        )
        for part in parts(text)
    )
