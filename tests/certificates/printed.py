"""A record as it is printed, and the text of what was printed."""

import io

from certificate_samples import anchors
from pypdf import PdfReader

from certificates.document import Record
from certificates.pdf import render


def text_of(content: bytes) -> str:
    """Text of all pages, spaces made plain and single."""
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    return " ".join(" ".join(pages).split())


def pages_of(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def pdf(record: Record) -> bytes:
    return render(record, anchors(record))
