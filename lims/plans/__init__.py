"""The yearly plan: what is to be reached, how far it is by the work itself, the annex as printed."""
from __future__ import annotations

from flask import Flask

from lims.alerts.people import add_source as add_due_source
from lims.plans import (
    counted,
    difficulties,
    doing_views,  # noqa: F401
    item_views,  # noqa: F401
    paper_views,  # noqa: F401
    purchases,
    quarter,
    views,  # noqa: F401
)
from lims.plans.blueprint import blueprint
from lims.surveys.purchases import add_source
from lims.workload.papers import add_section


def init_app(app: Flask) -> None:
    """Register the pages of this feature, the measures of the features left of it, and what the plan adds to theirs."""
    app.register_blueprint(blueprint)
    counted.init_app(app)
    add_source(app, purchases.sources)
    add_due_source(app, difficulties.SOURCE)
    add_section(app, quarter.targets)
