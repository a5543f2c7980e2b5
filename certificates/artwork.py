"""Logo and accreditation mark: images checked against the digest that the record names."""

import hashlib
import io
from collections.abc import Mapping

from PIL import Image, UnidentifiedImageError

_MOST_PIXELS = 2_000 * 2_000


class ArtworkError(ValueError):
    """An image that is missing, changed or unusable."""


def read_image(digest: str, artwork: Mapping[str, bytes]) -> Image.Image:
    """The image with this SHA-256 (PNG or JPEG, at most four million pixels); raises ArtworkError."""
    content = artwork.get(digest)
    if content is None or hashlib.sha256(content).hexdigest() != digest:
        raise ArtworkError(f"the image {digest} is not there; restore it before the document is made")
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise ArtworkError(f"the image has {image.width} × {image.height} pixels; at most 4 million are taken")
            return image.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise ArtworkError(f"the image {digest} is neither PNG nor JPEG") from error
