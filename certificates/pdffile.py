"""Writes a PDF 1.7 file from numbered objects: object streams, a cross-reference stream, the same bytes each time.

A tagged certificate has hundreds of small structure objects, which only object streams keep small. Clauses are those
of ISO 32000-1.
"""

import struct
import zlib
from collections.abc import Mapping
from itertools import accumulate

Entries = dict[str, str | int | float]

_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_IN_ONE_STREAM = 200
_LEVEL = 5  # of Flate: a quarter faster than 6 for one part in a hundred more bytes


def text_string(text: str) -> str:
    """A text string object (7.9.2.2): ASCII as a literal, anything else as UTF-16 in hexadecimal."""
    if text.isascii() and text.isprintable():
        return "(" + text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") + ")"
    return f"<FEFF{text.encode('utf-16-be', 'replace').hex().upper()}>"


def number(value: float) -> str:
    """A number to a thousandth of a point, without needless zeros and never as an exponent."""
    if abs(value) >= 100_000:
        return f"{value:.0f}"
    return f"{round(value, 3) + 0.0:g}"  # six digits; + 0.0 takes the sign from a zero


def dictionary(entries: Mapping[str, str | int | float]) -> str:
    """A dictionary object; a value is ready PDF text or a number."""
    shown = (f"/{key} {value if isinstance(value, str) else number(value)}" for key, value in entries.items())
    return "<<" + " ".join(shown) + ">>"


def reference(item: int) -> str:
    """An indirect reference to an object."""
    return f"{item} 0 R"


class PdfFile:
    """Objects of one file, numbered from 1 in the order of `reserve`."""

    def __init__(self) -> None:
        self._plain: dict[int, bytes] = {}
        self._streams: dict[int, bytes] = {}
        self._count = 0

    def reserve(self) -> int:
        """The number of an object that is given later."""
        self._count += 1
        return self._count

    def put(self, body: str, item: int | None = None) -> int:
        """Adds an object that is no stream; returns its number."""
        item = item or self.reserve()
        self._plain[item] = body.encode("latin-1")
        return item

    def put_stream(self, data: bytes, entries: Entries | None = None, packed: bool = True) -> int:
        """Adds a stream (7.3.8), Flate-compressed unless `packed` is false; returns its number."""
        entries = Entries(entries or {})
        if packed:
            data, entries["Filter"] = zlib.compress(data, _LEVEL), "/FlateDecode"
        item = self.reserve()
        head = dictionary(entries | {"Length": len(data)}).encode("latin-1")
        self._streams[item] = head + b"\nstream\n" + data + b"\nendstream"
        return item

    def to_bytes(self, root: int, info: int, file_id: str) -> bytes:
        """The file. `file_id` is 32 hexadecimal digits that stand for its content; the information dictionary stays
        outside the object streams, where simple readers find it."""
        loose = {root, info}
        out, where = bytearray(_HEADER), dict[int, tuple[int, int, int]]()
        inside = [item for item in self._plain if item not in loose]
        for start in range(0, len(inside), _IN_ONE_STREAM):
            self._bundle(inside[start : start + _IN_ONE_STREAM], where)
        for item in sorted(set(self._streams) | loose):
            where[item] = (1, len(out), 0)
            body = self._streams.get(item) or self._plain[item]
            out += b"%d 0 obj\n" % item + body + b"\nendobj\n"
        return bytes(out + self._cross_references(where, len(out), root, info, file_id))

    def _bundle(self, items: list[int], where: dict[int, tuple[int, int, int]]) -> None:
        """Puts objects into one object stream (7.5.7)."""
        bodies = [self._plain[item] for item in items]
        starts = accumulate((len(body) + 1 for body in bodies), initial=0)
        index = " ".join([f"{item} {start}" for item, start in zip(items, starts, strict=False)]).encode() + b"\n"
        entries: Entries = {"Type": "/ObjStm", "N": len(items), "First": len(index)}
        stream = self.put_stream(index + b"\n".join(bodies) + b"\n", entries)
        where.update({item: (2, stream, place) for place, item in enumerate(items)})

    def _cross_references(
        self, where: dict[int, tuple[int, int, int]], start: int, root: int, info: int, file_id: str
    ) -> bytes:
        """The cross-reference stream (7.5.8) and the end of the file."""
        own = self.reserve()
        where = where | {0: (0, 0, 65535), own: (1, start, 0)}
        rows = b"".join(struct.pack(">BIH", *where[item]) for item in range(own + 1))
        entries: Entries = {
            "Type": "/XRef",
            "Size": own + 1,
            "W": "[1 4 2]",
            "Root": reference(root),
            "Info": reference(info),
            "ID": f"[<{file_id}> <{file_id}>]",
            "Filter": "/FlateDecode",
        }
        data = zlib.compress(rows, _LEVEL)
        entries["Length"] = len(data)
        head = b"%d 0 obj\n" % own + dictionary(entries).encode("latin-1")
        return head + b"\nstream\n" + data + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start
