"""P-S7: what rots in the archive is found by the nightly check, told, and made again byte for byte."""
from __future__ import annotations

import random
from datetime import time
from typing import Any

import pysqlite3
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import undefer

from lims.alerts.archive_alarm import announce_damage
from lims.alerts.models import OutboxMessage
from lims.auth.models import User
from lims.issue import archive, integrity, planning, scrub, service
from lims.issue.models import Certificate, CertificateDocument
from lims.shared import task_runner
from lims.shared.db import db, session
from tests.conftest import PASSWORD, StoppedClock
from tests.lims import laboratory
from tests.lims.people import logged_in, person
from tests.lims.tampering import tamper
from tests.promises import promise

FLIPS = 100


@pytest.fixture
def head(app: Any) -> User:
    return laboratory.approver(laboratory.opened())


def issued(head: User, count: int) -> list[int]:
    items = laboratory.clones(laboratory.waiting(), count)
    return [one.certificate.id for one in service.issue_batch(items, signer=head, password=PASSWORD) if one.certificate]


def night(clock: StoppedClock) -> None:
    """The worker's clock passes the hour of the check, and the check is done."""
    clock.instant = clock.instant.replace(hour=20)  # 03:00 in Vietnam on the day after
    task_runner.enqueue_periodic()
    while task_runner.run_one():
        pass
    session().rollback()


def test_the_check_runs_at_night_and_finds_a_whole_archive_in_order(app: Any, head: User, clock: StoppedClock) -> None:
    issued(head, 2)
    assert time(0, 0) < scrub.AT < time(5, 0)
    night(clock)
    found = scrub.newest(session())
    assert found is not None
    assert (found.checked, found.rendered, found.faults) == (2, 2, ())
    assert announce_damage() == 0
    assert "Nguyên vẹn" in logged_in(app, person("quality_manager")).get("/archive/check").text


def test_a_damaged_file_is_told_on_the_page_and_by_one_mail_to_each_who_answers(
        app: Any, head: User, clock: StoppedClock) -> None:
    issued(head, 2)
    person("quality_manager")
    tamper("UPDATE certificate_document SET content = x'00' WHERE id = 1")
    night(clock)
    assert announce_damage() == 2  # quality manager and head
    assert announce_damage() == 0
    mails = session().scalars(sa.select(OutboxMessage)).all()
    assert all("C26-00001" in mail.body for mail in mails)
    manager = session().scalars(sa.select(User).where(User.username == "qualitymanager")).one()
    assert "C26-00001" in logged_in(app, manager).get("/archive/check").text
    assert logged_in(app, person("reception")).get("/archive/check").status_code == 403


def test_a_late_check_is_noticed(app: Any, head: User, clock: StoppedClock) -> None:
    issued(head, 1)
    begun = clock()
    assert not scrub.is_late(None, None, clock())
    clock.advance(days=2)
    assert scrub.is_late(None, begun, clock())
    night(clock)
    assert not scrub.is_late(scrub.newest(session()), begun, clock())


PLACES = {"pdf": ("certificate_document", "content"), "dcc": ("certificate_document", "content"),
          "record": ("certificate", "record")}


def flipped(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << (bit % 8)
    return bytes(changed)


def overwrite(table: str, column: str, row_id: int, content: bytes) -> None:
    session().rollback()
    connection = pysqlite3.connect(str(db.engine.url.database), isolation_level=None)
    connection.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (content, row_id))
    connection.close()
    session().expire_all()


def damaged(number: str) -> bool:
    """Whether the check without rendering, which looks at every document each night, names this one."""
    session().rollback()
    return any(found for name, found in integrity.documents(session(), integrity.Report(), lambda _one: False)
               if name == number)


def made_again(certificate_id: int) -> dict[str, bytes]:
    """PDF and DCC from the record and the stored container of the seal alone."""
    row = session().scalars(sa.select(Certificate).where(Certificate.id == certificate_id)
                            .options(undefer(Certificate.record))).one()
    made = planning.archived_again(row, archive.record_of(row), archive.container_of(row))
    assert made.dcc is not None
    return {"pdf": made.pdf, "dcc": made.dcc}


@pytest.mark.promise
def test_every_flipped_bit_is_found_and_the_file_made_again_byte_for_byte(app: Any, head: User) -> None:
    issued(head, 3)
    tamper()
    chance = random.Random(20261127)
    files = [(form, row.id, row.certificate_id) for row in session().scalars(sa.select(CertificateDocument))
             for form in (row.form,)]
    files += [("record", row, row) for row in session().scalars(sa.select(Certificate.id))]
    numbers: dict[int, str] = {row.id: row.number for row in session().execute(
        sa.select(Certificate.id, Certificate.number))}
    rebuilt = {certificate_id: made_again(certificate_id) for certificate_id in numbers}
    hit = equal = renderable = 0
    for _ in range(FLIPS):
        form, row_id, certificate_id = chance.choice(files)
        table, column = PLACES[form]
        whole = session().execute(sa.text(f"SELECT {column} FROM {table} WHERE id = {row_id}")).scalar_one()
        overwrite(table, column, row_id, flipped(whole, chance.randrange(8 * len(whole))))
        hit += damaged(numbers[certificate_id])
        if form != "record":
            renderable += 1
            equal += rebuilt[certificate_id][form] == whole
        overwrite(table, column, row_id, whole)
    assert not any(damaged(number) for number in numbers.values())
    promise("P-S7", f"flips={FLIPS} found={hit} rebuilt_byte_equal={equal}/{renderable} (PDF and DCC, from the record "
            "and the stored container; a damaged record comes back from a backup)",
            target=f"found={FLIPS}, every PDF and DCC rebuilt", kept=hit == FLIPS and equal == renderable)
