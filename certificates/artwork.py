"""Logo and accreditation mark, images or drawings: checked against the digest that the record names, packed once."""

import hashlib
import io
import warnings
import zlib
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from PIL import Image, UnidentifiedImageError

from certificates.svg import is_svg, read_svg
from certificates.vector import ArtworkError, Drawing

__all__ = ["ArtworkError", "Drawing", "Picture", "artwork_in", "drawing", "media_type", "picture", "read_image"]

LARGEST = 600_000  # bytes
_MOST_PIXELS = 2_000 * 2_000
_SIDE = 425  # pixels that 18 mm can show at 600 dpi


class Picture(NamedTuple):
    """Size in pixels, and Flate-packed samples: colour (RGB), and opacity where any is not full."""

    width: int
    height: int
    colour: bytes
    opacity: bytes


def read_image(digest: str, artwork: Mapping[str, bytes]) -> Picture | Drawing:
    """The image with this SHA-256; raises ArtworkError where it is not there, or not what it was."""
    content = artwork.get(digest)
    if content is None or hashlib.sha256(content).hexdigest() != digest:
        raise ArtworkError(
            f"thiếu ảnh {digest}; hãy khôi phục trước khi lập văn bản",
            f"the image {digest} is not there; restore it before the document is made",
        )
    return artwork_in(content)


def media_type(content: bytes) -> str:
    """What a usable file is sent as."""
    return "image/svg+xml" if is_svg(content) else "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"


def artwork_in(content: bytes) -> Picture | Drawing:
    """A file as it is printed: SVG as a drawing, PNG and JPEG as a picture. Raises ArtworkError."""
    return drawing(content) if is_svg(content) else picture(content)


@lru_cache(maxsize=16)
def drawing(content: bytes) -> Drawing:
    """An SVG file as it is printed. Raises ArtworkError."""
    return read_svg(content)


@lru_cache(maxsize=16)
def picture(content: bytes) -> Picture:
    """An image file (PNG or JPEG, at most 600 kB and four million pixels) as it is printed. Raises ArtworkError."""
    if len(content) > LARGEST:
        raise ArtworkError("ảnh lớn hơn 600 kB", "the image is larger than 600 kB")
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as image:
            warnings.simplefilter("error")  # such as of a decompression bomb
            if image.width * image.height > _MOST_PIXELS:
                raise ArtworkError(
                    f"ảnh có {image.width} × {image.height} điểm; nhiều nhất là 4 triệu",
                    f"the image has {image.width} × {image.height} pixels; at most 4 million are taken",
                )
            shown = image.convert("RGBA")
    except ArtworkError:
        raise
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Warning) as error:
        raise ArtworkError("tệp không phải SVG, PNG hay JPEG", "the file is neither SVG, PNG nor JPEG") from error
    shown.thumbnail((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    opacity = shown.getchannel("A")
    return Picture(
        shown.width,
        shown.height,
        zlib.compress(shown.convert("RGB").tobytes(), 9),
        b"" if opacity.getextrema() == (255, 255) else zlib.compress(opacity.tobytes(), 9),
    )
