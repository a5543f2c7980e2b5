"""`lims import` and `lims export`: tables of customers, instruments, standards and their certificates."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import sqlalchemy as sa

from lims.auth.models import User
from lims.cli import fail
from lims.cli.context import database
from lims.shared.db import session
from lims.shared.errors import DomainError
from lims.shared.exchange import KINDS, Kind, put_out, take_in


@contextmanager
def _opened() -> Iterator[None]:
    """An application with its words: messages are Vietnamese, as on the pages."""
    with database() as app, app.test_request_context():
        yield


@click.command(name="import")
@click.argument("kind_name", metavar="KIND")
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Read and check everything, write nothing.")
@click.option("--template", type=click.Path(path_type=Path), metavar="FILE", help="Write an empty table instead.")
@click.option("--by", metavar="USER", help="In whose name (default: the first account that may).")
def import_(kind_name: str, file: Path | None, dry_run: bool, template: Path | None, by: str | None) -> None:
    """Take in a table, Excel (.xlsx) or CSV: everything of it, or nothing when a line is wrong.

    KIND: customers, instruments, standards, standard-certificates, and what other parts announce. Each fault is one
    line on standard error: line of the file, column, what is expected.

    Example: lims import standards chuan.xlsx --dry-run
    """
    if (file is None) == (template is None):
        fail("give FILE to be read, or --template FILE to be written")
    with _opened():
        kind = _kind(kind_name)
        if template is not None:
            template.write_bytes(put_out(kind, template.name, empty=True))
            click.echo(f"{template}: {len(kind.columns)} columns, one example line")
            return
        assert file is not None
        person = _person(kind.permission, by)
        try:
            outcome = take_in(kind, file.read_bytes(), person, dry_run=dry_run)
        except DomainError as error:
            fail(f"{file}: {error.vi}")
            raise
        if outcome.faults:
            fail(*(f"{file}: {fault}" for fault in outcome.faults), f"{file}: chưa ghi gì vào sổ")
        counts = ", ".join(f"{outcome.counts[what]} {what}" for what in ("new", "changed", "same"))
        click.echo(f"{file}: {counts}" + ("; dry run, nothing written" if dry_run else ""))


@click.command(name="export")
@click.argument("kind_name", metavar="KIND")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
def export(kind_name: str, file: Path) -> None:
    """Write all rows of a kind to a file that `lims import` reads: CSV by its name, else Excel.

    Example: lims export customers doanh-nghiep.xlsx
    """
    with _opened():
        kind = _kind(kind_name)
        file.write_bytes(put_out(kind, file.name))
        click.echo(f"{file}: {kind.name}")


def _kind(name: str) -> Kind:
    if name not in KINDS:
        fail(f"KIND: {name!r}; expected one of {', '.join(sorted(KINDS))}")
    return KINDS[name]


def _person(permission: str, username: str | None) -> User:
    people = session().scalars(sa.select(User).where(User.active).order_by(User.id)).unique().all()
    if username is not None:
        people = [person for person in people if person.username == username]
    found = next((person for person in people if permission in person.permissions), None)
    if found is None:
        fail(f"--by: {username!r} is no account that may do this ({permission})" if username else
             f"no account may do this ({permission}); create one with `lims user create`")
    assert found is not None  # fail() ends the command
    return found
