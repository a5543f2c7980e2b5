"""`lims token create|list|revoke`."""
from __future__ import annotations

import click

from lims.cli import fail
from lims.cli.context import COMMAND_LINE, database
from lims.cli.files import language
from lims.shared import clock
from lims.shared.errors import DomainError
from lims.shared.i18n import day
from lims.shared.scopes import SCOPES


@click.group()
def token() -> None:
    """Tokens by which programs use the API in the name of a person."""


@token.command(epilog="\b\nScopes:\n" + "\n".join(f"  {name:20} {text}" for name, text in SCOPES.items()))
@click.option("--user", "identity", required=True, help="User name or e-mail address of the account.")
@click.option("--scope", "scopes", multiple=True, required=True, help="What it may do; may be repeated.")
@click.option("--days", default=365, show_default=True, type=int, help="Days until it ends.")
@click.option("--name", default="", help="What it is for.")
def create(identity: str, scopes: tuple[str, ...], days: int, name: str) -> None:
    """Make a token and print it, once: nothing keeps it.

    Example: lims token create --user quantri --scope calc --scope certificates:read --name "ERP"
    """
    from lims.api import tokens

    with database():
        try:
            made, text = tokens.create(identity, scopes, days, name, actor=COMMAND_LINE)
        except DomainError as error:
            fail(f"--{error.field}: {error.message(language())}")
            raise
        click.echo(text)
        until = day(clock.local(made.expires_at))
        click.echo(f"token {made.id} of {made.user.full_name}: {made.scopes}; until {until}", err=True)


@token.command("list")
def list_tokens() -> None:
    """Tokens: whose, what for, what they may do, until when.

    Example: lims token list
    """
    from lims.api import tokens

    with database():
        now = clock.now()
        for row in tokens.tokens():
            state = "revoked" if row.revoked_at else "" if tokens.is_valid(row, now) else "ended"
            click.echo(f"{row.id:5} {row.user.username or row.user.email:16} {row.scopes:40} "
                       f"{day(clock.local(row.expires_at))} {state:8}{row.name}".rstrip())


@token.command()
@click.argument("token_id", metavar="ID", type=int)
def revoke(token_id: int) -> None:
    """End the token ID at once.

    Example: lims token revoke 3
    """
    from lims.api import tokens

    with database():
        try:
            tokens.revoke(token_id, actor=COMMAND_LINE)
        except DomainError as error:
            fail(f"ID: {error.message(language())}")
            raise
        click.echo(f"token {token_id}: revoked")
