"""Home page and the addresses that machines ask."""
from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, Response, jsonify, render_template

from lims.shared.audit import AuditHead
from lims.shared.db import session
from lims.shared.permissions import LOGIN, PUBLIC, permit

blueprint = Blueprint("web", __name__)


@blueprint.get("/")
@permit(LOGIN)
def home() -> str:
    return render_template("web/home.html")


@blueprint.get("/healthz")
@permit(PUBLIC)
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@permit(PUBLIC)
def readyz() -> Response:
    """The database answers and its schema is there."""
    session().execute(sa.select(AuditHead.seq)).one()
    return jsonify(status="ready")
