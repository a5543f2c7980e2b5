"""The API described as OpenAPI 3.1, made from the table of what each route takes and gives."""
from __future__ import annotations

from typing import Any

from lims import __version__
from lims.api.operation import JSON, TEXT, WHOLE, Operation, Schema, many, reference
from lims.api.operations import BODIES, OPERATIONS, SCHEMAS
from lims.api.problems import MOST_BYTES
from lims.shared.scopes import SCOPES

PROBLEM: Schema = {"type": "object", "required": ["type", "status", "title"], "properties": {
    "type": TEXT, "status": WHOLE, "title": TEXT, "detail": TEXT, "field": TEXT,
    "errors": many({"type": "object", "required": ["field", "detail"], "properties": {
        "field": TEXT, "pointer": {"type": "string", "description": "JSON Pointer into the body (RFC 6901)"},
        "detail": TEXT}})}}


def openapi(server: str) -> dict[str, Any]:
    """The document, for the API under this address."""
    paths: dict[str, dict[str, Any]] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method] = _described(one)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Chuẩn LIMS", "version": __version__,
                 "description": "Errors are problem documents (RFC 9457) in the language of Accept-Language (vi, en). "
                                "Lists page by key: follow `next`. "
                                f"A body is JSON of at most {MOST_BYTES} bytes."},
        "servers": [{"url": server}],
        "paths": paths,
        "components": {"schemas": {**SCHEMAS, **{name: made() for name, made in BODIES.items()}, "Problem": PROBLEM},
                       "securitySchemes": {"token": {
            "type": "http", "scheme": "bearer", "description": "`lims token create`; scopes: "
            + "; ".join(f"`{name}`: {text}" for name, text in SCOPES.items())}}},
    }


def _described(one: Operation) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": "created" if one.creates else "done", "content": {
        media: {"schema": reference(schema)} if schema else {} for media, schema in one.answers}}
    described: dict[str, Any] = {
        "summary": one.en, "security": [{"token": []}], "x-scope": one.scope,
        "responses": {"201" if one.creates else "200": answer},
    }
    headers = (("ETag", "revision of what is answered", one.tagged), ("Location", "its address", one.creates))
    if there := {name: {"description": text, "schema": TEXT} for name, text, given in headers if given}:
        answer["headers"] = there
    if one.permission:
        described["x-permission"] = one.permission
    for status in (401, 403, *one.refusals):
        described["responses"][str(status)] = {"description": "refused", "content": {
            "application/problem+json": {"schema": reference("Problem")}}}
    if one.parameters:
        described["parameters"] = one.parameters
    if one.body:
        described["requestBody"] = {"required": True, "content": {JSON: {"schema": reference(one.body)}}}
    return described
