"""Messages leave the outbox over real SMTP: at least once, with one identity, and nothing pretends to be sent."""
from __future__ import annotations

import dataclasses
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

import config
from lims.alerts import sending
from lims.alerts.mail import email_message
from lims.alerts.mail import mail_server as parsed
from lims.alerts.models import OutboxMessage
from lims.alerts.planning import plan
from lims.alerts.service import send_due
from lims.alerts.worker import run_forever
from lims.auth.models import User
from lims.equipment.models import Schedule, Standard
from lims.shared.audit import verify_chain
from lims.shared.clock import system_clock, today
from lims.shared.db import session, write
from tests.lims.mailbox import Mailbox, Mishap, mail_server
from tests.lims.people import person
from tests.lims.standards import certified, registered
from tests.promises import promise


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server(Mailbox()) as listening:
        yield listening


def use(app: Any, url: str) -> None:
    app.extensions["settings"] = dataclasses.replace(app.extensions["settings"], smtp_url=url)


def one_due() -> None:
    by = person("quality_manager")
    certified(registered(by), by, datetime(2025, 11, 20, tzinfo=UTC).date())


def outbox() -> list[OutboxMessage]:
    session().expire_all()
    return list(session().scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id)))


def test_a_due_alert_is_mailed_once_and_marked_sent(app_on_both: Any, box: Mailbox) -> None:
    use(app_on_both, box.url)
    one_due()
    outcomes = [send_due(), send_due()]
    assert [(one.planned, one.sent, one.waiting) for one in outcomes] == [(1, 1, 0), (0, 0, 0)]
    ((recipient, mail),) = box.taken
    (row,) = outbox()
    assert (recipient, mail["To"], mail["Message-ID"]) == (row.recipient, row.recipient, row.message_id)
    assert mail["Subject"] == row.subject
    assert "Áp kế chuẩn hiện số" in mail.get_content()
    assert list(verify_chain(session())) == []


def test_without_a_server_the_message_stays_and_says_so(app: Any) -> None:
    one_due()
    outcome = send_due()
    assert (outcome.configured, outcome.sent, outcome.waiting) == (False, 0, 1)
    assert (outbox()[0].sent_at, outbox()[0].attempts) == (None, 0)


def test_a_server_that_is_away_leaves_the_message_waiting(app: Any, box: Mailbox) -> None:
    use(app, "smtp://127.0.0.1:1")
    one_due()
    outcome = send_due()
    assert (outcome.sent, outcome.waiting, "Refused" in outcome.error) == (0, 1, True)
    use(app, box.url)
    assert send_due().sent == 1


def test_a_refused_message_waits_longer_each_time(app: Any, box: Mailbox, clock: Any) -> None:
    use(app, box.url)
    box.mishap = lambda n: "refuse" if n < 2 else ""
    one_due()
    assert [send_due().failed, send_due().failed] == [1, 0]
    clock.advance(minutes=1)
    assert send_due().failed == 1
    clock.advance(minutes=4)
    assert send_due().sent == 0
    assert "451" in outbox()[0].last_error
    clock.advance(minutes=1)
    assert send_due().sent == 1


def test_a_person_who_asks_does_not_wait(app: Any, box: Mailbox) -> None:
    use(app, box.url)
    box.mishap = lambda n: "refuse" if n == 0 else ""
    one_due()
    assert [send_due(retry_now=True).sent, send_due(retry_now=True).sent] == [0, 1]


def test_a_lost_reply_leads_to_the_same_mail_again(app: Any, box: Mailbox) -> None:
    use(app, box.url)
    box.mishap = lambda n: "lose_reply" if n == 0 else ""
    one_due()
    send_due(retry_now=True)
    send_due(retry_now=True)
    first, second = (mail.as_bytes() for _recipient, mail in box.taken)
    assert first == second
    assert outbox()[0].sent_at is not None


