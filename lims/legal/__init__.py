"""Legal metrology: the dated catalogue of group 2, its confirmation row by row, the law and forms behind it."""
from __future__ import annotations

from flask import Flask

from lims.legal import import_views, views  # noqa: F401  (their routes register)
from lims.legal.blueprint import blueprint


def init_app(app: Flask) -> None:
    """Register the pages of this feature."""
    app.register_blueprint(blueprint)
