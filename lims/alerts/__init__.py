"""Recall alerts: planned, mailed, shown."""
from __future__ import annotations

from flask import Flask

from lims.alerts import comparing, law, views
from lims.alerts.people import add_source
from lims.shared.panels import add_panel


def init_app(app: Flask) -> None:
    """Register the pages of this feature, what it reminds of, and its panel on every standard's page."""
    app.register_blueprint(views.blueprint)
    add_source(app, law.DESIGNATIONS)
    add_source(app, law.METHODS)
    add_source(app, comparing.ROUNDS)
    add_source(app, comparing.ACTIONS)
    add_panel(app, "standard", views.panel)
