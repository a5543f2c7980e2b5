"""Measurement-assurance programmes of enterprises (chương trình bảo đảm đo lường)."""
from __future__ import annotations

from flask import Flask

from lims.programmes import counted, item_views, views  # noqa: F401  (routes register)
from lims.programmes.blueprint import blueprint


def init_app(app: Flask) -> None:
    """Register the pages of this feature and its measures."""
    app.register_blueprint(blueprint)
    counted.init_app(app)
