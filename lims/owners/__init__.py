"""The owner's page behind a sticker, without login, and the requests for a visit that it sends to reception."""
from __future__ import annotations

from flask import Flask

from lims.owners import public_views, request_views  # noqa: F401  (their routes register)
from lims.owners.blueprint import blueprint


def init_app(app: Flask) -> None:
    """Register the pages of this feature."""
    app.register_blueprint(blueprint)
