"""Messages leave the outbox: claimed by a conditional UPDATE, sent, marked; at least once each, whatever dies when.

A sender that dies after the server took the mail and before it was marked leaves a claim that runs out: the mail goes
again with the same Message-ID. Nothing is marked before the server has taken it.
"""
from __future__ import annotations

import logging
import os
import smtplib
import socket
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

import sqlalchemy as sa
from flask import current_app

import config
from lims.alerts.mail import MailServer, email_message, mail_server
from lims.alerts.models import OutboxMessage
from lims.shared import audit, clock
from lims.shared.db import session, write

log = logging.getLogger("lims.alerts")

ACTOR = ("", "alerts")
CLAIM = timedelta(seconds=90)
"""Longer than the four answers of a server that one message waits for at most (mail.TIMEOUT_SECONDS each)."""
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 360, 1440))
"""Pause after the first, second, … failure; then the last one."""


@dataclass(frozen=True)
class Outcome:
    """What one run did. `waiting` messages are still in the outbox; `error` says why the server was not reached."""

    planned: int = 0
    sent: int = 0
    failed: int = 0
    waiting: int = 0
    configured: bool = True
    error: str = ""

    def summary(self) -> str:
        """One line for a person at the command line."""
        text = f"planned {self.planned}, sent {self.sent}, failed {self.failed}, waiting {self.waiting}"
        return text if self.configured else f"{text} (LIMS_SMTP_URL is not set: nothing was sent)"


def send_waiting(*, retry_now: bool = False) -> Outcome:
    """Send what waits and is due; with `retry_now` also what failed before and has not waited long enough.

    Raises config.SettingsError when LIMS_SMTP_URL cannot be read.
    """
    settings: config.Settings = current_app.extensions["settings"]
    if not settings.smtp_url:
        return Outcome(waiting=waiting(), configured=False)
    server = mail_server(settings.smtp_url)
    _release_dead()
    outcome = _deliver(_due(retry_now), server, settings.mail_from)
    return replace(outcome, waiting=waiting())


def waiting() -> int:
    """How many messages have not been taken by a server yet."""
    query = sa.select(sa.func.count()).select_from(OutboxMessage).where(OutboxMessage.sent_at.is_(None))
    return session().scalar(query) or 0


def _due(retry_now: bool) -> list[int]:
    now = clock.now()
    query = sa.select(OutboxMessage.id).where(OutboxMessage.sent_at.is_(None), _free(now))
    if not retry_now:
        query = query.where(OutboxMessage.next_attempt_at <= now)
    return list(session().scalars(query.order_by(OutboxMessage.next_attempt_at, OutboxMessage.id)))


def _free(now: object) -> sa.ColumnElement[bool]:
    return sa.or_(OutboxMessage.claimed_until.is_(None), OutboxMessage.claimed_until < now)


def _deliver(ids: list[int], server: MailServer, sender: str) -> Outcome:
    opened: smtplib.SMTP | None = None
    sent = failed = 0
    try:
        for message_id in ids:
            if opened is None:
                opened = server.connect()
            if not _claim(message_id):
                continue
            fault = _send(opened, message_id, sender)
            if fault is None:
                sent += 1
                continue
            failed += 1
            _postpone(message_id, f"{type(fault).__name__}: {fault}")
            if not isinstance(fault, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused | ValueError):
                opened.close()  # the connection may be broken; the next message opens another
                opened = None
    except (OSError, smtplib.SMTPException) as error:
        log.warning("mail server %s:%s not reached: %s", server.host, server.port, error)
        return Outcome(sent=sent, failed=failed, error=f"{type(error).__name__}: {error}")
    finally:
        if opened is not None:
            _take_leave(opened)
    return Outcome(sent=sent, failed=failed)


def _take_leave(opened: smtplib.SMTP) -> None:
    """End the session; whether the server answers that too does not matter any more."""
    with suppress(OSError, smtplib.SMTPException):
        opened.quit()
    opened.close()


def _send(opened: smtplib.SMTP, message_id: int, sender: str) -> Exception | None:
    """Hand one claimed message to the server and mark it; returns what went wrong instead."""
    row = session().get_one(OutboxMessage, message_id)
    recipient = row.recipient
    try:
        message = email_message(row, sender)
        session().rollback()  # no transaction stays open while the network is waited for
        opened.send_message(message, sender, [recipient])
    except (OSError, smtplib.SMTPException, ValueError) as error:
        log.warning("message %s not taken: %s", message_id, error)
        return error
    _mark_sent(message_id)
    return None


def _claim(message_id: int) -> bool:
    """Whether this sender, and no other, may send the message now."""
    now = clock.now()
    with write("alerts.claim", actor=ACTOR) as current:
        claimed = current.execute(
            sa.update(OutboxMessage).where(OutboxMessage.id == message_id, OutboxMessage.sent_at.is_(None), _free(now))
            .values(claimed_until=now + CLAIM, claimed_by=_myself(), attempts=OutboxMessage.attempts + 1)
            .execution_options(synchronize_session=False))
        if claimed.rowcount != 1:  # type: ignore[attr-defined]
            return False
        audit.note(current, "outbox_message", message_id, "update", {"claimed_by": [None, _myself()]})
    return True


def _mark_sent(message_id: int) -> None:
    with write("alerts.sent", actor=ACTOR) as current:
        row = current.get_one(OutboxMessage, message_id)
        row.sent_at, row.claimed_until, row.claimed_by, row.last_error = clock.now(), None, "", ""


def _postpone(message_id: int, fault: str) -> None:
    with write("alerts.failed", actor=ACTOR) as current:
        row = current.get_one(OutboxMessage, message_id)
        row.next_attempt_at = clock.now() + WAITS[min(row.attempts, len(WAITS)) - 1]
        row.claimed_until, row.claimed_by, row.last_error = None, "", fault[:500]


def _myself() -> str:
    return f"{socket.gethostname()}/{os.getpid()}"


def _release_dead() -> None:
    """Give up the claims of senders of this host that no longer live, without waiting for the claim to run out."""
    dead = [row_id for row_id, holder in session().execute(
        sa.select(OutboxMessage.id, OutboxMessage.claimed_by).where(
            OutboxMessage.sent_at.is_(None), OutboxMessage.claimed_by != "")) if _is_dead(holder)]
    if not dead:
        return
    with write("alerts.release", actor=ACTOR) as current:
        for row in current.scalars(sa.select(OutboxMessage).where(OutboxMessage.id.in_(dead)).with_for_update()):
            if row.sent_at is None and _is_dead(row.claimed_by):
                row.claimed_until, row.claimed_by = None, ""


def _is_dead(holder: str) -> bool:
    host, _slash, process = holder.rpartition("/")
    if host != socket.gethostname() or not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
