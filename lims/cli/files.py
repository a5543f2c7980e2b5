"""Reading the files that commands are given: bounded, UTF-8, "-" is standard input."""
from __future__ import annotations

import os
import sys
from pathlib import Path

from lims.cli import fail

MOST_BYTES = 16 * 1024 * 1024


def language() -> str:
    """The language of the caller's terminal: Vietnamese when the locale says so, else English."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "vi" if locale.lower().startswith("vi") else "en"


def read_text(name: str) -> str:
    """The file's text; ends the command with status 2 when it cannot be read."""
    try:
        raw = sys.stdin.buffer.read(MOST_BYTES + 1) if name == "-" else _read(Path(name))
    except OSError as error:
        fail(f"{name}: {error.strerror or error}")
        raise
    if len(raw) > MOST_BYTES:
        fail(f"{name}: larger than {MOST_BYTES // 2**20} MiB")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fail(f"{name}: not UTF-8 (byte {error.start})")
        raise


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)
