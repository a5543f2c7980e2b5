"""Logo and accreditation mark as objects of a PDF. Clauses are those of ISO 32000-1."""

from certificates.artwork import Picture
from certificates.pdffile import Entries, PdfFile, number, reference
from certificates.vector import Drawing


def write_artwork(file: PdfFile, image: Picture | Drawing) -> int:
    """Adds what `Do` shows; returns its number."""
    return _write_drawing(file, image) if isinstance(image, Drawing) else _write_picture(file, image)


def _write_drawing(file: PdfFile, drawing: Drawing) -> int:
    """As a form (8.10): outlines, sharp at any size."""
    box = f"[0 0 {number(drawing.width)} {number(drawing.height)}]"
    return file.put_stream(drawing.operators(), {"Type": "/XObject", "Subtype": "/Form", "BBox": box,
                                                 "Resources": "<<>>"})


def _write_picture(file: PdfFile, image: Picture) -> int:
    """As an image (8.9.5), its transparency as a mask where it has any."""
    entries: Entries = {
        "Type": "/XObject",
        "Subtype": "/Image",
        "Width": image.width,
        "Height": image.height,
        "BitsPerComponent": 8,
        "Filter": "/FlateDecode",
    }
    colour = entries | {"ColorSpace": "/DeviceRGB"}
    if image.opacity:
        mask = file.put_stream(image.opacity, entries | {"ColorSpace": "/DeviceGray"}, packed=False)
        colour["SMask"] = reference(mask)
    return file.put_stream(image.colour, colour, packed=False)
