"""A program that uses the API in the tests: its token, its requests, and answers held against the description."""
from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from lims.api import tokens
from lims.api.operations import SCHEMAS
from lims.auth.models import User

_KEYS = itertools.count(1)


class Program:
    """Asks in the name of a person, in English unless another language is given."""

    def __init__(self, app: Any, owner: User, *scopes: str, language: str = "en") -> None:
        token = tokens.create(owner.username or owner.email, scopes, 30, actor=("", "test"))[1]
        self.app, self.client = app, app.test_client()
        self.headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}

    def get(self, address: str, status: int = 200) -> Any:
        """The answer's body."""
        answer = self.ask("GET", address)
        assert answer.status_code == status, answer.text
        return answer.json

    def ask(self, method: str, address: str, body: Any = None, **headers: str) -> Any:
        """The answer to a request; headers are named with low lines."""
        sent = {name.replace("_", "-"): text for name, text in headers.items()}
        address = address if address.startswith("/api/") else f"/api/v1{address}"
        return self.client.open(address, method=method, headers=self.headers | sent,
                                **({} if body is None else {"json": body}))

    def post(self, address: str, body: Any = None, *, key: str = "", version: object = None) -> Any:
        """The answer to a body with a key of its own, unless one is given, and with If-Match where a version is."""
        tag = {} if version is None else {"If_Match": f'"{version}"'}
        return self.ask("POST", address, {} if body is None else body,
                        Idempotency_Key=key or f"key-{next(_KEYS)}", **tag)

    def patch(self, address: str, body: Any, version: object = None) -> Any:
        """The answer to a change, with the version as If-Match; without one no such header."""
        return self.ask("PATCH", address, body, **({} if version is None else {"If_Match": f'"{version}"'}))

    def send(self, method: str, address: str, headers: Mapping[str, str], **sent: Any) -> Any:
        """The answer to a request that is put together by hand, by a client of its own (for threads)."""
        address = address if address.startswith("/api/") else f"/api/v1{address}"
        return self.app.test_client().open(address, method=method, headers={**self.headers, **headers}, **sent)

    def listed(self, address: str, shape: str) -> list[Any]:
        """The rows of the first page, held against the schema of this name."""
        page = self.get(address)
        conforms(page, {"$ref": f"#/components/schemas/{shape}"})
        return list(page["items"])

    def read(self, address: str, shape: str) -> Any:
        """One row, held against its schema; its version is the ETag."""
        answer = self.ask("GET", address)
        assert answer.status_code == 200, answer.text
        conforms(answer.json, {"$ref": f"#/components/schemas/{shape}"})
        assert answer.headers["ETag"] == f'"{answer.json["version"]}"'
        return answer.json


def faults(answer: Any) -> dict[str, str]:
    """{pointer: detail} of a refused body."""
    assert answer.mimetype == "application/problem+json", answer.text
    return {one["pointer"]: one["detail"] for one in answer.json.get("errors", ())}


def conforms(value: Any, schema: Mapping[str, Any], place: str = "") -> None:
    """Hold a body against the few words of JSON Schema that the description uses; nothing undescribed may stand in
    it."""
    if "$ref" in schema:
        schema = SCHEMAS[schema["$ref"].rsplit("/", 1)[1]]
    if "oneOf" in schema:
        if value is not None:
            conforms(value, schema["oneOf"][0], place)
        return
    kinds = {"string": str, "integer": int, "boolean": bool, "object": dict, "array": list, "null": type(None),
             "number": (int, float)}
    named = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert any(isinstance(value, kinds[kind]) for kind in named), (place, value)  # type: ignore[arg-type]
    assert "enum" not in schema or value in schema["enum"], (place, value)
    if isinstance(value, dict) and "properties" in schema:
        assert set(schema["required"]) <= set(value) <= set(schema["properties"]), (
            place, set(value) ^ set(schema["properties"]))
        for name, inner in value.items():
            conforms(inner, schema["properties"][name], f"{place}.{name}")
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            conforms(inner, schema["items"], f"{place}.{at}")
