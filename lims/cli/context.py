"""What a command that needs the database stands on: the application, its context, the actor."""
from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

import config
from lims.cli import fail
from lims.shared import schema
from lims.shared.db import db

COMMAND_LINE = ("", "command line")


def application() -> Flask:
    """The application of the environment's settings; wrong settings end the command with status 2."""
    from lims.app import create_app  # every feature: seconds of loading, and `lims serve` itself does without it

    logging.getLogger("lims").setLevel(logging.WARNING)
    try:
        return create_app(config.load())
    except config.SettingsError as error:
        fail(str(error))
        raise


@contextmanager
def database() -> Iterator[Flask]:
    """An application context on a current schema."""
    app = application()
    with app.app_context():
        if not schema.is_current(db.engine):
            fail("the database schema is missing or old: run `lims db upgrade`")
        yield app
