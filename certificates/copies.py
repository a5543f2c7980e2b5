"""Many archived documents in one file for the printer, itself PDF/A-3a and PDF/UA-1 with one structure tree.

The pages are those of the archived files, unchanged; their seals cannot come along, because a signature covers one
file. So the file calls itself a print, says so in its properties, and carries a list of the originals with the SHA-256
of each. A reprint can be marked as a copy on every page (docs/decisions/0011).
"""
from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf

from certificates.archival import Attachment, Metadata
from certificates.fonts import Face
from certificates.pdf import finish
from certificates.sheet import A4, MM, Align, Sheet

MARK = "BẢN SAO"
LIST = "danh-muc.csv"
_MARK_SIZE, _MARK_NAME = 11.0, "/CopyMark"
_SEAL_FIELDS = "/Widget"
_WORDS = "Danh mục văn bản gốc và SHA-256 của từng tệp"
_MAKER = "Chuẩn LIMS"


@dataclass(frozen=True)
class Print:
    """One document to print: the archived bytes, and whether its pages are marked as a copy; the number to list."""

    pdf: bytes
    copy: bool = False
    number: str = ""


def joined(prints: Sequence[Print], created: datetime) -> bytes:
    """One PDF with the pages of all, in this order. Raises ValueError for none, or for bytes that are no PDF."""
    if not prints:
        raise ValueError("nothing to print")
    listed = _list(prints)
    title = f"Bản in gộp {len(prints)} giấy"
    about = Metadata(title, _MAKER, "Chỉ để in: không mang dấu điện tử của từng giấy", _MAKER, created, "",
                     hashlib.sha256(listed).hexdigest())
    empty = finish(Sheet(), about, (Attachment(LIST, "text/csv", _WORDS, "Source", listed),))
    with pikepdf.open(io.BytesIO(empty)) as book:
        del book.docinfo["/LimsNumber"], book.docinfo["/LimsRecordSha256"]  # those of a document, which this is not
        tree, fonts = _Tree(book), _Fonts()
        mark = _mark(book, created) if any(one.copy for one in prints) else None
        for one in prints:
            source = _opened(one.pdf)
            pages = _added(book, source)
            tree.add(source, pages)
            for page in pages:
                fonts.share(page)
                if one.copy and mark is not None:
                    _lay_over(page, mark)
        tree.finish()
        out = io.BytesIO()
        book.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return out.getvalue()


def _list(prints: Sequence[Print]) -> bytes:
    """Number and digest of every original in the order of the pages, UTF-8."""
    rows = (f"{place};{one.number};{hashlib.sha256(one.pdf).hexdigest()};{MARK if one.copy else ''}"
            for place, one in enumerate(prints, 1))
    return "\n".join(("thứ tự;số;SHA-256 của tệp gốc;đánh dấu", *rows, "")).encode()


def _opened(content: bytes) -> Pdf:
    try:
        return pikepdf.open(io.BytesIO(content))
    except pikepdf.PdfError as error:
        raise ValueError(f"not a PDF: {error}") from error


def _added(book: Pdf, source: Pdf) -> list[pikepdf.Page]:
    """The pages of a document in the book, without the box of its seal."""
    for page in source.pages:
        kept = [note for note in page.obj.get("/Annots", []) if note.get("/Subtype") != _SEAL_FIELDS]
        if "/Annots" in page.obj:
            page.obj.Annots = Array(kept)
        if not kept and "/Annots" in page.obj:
            del page.obj["/Annots"]
        if "/AF" in page.obj:
            del page.obj["/AF"]
    first = len(book.pages)
    book.pages.extend(source.pages)
    return list(book.pages)[first:]


