"""The yearly plan: what is to be reached, how far it is by the work itself, the annex as printed."""
from __future__ import annotations

from flask import Flask

from lims.plans import counted, doing_views, item_views, paper_views, purchases, quarter, views  # noqa: F401
from lims.plans.blueprint import blueprint
from lims.surveys.purchases import add_source
from lims.workload.papers import add_section


def init_app(app: Flask) -> None:
    """Register the pages of this feature, the measures of the features left of it, and what the plan adds to theirs."""
    app.register_blueprint(blueprint)
    counted.init_app(app)
    add_source(app, purchases.sources)
    add_section(app, quarter.targets)
