"""The register of reference standards."""
from __future__ import annotations

from flask import Flask

from lims.equipment import certificate_views, views


def init_app(app: Flask) -> None:
    """Register the pages of this feature."""
    app.register_blueprint(certificate_views.blueprint)
    app.jinja_env.filters["quantity"] = views.words.quantity_word