def test_a_bad_address_does_not_hold_up_the_others(app: Any, box: Mailbox) -> None:
    use(app, box.url)
    one_due()
    person("quality_manager", "thu")
    plan(today())
    with write("test") as current:
        first = current.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id)).first()
        assert first is not None
        first.recipient = "an@example.test\r\nBcc: binh@example.test"
    outcome = send_due()
    assert (outcome.sent, outcome.failed) == (1, 1)


WORDS = st.lists(st.sampled_from(["An", "toàn", "làm", "việc", "QUÁ", "HẠN,", "AT-210", "(03/12/2026)", "lực", "6½"]),
                 min_size=1, max_size=60).map(" ".join)


@given(WORDS)
def test_a_subject_arrives_as_it_was_written(text: str) -> None:
    row = OutboxMessage(recipient="an@example.test", subject=text, body="b", message_id="<a@b>",
                        created_at=datetime(2026, 11, 23, tzinfo=UTC))
    sent = email_message(row, "lims@example.test").as_bytes()
    assert message_from_bytes(sent, policy=policy.default)["Subject"] == text
    assert max(map(len, sent.split(b"\r\n"))) <= 78


@pytest.mark.parametrize("text", ["Áp kế\nBcc: x@example.test", "a\r\nX: y"])
def test_a_header_cannot_be_smuggled_in(app: Any, text: str) -> None:
    row = OutboxMessage(recipient="an@example.test", subject=text, body="b", message_id="<a@b>",
                        created_at=datetime(2026, 11, 23, tzinfo=UTC))
    with pytest.raises(ValueError, match=r"[Hh]eader|linefeed"):
        email_message(row, "lims@example.test")


@pytest.mark.parametrize("url", ["mail.example.test", "http://mail", "smtp://", "smtp://host:port"])
def test_a_mail_server_that_cannot_be_read_is_named(url: str) -> None:
    with pytest.raises(config.SettingsError, match="LIMS_SMTP_URL"):
        parsed(url)


def test_a_mail_server_is_read_with_its_password_unquoted() -> None:
    server = parsed("smtps://an%40example.test:m%3At@mail.example.test")
    assert (server.host, server.port, server.encrypted, server.user, server.password) == (
        "mail.example.test", 465, True, "an@example.test", "m:t")


def test_only_one_of_two_senders_gets_a_message(app_on_both: Any) -> None:
    one_due()
    send_due()
    (row,) = outbox()
    assert [sending._claim(row.id), sending._claim(row.id)] == [True, False]


def test_a_claim_of_a_dead_sender_is_given_up_at_once_and_any_other_when_it_runs_out(app: Any, box: Mailbox,
                                                                                    clock: Any) -> None:
    one_due()
    send_due()
    (row,) = outbox()
    use(app, box.url)
    sending._claim(row.id)
    assert send_due().sent == 0
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    with write("test"):
        row.claimed_by = f"{row.claimed_by.split('/')[0]}/{int(ended.stdout)}"
    assert send_due().sent == 1
    with write("test"):
        row.sent_at, row.claimed_by = None, "elsewhere/1"
        row.claimed_until = clock() + sending.CLAIM
    assert send_due().sent == 0
    clock.advance(seconds=91)
    assert send_due().sent == 1


def test_the_worker_sends_until_it_is_stopped(app: Any, box: Mailbox) -> None:
    use(app, box.url)
    one_due()
    stop = Event()
    box.mishap = lambda _n: stop.set() or ""  # type: ignore[func-returns-value]
    thread = Thread(target=run_forever, args=(app, stop, 0.01))
    thread.start()
    thread.join(30)
    assert not thread.is_alive()
    assert len(box.taken) == 1


# ---- P-R7 ----

SENDER = "from lims.cli import main; main(['alerts', 'send'])"
MARKS_FIRST = """
from lims.alerts import sending
claim = sending._claim
def claim_and_mark(message_id):
    claimed = claim(message_id)
    if claimed:
        sending._mark_sent(message_id)
    return claimed
sending._claim = claim_and_mark
"""


