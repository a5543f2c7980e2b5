"""`ETag` and `If-Match`: a program changes what it has read, and nothing that somebody else wrote since."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from lims.api.bodies import json_body
from lims.api.listing import shown
from lims.api.problems import refused
from lims.shared.db import session
from lims.shared.errors import Conflict, DomainError


@dataclass(frozen=True)
class Revision:
    """A row that counts no versions of its own, with the number of what happened to it, or the mark of its state."""

    row: Any
    version: int | str


def changed(read: Callable[[], Any], act: Callable[[Any, Any, dict[str, Any]], object],
            show: Callable[[Any], dict[str, Any]]) -> Response:
    """Change the row that `read` gives by `act(row, version, body)`, a use case that refuses another version of it
    with Conflict, and show it.

    Raises DomainError: 428 without If-Match, 412 where the row has another version, also one written meanwhile."""
    sent = request.headers.get("If-Match")
    if sent is None:
        raise refused(428, "Cần tiêu đề If-Match với ETag của bản đã đọc.",
                      "The header If-Match is needed, with the ETag of what was read.", "If-Match")
    row = read()
    version = row.version
    if not request.if_match.contains(str(version)):
        raise _stale()
    try:
        act(row, version, json_body())
    except (Conflict, StaleDataError) as error:
        session().rollback()
        if read().version != version:
            raise _stale() from error
        raise
    return shown(show(read()))


def _stale() -> DomainError:
    return refused(412, "Mục này đã được sửa sau lần đọc đó; hãy đọc lại rồi sửa.",
                   "This was changed after it was read; read it again, then change it.", "If-Match")
