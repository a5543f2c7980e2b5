"""The blueprint of `/api/v1`."""
from __future__ import annotations

from flask import Blueprint

from lims.api import access, problems

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
access.install(blueprint)
problems.install(blueprint)
