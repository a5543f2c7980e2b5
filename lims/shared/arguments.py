"""What an address or a form says, as pages see it: nothing that steers the making of links, no number past any key."""
from __future__ import annotations

from typing import Any

from flask import Request as FlaskRequest
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import IntegerConverter
from werkzeug.utils import cached_property

GREATEST = 2**31 - 1
"""The greatest key; a larger number makes the database's driver fail."""


class Values(ImmutableMultiDict[str, str]):
    """A whole number that is asked for and is greater than any key counts as one that cannot be read."""

    def get(self, key: str, default: Any = None, type: Any = None) -> Any:  # type: ignore[override]
        found = super().get(key, default, type)
        return default if type is int and found is not default and abs(found) > GREATEST else found

    def getlist(self, key: str, type: Any = None) -> list[Any]:
        found: list[Any] = super().getlist(key, type)
        return [one for one in found if abs(one) <= GREATEST] if type is int else found


class Key(IntegerConverter):
    """`<int:…>` of an address; a number greater than any key is no such page."""

    def __init__(self, map: Any, *args: Any, **options: Any) -> None:
        super().__init__(map, *args, **{"max": GREATEST, **options})


class Request(FlaskRequest):
    """Lists carry the arguments of their address into their links by `url_for`, which reads "endpoint" and every name
    with a low line before it as its own: host and scheme of a link are never a visitor's to choose."""

    parameter_storage_class = Values

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """Arguments of the query, in the order sent."""
        sent: Any = super().args
        return self.parameter_storage_class(
            [(name, text) for name, text in sent.items(multi=True) if name != "endpoint" and not name.startswith("_")])
