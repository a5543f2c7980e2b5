"""Which program draws the documents: a short name that changes with anything that could change their bytes."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

_HERE = Path(__file__).parent
_LIBRARIES = ("reportlab", "lxml", "segno", "pillow", "pikepdf")
_DRAWN_WITH = {".py", ".toml", ".ttf"}


@cache
def edition() -> str:
    """Eight hexadecimal digits over the sources, layouts and fonts of this package and the libraries it draws with.

    A record names the edition that first drew it. Only that edition promises to draw the same bytes again; documents of
    another edition rest on their digests and seals, so that no upgrade makes an untouched document look altered.
    """
    found = hashlib.sha256()
    for path in sorted(path for path in _HERE.rglob("*") if path.suffix in _DRAWN_WITH):
        found.update(f"{path.relative_to(_HERE).as_posix()}\0".encode() + path.read_bytes())
    found.update(";".join(f"{name} {version(name)}" for name in _LIBRARIES).encode())
    return found.hexdigest()[:8]
