"""The shell: home page, navigation, search, health."""
from __future__ import annotations

from flask import Flask

from lims.web import exchange_views, label_views, shell, task_views, views  # noqa: F401  (routes join the blueprint)


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
    app.register_blueprint(task_views.blueprint)
    app.context_processor(shell.context)
