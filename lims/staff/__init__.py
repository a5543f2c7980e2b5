"""Competence of the staff: authorisations, records of persons, officer cards, lapses by disuse."""
from __future__ import annotations

from flask import Flask

from lims.staff import counted, matrix_views, record_views, views  # noqa: F401  (routes register)
from lims.staff.blueprint import blueprint


def init_app(app: Flask) -> None:
    """Register the pages of this feature and its measures."""
    app.register_blueprint(blueprint)
    counted.init_app(app)
