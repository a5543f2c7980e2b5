"""The faces of printed documents, with a glyph for every character: faces, fallback, widths, cleaning.

What the form says is set in the sans (Be Vietnam Pro), what the laboratory says in the serif (Noto Serif, whose
figures are all of one width); a symbol that a face lacks comes from DejaVu Sans, chosen per character.
"""

import enum
import unicodedata
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from reportlab.pdfbase.ttfonts import TTFontFile


class Face(enum.StrEnum):
    """A face; the value is its file."""

    SANS = "BeVietnamPro_400Regular"
    SANS_ITALIC = "BeVietnamPro_400Regular_Italic"
    SANS_MEDIUM = "BeVietnamPro_500Medium"
    SANS_BOLD = "BeVietnamPro_600SemiBold"
    SERIF = "NotoSerif_400Regular"
    SERIF_ITALIC = "NotoSerif_400Regular_Italic"
    SERIF_MEDIUM = "NotoSerif_500Medium"
    SERIF_BOLD = "NotoSerif_600SemiBold"
    SYMBOLS = "DejaVuSans"


class GlyphMissing(ValueError):
    """Characters that no face holds; they would be printed as empty boxes."""

    def __init__(self, characters: str) -> None:
        self.characters = characters
        codes = ", ".join(f"U+{ord(sign):04X}" for sign in characters)
        super().__init__(f"không có chữ in cho ký tự {codes}; no printed form for {codes}")


class Font:
    """A parsed font file: glyph number and advance (units of the size) of each character."""

    def __init__(self, face: Face) -> None:
        # Any: the stubs know few of the attributes that reading a file gives.
        self.file: Any = TTFontFile(str(_FOLDER / f"{face.value}.ttf"))
        self.glyphs: dict[str, int] = {chr(code): glyph for code, glyph in self.file.charToGlyph.items() if glyph}
        self.advances = {sign: self.file.charWidths[ord(sign)] / 1000 for sign in self.glyphs}
        # As shown by glyph number in two bytes.
        self.codes = {sign: f"{glyph:04X}" for sign, glyph in self.glyphs.items()}

    def table(self, tag: str) -> bytes:
        """A table of the file as it stands there."""
        return bytes(self.file.get_table(tag))


_FOLDER = Path(__file__).parent / "fonts"
# The italic's minus (U+2212) is drawn as short as a hyphen, so the minus is always upright.
_UPRIGHT = {(Face.SERIF_ITALIC, "\u2212"): Face.SERIF}
# Joiners and direction marks have no glyph and, unseen, could change how a line reads.
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn"}


_LOADED: dict[Face, Font] = {}
_LOADING = Lock()


def font(face: Face) -> Font:
    """The font of a face, read once, whoever asks first at the same time."""
    if face not in _LOADED:
        with _LOADING:
            if face not in _LOADED:
                _LOADED[face] = Font(face)
    return _LOADED[face]


@lru_cache(maxsize=8_000)
def clean(text: str, longest: int = 4000) -> str:
    """Text fit to be printed: NFC, one line, no control or direction characters, cut with "…" beyond `longest`."""
    if len(text) <= longest and text.replace("\u00a0", " ").isprintable() and unicodedata.is_normalized("NFC", text):
        return text.strip(" ")
    text = unicodedata.normalize("NFC", text[: 4 * longest])
    text = "".join(" " if sign in "\t\n\r\u2028\u2029" else sign for sign in text if _printable(sign)).strip(" ")
    return text if len(text) <= longest else text[: longest - 1] + "…"


class _Chosen(dict[str, tuple[Face, float]]):
    """For one face: which face draws a character, and its advance; found at the first asking."""

    def __init__(self, face: Face) -> None:
        super().__init__()
        self.face = face

    def __missing__(self, sign: str) -> tuple[Face, float]:
        for candidate in (_UPRIGHT.get((self.face, sign), self.face), Face.SYMBOLS):
            advance = font(candidate).advances.get(sign)
            if advance is not None:
                self[sign] = candidate, advance
                return candidate, advance
        raise GlyphMissing(sign)


_CHOSEN = {face: _Chosen(face) for face in Face}


def runs(text: str, face: Face) -> list[tuple[Face, str]]:
    """Stretches of `text` with the face that each is set in. Raises GlyphMissing."""
    chosen = _CHOSEN[face]
    faces = {chosen[sign][0] for sign in text}
    if len(faces) == 1:
        return [(faces.pop(), text)]
    out: list[tuple[Face, str]] = []
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or chosen[text[at]][0] is not chosen[text[start]][0]:
            out.append((chosen[text[start]][0], text[start:at]))
            start = at
    return out


def width(text: str, face: Face, size: float) -> float:
    """Width in points of `text` set in `face` with fallback. Raises GlyphMissing."""
    chosen = _CHOSEN[face]
    return sum([chosen[sign][1] for sign in text]) * size


def missing(text: str) -> str:
    """The characters of `text` that some face cannot print even with the symbols, each once; "" when all can."""
    return "".join(sorted({sign for sign in text if not has_glyph(Face.SYMBOLS, sign) and not _everywhere(sign)}))


@lru_cache(maxsize=5_000)
def _everywhere(sign: str) -> bool:
    return all(has_glyph(face, sign) for face in Face if face is not Face.SYMBOLS)


@lru_cache(maxsize=5_000)
def _printable(sign: str) -> bool:
    return sign in "\t\n\r" or unicodedata.category(sign) not in _DROPPED


def has_glyph(face: Face, sign: str) -> bool:
    """Whether a face holds a character; a no-break space is drawn as a space."""
    return sign in font(face).glyphs
