"""`/api/v1/openapi.json`, and the same as a page for people."""
from __future__ import annotations

from flask import jsonify, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lims.api.blueprint import blueprint
from lims.api.description import openapi
from lims.api.operation import Operation, Schema
from lims.api.operations import BODIES, OPERATIONS, SCHEMAS
from lims.shared.i18n import language
from lims.shared.permissions import PUBLIC, permit


@blueprint.get("/openapi.json")
@permit(PUBLIC)
def description() -> Response:
    """The API as OpenAPI 3.1."""
    return jsonify(openapi(_server()))


@blueprint.get("/docs")
@permit(PUBLIC)
def docs() -> str:
    """What the API offers, readable."""
    offered: dict[str, list[tuple[str, str, list[tuple[str, str]]]]] = {}
    for one in OPERATIONS:
        offered.setdefault(one.path.split("/")[1], []).append(
            (f"{one.method.upper()} {one.path}", one.en if language() == "en" else one.vi, _asked_of(one)))
    offered["metrics"] = [(
        "GET /metrics", _("Số liệu cho hệ thống giám sát (Prometheus); địa chỉ này không có /api/v1"),
        [(_("Phạm vi:"), "metrics:read")])]
    commands = ("lims token create --user quantri --scope certificates:read --scope calc",
                f'curl -H "Authorization: Bearer lims_…" {_server()}/certificates')
    return render_template("api/docs.html", offered=offered, commands=commands, standard="OpenAPI 3.1")


def _asked_of(one: Operation) -> list[tuple[str, str]]:
    """What a route asks of the token, the person, the headers, the address and the body."""
    headers = [name for name, needed in (("If-Match", one.changes), ("Idempotency-Key", one.creates)) if needed]
    schema: Schema = BODIES[one.body]() if one.body in BODIES else SCHEMAS.get(one.body, {})
    required = schema.get("required", ())
    fields = [name if name in required else f"[{name}]" for name in schema.get("properties", {})]
    found = ((_("Phạm vi:"), one.scope), (_("Quyền:"), one.permission), (_("Tiêu đề:"), ", ".join(headers)),
             (_("Lọc:"), ", ".join(name for name, _text in one.query)), (_("Nội dung:"), ", ".join(fields)))
    return [(label, text) for label, text in found if text]


def _server() -> str:
    return f"{request.url_root.rstrip('/')}{blueprint.url_prefix}"
