"""The second revision of a file: an empty signature container in a tagged, invisible field, appended to its bytes.

An incremental update (ISO 32000-1 7.5.6): the unsigned file stays as it is, byte for byte, in front. The field is a
form element in the structure tree with a name that is read aloud, so that the file stays PDF/A-3a and PDF/UA-1.
"""

import hashlib
import io
import struct
import zlib
from dataclasses import dataclass
from datetime import datetime

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from certificates.formats import HO_CHI_MINH
from certificates.pdffile import Entries, dictionary, reference, text_string
from certificates.seal_keys import SealError

FIELD = "Seal"
_SPOKEN = "Dấu điện tử của phòng thí nghiệm / Electronic seal of the laboratory"
_PRINT_AND_LOCKED = 4 | 128
_SIGNATURES_EXIST_AND_APPEND_ONLY = 1 | 2
_BYTE_RANGE = 48  # characters kept for the four numbers


@dataclass(frozen=True)
class Statement:
    """What the signature dictionary says in plain words; `at` is the stated time, to the second."""

    at: datetime
    name: str
    reason: str
    place: str = ""


@dataclass(frozen=True)
class Prepared:
    """A file with room for a container: hexadecimal digits from `start`, the digest of all the rest."""

    content: bytes
    start: int
    room: int

    def digest(self) -> bytes:
        """SHA-256 of what is signed: everything but the container and its angle brackets."""
        end = self.start + 2 * self.room
        return hashlib.sha256(self.content[: self.start - 1] + self.content[end + 1 :]).digest()

    def filled(self, container: bytes) -> bytes:
        """The file with this container, which may be shorter than the room."""
        if len(container) > self.room:
            raise SealError(f"the container has {len(container)} bytes, the file has room for {self.room}")
        digits = container.ljust(self.room, b"\0").hex().upper().encode()
        return self.content[: self.start] + digits + self.content[self.start + 2 * self.room :]


