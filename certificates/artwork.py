"""Logo and accreditation mark: images checked against the digest that the record names, packed once."""

import hashlib
import io
import warnings
import zlib
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from PIL import Image, UnidentifiedImageError

LARGEST = 600_000  # bytes
_MOST_PIXELS = 2_000 * 2_000
_SIDE = 425  # pixels that 18 mm can show at 600 dpi


class ArtworkError(ValueError):
    """An image that is missing, changed or unusable, in both languages."""

    def __init__(self, vi: str, en: str) -> None:
        self.vi, self.en = vi, en
        super().__init__(en)


class Picture(NamedTuple):
    """Size in pixels, and Flate-packed samples: colour (RGB), and opacity where any is not full."""

    width: int
    height: int
    colour: bytes
    opacity: bytes


def read_image(digest: str, artwork: Mapping[str, bytes]) -> Picture:
    """The image with this SHA-256; raises ArtworkError where it is not there, or not what it was."""
    content = artwork.get(digest)
    if content is None or hashlib.sha256(content).hexdigest() != digest:
        raise ArtworkError(
            f"thiếu ảnh {digest}; hãy khôi phục trước khi lập văn bản",
            f"the image {digest} is not there; restore it before the document is made",
        )
    return picture(content)


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
        raise ArtworkError("tệp không phải ảnh PNG hay JPEG", "the file is neither PNG nor JPEG") from error
    shown.thumbnail((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    opacity = shown.getchannel("A")
    return Picture(
        shown.width,
        shown.height,
        zlib.compress(shown.convert("RGB").tobytes(), 9),
        b"" if opacity.getextrema() == (255, 255) else zlib.compress(opacity.tobytes(), 9),
    )
