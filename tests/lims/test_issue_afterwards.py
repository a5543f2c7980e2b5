"""After the issue: amended documents are linked both ways, withdrawn ones readable, archived bytes never change."""
from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from lims.auth.models import User
from lims.issue import archive, service
from lims.issue.archive_filters import Filters
from lims.issue.integrity import verify
from lims.issue.issuing import NotReady
from lims.issue.models import Certificate
from lims.jobs.models import JobItem
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import Conflict, Invalid, NotPermitted
from tests.conftest import PASSWORD
from tests.lims import factories, laboratory


@pytest.fixture
def head(app: Any) -> User:
    return laboratory.approver(laboratory.opened())


def issued(head: User) -> tuple[JobItem, User, Certificate]:
    user = factories.technician()
    item = laboratory.waiting(user=user)
    return item, user, service.issue_certificate(item.id, signer=head, password=PASSWORD)


def replaced(head: User) -> tuple[Certificate, Certificate]:
    """A document and the one that replaced it."""
    item, user, first = issued(head)
    service.amend(first.id, signer=head, password=PASSWORD, changes="Số chỉ đọc lại: 100,2 V", reason="Đọc nhầm")
    factories.type_cells(item.worksheet, user, [factories.Change("main/1/ind/1", "100,2", 1, reason="đọc nhầm")])
    laboratory.submit_again(item, user)
    return first, service.issue_certificate(item.id, signer=head, password=PASSWORD)


def state_of(certificate: Certificate) -> archive.Status:
    session().expire_all()
    return archive.status(certificate, clock.today())


def test_an_amendment_has_its_own_number_and_both_documents_name_each_other(app_on_both: Any) -> None:
    first, second = replaced(laboratory.approver(laboratory.opened()))
    amendment = archive.record_of(second).amendment
    assert (second.number, second.edition, second.replaces_id) == ("C26-00002", 2, first.id)
    assert amendment is not None
    assert (amendment.replaces, amendment.reason.vi) == ("C26-00001", "Đọc nhầm")
    assert [change.vi for change in amendment.changes] == ["Số chỉ đọc lại: 100,2 V"]
    assert (state_of(first).state, state_of(first).by, state_of(second).state) == ("superseded", "C26-00002", "valid")


def test_what_was_issued_stays_byte_for_byte_when_it_is_replaced_or_withdrawn(head: User) -> None:
    item, user, first = issued(head)
    before = archive.pdf_of(first).content, first.record
    service.amend(first.id, signer=head, password=PASSWORD, changes="Tên", reason="Sai tên")
    laboratory.submit_again(item, user)
    second = service.issue_certificate(item.id, signer=head, password=PASSWORD)
    service.withdraw(second.id, signer=head, password=PASSWORD, reason="Khách hàng báo nhầm phương tiện")
    session().expire_all()
    assert (archive.pdf_of(first).content, first.record) == before
    assert verify(session()).faults == []


def test_an_older_document_cannot_be_amended_again(head: User) -> None:
    first, _second = replaced(head)
    with pytest.raises(Conflict, match="replaced"):
        service.amend(first.id, signer=head, password=PASSWORD, changes="a", reason="b")


def test_an_amendment_is_ordered_once_and_says_what_and_why(head: User) -> None:
    _item, _user, first = issued(head)
    for changes, reason, field in ((" ", "b", "changes"), ("a", " ", "reason")):
        with pytest.raises(Invalid) as refused:
            service.amend(first.id, signer=head, password=PASSWORD, changes=changes, reason=reason)
        assert refused.value.field == field
    service.amend(first.id, signer=head, password=PASSWORD, changes="a", reason="b")
    with pytest.raises(Conflict):
        service.amend(first.id, signer=head, password=PASSWORD, changes="a", reason="b")


def test_a_second_document_without_an_order_to_amend_is_stopped(head: User) -> None:
    item, user, _first = issued(head)
    laboratory.reopen(item)
    laboratory.submit_again(item, user)
    with pytest.raises(NotReady, match="What changes"):
        service.issue_certificate(item.id, signer=head, password=PASSWORD)


def test_a_withdrawal_needs_a_reason_a_password_and_happens_once(head: User) -> None:
    _item, _user, first = issued(head)
    with pytest.raises(Invalid):
        service.withdraw(first.id, signer=head, password=PASSWORD, reason="  ")
    with pytest.raises(NotPermitted):
        service.withdraw(first.id, signer=head, password="sai", reason="nhầm")
    service.withdraw(first.id, signer=head, password=PASSWORD, reason="nhầm")
    assert (state_of(first).state, state_of(first).reason) == ("withdrawn", "nhầm")
    with pytest.raises(Conflict):
        service.withdraw(first.id, signer=head, password=PASSWORD, reason="nhầm")


def test_a_verification_expires_after_its_last_day(head: User, clock: Any) -> None:
    user = laboratory.officer(factories.technician(factories.GAUGE, "kdv"))
    item = laboratory.waiting(factories.GAUGE, user)
    laboratory.confirmed_gauge(laboratory.approver(head, factories.GAUGE))
    certificate = service.issue_certificate(item.id, signer=head, password=PASSWORD)
    assert certificate.valid_until is not None
    assert certificate.valid_until.isoformat() == "2027-11-23"
    clock.advance(days=365)
    assert state_of(certificate).state == "valid"
    clock.advance(days=1)
    assert state_of(certificate).state == "expired"


@pytest.mark.parametrize("statement", [
    "UPDATE certificate SET number = 'X'", "DELETE FROM certificate", "UPDATE certificate_document SET content = x'00'",
    "DELETE FROM approval", "UPDATE certificate_event SET reason = ''"])
def test_the_database_refuses_to_change_what_was_issued(head: User, statement: str) -> None:
    _first, _second = replaced(head)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        session().execute(sa.text(statement))
    session().rollback()


@pytest.mark.parametrize("text", ["C26-00001", "c26 - 00001", "SN-00001", "sn00001", "noi hoi tan an", "van nang"])
def test_the_archive_is_found_by_number_customer_and_serial_without_accents(head: User, text: str) -> None:
    _item, _user, first = issued(head)
    assert [row.id for row in session().scalars(Filters(text=text).query(clock.today()))] == [first.id]
    assert session().scalars(Filters(text="không có gì như vậy").query(clock.today())).all() == []
