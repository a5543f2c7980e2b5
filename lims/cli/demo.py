"""`lims demo`."""
from __future__ import annotations

import click

from lims.cli import fail
from lims.cli.context import application
from lims.cli.files import language
from lims.shared import schema
from lims.shared.db import db


@click.command()
def demo() -> None:
    """Fill an empty LIMS_DATA_DIR with the demonstration laboratory, and print its accounts.

    Loading twice changes nothing; a folder with a real laboratory is refused.

    Example: LIMS_DATA_DIR=/tmp/lims-demo lims demo
    """
    from lims.demo.load import ACCOUNTS, load, titles
    from lims.shared.errors import DomainError

    app = application()
    folder = app.extensions["settings"].data_dir
    folder.mkdir(parents=True, exist_ok=True)
    with app.app_context():
        schema.upgrade(db.engine)
        try:
            passwords = load(app)
        except DomainError as error:
            fail(error.message(language()))
            raise
    click.echo("BẢN TRÌNH DIỄN – KHÔNG CÓ GIÁ TRỊ / demonstration, without validity\n")
    names = titles()
    for username, password in passwords.items():
        click.echo(f"  {username:10} {password:14} {names[username]}")
    click.echo(f"\nThe accounts stand in {folder / ACCOUNTS} (readable by its owner only).")
