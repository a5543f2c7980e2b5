"""Accounts, roles and sessions."""
from __future__ import annotations

from flask import Flask

from lims.auth import security, views


def init_app(app: Flask) -> None:
    security.init_app(app)
    app.register_blueprint(views.blueprint)
