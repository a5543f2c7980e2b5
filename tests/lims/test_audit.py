"""The audit trail records every change and shows every tampering."""
from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa

from lims.auth.service import set_roles
from lims.shared.audit import AuditEvent, AuditHead, AuditTransaction, verify_chain
from lims.shared.db import session, write
from tests.lims.people import person
from tests.lims.tampering import tamper


def faults() -> list[str]:
    return list(verify_chain(session()))


def test_a_change_is_recorded_with_old_and_new_values_and_who(app_on_both: Any) -> None:
    user = person("technician")
    set_roles(user.id, ["reviewer"])
    created, changed = session().scalars(sa.select(AuditTransaction).order_by(AuditTransaction.seq)).all()
    assert (created.action, created.actor) == ("user.create", "test")
    event = session().scalars(sa.select(AuditEvent).where(AuditEvent.seq == changed.seq)).one()
    assert json.loads(event.changes) == {"roles": [["technician"], ["reviewer"]]}
    assert faults() == []


def test_a_password_is_never_in_the_trail(app: Any) -> None:
    user = person("technician")
    trail = "".join(session().scalars(sa.select(AuditEvent.changes)))
    assert user.password not in trail


def test_what_is_rolled_back_leaves_no_trace(app_on_both: Any) -> None:
    with pytest.raises(ZeroDivisionError), write("broken") as current:
        current.execute(sa.text("SELECT 1"))
        person_row = AuditHead(id=2, seq=0, link="x")
        current.add(person_row)
        raise ZeroDivisionError
    assert session().get(AuditHead, 2) is None
    assert session().scalar(sa.select(sa.func.count()).select_from(AuditTransaction)) == 0


def test_a_change_outside_write_is_refused_by_the_next_use_case(app: Any) -> None:
    user = person("technician")
    user.title = "changed without a use case"
    with pytest.raises(RuntimeError), write("anything"):
        pass


@pytest.mark.parametrize("table", ["audit_transaction", "audit_event"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET seq = seq + 100", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_the_trail(app_on_both: Any, table: str, statement: str) -> None:
    person("technician")
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        session().execute(sa.text(statement.format(table)))
    session().rollback()


TAMPERINGS = {
    "a byte": "UPDATE audit_event SET changes = replace(changes, 'Nguyễn', 'Nguyen') WHERE seq = 1",
    "a row": "DELETE FROM audit_event WHERE seq = 2",
    "the actor": "UPDATE audit_transaction SET actor = 'nobody' WHERE seq = 1",
    "the tail": "DELETE FROM audit_transaction WHERE seq = 3",
    "the middle": "DELETE FROM audit_transaction WHERE seq = 2",
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_tampering_below_the_triggers_is_found(app: Any, what: str) -> None:
    for name in ("an", "binh", "chi"):
        person("technician", name)
    tamper(TAMPERINGS[what])
    assert faults() != []
