"""The register of reference standards."""
from __future__ import annotations

from flask import Flask

from lims.equipment import certificate_views, plan_views, schedule_views, views


def init_app(app: Flask) -> None:
    """Register the pages of this feature."""
    for pages in (certificate_views, schedule_views, plan_views):  # each adds its pages to the one blueprint
        assert pages.blueprint is views.blueprint
    app.register_blueprint(views.blueprint)
    app.jinja_env.filters["quantity"] = views.words.quantity_word
