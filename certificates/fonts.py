"""The faces of printed documents, with a glyph for every character: faces, fallback, widths, cleaning.

What the form says is set in the sans (Be Vietnam Pro), what the laboratory says in the serif (Noto Serif, whose
figures are all of one width); a symbol that a face lacks comes from DejaVu Sans, chosen per character.
"""

import enum
import unicodedata
from functools import lru_cache
from pathlib import Path
from threading import Lock

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont


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


_FOLDER = Path(__file__).parent / "fonts"
# The italic's minus (U+2212) is drawn as short as a hyphen, so the minus is always upright.
_UPRIGHT = {(Face.SERIF_ITALIC, "\u2212"): Face.SERIF}
# Joiners and direction marks have no glyph and, unseen, could change how a line reads.
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn"}


_LOADED: dict[Face, TTFont] = {}
_LOADING = Lock()


def font(face: Face) -> TTFont:
    """The loaded font of a face, registered with ReportLab under its file name.

    Loaded once, whoever asks first at the same time: a document drawn with two fonts of one name cannot be finished.
    """
    if face not in _LOADED:
        with _LOADING:
            if face not in _LOADED:
                # asciiReadable=0: only the characters that a document uses are embedded, not the whole of ASCII.
                loaded = TTFont(face.value, str(_FOLDER / f"{face.value}.ttf"), asciiReadable=0)
                pdfmetrics.registerFont(loaded)
                _LOADED[face] = loaded
    return _LOADED[face]


def clean(text: str, longest: int = 4000) -> str:
    """Text fit to be printed: NFC, one line, no control or direction characters, cut with "…" beyond `longest`."""
    if len(text) <= longest and text.replace("\u00a0", " ").isprintable() and unicodedata.is_normalized("NFC", text):
        return text.strip(" ")
    text = unicodedata.normalize("NFC", text[: 4 * longest])
    text = "".join(" " if sign in "\t\n\r\u2028\u2029" else sign for sign in text if _printable(sign)).strip(" ")
    return text if len(text) <= longest else text[: longest - 1] + "…"


def runs(text: str, face: Face) -> list[tuple[Face, str]]:
    """Stretches of `text` with the face that each is set in. Raises GlyphMissing."""
    out: list[tuple[Face, str]] = []
    start, current = 0, None
    for at, sign in enumerate(text):
        chosen = _glyph(face, sign)[0]
        if chosen is not current:
            if current is not None:
                out.append((current, text[start:at]))
            start, current = at, chosen
    if current is not None:
        out.append((current, text[start:]))
    return out


def width(text: str, face: Face, size: float) -> float:
    """Width in points of `text` set in `face` with fallback. Raises GlyphMissing."""
    return sum(_glyph(face, sign)[1] for sign in text) * size


def missing(text: str) -> str:
    """The characters of `text` that no face holds, each once; "" when all can be printed."""
    faces = (Face.SANS, Face.SYMBOLS)
    return "".join(sorted({sign for sign in text if not any(has_glyph(f, sign) for f in faces)}))


@lru_cache(maxsize=5_000)
def _printable(sign: str) -> bool:
    return sign in "\t\n\r" or unicodedata.category(sign) not in _DROPPED


@lru_cache(maxsize=20_000)
def _glyph(face: Face, sign: str) -> tuple[Face, float]:
    """The face that draws one character, and its advance in units of the size."""
    for candidate in (_UPRIGHT.get((face, sign), face), Face.SYMBOLS):
        if has_glyph(candidate, sign):
            code = ord(" " if sign == "\u00a0" else sign)
            return candidate, float(font(candidate).face.charWidths[code]) / 1000
    raise GlyphMissing(sign)


def has_glyph(face: Face, sign: str) -> bool:
    """Whether a face holds a character; a no-break space is drawn as a space."""
    return ord(" " if sign == "\u00a0" else sign) in font(face).face.charToGlyph
