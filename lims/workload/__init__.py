"""Figures of the work: turnaround, workload, overdue and rejected shares by field, area and person."""
from __future__ import annotations

from flask import Flask

from lims.workload import counting, views  # noqa: F401  (the nightly task registers)


def init_app(app: Flask) -> None:
    """Register the pages of this feature."""
    app.register_blueprint(views.blueprint)
