"""Files of the pages under an address that changes with their content, so that a browser keeps them without asking.

Modules import each other by relative address: the mark therefore stands in the path, not behind it as a query.
"""
from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, current_app, request, send_from_directory
from werkzeug.exceptions import NotFound

FOREVER = 365 * 24 * 3600
"""Seconds; the longest that RFC 9111 caches are asked for in practice."""


@cache
def mark(folder: Path) -> str:
    """Ten hexadecimal digits that name the content of every file below `folder`."""
    digest = hashlib.sha256()
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:10]


def address(folder: Path) -> str:
    """Where the files are served."""
    return f"/static/{mark(folder)}"


def init_app(app: Flask) -> None:
    """Files of this version are kept for a year; pages opened before an upgrade still get theirs, newest content."""
    app.add_url_rule("/static/<version>/<path:filename>", "static_earlier", _earlier)
    app.after_request(_kept)


def _earlier(version: str, filename: str) -> Response:
    if len(version) != 10:
        raise NotFound
    assert current_app.static_folder is not None
    answer = send_from_directory(current_app.static_folder, filename, max_age=0)
    answer.cache_control.no_cache = True
    return answer


def _kept(response: Response) -> Response:
    # Not by SEND_FILE_MAX_AGE_DEFAULT, which would have browsers keep certificates too.
    if request.endpoint == "static" and response.status_code in (200, 304):
        control = response.cache_control
        control.no_cache, control.public, control.max_age, control.immutable = None, True, FOREVER, True
    return response
