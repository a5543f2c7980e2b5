"""Jobs from reception to hand-over, and the worksheet between."""
from __future__ import annotations

from flask import Flask

from lims.equipment.sheet_uses import ask_sheets
from lims.jobs import (
    budget_views,
    capability_views,
    draft_views,
    job_views,
    load_views,
    photo_views,
    practice,
    standard_uses,
    views,
    worksheet_views,
)
from lims.jobs.blueprint import blueprint
from lims.staff.catalogue import add_practice


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.extensions["known_procedures"] = practice.known
    add_practice(app, practice.measured)
    ask_sheets(app, standard_uses.uses_of)


__all__ = ["budget_views", "capability_views", "draft_views", "init_app", "job_views", "load_views", "photo_views",
           "views", "worksheet_views"]
