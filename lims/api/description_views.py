"""`/api/v1/openapi.json`, and the same as a page for people."""
from __future__ import annotations

from flask import jsonify, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lims.api.blueprint import blueprint
from lims.api.description import openapi
from lims.api.operations import OPERATIONS
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
    offered = [(f"{one.method.upper()} {one.path}", one.en if language() == "en" else one.vi, one.scope,
                ", ".join(name for name, _text in one.query)) for one in OPERATIONS]
    offered.append(("GET /metrics", _("Số liệu cho hệ thống giám sát (Prometheus); địa chỉ này không có /api/v1"),
                    "metrics:read", ""))
    commands = ("lims token create --user quantri --scope certificates:read --scope calc",
                f'curl -H "Authorization: Bearer lims_…" {_server()}/certificates')
    return render_template("api/docs.html", offered=offered, commands=commands, standard="OpenAPI 3.1")


def _server() -> str:
    return f"{request.url_root.rstrip('/')}{blueprint.url_prefix}"
