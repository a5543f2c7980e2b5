"""`lims retention`: which documents and job records need not be kept any longer, and their disposal by the head."""
from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime

import click
import sqlalchemy as sa

from lims.auth.models import User
from lims.cli import fail
from lims.cli.context import database
from lims.issue import archive
from lims.issue import retention as keeping
from lims.issue import work_retention as work
from lims.issue.models import Certificate
from lims.jobs.models import JobItem
from lims.jobs.service import item_by_code
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import DomainError


@click.group()
def retention() -> None:
    """Documents and job records whose time is over by the rules of retention, and their disposal."""


@retention.command("due")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day asked about; today by default.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def due(on: datetime | None, as_json: bool) -> None:
    """List documents that need not be kept on a day; held ones are marked.

    Example: lims retention due --on 2036-01-01
    """
    with database():
        day = on.date() if on else clock.today()
        rules = keeping.rules_on(day)
        found = session().scalars(keeping.due(day).order_by(Certificate.id)).all()
        holds = keeping.holds_of([row.id for row in found])
        rows = [{"number": row.number, "kind": row.kind, "issued": row.issued_on.isoformat(),
                 "kept_until": keeping.kept_until(keeping.base_of(row), rules[row.kind].years).isoformat(),
                 "hold": holds[row.id].reason if row.id in holds else None} for row in found]
    _print(rows, "{number}  {kind}  issued {issued}", "documents", as_json)


@retention.command("due-work")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day asked about; today by default.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def due_work(on: datetime | None, as_json: bool) -> None:
    """List items whose readings, results and photographs need not be kept on a day; held ones are marked.

    Example: lims retention due-work --on 2036-01-01
    """
    with database():
        day = on.date() if on else clock.today()
        rule = keeping.rules_on(day).get(keeping.JOB)
        found = session().scalars(work.work_due(day).order_by(JobItem.id)).all()
        holds = work.work_holds([item.id for item in found])
        rows: list[dict[str, str | None]] = []
        for item in found if rule else ():
            papers = archive.of_item([item.id])
            until = keeping.kept_until(work.work_base(item, papers), rule.years) if rule else day
            rows.append({"item": item.code, "documents": ", ".join(one.number for one in papers),
                         "kept_until": until.isoformat(), "hold": holds[item.id].reason if item.id in holds else None})
    _print(rows, "{item}  {documents}", "items", as_json)


@retention.command("dispose-work")
@click.argument("codes", nargs=-1, required=True)
@click.option("--user", "username", required=True, help="Account of the head.")
@click.option("--reason", required=True, help="Why, for instance the number of the minutes.")
@click.password_option(confirmation_prompt=False, help="Password of the account; asked for when not given.")
def dispose_work(codes: tuple[str, ...], username: str, reason: str, password: str) -> None:
    """Destroy readings, results and photographs of the items CODES whose time is over. Their documents stay as they
    are; counts, digests, who and when stay; it cannot be undone.

    Exit status 1 when any of them is still there.

    Example: lims retention dispose-work 26-0001/1 --user giamdoc --reason "Biên bản hủy số 3"
    """
    with database():
        try:
            ids = [item_by_code(code).id for code in codes]
            outcomes = work.dispose_of_work(ids, head=_account(username), password=password, reason=reason)
        except DomainError as error:
            fail(error.en)
            raise
    _tell(outcomes)


def _print(rows: Sequence[Mapping[str, str | None]], words: str, what: str, as_json: bool) -> None:
    """One a line by the words of its values, until when it is kept, and why it is held."""
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        held = f"  hold: {row['hold']}" if row["hold"] else ""
        click.echo(f"{words.format_map(row)}  kept until {row['kept_until']}{held}")
    click.echo(f"{len(rows)} {what}")


def _tell(outcomes: Sequence[keeping.Disposed]) -> None:
    """Each with its reason where it is still there; exit status 1 then."""
    for one in outcomes:
        click.echo(f"{one.name}: {one.error.en if one.error else 'disposed'}", err=bool(one.error))
    if any(one.error for one in outcomes):
        sys.exit(1)


def _account(username: str) -> User:
    found = session().scalar(sa.select(User).where(User.username == username))
    if found is None:
        fail(f"--user: no account is called {username!r}")
        raise AssertionError
    return found


@retention.command("dispose")
@click.argument("numbers", nargs=-1, required=True)
@click.option("--user", "username", required=True, help="Account of the head.")
@click.option("--reason", required=True, help="Why, for instance the number of the minutes.")
@click.password_option(confirmation_prompt=False, help="Password of the account; asked for when not given.")
def dispose(numbers: tuple[str, ...], username: str, reason: str, password: str) -> None:
    """Empty the content of documents NUMBERS whose time is over. Number, digests and history stay; it cannot be undone.

    Exit status 1 when any of them is still there.

    Example: lims retention dispose C26-00001 C26-00002 --user giamdoc --reason "Biên bản hủy số 3"
    """
    with database():
        head = _account(username)
        try:
            ids = [archive.by_number(number).id for number in numbers]
            outcomes = keeping.dispose(ids, head=head, password=password, reason=reason)
        except DomainError as error:
            fail(error.en)
            raise
    _tell(outcomes)