class _Tree:
    """The structure of the book: each document is a part of it (ISO 32000-1, 14.7)."""

    def __init__(self, book: Pdf) -> None:
        self._book, self._whole = book, True
        self._root = book.Root.StructTreeRoot
        self._document = self._root.K
        self._parts: list[Object] = []
        self._parents: list[Object | int] = []
        self._next = 0

    def add(self, source: Pdf, pages: Sequence[pikepdf.Page]) -> None:
        """Take over the structure of a document whose pages were added before."""
        if "/StructTreeRoot" not in source.Root:
            self._whole = False
            return
        tree = self._book.copy_foreign(source.Root.StructTreeRoot)
        part = tree.K
        part.S, part.P = Name.Part, self._document
        part.K = Array([kid for kid in _kids(part) if not _is_seal(kid)])
        rows = list(tree.ParentTree.Nums)
        row_of = {int(key): row for key, row in zip(rows[::2], rows[1::2], strict=True)}
        for page in pages:
            self._parents += [self._next, row_of[int(page.obj.StructParents)]]
            page.obj.StructParents = self._next
            self._next += 1
        self._parts.append(part)

    def finish(self) -> None:
        """Write the tree; with a document that has none the book claims no standard."""
        self._document.K = Array(self._parts)
        self._root.ParentTree = self._book.make_indirect(Dictionary(Nums=Array(self._parents)))
        self._root.ParentTreeNextKey = self._next
        if not self._whole:
            for name in ("/Metadata", "/StructTreeRoot", "/MarkInfo"):
                del self._book.Root[name]


def _kids(element: Object) -> Iterator[Object]:
    kids = element.get("/K", Array())
    yield from kids if isinstance(kids, Array) else [kids]


def _is_seal(kid: Object) -> bool:
    """Whether an element stands for the field of a signature, which stayed behind."""
    return isinstance(kid, Dictionary) and kid.get("/S") == Name.Form


class _Fonts:
    """The same subset of a face, embedded once for all documents that use it."""

    def __init__(self) -> None:
        self._known: dict[bytes, Object] = {}

    def share(self, page: pikepdf.Page) -> None:
        """Let the page use fonts that were met before, where they are the same to the byte."""
        fonts = page.obj.Resources.get("/Font", Dictionary())
        for name, font in list(fonts.items()):
            if "/DescendantFonts" in font:
                fonts[name] = self._known.setdefault(_identity(font), font)


def _identity(font: Object) -> bytes:
    """Digest of a composite font of ours: its program, widths and map of characters."""
    inside = font.DescendantFonts[0]
    found = hashlib.sha256(str(font.BaseFont).encode())
    streams: tuple[Callable[[], bytes], ...] = (inside.FontDescriptor.FontFile2.read_raw_bytes,
                                                font.ToUnicode.read_raw_bytes)
    for read in streams:
        found.update(read())
    found.update(inside.W.unparse())
    return found.digest()


def _lay_over(page: pikepdf.Page, mark: Object) -> None:
    """Show the mark over a page; the name is always the same, so that the same documents give the same bytes."""
    resources = page.obj.Resources
    if "/XObject" not in resources:
        resources.XObject = Dictionary()
    resources.XObject[_MARK_NAME] = mark
    page.contents_add(b"q", prepend=True)
    page.contents_add(f"Q q {_MARK_NAME} Do Q".encode())


def _mark(book: Pdf, created: datetime) -> Object:
    """The framed words, in the white above the heading of an A4 page."""
    sheet = Sheet()
    sheet.new_page()
    x, y = A4[0] - 12 * MM, A4[1] - 10 * MM
    with sheet.artifact():
        sheet.put(x, y, MARK, Face.SANS_BOLD, _MARK_SIZE, Align.RIGHT)
    sheet.box(x - 21 * MM, y - 1.6 * MM, 22.5 * MM, 6 * MM, line=0.8)
    drawn = pikepdf.open(io.BytesIO(finish(sheet, Metadata(MARK, "", MARK, _MAKER, created, "", ""))))
    return book.copy_foreign(drawn.pages[0].as_form_xobject())
