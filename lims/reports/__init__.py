"""Statutory reports with their due days, and the inspection pack of a day."""
from __future__ import annotations

from flask import Flask

from lims.alerts.people import add_source
from lims.reports import reminders, views


def init_app(app: Flask) -> None:
    """Register the pages of this feature and its reminders; its background tasks register with the import."""
    app.register_blueprint(views.blueprint)
    add_source(app, reminders.SOURCE)
