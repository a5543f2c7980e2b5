"""The shell: home page, navigation, search, health."""
from __future__ import annotations

from flask import Flask

from lims.web import shell, task_views, views


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
    app.register_blueprint(task_views.blueprint)
    app.context_processor(shell.context)
