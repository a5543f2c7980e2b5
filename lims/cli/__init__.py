"""The command `lims`: each command in a module of its own, imported only when it is called."""
from __future__ import annotations

import errno
import sys
from importlib import import_module
from typing import Any

import click

from lims import __version__

# command -> (module, what it does); the help page lists these without importing them
COMMANDS = {
    "calc": ("lims.cli.calc", "Compute a budget, conformity, interval, fit, anova or comparison from a file"),
    "procedure": ("lims.cli.procedure", "Check a procedure file, or evaluate readings with it"),
    "serve": ("lims.cli.serve", "Serve the web application"),
    "worker": ("lims.cli.worker", "Do background work: one more worker, or on another machine"),
    "tls": ("lims.cli.serve", "The laboratory's own certificate authority"),
    "db": ("lims.cli.database", "Bring the database schema up to date"),
    "demo": ("lims.cli.demo", "Fill an empty data folder with the demonstration laboratory"),
    "user": ("lims.cli.users", "Create an account"),
    "token": ("lims.cli.tokens", "Tokens by which programs use the API"),
    "keys": ("lims.cli.keys", "Keys that sign the QR codes"),
    "doctor": ("lims.cli.doctor", "Configuration, disk, clock, mail, database: in order, or what to do"),
    "recall": ("lims.cli.recall", "Standards due or overdue on a date"),
    "alerts": ("lims.cli.recall", "Send what is due now"),
    "certificate": ("lims.cli.certificate", "Check, list and export certificates"),
    "retention": ("lims.cli.retention", "Documents whose time is over, and their disposal"),
    "import": ("lims.cli.exchange", "Take in a table of customers, instruments, standards or their certificates"),
    "export": ("lims.cli.exchange", "Write such a table to Excel or CSV"),
    "backup": ("lims.cli.archive", "Consistent backup while the application runs"),
    "restore": ("lims.cli.archive", "Restore a backup to an empty place"),
    "verify": ("lims.cli.archive", "Check every document, chain and invariant"),
}

_FUNCTIONS = {"import": "import_"}


class LazyGroup(click.Group):
    """Knows its commands by name; imports one when it is asked for. What cannot be used ends it with one line."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader of our output has gone: click ends quietly
                raise
            fail(": ".join(str(part) for part in (error.filename, error.strerror or error) if part))
        except Exception as error:
            told = _unusable_database(error)
            if not told:
                raise
            fail(told)
        return None

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(COMMANDS[name][0]), _FUNCTIONS.get(name, name))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_module, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="Chuẩn LIMS")
def main() -> None:
    """Chuẩn LIMS: from reception to the signed certificate.

    Exit status: 0 done; 1 the thing checked is not in order; 2 wrong use or wrong input.
    """


def _unusable_database(error: Exception) -> str:
    """What to tell when the database cannot be opened or its address is wrong; "" for any other error."""
    from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError, OperationalError

    if isinstance(error, ArgumentError):
        return "LIMS_DATABASE_URL: expected sqlite:///FILE or postgresql://USER@HOST/NAME"
    if isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError:
        return f"database not available: {str(error.orig).strip().splitlines()[0]}"
    return ""


def fail(*messages: str) -> None:
    """Print one message per fault to standard error and end with exit status 2."""
    for message in messages:
        click.echo(message, err=True)
    sys.exit(2)
