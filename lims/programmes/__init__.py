"""Measurement-assurance programmes of enterprises (chương trình bảo đảm đo lường)."""
from __future__ import annotations

from flask import Flask

from lims.programmes import counted, ending_views, item_views, settings_views, views  # noqa: F401  (routes register)
from lims.programmes.blueprint import blueprint
from lims.shared.panels import add_panel


def init_app(app: Flask) -> None:
    """Register the pages of this feature, its panel on an enterprise's page and its measures."""
    app.register_blueprint(blueprint)
    add_panel(app, "customer", views.panel_of)
    counted.init_app(app)
