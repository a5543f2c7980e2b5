"""Arguments of an address as pages see them: those that would steer the making of links are left out."""
from __future__ import annotations

from typing import Any

from flask import Request as FlaskRequest
from werkzeug.datastructures import MultiDict
from werkzeug.utils import cached_property


class Request(FlaskRequest):
    """Lists carry the arguments of their address into their links by `url_for`, which reads "endpoint" and every name
    with a low line before it as its own: host and scheme of a link are never a visitor's to choose."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """Arguments of the query, in the order sent."""
        sent: Any = super().args
        return self.parameter_storage_class(
            [(name, text) for name, text in sent.items(multi=True) if name != "endpoint" and not name.startswith("_")])
