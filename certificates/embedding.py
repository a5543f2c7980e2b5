"""Fonts inside a PDF: codes for the characters used, and the embedded subset with its way back to Unicode."""

import struct
from functools import lru_cache

from certificates.fonts import Face, font, glyph_number
from certificates.pdffile import PdfFile, dictionary, number, reference
from certificates.truetype import TrueType

_SERIF, _SYMBOLIC, _ITALIC = 2, 4, 64  # flags of 9.8.2


class UsedFace:
    """The characters of one face that a document uses; each gets a two-byte code in order of first use."""

    def __init__(self, face: Face) -> None:
        self.face = face
        self.codes: dict[str, int] = {}

    def encode(self, text: str) -> str:
        """The string operand (hexadecimal) that shows `text`."""
        codes, out = self.codes, []
        for sign in text:
            sign = " " if sign == "\u00a0" else sign
            code = codes.get(sign)
            if code is None:
                code = codes[sign] = len(codes) + 1
            out.append(f"{code:04X}")
        return "".join(out)

    def write(self, file: PdfFile) -> int:
        """Adds the composite font (ISO 32000-1 9.7) with exactly these characters; returns its object number."""
        loaded = font(self.face)
        signs = "".join(self.codes)
        name = f"{_tag(signs)}+{loaded.name}"
        descendant = dictionary(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType2",
                "BaseFont": "/" + name,
                "CIDSystemInfo": "<</Registry (Adobe) /Ordering (Identity) /Supplement 0>>",
                "FontDescriptor": reference(self._descriptor(file, loaded, name)),
                "DW": 0,
                "W": f"[1 [{' '.join(number(loaded.advances[self._glyph(sign)]) for sign in signs)}]]",
                "CIDToGIDMap": reference(
                    file.put_stream(struct.pack(f">{len(signs) + 1}H", 0, *map(self._glyph, signs)))
                ),
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
                    "ToUnicode": reference(file.put_stream(_to_unicode(self.codes))),
                }
            )
        )

    def _glyph(self, sign: str) -> int:
        return glyph_number(self.face, sign) or 0

    def _descriptor(self, file: PdfFile, loaded: TrueType, name: str) -> int:
        flags = _SYMBOLIC
        flags |= _SERIF if self.face.name.startswith("SERIF") else 0
        flags |= _ITALIC if loaded.italic_angle else 0
        data = _subset(self.face, frozenset(map(self._glyph, self.codes)))
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
                    "FontFile2": reference(file.put_stream(data, {"Length1": len(data)})),
                }
            )
        )


@lru_cache(maxsize=64)
def _subset(face: Face, glyphs: frozenset[int]) -> bytes:
    return font(face).subset(set(glyphs))


def _tag(signs: str) -> str:
    """Six capitals that tell subsets apart (9.6.4), the same for the same characters."""
    value, tag = sum((place + 1) * ord(sign) for place, sign in enumerate(signs)), ""
    for _ in range(6):
        value, digit = divmod(value, 26)
        tag += chr(ord("A") + digit)
    return tag


def _to_unicode(codes: dict[str, int]) -> bytes:
    """The CMap from codes to characters (9.10.3), in blocks of at most 100."""
    rows = [f"<{code:04X}> <{sign.encode('utf-16-be').hex().upper()}>" for sign, code in codes.items()]
    blocks = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{body}\nendcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode("ascii")
