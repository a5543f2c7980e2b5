"""Reads a TrueType font and cuts it down to the glyphs that a document uses.

Glyph numbers are kept and unused outlines left empty, so composite glyphs need no rewriting and the same characters
always give the same bytes. Format: OpenType 1.9, tables cmap (formats 4 and 12), glyf, head, hhea, hmtx, loca, maxp.
"""

import struct
from dataclasses import dataclass
from pathlib import Path

_COMPONENT_WORDS, _COMPONENT_SCALE, _MORE, _SCALE_XY, _SCALE_2X2 = 0x01, 0x08, 0x20, 0x40, 0x80


class FontError(ValueError):
    """A file that is not a TrueType font of the expected make."""


@dataclass(frozen=True)
class TrueType:
    """A parsed font; lengths are in thousandths of the size unless said otherwise."""

    name: str  # PostScript name
    glyph_of: dict[int, int]  # code point -> glyph number
    advances: tuple[float, ...]  # by glyph number
    ascent: int
    descent: int
    cap_height: int
    italic_angle: float  # degrees, negative leans right
    box: tuple[int, int, int, int]
    tables: dict[str, bytes]
    offsets: tuple[int, ...]  # of each glyph in glyf, bytes

    @classmethod
    def load(cls, path: Path) -> "TrueType":
        """Raises FontError when the file is no TrueType font."""
        try:
            return _parse(path.read_bytes(), path.stem)
        except (struct.error, KeyError, IndexError) as error:
            raise FontError(f"{path.name} is not a TrueType font") from error

    def subset(self, glyphs: set[int]) -> bytes:
        """A font file with only these glyphs, and those that they are composed of, drawn."""
        keep = sorted(self._closure(glyphs | {0}))
        count = keep[-1] + 1
        source, outlines, metrics = self.tables["glyf"], bytearray(), bytearray(4 * count)
        starts: list[int] = []
        for glyph in keep:
            starts += [len(outlines)] * (glyph + 1 - len(starts))
            outlines += source[self.offsets[glyph] : self.offsets[glyph + 1]]
            outlines += b"\0" * (-len(outlines) % 4)
            metrics[4 * glyph : 4 * glyph + 4] = self._metrics(glyph)
        starts.append(len(outlines))
        head = bytearray(self.tables["head"])
        struct.pack_into(">I", head, 8, 0)
        struct.pack_into(">h", head, 50, 1)
        hhea = self.tables["hhea"][:34] + struct.pack(">H", count)
        return _file(
            {
                "glyf": bytes(outlines),
                "head": bytes(head),
                "hhea": hhea,
                "hmtx": bytes(metrics),
                "loca": struct.pack(f">{count + 1}I", *starts),
                "maxp": self.tables["maxp"][:4] + struct.pack(">H", count) + self.tables["maxp"][6:],
            }
        )

    def _metrics(self, glyph: int) -> bytes:
        """Advance and left side bearing of a glyph, four bytes."""
        hmtx, long_count = self.tables["hmtx"], struct.unpack_from(">H", self.tables["hhea"], 34)[0]
        if glyph < long_count:
            return hmtx[4 * glyph : 4 * glyph + 4]
        bearing = 4 * long_count + 2 * (glyph - long_count)
        return hmtx[4 * long_count - 4 : 4 * long_count - 2] + hmtx[bearing : bearing + 2]

    def _closure(self, glyphs: set[int]) -> set[int]:
        found, todo = set(glyphs), list(glyphs)
        while todo:
            for part in self._components(todo.pop()):
                if part not in found:
                    found.add(part)
                    todo.append(part)
        return found

    def _components(self, glyph: int) -> list[int]:
        """Glyphs that a composite is built of; none for a simple or an empty one."""
        data = self.tables["glyf"][self.offsets[glyph] : self.offsets[glyph + 1]]
        if not data or struct.unpack_from(">h", data)[0] >= 0:
            return []
        parts, at, flags = [], 10, _MORE
        while flags & _MORE:
            flags, part = struct.unpack_from(">HH", data, at)
            parts.append(part)
            at += 8 if flags & _COMPONENT_WORDS else 6
            at += 8 if flags & _SCALE_2X2 else 4 if flags & _SCALE_XY else 2 if flags & _COMPONENT_SCALE else 0
        return parts


