"""A page of a list, and one row, as the API answers them."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import jsonify
from werkzeug.wrappers import Response


def listed(items: Sequence[dict[str, Any]], prev_url: str | None, next_url: str | None) -> Response:
    """`items`, and the addresses of the pages before and after (null at the ends), in the body and as links
    (RFC 8288)."""
    answer = jsonify(items=list(items), prev=prev_url, next=next_url)
    links = [f'<{address}>; rel="{name}"' for name, address in (("prev", prev_url), ("next", next_url)) if address]
    if links:
        answer.headers["Link"] = ", ".join(links)
    return answer


def shown(values: dict[str, Any]) -> Response:
    """The representation of one row, its `version` as the ETag."""
    answer = jsonify(values)
    answer.set_etag(str(values["version"]))
    return answer
