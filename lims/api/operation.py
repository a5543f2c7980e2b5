"""What one route of the API takes and gives, and the pieces of JSON Schema that their bodies are written with."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

JSON = "application/json"
Schema = dict[str, Any]


@dataclass(frozen=True)
class Operation:
    """One route. `query` are [(name, what it asks for)]; `answers` [(media type, name of a schema, "" for bytes)];
    `choices` are the values that a part of the path may take; `tagged`: its answer bears an ETag. `creates`: needs an
    Idempotency-Key and answers 201; `changes`: needs If-Match; `permission`: what the person needs beside the scope."""

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
    creates: bool = False
    changes: bool = False
    permission: str = ""

    @property
    def parameters(self) -> list[Schema]:
        """Parameters of path, query and header as OpenAPI writes them."""
        names = [part[1:-1] for part in self.path.replace(".", "/").split("/") if part.startswith("{")]
        allowed = {name: {"type": "string", "enum": list(values)} for name, values in self.choices}
        return [*({"name": name, "in": "path", "required": True, "schema": allowed.get(name, TEXT)}
                  for name in names),
                *({"name": name, "in": "query", "description": text, "schema": TEXT} for name, text in self.query),
                *({"name": name, "in": "header", "required": True, "description": text, "schema": TEXT}
                  for name, text, needed in _HEADERS if needed(self))]


_HEADERS: tuple[tuple[str, str, Callable[[Operation], bool]], ...] = (
    ("If-Match", "ETag of what was read: another version is refused with 412, no header with 428",
     lambda one: one.changes),
    ("Idempotency-Key", "a text of this request's own: the same request sent again is answered alike, and done once",
     lambda one: one.creates))
_BODY_REFUSALS = (400, 409, 413, 415, 422)


def creating(path: str, scope: str, vi: str, en: str, *, body: str, answer: str, permission: str,
             tagged: bool = True, refusals: tuple[int, ...] = ()) -> Operation:
    """A POST that makes a row, once for each Idempotency-Key."""
    return Operation("post", path, scope, vi, en, body=body, answers=((JSON, answer),), creates=True, tagged=tagged,
                     permission=permission, refusals=tuple(sorted({*_BODY_REFUSALS, *refusals})))


def changing(path: str, scope: str, vi: str, en: str, *, body: str, answer: str, permission: str,
             method: str = "patch") -> Operation:
    """A change of what was read, by If-Match: a PATCH of the fields sent, or a POST of an act."""
    return Operation(method, path, scope, vi, en, body=body, answers=((JSON, answer),), changes=True, tagged=True,
                     permission=permission, refusals=tuple(sorted({*_BODY_REFUSALS, 404, 412, 428})))


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
