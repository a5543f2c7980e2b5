"""Jobs from reception to hand-over, and the worksheet between."""
from __future__ import annotations

from flask import Flask

from lims.jobs import (
    budget_views,
    capability_views,
    draft_views,
    job_views,
    load_views,
    photo_views,
    procedures,
    views,
    worksheet_views,
)
from lims.jobs.blueprint import blueprint


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.extensions["procedure_titles"] = procedures.titles


__all__ = ["budget_views", "capability_views", "draft_views", "init_app", "job_views", "load_views", "photo_views",
           "views", "worksheet_views"]
