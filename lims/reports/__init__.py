"""Statutory reports with their due days, and the inspection pack of a day."""
from __future__ import annotations

from flask import Flask

from lims.reports import views


def init_app(app: Flask) -> None:
    """Register the pages of this feature; its background tasks register with the import."""
    app.register_blueprint(views.blueprint)
