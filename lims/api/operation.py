"""What one route of the API takes and gives, and the pieces of JSON Schema that their bodies are written with."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

JSON = "application/json"
Schema = dict[str, Any]


@dataclass(frozen=True)
class Operation:
    """One route. `query` are [(name, what it asks for)]; `answers` [(media type, name of a schema, "" for bytes)];
    `choices` are the values that a part of the path may take; `tagged`: its answer bears an ETag."""

    method: str
    path: str
    scope: str
    vi: str
    en: str
    query: tuple[tuple[str, str], ...] = ()
    body: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    refusals: tuple[int, ...] = ()
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    tagged: bool = False

    @property
    def parameters(self) -> list[Schema]:
        """Parameters of path and query as OpenAPI writes them."""
        names = [part[1:-1] for part in self.path.replace(".", "/").split("/") if part.startswith("{")]
        allowed = {name: {"type": "string", "enum": list(values)} for name, values in self.choices}
        return [*({"name": name, "in": "path", "required": True, "schema": allowed.get(name, TEXT)}
                  for name in names),
                *({"name": name, "in": "query", "description": text, "schema": TEXT} for name, text in self.query)]


TEXT: Schema = {"type": "string"}
TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
DAY: Schema = {"type": "string", "format": "date"}
DAY_OR_NULL: Schema = {"type": ["string", "null"], "format": "date"}
INSTANT: Schema = {"type": "string", "format": "date-time"}
INSTANT_OR_NULL: Schema = {"type": ["string", "null"], "format": "date-time"}
WHOLE: Schema = {"type": "integer"}
WHOLE_OR_NULL: Schema = {"type": ["integer", "null"]}
YES_NO: Schema = {"type": "boolean"}

PAGE = (("after", "key of the page after, as `next` gives it"), ("before", "key of the page before, as `prev`"))
"""Questions that every list takes."""


def shape(**properties: Schema) -> Schema:
    """An object with these properties, all of which are there."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def many(schema: Schema) -> Schema:
    """An array of such values."""
    return {"type": "array", "items": schema}


def one_of(*codes: str) -> Schema:
    """One of these texts."""
    return {"type": "string", "enum": list(codes)}


def nullable(schema: Schema) -> Schema:
    """Such a value, or null."""
    return {"oneOf": [schema, {"type": "null"}]}


def reference(name: str) -> Schema:
    """The schema of this name."""
    return {"$ref": f"#/components/schemas/{name}"}


def page_of(name: str) -> Schema:
    """A page of a list of such objects."""
    return shape(items=many(reference(name)), prev=TEXT_OR_NULL, next=TEXT_OR_NULL)
