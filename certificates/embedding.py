"""Fonts inside a PDF: codes for the characters used, and the embedded subset with its way back to Unicode."""

import struct
import zlib
from functools import cache, lru_cache

from certificates.fonts import Face, font, glyph_number
from certificates.pdffile import PdfFile, dictionary, number, reference
from certificates.truetype import TrueType

_SERIF, _SYMBOLIC, _ITALIC = 2, 4, 64  # flags of 9.8.2


@cache
def _codes(face: Face) -> dict[str, int]:
    """Two-byte codes of all characters of a face, in the order of Unicode; code 0 is kept for none."""
    return {chr(point): place for place, point in enumerate(sorted(font(face).glyph_of), 1)}


@lru_cache(maxsize=20_000)
def _encoded(face: Face, text: str) -> str:
    codes = _codes(face)
    return "".join(f"{codes[sign]:04X}" for sign in text)


class UsedFace:
    """The characters of one face that a document uses."""

    def __init__(self, face: Face) -> None:
        self.face = face
        self._used: set[str] = set()

    def encode(self, text: str) -> str:
        """The string operand (hexadecimal) that shows `text`; a no-break space is shown as a space."""
        text = text.replace("\u00a0", " ")
        self._used.update(text)
        return _encoded(self.face, text)

    def write(self, file: PdfFile) -> int:
        """Adds the composite font (ISO 32000-1 9.7) with exactly these characters; returns its object number."""
        loaded = font(self.face)
        codes, signs = _codes(self.face), sorted(self._used)
        name = f"{_tag(signs)}+{loaded.name}"
        places = [0] * (codes[signs[-1]] + 1)
        for sign in signs:
            places[codes[sign]] = self._glyph(sign)
        descendant = dictionary(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType2",
                "BaseFont": "/" + name,
                "CIDSystemInfo": "<</Registry (Adobe) /Ordering (Identity) /Supplement 0>>",
                "FontDescriptor": reference(self._descriptor(file, loaded, name)),
                "DW": 0,
                "W": f"[{' '.join(_width(self.face, sign) for sign in signs)}]",
                "CIDToGIDMap": reference(file.put_stream(struct.pack(f">{len(places)}H", *places))),
            }
        )
        return file.put(
            dictionary(
                {
                    "Type": "/Font",
                    "Subtype": "/Type0",
                    "BaseFont": "/" + name,
                    "Encoding": "/Identity-H",
                    "DescendantFonts": f"[{reference(file.put(descendant))}]",
                    "ToUnicode": reference(file.put_stream(_to_unicode({codes[sign]: sign for sign in signs}))),
                }
            )
        )

    def _glyph(self, sign: str) -> int:
        return glyph_number(self.face, sign) or 0

    def _descriptor(self, file: PdfFile, loaded: TrueType, name: str) -> int:
        flags = _SYMBOLIC
        flags |= _SERIF if self.face.name.startswith("SERIF") else 0
        flags |= _ITALIC if loaded.italic_angle else 0
        data, length = _packed_subset(self.face, frozenset(map(self._glyph, self._used)))
        return file.put(
            dictionary(
                {
                    "Type": "/FontDescriptor",
                    "FontName": "/" + name,
                    "Flags": flags,
                    "FontBBox": f"[{' '.join(map(str, loaded.box))}]",
                    "ItalicAngle": loaded.italic_angle,
                    "Ascent": loaded.ascent,
                    "Descent": loaded.descent,
                    "CapHeight": loaded.cap_height,
                    "StemV": 80,
                    "FontFile2": reference(file.put_packed(data, {"Length1": length})),
                }
            )
        )


@lru_cache(maxsize=10_000)
def _width(face: Face, sign: str) -> str:
    """Entry of one character in the width array: its code and, in brackets, its advance."""
    return f"{_codes(face)[sign]} [{number(font(face).advances[glyph_number(face, sign) or 0])}]"


@lru_cache(maxsize=64)
def _packed_subset(face: Face, glyphs: frozenset[int]) -> tuple[bytes, int]:
    """Compressed font file and its length before; the labels of a form use the same characters each time."""
    data = font(face).subset(set(glyphs))
    return zlib.compress(data, 6), len(data)


def _tag(signs: list[str]) -> str:
    """Six capitals that tell subsets apart (9.6.4), the same for the same characters."""
    value, tag = sum((place + 1) * ord(sign) for place, sign in enumerate(signs)), ""
    for _ in range(6):
        value, digit = divmod(value, 26)
        tag += chr(ord("A") + digit)
    return tag


def _to_unicode(signs: dict[int, str]) -> bytes:
    """The CMap from codes to characters (9.10.3), in blocks of at most 100."""
    rows = [f"<{code:04X}> <{sign.encode('utf-16-be').hex().upper()}>" for code, sign in signs.items()]
    blocks = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{body}\nendcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode("ascii")
