"""Embeds the glyphs that a document uses: TrueType subsets that keep their glyph numbers, as composite fonts.

Text is shown by glyph number (Identity-H), so a line is encoded once whatever document it stands in, and a subset that
two documents share is cut and packed once. Clauses are those of ISO 32000-1; tables as in the OpenType specification.
"""

import hashlib
import struct
import unicodedata
import zlib
from array import array
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from certificates.fonts import Face, Font, font
from certificates.pdffile import PdfFile, dictionary, number, reference

_MORE, _WORDS, _SCALE, _TWO_SCALES, _MATRIX = 0x20, 0x01, 0x08, 0x40, 0x80  # flags of a composite glyph
# Whole alphabets and figures are embedded together, so that the subsets of a batch are mostly the same.
_ALWAYS_TOGETHER = tuple(
    map(frozenset, ("0123456789,.", "abcdefghijklmnopqrstuvwxyz ", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
)
# The faces in which names are set meet new letters in nearly every document, so they hold all Vietnamese ones.
_OF_NAMES = {Face.SERIF_MEDIUM}
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_VIETNAMESE = tuple(
    frozenset(unicodedata.normalize("NFC", vowel + tone) for vowel in vowels for tone in _TONES) | {sign}
    for vowels, sign in (("aăâeêioôơuưy", "đ"), ("AĂÂEÊIOÔƠUƯY", "Đ"))
)
NAMES = {face: face.name for face in Face}  # in the resources of a page; an enum's own attribute is slow
_LINES_OF_A_MAP = 100  # 5014.CIDFont_Spec: at most so many in one block


class Subset(NamedTuple):
    """A packed font file with what the objects around it say."""

    name: str
    file: bytes
    length: int
    widths: str
    unicode_map: bytes


def write_fonts(file: PdfFile, used: Mapping[Face, Iterable[str]]) -> str:
    """Adds the fonts of the characters that each face shows; returns the entries of the resource dictionary."""
    entries = []
    for face, characters in sorted(used.items(), key=lambda pair: NAMES[pair[0]]):
        item = _write(file, font(face), _subset(face, _rounded(face, characters)))
        entries.append(f"/{NAMES[face]} {reference(item)}")
    return " ".join(entries)


def _rounded(face: Face, characters: Iterable[str]) -> frozenset[str]:
    """The characters, each alphabet whole of which one is used."""
    wanted = set(characters)
    for together in (*_ALWAYS_TOGETHER, *(_VIETNAMESE if face in _OF_NAMES else ())):
        if not wanted.isdisjoint(together):
            wanted |= together
    return frozenset(wanted)


def _write(file: PdfFile, source: Font, subset: Subset) -> int:
    """The composite font (9.7) of a subset; returns its object number."""
    face = source.file
    box = " ".join(number(round(edge)) for edge in face.bbox)
    program = file.put_stream(subset.file, {"Filter": "/FlateDecode", "Length1": subset.length}, packed=False)
    descriptor = file.put(
        dictionary(
            {
                "Type": "/FontDescriptor",
                "FontName": f"/{subset.name}",
                "Flags": face.flags,
                "FontBBox": f"[{box}]",
                "ItalicAngle": face.italicAngle,
                "Ascent": round(face.ascent),
                "Descent": round(face.descent),
                "CapHeight": round(face.capHeight),
                "StemV": face.stemV,
                "FontFile2": reference(program),
            }
        )
    )
    single = file.put(
        f"<</Type /Font /Subtype /CIDFontType2 /BaseFont /{subset.name} "
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> "
        f"/FontDescriptor {reference(descriptor)} /CIDToGIDMap /Identity /DW 0 /W [{subset.widths}]>>"
    )
    unicode_map = file.put_stream(subset.unicode_map, {"Filter": "/FlateDecode"}, packed=False)
    return file.put(
        f"<</Type /Font /Subtype /Type0 /BaseFont /{subset.name} /Encoding /Identity-H "
        f"/DescendantFonts [{reference(single)}] /ToUnicode {reference(unicode_map)}>>"
    )


@lru_cache(maxsize=400)
def _subset(face: Face, characters: frozenset[str]) -> Subset:
    """The subset of a face; the same characters give the same bytes."""
    source = font(face)
    shown = {source.glyphs[sign]: sign for sign in sorted(characters, reverse=True) if sign in source.glyphs}
    program = _program(source, sorted(shown))
    tag = hashlib.sha256(program).digest()[:6]
    letters = "".join(chr(ord("A") + byte % 26) for byte in tag)
    per_mille = {glyph: source.advances[sign] * 1000 for glyph, sign in shown.items()}
    widths = " ".join(f"{glyph} [{number(per_mille[glyph])}]" for glyph in sorted(shown))
    return Subset(
        f"{letters}+{source.file.name.decode()}",
        zlib.compress(program, 9),
        len(program),
        widths,
        zlib.compress(_unicode_map(shown), 9),
    )


def _program(source: Font, glyphs: list[int]) -> bytes:
    """The font file with these glyphs and their parts at their own numbers; all others are empty."""
    face, table = source.file, source.table
    positions, outlines = face.glyphPos, table("glyf")
    kept = {0: b""} | {glyph: outlines[positions[glyph] : positions[glyph + 1]] for glyph in glyphs}
    waiting = list(kept)
    while waiting:
        for part in _parts(kept[waiting.pop()]):
            if part not in kept:
                kept[part] = outlines[positions[part] : positions[part + 1]]
                waiting.append(part)
    count = max(kept) + 1
    places, drawn, metrics = array("I", [0] * (count + 1)), bytearray(), bytearray(4 * count)
    for glyph in range(count):
        places[glyph] = len(drawn)
        if glyph in kept:
            drawn += kept[glyph] + b"\0" * (-len(kept[glyph]) % 4)
            advance, bearing = face.hmetrics[glyph]
            struct.pack_into(">HH", metrics, 4 * glyph, int(advance), int(bearing) & 0xFFFF)
    places[count] = len(drawn)
    return _font_file(
        {
            b"glyf": bytes(drawn),
            b"head": _with_short(table("head"), 50, 1),  # long offsets
            b"hhea": _with_short(table("hhea"), 34, count),
            b"hmtx": bytes(metrics),
            b"loca": struct.pack(f">{count + 1}I", *places),
            b"maxp": _with_short(table("maxp"), 4, count),
        }
    )


def _parts(outline: bytes) -> list[int]:
    """Glyphs of which a composite glyph is made; none of a simple one."""
    if len(outline) < 10 or struct.unpack_from(">h", outline)[0] >= 0:
        return []
    found, at, flags = [], 10, _MORE
    while flags & _MORE:
        flags, part = struct.unpack_from(">HH", outline, at)
        found.append(part)
        at += 4 + (4 if flags & _WORDS else 2)
        at += 2 if flags & _SCALE else 4 if flags & _TWO_SCALES else 8 if flags & _MATRIX else 0
    return found


def _with_short(table: bytes, at: int, value: int) -> bytes:
    return table[:at] + struct.pack(">H", value) + table[at + 2 :]


def _font_file(tables: Mapping[bytes, bytes]) -> bytes:
    """A TrueType file of these tables, its checksums right."""
    count = len(tables)
    power = count.bit_length() - 1
    tables = dict(sorted(tables.items()))
    tables[b"head"] = tables[b"head"][:8] + bytes(4) + tables[b"head"][12:]
    at, body = 12 + 16 * count, bytearray()
    head = bytearray(struct.pack(">IHHHH", 0x00010000, count, 16 << power, power, 16 * count - (16 << power)))
    for tag, table in tables.items():
        padded = table + b"\0" * (-len(table) % 4)
        head += struct.pack(">4sIII", tag, _checksum(padded), at + len(body), len(table))
        if tag == b"head":
            adjustment = at + len(body) + 8
        body += padded
    out = head + body
    struct.pack_into(">I", out, adjustment, (0xB1B0AFBA - _checksum(out)) & 0xFFFFFFFF)
    return bytes(out)


def _checksum(padded: bytes | bytearray) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF


def _unicode_map(shown: Mapping[int, str]) -> bytes:
    """Which character a glyph stands for (9.10.3)."""
    lines = [f"<{glyph:04X}> <{sign.encode('utf-16-be').hex().upper()}>" for glyph, sign in sorted(shown.items())]
    blocks = [lines[i : i + _LINES_OF_A_MAP] for i in range(0, len(lines), _LINES_OF_A_MAP)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{body}\n"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode()
