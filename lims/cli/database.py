"""`lims db upgrade`."""
from __future__ import annotations

import click

from lims.cli.context import application
from lims.shared import schema
from lims.shared.db import db as database


@click.group()
def db() -> None:
    """The database schema."""


@db.command()
def upgrade() -> None:
    """Bring the schema to this version; does nothing when it is there already.

    Example: LIMS_DATA_DIR=/srv/lims lims db upgrade
    """
    app = application()
    app.extensions["settings"].data_dir.mkdir(parents=True, exist_ok=True)
    with app.app_context():
        schema.upgrade(database.engine)
    click.echo("schema is current")
