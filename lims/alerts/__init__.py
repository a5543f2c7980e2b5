"""Recall alerts: planned, mailed, shown."""
from __future__ import annotations

from flask import Flask

from lims.alerts import views
from lims.shared.panels import add_panel


def init_app(app: Flask) -> None:
    """Register the pages of this feature, and its panel on every standard's page."""
    app.register_blueprint(views.blueprint)
    add_panel(app, "standard", views.panel)
