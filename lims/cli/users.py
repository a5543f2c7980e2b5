"""`lims user create`."""
from __future__ import annotations

import click

from lims.cli import fail
from lims.cli.context import COMMAND_LINE, database
from lims.cli.files import language
from lims.shared.permissions import ROLES


@click.group()
def user() -> None:
    """Accounts."""


@user.command()
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(sorted(ROLES)),
              help="May be repeated.")
@click.option("--email", required=True)
@click.option("--username", required=True)
@click.option("--name", "full_name", required=True, help="Full name, as printed under signatures.")
@click.option("--title", default="", help="Position, as printed under signatures.")
@click.option("--title-en", default="", help="The same in English.")
@click.password_option(help="Asked for when not given.")
def create(roles: tuple[str, ...], email: str, username: str, full_name: str, title: str, title_en: str,
           password: str) -> None:
    """Create an account; the password is asked for twice.

    Example: lims user create --role administrator --username quantri --email quantri@trungtam.vn --name "Lê Văn An"
    """
    from lims.auth.service import create_user
    from lims.shared.errors import DomainError

    with database():
        try:
            created = create_user(email=email, username=username, full_name=full_name, title=title, title_en=title_en,
                                  roles=list(roles), password=password, actor=COMMAND_LINE)
        except DomainError as error:
            fail(f"--{error.field}: {error.message(language())}")
            raise
        click.echo(f"{created.username}: {', '.join(sorted(created.role_names))}")


@user.command("list")
def list_users() -> None:
    """Accounts with their roles.

    Example: lims user list
    """
    from lims.auth.service import users

    with database():
        for row in users():
            state = "" if row.active else "  (locked)"
            click.echo(f"{row.username or row.email:20} {', '.join(sorted(row.role_names)):40} {row.full_name}{state}")
