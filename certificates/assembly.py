"""Takes the pages and fonts of a ReportLab canvas over into a file with object streams and a structure tree.

ReportLab's own file has neither: hundreds of small structure objects would be written one by one, and a page could not
say which part of the structure it holds.
"""

from threading import Lock
from typing import Any, NamedTuple

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from certificates.pdffile import PdfFile

# A font cuts its subsets at a reading position of its own, so one document at a time.
_FONTS = Lock()
_STREAM, _END = b"\nstream\n", b"endstream\n"


class Pages(NamedTuple):
    """Object numbers of the page tree and of each page."""

    tree: int
    items: list[int]


def take_over(canvas: Canvas, file: PdfFile) -> Pages:
    """Adds every object of a finished canvas under its own number to an empty file."""
    document: Any = canvas._doc  # type: ignore[attr-defined]
    with _FONTS:
        for font in document.delayedFonts:
            font.addObjects(document)
    pages = list(document.Pages.pages)
    for place, page in enumerate(pages):
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents, page.Tabs = place, pdfdoc.PDFName("S")
    document.Reference(document.Pages)
    item = 1
    while item in document.numberToId:  # formatting an object may add further ones
        made = document.idToObject[document.numberToId[item]]
        _add(file, file.reserve(), pdfdoc.format(made, document, toplevel=1))
        item += 1
    numbers = document.idToObjectNumberAndVersion
    return Pages(numbers[document.Pages.__InternalName__][0], [numbers[page.__InternalName__][0] for page in pages])


def _add(file: PdfFile, item: int, body: bytes) -> None:
    """An object as ReportLab writes it; a stream gets the line end before its last word that PDF/A asks for."""
    head, stream, rest = body.partition(_STREAM)
    if stream and rest.endswith(_END):
        file.put_bytes(item, head + stream + rest[: -len(_END)] + b"\nendstream", is_stream=True)
    else:
        file.put_bytes(item, body, is_stream=False)