def _parse(data: bytes, name: str) -> TrueType:
    count = struct.unpack_from(">4xH", data)[0]
    tables = {}
    for i in range(count):
        tag, _, offset, length = struct.unpack_from(">4sIII", data, 12 + 16 * i)
        tables[tag.decode("latin-1")] = data[offset : offset + length]
    units: int = struct.unpack_from(">H", tables["head"], 18)[0]
    glyphs = struct.unpack_from(">H", tables["maxp"], 4)[0]
    if struct.unpack_from(">h", tables["head"], 50)[0]:
        offsets = struct.unpack(f">{glyphs + 1}I", tables["loca"][: 4 * glyphs + 4])
    else:
        offsets = tuple(2 * half for half in struct.unpack(f">{glyphs + 1}H", tables["loca"][: 2 * glyphs + 2]))

    def scaled(value: int) -> int:
        return round(1000 * value / units)

    ascent, descent = struct.unpack_from(">hh", tables["hhea"], 4)
    left, bottom, right, top = struct.unpack_from(">4h", tables["head"], 36)
    return TrueType(
        name=name.replace("_", "-"),
        glyph_of=_characters(tables["cmap"]),
        advances=_advances(tables, glyphs, units),
        ascent=scaled(ascent),
        descent=scaled(descent),
        cap_height=scaled(struct.unpack_from(">h", tables["OS/2"], 88)[0] if len(tables["OS/2"]) >= 90 else ascent),
        italic_angle=struct.unpack_from(">i", tables["post"], 4)[0] / 65536,
        box=(scaled(left), scaled(bottom), scaled(right), scaled(top)),
        tables=tables,
        offsets=offsets,
    )


def _advances(tables: dict[str, bytes], glyphs: int, units: int) -> tuple[float, ...]:
    long_count = struct.unpack_from(">H", tables["hhea"], 34)[0]
    widths = struct.unpack(">" + "H2x" * long_count, tables["hmtx"][: 4 * long_count])
    shown = [round(1000 * width / units, 2) for width in widths]
    return tuple(shown + [shown[-1]] * (glyphs - long_count))


def _characters(cmap: bytes) -> dict[int, int]:
    found: dict[int, int] = {}
    for i in range(struct.unpack_from(">2xH", cmap)[0]):
        platform, _, offset = struct.unpack_from(">HHI", cmap, 4 + 8 * i)
        form = struct.unpack_from(">H", cmap, offset)[0]
        if platform in (0, 3) and form == 12:
            found |= _format_12(cmap, offset)
        elif platform in (0, 3) and form == 4:
            found = _format_4(cmap, offset) | found
    return found


def _format_12(cmap: bytes, offset: int) -> dict[int, int]:
    found: dict[int, int] = {}
    for i in range(struct.unpack_from(">I", cmap, offset + 12)[0]):
        first, last, glyph = struct.unpack_from(">III", cmap, offset + 16 + 12 * i)
        found |= {code: glyph + code - first for code in range(first, last + 1)}
    return found


def _format_4(cmap: bytes, offset: int) -> dict[int, int]:
    double = struct.unpack_from(">H", cmap, offset + 6)[0]
    starts = offset + 16 + double
    found = {}
    for i in range(0, double, 2):
        last = struct.unpack_from(">H", cmap, offset + 14 + i)[0]
        first, delta, distance = (struct.unpack_from(">H", cmap, starts + k * double + i)[0] for k in range(3))
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if distance:
                glyph = struct.unpack_from(">H", cmap, starts + 2 * double + i + distance + 2 * (code - first))[0]
            if glyph := (glyph + delta) & 0xFFFF if glyph or not distance else 0:
                found[code] = glyph
    return found


def _file(tables: dict[str, bytes]) -> bytes:
    """A font file of these tables, with check sums (OpenType "Organization of an OpenType font")."""
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    header = struct.pack(">IHHHH", 0x00010000, count, 16 * power, power.bit_length() - 1, 16 * (count - power))
    directory, body, at = b"", b"", len(header) + 16 * count
    for tag, data in sorted(tables.items()):
        padded = data + b"\0" * (-len(data) % 4)
        directory += struct.pack(">4sIII", tag.encode(), _checksum(padded), at + len(body), len(data))
        body += padded
    whole = bytearray(header + directory + body)
    adjustment = (0xB1B0AFBA - _checksum(bytes(whole))) & 0xFFFFFFFF
    head = directory.index(b"head") + len(header) + 8
    struct.pack_into(">I", whole, struct.unpack_from(">I", whole, head)[0] + 8, adjustment)
    return bytes(whole)


def _checksum(data: bytes) -> int:
    return int(sum(struct.unpack(f">{len(data) // 4}I", data))) & 0xFFFFFFFF
