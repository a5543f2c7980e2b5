"""P-S1, P-S7: whoever changes a document, its raw data or the trail below the triggers is found by one command."""
from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from certificates import document
from lims.issue import archive, integrity, planning, service
from lims.issue.integrity import Anchor
from lims.issue.models import Certificate
from lims.issue.raw_rows import APPEND_ONLY, FROZEN_WHEN_FINISHED, GUARDED
from lims.shared import audit
from lims.shared.audit import AuditHead
from lims.shared.db import Base, db, session, writing
from tests.conftest import PASSWORD, StoppedClock, _application
from tests.lims import factories, laboratory
from tests.promises import promise

SAMPLE = 200
Tampering = Callable[[sa.Connection, random.Random], None]


@pytest.fixture(scope="module")
def shared_app(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One application for the whole module: every test takes its tampering back."""
    folder = tmp_path_factory.mktemp("tampering")
    shutil.copy(sqlite_template, folder / "lims.db")
    yield from _application(f"sqlite:///{folder / 'lims.db'}", folder, StoppedClock())


@pytest.fixture(scope="module")
def issued(shared_app: Any) -> list[Certificate]:
    """Four documents: one replaced by the last, one withdrawn."""
    head = laboratory.approver(laboratory.opened())
    user = factories.technician()
    first = laboratory.waiting(user=user)
    ids = [first.id, *laboratory.clones(first, 2)]
    made = [service.issue_certificate(item_id, signer=head, password=PASSWORD) for item_id in ids]
    service.withdraw(made[1].id, signer=head, password=PASSWORD, reason="nhầm phương tiện")
    service.amend(made[0].id, signer=head, password=PASSWORD, changes="tên", reason="sai tên")
    laboratory.submit_again(first, user)
    return [*made, service.issue_certificate(first.id, signer=head, password=PASSWORD)]


@contextmanager
def tampered(act: Callable[[sa.Connection], None]) -> Iterator[Session]:
    """The database as it would be after this act by somebody with its password; taken back afterwards."""
    session().rollback()
    with writing(), db.engine.connect() as connection:
        transaction = connection.begin()
        triggers = connection.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        for name, _sql in triggers:
            connection.execute(sa.text(f"DROP TRIGGER {name}"))
        act(connection)
        for _name, sql in triggers:  # a careful hand puts them back
            connection.execute(sa.text(sql))
        with Session(bind=connection, join_transaction_mode="create_savepoint") as inside:
            yield inside
        transaction.rollback()


def faults(act: Callable[[sa.Connection], None], *anchors: Anchor) -> list[str]:
    with tampered(act) as inside:
        return integrity.verify(inside, render=False, anchors=anchors).faults


def run(*statements: str) -> Callable[[sa.Connection], None]:
    def act(connection: sa.Connection) -> None:
        for statement in statements:
            connection.execute(sa.text(statement))
    return act


def head_now() -> Anchor:
    row = session().get_one(AuditHead, 1)
    return Anchor(row.seq, row.link)


def test_what_nobody_touched_is_in_order(issued: list[Certificate]) -> None:
    report = integrity.verify(session(), anchors=[head_now()])
    assert report.faults == []
    assert (report.counts["documents"], report.counts["documents rendered again"]) == (4, 4)
    assert faults(lambda _connection: None) == []


EXAMPLES = {
    "a byte of an archived PDF": "UPDATE certificate_document SET content = CAST(substr(content, 1, 900) || x'00' || "
                                 "substr(content, 902) AS BLOB) WHERE id = 2",
    "a PDF that is no longer one": "UPDATE certificate_document SET content = 'x' WHERE id = 2",
    "a byte of a record": "UPDATE certificate SET record = CAST(replace(record, 'SN-', 'SM-') AS BLOB) WHERE id = 1",
    "the serial in the list": "UPDATE certificate SET object_serial = 'SN-00007' WHERE id = 1",
    "the last day of validity": "UPDATE certificate SET valid_until = '2036-01-01' WHERE id = 1",
    "the number": "UPDATE certificate SET number = 'C26-00009', number_key = 'C26-00009' WHERE id = 2",
    "who approved": "UPDATE approval SET person = 'Ai đó' WHERE id = 1",
    "a withdrawal taken back": "DELETE FROM certificate_event WHERE kind = 'withdrawn'",
    "a replacement hidden": "DELETE FROM certificate_event WHERE kind = 'superseded'",
    "a reading": "UPDATE observation SET text = '100,0', value = '100.0' WHERE cell = 'main/1/ind/1'",
    "a reading removed": "DELETE FROM observation WHERE id = 3",
    "the standard's certificate": "UPDATE standard_value SET uncertainty_text = '0,0001' WHERE id = 1",
    "the counter": "UPDATE series SET next = next + 1",
    "who measured": "UPDATE worksheet SET performed_by_id = 1 WHERE id = 1",
    "the day of measuring": "UPDATE worksheet SET performed_on = '2026-01-05' WHERE id = 1",
    "what departed from the procedure": "UPDATE worksheet SET deviation = 'không' WHERE id = 1",
    "who chose the standard": "UPDATE worksheet_standard SET added_by_id = 1 WHERE id = 1",
    "a standard taken from the sheet": "DELETE FROM worksheet_standard WHERE id = 1",
    "a standard put on a sheet": "INSERT INTO worksheet_standard SELECT 999, worksheet_id, 'khac', standard_id, "
                                 "certificate_id, added_at, added_by_id, override_reason, whole_id "
                                 "FROM worksheet_standard WHERE id = 1",
    "what a replacement was for": "UPDATE amendment SET reason = 'khác' WHERE id = 1",
    "who is authorised": "UPDATE authorisation SET valid_from = '2000-01-01' WHERE id = 1",
    "when a standard is due": "UPDATE schedule SET due_on = '2036-01-01' WHERE id = 1",
    "the serial in the register": "UPDATE instrument SET serial = 'SN-99999' WHERE id = 1",
    "a result": "UPDATE result SET evaluation = replace(evaluation, '0.05', '0.04') WHERE id = 1",
    "a public key": "UPDATE signing_key SET public_key = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='",
}


@pytest.mark.parametrize("what", EXAMPLES)
def test_a_change_below_the_triggers_is_found(issued: list[Certificate], what: str) -> None:
    assert faults(run(EXAMPLES[what])) != []


def test_a_trigger_that_is_gone_is_found(issued: list[Certificate]) -> None:
    for table in GUARDED:
        with tampered(run()) as inside:
            inside.execute(sa.text(f"DROP TRIGGER {table}_no_delete"))
            assert [fault for fault in integrity.verify(inside, render=False).faults if table in fault] != []


def test_every_append_only_table_of_the_schema_is_watched(shared_app: Any) -> None:
    triggers = session().scalars(sa.text("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'"))
    assert set(triggers) == {*GUARDED, *FROZEN_WHEN_FINISHED}


def test_a_pdf_rendered_from_a_changed_record_is_found_by_the_seal(issued: list[Certificate]) -> None:
    """Record, digest, PDF, links and events rewritten together: the seal needs a key that is not in the database."""
    target = issued[-1]
    record = target.record.replace(b"SN-00001", b"SN-00007")

    def act(connection: sa.Connection) -> None:
        rewrite_record(connection, target.id, record)
        rewrite_audit(connection, lambda entity, _id, changes: _forged(entity, changes, record))

    assert [fault for fault in faults(act) if "seal" in fault] != []


@pytest.mark.promise
def test_a_sample_of_tamperings_is_found_without_a_false_alarm(issued: list[Certificate]) -> None:
    chance, kept = random.Random(1), head_now()
    kinds: tuple[Tampering, ...] = (change_a_byte, delete_a_row, cut_the_tail, rewrite_the_trail)
    missed, alarms = [], 0
    for turn in range(SAMPLE):
        act = kinds[turn % len(kinds)]
        seed = chance.random()
        if not faults(lambda connection, act=act, seed=seed: act(connection, random.Random(seed)), kept):
            missed.append(f"{act.__name__} {seed}")
        if turn % 20 == 0:
            alarms += len(integrity.verify(session(), render=False, anchors=[kept]).faults)
    promise("P-S1", f"tampered={SAMPLE} detected={SAMPLE - len(missed)} false_alarms={alarms}",
            target=f"detected={SAMPLE} false_alarms=0", kept=not missed and not alarms)


@pytest.mark.promise
def test_a_flipped_bit_is_found_and_the_document_is_made_again_byte_for_byte(issued: list[Certificate]) -> None:
    chance, flips, found, rebuilt = random.Random(7), 100, 0, 0
    archived = {one.id: archive.pdf_of(one) for one in issued}
    originals = {one.id: (one, archived[one.id].content, archived[one.id].sha256) for one in issued}
    pages = {one.id: planning.archived_again(one, archive.record_of(one), archive.container_of(one)).pdf
             for one in issued}
    for _ in range(flips):
        one, content, sha256 = originals[chance.choice(sorted(originals))]
        spoiled = bytearray(content)
        spoiled[chance.randrange(len(spoiled))] ^= 1 << chance.randrange(8)
        found += hashlib.sha256(spoiled).hexdigest() != sha256
        rebuilt += pages[one.id] == content
    promise("P-S7", f"flips={flips} found={found} rebuilt_byte_equal={rebuilt}",
            target=f"found={flips} rebuilt_byte_equal={flips}", kept=found == rebuilt == flips)


TEXTS = (("certificate", "record"), ("certificate", "customer_name"), ("certificate", "qr_payload"),
         ("certificate", "link"), ("certificate_document", "content"), ("observation", "text"),
         ("result", "evaluation"), ("approval", "title"), ("audit_event", "changes"), ("audit_transaction", "actor"),
         ("standard_value", "nominal_text"))


def change_a_byte(connection: sa.Connection, chance: random.Random) -> None:
    """One byte of one cell becomes another."""
    table, column = chance.choice(TEXTS)
    rows = connection.execute(sa.text(
        f"SELECT rowid, CAST({column} AS BLOB) FROM {table} WHERE length({column}) > 0 ORDER BY rowid")).all()
    rowid, value = chance.choice(rows)
    spoiled = bytearray(value)
    place = chance.randrange(len(spoiled))
    spoiled[place] = (spoiled[place] + 1) % 127 if spoiled[place] < 126 else spoiled[place] ^ 1
    kept: Any = bytes(spoiled) if column in ("record", "content") else bytes(spoiled).decode("utf-8", "replace")
    connection.execute(sa.text(f"UPDATE {table} SET {column} = :kept WHERE rowid = :rowid"),
                       {"kept": kept, "rowid": rowid})


def delete_a_row(connection: sa.Connection, chance: random.Random) -> None:
    """One row of a table that only grows disappears."""
    tables = [name for name in APPEND_ONLY
              if connection.scalar(sa.text(f"SELECT count(*) FROM {name}"))]
    table = chance.choice(tables)
    rowid = chance.choice(list(connection.scalars(sa.text(f"SELECT rowid FROM {table} ORDER BY rowid"))))
    connection.execute(sa.text("PRAGMA defer_foreign_keys = ON"))
    connection.execute(sa.text(f"DELETE FROM {table} WHERE rowid = :rowid"), {"rowid": rowid})


def cut_the_tail(connection: sa.Connection, chance: random.Random) -> None:
    """The newest transactions of the trail are taken away, and its head set back."""
    last = connection.scalar(sa.text("SELECT max(seq) FROM audit_transaction")) or 0
    keep = last - chance.randint(1, 5)
    connection.execute(sa.text("DELETE FROM audit_event WHERE seq > :keep"), {"keep": keep})
    connection.execute(sa.text("DELETE FROM audit_transaction WHERE seq > :keep"), {"keep": keep})
    connection.execute(sa.text("UPDATE audit_head SET seq = :keep, "
                               "link = (SELECT link FROM audit_transaction WHERE seq = :keep)"), {"keep": keep})


def rewrite_the_trail(connection: sa.Connection, chance: random.Random) -> None:
    """Another reading is put in the place of one, and the whole trail is calculated again to fit it."""
    rows = connection.execute(sa.text("SELECT id, text FROM observation WHERE value IS NOT NULL ORDER BY id")).all()
    identity, text = chance.choice(rows)
    other = text[:-1] + str((int(text[-1]) + 1) % 10)
    connection.execute(sa.text("UPDATE observation SET text = :other WHERE id = :id"), {"other": other, "id": identity})

    def forged(entity: str, entity_id: str, changes: dict[str, Any]) -> None:
        if (entity, entity_id) == ("observation", str(identity)):
            changes["text"] = [None, other]

    rewrite_audit(connection, forged)


def rewrite_audit(connection: sa.Connection, forge: Callable[[str, str, dict[str, Any]], None]) -> None:
    """Change events and calculate every digest and link of the trail again, as its own code does."""
    link = audit.GENESIS
    for row in connection.execute(sa.text("SELECT * FROM audit_transaction ORDER BY seq")).mappings().all():
        bodies = []
        for event in connection.execute(sa.text("SELECT * FROM audit_event WHERE seq = :seq ORDER BY position"),
                                        {"seq": row["seq"]}).mappings().all():
            changes = json.loads(event["changes"])
            forge(event["entity"], event["entity_id"], changes)
            connection.execute(sa.text("UPDATE audit_event SET changes = :changes WHERE id = :id"),
                               {"changes": audit.canonical_json(changes), "id": event["id"]})
            bodies.append({"entity": event["entity"], "id": event["entity_id"], "operation": event["operation"],
                           "changes": changes})
        instant = Base.metadata.tables["audit_transaction"].c.at.type.process_result_value(
            audit.datetime.fromisoformat(row["at"]), connection.dialect)
        digest = audit._digest(row["seq"], instant, row["actor_id"], row["actor"], row["action"], row["reason"], bodies)
        link = audit._link(link, digest)
        connection.execute(sa.text("UPDATE audit_transaction SET digest = :digest, link = :link WHERE seq = :seq"),
                           {"digest": digest, "link": link, "seq": row["seq"]})
    connection.execute(sa.text("UPDATE audit_head SET link = :link"), {"link": link})


def rewrite_record(connection: sa.Connection, certificate_id: int, record: bytes) -> None:
    """Another record in the place of the newest one, with digest and link to fit."""
    digest = document.digest(record)
    previous = connection.scalar(sa.text("SELECT link FROM certificate WHERE id < :id ORDER BY id DESC LIMIT 1"),
                                 {"id": certificate_id})
    link = document.link(previous, digest)
    connection.execute(sa.text("UPDATE certificate SET record = :record, record_digest = :digest, link = :link, "
                               "object_serial = 'SN-00007' WHERE id = :id"),
                       {"record": record, "digest": digest, "link": link, "id": certificate_id})
    connection.execute(sa.text("UPDATE series SET link = :link"), {"link": link})


def _forged(entity: str, changes: dict[str, Any], record: bytes) -> None:
    if entity == "certificate" and "record" in changes:
        changes["record"] = [None, f"sha256:{document.digest(record)}"]
