"""The HTTP API `/api/v1` and the figures for monitoring, for programs with a token of a person."""
from __future__ import annotations

from flask import Flask

from lims.api import (
    alert_views,
    calc_views,
    certificate_views,
    customer_views,
    description_views,
    instrument_views,
    issue_views,
    item_views,
    job_views,
    metrics_views,
    plan_item_views,
    programme_content_views,
    programme_views,
    standard_certificate_views,
    standard_views,
    sticker_views,
    survey_views,
    worksheet_views,
)
from lims.api.blueprint import blueprint

__all__ = ["alert_views", "calc_views", "certificate_views", "customer_views", "description_views", "init_app",
           "instrument_views", "issue_views", "item_views", "job_views", "plan_item_views", "programme_content_views",
           "programme_views", "standard_certificate_views", "standard_views", "sticker_views", "survey_views",
           "worksheet_views"]


def init_app(app: Flask) -> None:
    """Register the routes; they know a program by its token and never by a session, so no form token is asked for."""
    for routes in (blueprint, metrics_views.blueprint):
        app.extensions["csrf"].exempt(routes)
        app.register_blueprint(routes)