def prepare(pdf: bytes, statement: Statement, room: int) -> Prepared:
    """The file with an empty container of `room` bytes. Raises SealError: not one of ours, or sealed already."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            return _Update(pdf, opened).write(statement, room)
    except (pikepdf.PdfError, AttributeError, KeyError, TypeError, IndexError) as error:
        raise SealError(f"the file is no tagged document that can be sealed: {error}") from error


class _Update:
    """Objects that the revision adds or replaces; they are written as `opened` holds them at the end."""

    def __init__(self, pdf: bytes, opened: pikepdf.Pdf) -> None:
        if "/AcroForm" in opened.Root:
            raise SealError("the file has form fields or signatures already")
        self.pdf, self.opened = pdf, opened
        self.page, self.tree = opened.pages[0].obj, opened.Root.StructTreeRoot
        self.document = self.tree.K
        if not isinstance(self.document, Dictionary):
            raise SealError("the structure of the file has no single root")

    def write(self, statement: Statement, room: int) -> Prepared:
        value = self.opened.make_indirect(Dictionary(Type=Name.Sig))
        replaced = [*self._field(value), self.page, self.tree, self.document]
        size = max(item.objgen[0] for item in replaced) + 1
        out = bytearray(self.pdf if self.pdf.endswith(b"\n") else self.pdf + b"\n")
        where: dict[int, tuple[int, int, int]] = {}
        _loose(out, where, self.opened.Root.objgen[0], self.opened.Root.unparse(resolved=True))
        self._bundle(out, where, size, replaced)
        before, after = _value(statement)
        start = len(out) + len(f"{value.objgen[0]} 0 obj\n") + len(before)
        _loose(out, where, value.objgen[0], before + b"0" * (2 * room) + after)
        self._cross_references(out, where, size + 1, statement)
        _fill_byte_range(out, start, start + 2 * room)
        return Prepared(bytes(out), start, room)

    def _field(self, value: pikepdf.Object) -> list[pikepdf.Object]:
        """Field and widget in one, its structure element, and their places in page, tree and catalogue."""
        key = int(self.tree.ParentTreeNextKey)
        widget = self.opened.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Sig,
                T=String(FIELD),
                TU=String(_SPOKEN),
                F=_PRINT_AND_LOCKED,
                Rect=Array([0, 0, 0, 0]),
                P=self.page,
                StructParent=key,
                V=value,
            )
        )
        inside = Dictionary(Type=Name.OBJR, Obj=widget, Pg=self.page)
        element = self.opened.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Form, P=self.document, Pg=self.page, K=inside)
        )
        kids = self.document.K
        self.document.K = Array([*(kids if isinstance(kids, Array) else [kids]), element])
        self.tree.ParentTree.Nums.append(key)
        self.tree.ParentTree.Nums.append(element)
        self.tree.ParentTreeNextKey = key + 1
        self.page.Annots = Array([*self.page.get("/Annots", []), widget])
        self.opened.Root.AcroForm = Dictionary(Fields=Array([widget]), SigFlags=_SIGNATURES_EXIST_AND_APPEND_ONLY)
        return [widget, element]

    def _bundle(
        self, out: bytearray, where: dict[int, tuple[int, int, int]], stream: int, items: list[pikepdf.Object]
    ) -> None:
        """Small objects go into one object stream (7.5.7)."""
        positions, body = [], bytearray()
        for place, item in enumerate(items):
            number = item.objgen[0]
            where[number] = (2, stream, place)
            positions.append(f"{number} {len(body)}")
            body += item.unparse(resolved=True) + b"\n"
        index = " ".join(positions).encode() + b"\n"
        data = zlib.compress(index + body, 6)
        entries: Entries = {"Type": "/ObjStm", "N": len(items), "First": len(index), "Filter": "/FlateDecode"}
        _loose(out, where, stream, _stream(entries, data))

    def _cross_references(
        self, out: bytearray, where: dict[int, tuple[int, int, int]], own: int, statement: Statement
    ) -> None:
        """A cross-reference stream for what this revision holds (7.5.8), pointing to the one before."""
        start, trailer = len(out), self.opened.trailer
        where[own] = (1, start, 0)
        first = bytes(trailer.ID[0])
        second = hashlib.sha256(first + repr(statement).encode()).hexdigest()[: 2 * len(first)].upper()
        numbers = sorted(where)
        entries: Entries = {
            "Type": "/XRef",
            "Size": own + 1,
            "Index": f"[{' '.join(f'{number} 1' for number in numbers)}]",
            "W": "[1 4 2]",
            "Root": reference(self.opened.Root.objgen[0]),
            "Info": reference(trailer.Info.objgen[0]),
            "ID": f"[<{first.hex().upper()}> <{second}>]",
            "Prev": str(_last_cross_reference(self.pdf)),
        }
        rows = b"".join(struct.pack(">BIH", *where[number]) for number in numbers)
        _loose(out, {}, own, _stream(entries, rows))
        out += b"startxref\n%d\n%%%%EOF\n" % start


def _value(statement: Statement) -> tuple[bytes, bytes]:
    """The signature dictionary (12.8.1) before and after its container."""
    at = statement.at.astimezone(HO_CHI_MINH)
    entries: Entries = {
        "Type": "/Sig",
        "Filter": "/Adobe.PPKLite",
        "SubFilter": "/ETSI.CAdES.detached",
        "M": f"(D:{at:%Y%m%d%H%M%S}+07'00')",
        "Name": text_string(statement.name),
        "Reason": text_string(statement.reason),
    }
    if statement.place:
        entries["Location"] = text_string(statement.place)
    entries["ByteRange"] = " " * _BYTE_RANGE
    return dictionary(entries).encode("latin-1").removesuffix(b">>") + b" /Contents <", b">>>"


def _fill_byte_range(out: bytearray, start: int, end: int) -> None:
    numbers = b"[0 %d %d %d]" % (start - 1, end + 1, len(out) - end - 1)
    place = out.rindex(b"/ByteRange ", 0, start) + len(b"/ByteRange ")
    out[place : place + _BYTE_RANGE] = numbers.ljust(_BYTE_RANGE)


def _loose(out: bytearray, where: dict[int, tuple[int, int, int]], number: int, body: bytes) -> None:
    where[number] = (1, len(out), 0)
    out += b"%d 0 obj\n" % number + body + b"\nendobj\n"


def _stream(entries: Entries, data: bytes) -> bytes:
    head = dictionary(entries | {"Length": str(len(data))}).encode("latin-1")
    return head + b"\nstream\n" + data + b"\nendstream"


def _last_cross_reference(pdf: bytes) -> int:
    _before, found, after = pdf[-64:].rpartition(b"startxref")
    digits = after.split()[0] if found and after.split() else b""
    if not digits.isdigit():
        raise SealError("the file does not tell where its cross-references are")
    return int(digits)
