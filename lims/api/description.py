"""The API described as OpenAPI 3.1: one table of what each route takes and gives, and the document made from it."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lims import __version__
from lims.api.tokens import SCOPES
from uncertainty.calc import KINDS

JSON = "application/json"


@dataclass(frozen=True)
class Operation:
    """One route. `query` are [(name, what it asks for)]; `answers` [(media type, schema)]."""

    method: str
    path: str
    scope: str
    vi: str
    en: str
    query: tuple[tuple[str, str], ...] = ()
    body: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    refusals: tuple[int, ...] = ()

    @property
    def parameters(self) -> list[dict[str, Any]]:
        names = [part[1:-1] for part in self.path.replace(".", "/").split("/") if part.startswith("{")]
        kinds = {"kind": {"type": "string", "enum": list(KINDS)}}
        return [*({"name": name, "in": "path", "required": True, "schema": kinds.get(name, {"type": "string"})}
                  for name in names),
                *({"name": name, "in": "query", "description": text, "schema": {"type": "string"}}
                  for name, text in self.query)]


_PAGE = (("after", "key of the page after, as `next` gives it"), ("before", "key of the page before, as `prev`"))
_LIST = "Page"
OPERATIONS = (
    Operation("post", "/calc/{kind}", "calc", "Tính một tài liệu (định dạng của lims calc)",
              "Calculate a document (formats of lims calc)", body="Calculation",
              answers=((JSON, "Calculation"),), refusals=(415, 422)),
    Operation("get", "/certificates", "certificates:read", "Giấy đã cấp, mới nhất trước",
              "Issued documents, newest first", (
        ("q", "words in number, customer, object or serial"), ("kind", "calibration, verification, test, work_record"),
        ("state", "valid, expired, ended, superseded, withdrawn, disposed"), ("since", "issued from, dd/mm/yyyy"),
        ("until", "issued until, dd/mm/yyyy"), *_PAGE), answers=((JSON, _LIST),)),
    Operation("get", "/certificates/{number}", "certificates:read", "Một giấy, kèm dấu vân tay các tệp",
              "One document with the digests of its files",
              answers=((JSON, "Certificate"),), refusals=(404,)),
    Operation("get", "/certificates/{number}.pdf", "certificates:read", "PDF đã lưu, đúng từng byte",
              "The archived PDF, byte for byte",
              answers=(("application/pdf", ""),), refusals=(404, 410)),
    Operation("get", "/certificates/{number}.xml", "certificates:read", "Giấy chứng nhận hiệu chuẩn số (DCC)",
              "The digital calibration certificate (DCC)",
              answers=(("application/xml", ""),), refusals=(404, 410)),
    Operation("get", "/certificates/{number}.json", "certificates:read", "Bản ghi đã đóng băng, đúng từng byte",
              "The frozen record, byte for byte",
              answers=((JSON, ""),), refusals=(404, 410)),
    Operation("get", "/standards", "standards:read", "Chuẩn đo lường, hạn gần nhất trước",
              "Reference standards, nearest calibration date first", (
        ("q", "words of number, name, maker, serial"), ("state", "in_use, out_for_calibration, quarantined, "
         "out_of_service, retired"), ("due", "overdue, due_soon, in_date, away"), ("quantity", "code of a quantity"),
        ("month", "yyyy-mm"), ("window", "days that count as soon"), *_PAGE), answers=((JSON, _LIST),)),
    Operation("get", "/standards/{asset_number}", "standards:read", "Một chuẩn, các giấy và lịch của nó",
              "One standard, its certificates and schedules",
              answers=((JSON, "Standard"),), refusals=(404,)),
)

_TEXT = {"type": "string"}
_TEXT_OR_NULL = {"type": ["string", "null"]}
_DAY, _DAY_OR_NULL = {"type": "string", "format": "date"}, {"type": ["string", "null"], "format": "date"}


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


SCHEMAS: dict[str, dict[str, Any]] = {
    "Calculation": {"type": "object", "additionalProperties": True},
    "Page": _object(items={"type": "array", "items": {"type": "object"}}, prev=_TEXT_OR_NULL, next=_TEXT_OR_NULL),
    "Certificate": _object(
        number=_TEXT, kind=_TEXT, status=_TEXT, superseded_by=_TEXT_OR_NULL, ended_on=_DAY_OR_NULL, object=_TEXT,
        serial=_TEXT, customer=_TEXT, performed_on=_DAY, date=_DAY, valid_until=_DAY_OR_NULL, verdict=_TEXT_OR_NULL,
        url=_TEXT, record_sha256=_TEXT, documents={"type": "array", "items": _object(
            form=_TEXT, revision={"type": "integer"}, size={"type": "integer"}, sha256=_TEXT)}),
    "Standard": _object(
        asset_number=_TEXT, name=_TEXT, quantity=_TEXT, maker=_TEXT, model=_TEXT, serial=_TEXT, accuracy=_TEXT,
        unit=_TEXT, range_low=_TEXT_OR_NULL, range_high=_TEXT_OR_NULL, level=_TEXT, state=_TEXT, location=_TEXT,
        custodian=_TEXT_OR_NULL, url=_TEXT,
        certificates={"type": "array", "items": _object(
            number=_TEXT, issuer=_TEXT, calibrated_on=_DAY, traceability=_TEXT, void={"type": "boolean"})},
        schedules={"type": "array", "items": _object(
            duty=_TEXT, label=_TEXT, interval={"type": "integer"}, unit=_TEXT, due_on=_DAY_OR_NULL)}),
    "Problem": {"type": "object", "required": ["type", "status", "title"], "properties": {
        "type": _TEXT, "status": {"type": "integer"}, "title": _TEXT, "detail": _TEXT, "field": _TEXT,
        "errors": {"type": "array", "items": _object(field=_TEXT, detail=_TEXT)}}},
}


def openapi(server: str) -> dict[str, Any]:
    """The document, for the API under this address."""
    paths: dict[str, dict[str, Any]] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method] = _described(one)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Chuẩn LIMS", "version": __version__,
                 "description": "Errors are problem documents (RFC 9457) in the language of Accept-Language (vi, en). "
                                "Lists page by key: follow `next`."},
        "servers": [{"url": server}],
        "paths": paths,
        "components": {"schemas": SCHEMAS, "securitySchemes": {"token": {
            "type": "http", "scheme": "bearer", "description": "`lims token create`; scopes: " + ", ".join(SCOPES)}}},
    }


def _described(one: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "summary": one.en, "security": [{"token": []}], "x-scope": one.scope,
        "responses": {"200": {"description": "done", "content": {
            media: {"schema": _reference(schema)} if schema else {} for media, schema in one.answers}}},
    }
    for status in (401, 403, *one.refusals):
        described["responses"][str(status)] = {"description": "refused", "content": {
            "application/problem+json": {"schema": _reference("Problem")}}}
    if one.parameters:
        described["parameters"] = one.parameters
    if one.body:
        described["requestBody"] = {"required": True, "content": {JSON: {"schema": _reference(one.body)}}}
    return described


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
