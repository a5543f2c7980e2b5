"""`lims recall` and `lims alerts send`."""
from __future__ import annotations

import json
import re
import sys
from dataclasses import asdict
from datetime import date
from typing import Any

import click

import config
from lims.alerts.service import send_due
from lims.cli import fail
from lims.cli.context import database
from lims.cli.verified import Expiring, expiring
from lims.equipment.recall import LONGEST_WINDOW, Due, due_list
from lims.shared import clock
from lims.shared.i18n import day as shown

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_VIETNAMESE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", re.ASCII)


def parse_day(text: str) -> date | None:
    """dd/mm/yyyy or yyyy-mm-dd between 1900 and 2199; None for anything else."""
    iso, vietnamese = _ISO.fullmatch(text.strip()), _VIETNAMESE.fullmatch(text.strip())
    parts = iso.groups() if iso else tuple(reversed(vietnamese.groups())) if vietnamese else ()
    try:
        found = date(*(int(part) for part in parts))
    except (TypeError, ValueError):
        return None
    return found if 1900 <= found.year < 2200 else None


@click.command()
@click.option("--on", "on_text", metavar="DATE", help="Day asked about, dd/mm/yyyy or yyyy-mm-dd (default: today).")
@click.option("--within", "within_text", metavar="DAYS", help="Days to look ahead (default: LIMS_DUE_SOON_DAYS, 60).")
@click.option("--instruments", is_flag=True, help="Also customers' instruments whose verification runs out.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def recall(on_text: str | None, within_text: str | None, instruments: bool, as_json: bool) -> None:
    """List the standards that are due or overdue on a date, most urgent first.

    Example: lims recall --on 31/12/2026 --within 30
    """
    on, within = _arguments(on_text, within_text)
    with database() as app:
        on = on or clock.today()
        within = app.extensions["settings"].due_soon_days if within is None else within
        lines = due_list(on, within)
        verified = expiring(on, within) if instruments else None
        click.echo(_as_json(on, within, lines, verified) if as_json else _as_text(on, within, lines, verified))


@click.group()
def alerts() -> None:
    """Alerts by e-mail."""


@alerts.command()
def send() -> None:
    """Plan what is due now and send it, at least once each; safe to run at the same time elsewhere.

    What failed before is tried again at once. Without LIMS_SMTP_URL the messages stay in the outbox, which the
    application shows. Exit status 1 when a message could not be handed over.

    Example: lims alerts send
    """
    with database():
        try:
            outcome = send_due(retry_now=True)
        except config.SettingsError as error:
            fail(str(error))
            raise
    click.echo(outcome.summary())
    if outcome.error:
        click.echo(f"the mail server was not reached: {outcome.error}", err=True)
    if outcome.error or outcome.failed:
        sys.exit(1)


def _arguments(on_text: str | None, within_text: str | None) -> tuple[date | None, int | None]:
    faults = []
    on = parse_day(on_text) if on_text is not None else None
    if on_text is not None and on is None:
        faults.append(f"--on: {on_text!r} is no date; expected dd/mm/yyyy or yyyy-mm-dd")
    within: int | None = None
    if within_text is not None:
        plain = within_text.isascii() and within_text.isdigit() and len(within_text) < 6
        within = int(within_text) if plain else -1
        if not 0 <= within <= LONGEST_WINDOW:
            faults.append(f"--within: {within_text!r} is no number of days; expected a whole number "
                          f"from 0 to {LONGEST_WINDOW}")
    if faults:
        fail(*faults)
    return on, within


def _as_json(on: date, within: int, lines: list[Due], verified: list[Expiring] | None) -> str:
    answer: dict[str, Any] = {"on": on.isoformat(), "within_days": within,
                              "standards": [_plain(line) for line in lines]}
    if verified is not None:
        answer["instruments"] = [asdict(row) | {"valid_until": row.valid_until.isoformat()} for row in verified]
    return json.dumps(answer, ensure_ascii=False, indent=2)


def _plain(line: Due) -> dict[str, Any]:
    row, schedule = line.standard, line.schedule
    return {
        "asset_number": row.asset_number, "name": row.name, "quantity": row.quantity, "serial": row.serial,
        "duty": schedule.duty, "label": schedule.label,
        "due_on": schedule.due_on.isoformat() if schedule.due_on else None,
        "days_left": line.days_left, "due_state": line.due_state, "state": row.state,
        "last_done_on": schedule.last_done_on.isoformat() if schedule.last_done_on else None,
        "certificate": line.certificate or None, "location": row.location,
        "custodian": row.custodian.full_name if row.custodian else None,
        "acts": schedule.acts.full_name if schedule.acts else None, "team": schedule.team,
        "notes": [] if schedule.due_on else ["never done"],
    }


def _as_text(on: date, within: int, lines: list[Due], verified: list[Expiring] | None) -> str:
    text = _table(f"Standards due or overdue on {shown(on)}, looking {within} days ahead: {len(lines)}",
                  ("Number", "Standard", "Duty", "Due", "", "State", "Custodian"),
                  [(line.standard.asset_number, line.standard.name, line.schedule.duty.replace("_", " "),
                    shown(line.schedule.due_on) or "-", _days(line.days_left), line.standard.state.replace("_", " "),
                    line.standard.custodian.full_name if line.standard.custodian else "") for line in lines])
    if verified is None:
        return text
    return text + "\n\n" + _table(
        f"Instruments whose verification runs out: {len(verified)}",
        ("Certificate", "Instrument", "Serial", "Valid until", "", "Customer"),
        [(row.number, row.instrument, row.serial, shown(row.valid_until), _days(row.days_left), row.customer)
         for row in verified])


def _table(title: str, heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    if not rows:
        return title
    widths = [max(len(row[at]) for row in (heads, *rows)) for at in range(len(heads))]
    return "\n".join([title, *("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
                               for row in (heads, *rows))])


def _days(days_left: int | None) -> str:
    if days_left is None:
        return "never done"
    if days_left < 0:
        return f"overdue {-days_left} d"
    return "today" if days_left == 0 else f"in {days_left} d"
