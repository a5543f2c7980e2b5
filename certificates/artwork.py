"""Logo and accreditation mark: images checked against the digest that the record names."""

import hashlib
import io
from collections.abc import Mapping

from PIL import Image, UnidentifiedImageError

from certificates.pdffile import Entries, PdfFile, reference

_MOST_PIXELS = 2_000 * 2_000


class ArtworkError(ValueError):
    """An image that is missing, changed or unusable."""


def write_image(file: PdfFile, digest: str, artwork: Mapping[str, bytes]) -> int:
    """Adds the image with this SHA-256 (PNG or JPEG, at most four million pixels); returns its object number."""
    content = artwork.get(digest)
    if content is None or hashlib.sha256(content).hexdigest() != digest:
        raise ArtworkError(f"the image {digest} is not there; restore it before the document is made")
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise ArtworkError(f"the image has {image.width} × {image.height} pixels; at most 4 million are taken")
            whole = image.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise ArtworkError(f"the image {digest} is neither PNG nor JPEG") from error
    entries: Entries = {
        "Type": "/XObject",
        "Subtype": "/Image",
        "Width": whole.width,
        "Height": whole.height,
        "ColorSpace": "/DeviceRGB",
        "BitsPerComponent": 8,
    }
    alpha = whole.getchannel("A")
    if alpha.getextrema() != (255, 255):
        mask = entries | {"ColorSpace": "/DeviceGray"}
        entries["SMask"] = reference(file.put_stream(alpha.tobytes(), mask))
    return file.put_stream(whole.convert("RGB").tobytes(), entries)
