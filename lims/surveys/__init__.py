"""Surveys of instruments at enterprises, what they show, and which of the group-2 list the laboratory covers."""
from __future__ import annotations

from flask import Flask

from lims.shared.panels import add_panel
from lims.surveys import (
    analysis_views,
    coverage_views,
    exchange,
    field_views,
    form_views,
    intake_views,
    job_views,
    measures,
    views,
)
from lims.surveys.blueprint import blueprint


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    add_panel(app, "customer", views.panel_of)
    measures.init_app(app)


__all__ = ["analysis_views", "coverage_views", "exchange", "field_views", "form_views", "init_app", "intake_views",
           "job_views", "views"]