def queue_overdue(app: Any, people: int) -> int:
    """Custodians with three overdue duties each; returns how many messages come: one to each of them, and one to the
    quality manager, who is reminded of the statutory reports that nobody filed."""
    by = person("quality_manager")
    due = datetime.now(UTC).date() - timedelta(days=10)
    with write("test", actor=("", "test")) as current:
        for number in range(people):
            keeper = User(email=f"giu{number:03d}@example.test", username=f"giu{number:03d}", full_name=f"Giữ {number}",
                          password=by.password, fs_uniquifier=f"giu{number:03d}", created_at=datetime.now(UTC))
            row = Standard(asset_number=f"CH-{number:03d}", name="Áp kế chuẩn", quantity="pressure", unit="bar",
                           serial=str(number), search="", created_at=datetime.now(UTC), custodian=keeper)
            row.schedules = [Schedule(duty=duty, interval_count=12, last_done_on=due - timedelta(days=365), due_on=due)
                             for duty in ("calibration", "intermediate_check", "maintenance")]
            current.add(row)
    return people + 1


def send_until_empty(app: Any, box: Mailbox, deaths: int, prelude: str = "") -> int:
    """Pairs of senders at the same time until that many were killed, then one until nothing waits; returns kills."""
    running: list[subprocess.Popen[bytes]] = []
    kills = 0

    def kill() -> None:
        nonlocal kills
        kills += 1
        for process in running:
            process.kill()

    box.kill = kill
    for _round in range(3 * deaths):
        if kills == deaths:
            break
        running[:] = [subprocess.Popen([sys.executable, "-c", prelude + SENDER], env=environment_of(app, box),
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(2)]
        for process in running:
            process.wait(120)
    session().rollback()
    app.extensions["clock"] = system_clock
    use(app, box.url)
    for _round in range(40):
        if send_due(retry_now=True).waiting == 0:
            break
    return kills


def environment_of(app: Any, box: Mailbox) -> dict[str, str]:
    settings = app.extensions["settings"]
    return {"LIMS_DATA_DIR": str(settings.data_dir), "LIMS_DATABASE_URL": settings.database_url,
            "LIMS_SECRET_KEY": settings.secret_key, "LIMS_SMTP_URL": box.url, "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(Path(__file__).parents[2])}


def mishaps(seed: int, kill_at: set[int]) -> Any:
    rng = random.Random(seed)

    def happens(n: int) -> Mishap:
        draw = rng.random()
        if n in kill_at:
            return "kill_after" if n % 2 else "kill_before"
        return "refuse" if draw < 0.25 else "lose_reply" if draw < 0.30 else ""

    return happens


@pytest.mark.promise
@pytest.mark.fault
def test_every_alert_goes_out_at_least_once_and_never_as_two_messages(app: Any, box: Mailbox) -> None:
    queued = queue_overdue(app, people=300)
    box.mishap = mishaps(7, kill_at={5, 40, 121})
    kills = send_until_empty(app, box, deaths=3)
    rows = {row.message_id: row for row in outbox()}
    identities = box.identities()
    lost = len(rows.keys() - identities.keys()) + queued - len(rows)
    promise("P-R7", f"queued={queued} lost={lost} distinct_Message-ID={len(identities)} "
                    f"duplicate_deliveries={identities.total() - len(identities)} kills={kills}",
            target="lost=0,distinct=queued", kept=lost == 0 and len(identities) == queued and kills == 3)


@pytest.mark.fault
def test_the_same_trial_finds_a_sender_that_marks_before_it_sends(app: Any, box: Mailbox) -> None:
    queued = queue_overdue(app, people=30)
    box.mishap = mishaps(7, kill_at={4, 8})
    send_until_empty(app, box, deaths=2, prelude=MARKS_FIRST)
    assert len(box.identities()) < queued
