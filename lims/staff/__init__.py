"""Competence of the staff: authorisations and officer cards."""
from __future__ import annotations

from flask import Flask

from lims.staff import views


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
