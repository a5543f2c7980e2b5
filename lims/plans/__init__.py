"""The yearly plan: what is to be reached, how far it is by the work itself, the annex as printed."""
from __future__ import annotations

from flask import Flask

from lims.plans import counted, item_views, paper_views, views  # noqa: F401  (routes register)
from lims.plans.blueprint import blueprint


def init_app(app: Flask) -> None:
    """Register the pages of this feature and the measures of the features left of it."""
    app.register_blueprint(blueprint)
    counted.init_app(app)
