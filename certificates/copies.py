"""Many archived documents in one file for the printer; a reprint can be marked as a copy on every page.

The file is for paper only: joined pages carry neither the seals nor the structure of the archived files. It says
so in its own properties; the archived files stay what they are.
"""
from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pikepdf

from certificates.archival import Metadata
from certificates.fonts import Face
from certificates.pdf import finish
from certificates.sheet import A4, MM, Align, Sheet

MARK = "BẢN SAO"
_MARK_SIZE = 11.0
_SEAL_FIELDS = "/Widget"


@dataclass(frozen=True)
class Print:
    """One document to print: the archived bytes, and whether its pages are marked as a copy."""

    pdf: bytes
    copy: bool = False


def joined(prints: Sequence[Print], created: datetime) -> bytes:
    """One PDF with the pages of all, in this order. Raises ValueError for none, or for bytes that are no PDF."""
    if not prints:
        raise ValueError("nothing to print")
    mark = pikepdf.open(io.BytesIO(_mark(created))) if any(one.copy for one in prints) else None
    with pikepdf.new() as book:
        for one in prints:
            try:
                source = pikepdf.open(io.BytesIO(one.pdf))
            except pikepdf.PdfError as error:
                raise ValueError(f"not a PDF: {error}") from error
            if "/AcroForm" in source.Root:
                del source.Root["/AcroForm"]
            for page in source.pages:
                _for_paper(page)
            first = len(book.pages)
            book.pages.extend(source.pages)
            for page in list(book.pages)[first:]:
                if one.copy and mark is not None:
                    page.add_overlay(mark.pages[0], pikepdf.Rectangle(*page.mediabox.as_list()))
        book.docinfo["/Title"] = f"Bản in gộp {len(prints)} giấy"
        book.docinfo["/Subject"] = "Chỉ để in: không mang dấu điện tử của từng giấy"
        out = io.BytesIO()
        book.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return out.getvalue()


def _for_paper(page: pikepdf.Page) -> None:
    """The box of the seal and the ties to a structure that stays behind are taken off."""
    kept = [note for note in page.obj.get("/Annots", []) if note.get("/Subtype") != _SEAL_FIELDS]
    if "/Annots" in page.obj:
        page.obj["/Annots"] = pikepdf.Array(kept)
    for name in ("/StructParents", "/Tabs", "/AF"):
        if name in page.obj:
            del page.obj[name]


def _mark(created: datetime) -> bytes:
    """An A4 page with nothing but the framed words, in the white above the heading."""
    sheet = Sheet()
    sheet.new_page()
    x, y = A4[0] - 12 * MM, A4[1] - 10 * MM
    with sheet.tag("P"):
        sheet.put(x, y, MARK, Face.SANS_BOLD, _MARK_SIZE, Align.RIGHT)
    sheet.box(x - 21 * MM, y - 1.6 * MM, 22.5 * MM, 6 * MM, line=0.8)
    return finish(sheet, Metadata(MARK, "", MARK, "Chuẩn LIMS", created, "", ""))
