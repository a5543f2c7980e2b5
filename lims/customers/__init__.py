"""Customers (enterprises) and the instruments they own."""
from __future__ import annotations

from flask import Flask

from lims.customers import exchange, views  # noqa: F401  (kinds of tables are announced)


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
