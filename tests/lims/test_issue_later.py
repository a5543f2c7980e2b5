"""A verification certificate says that it no longer counts once its instrument was verified again; its bytes stay."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from lims.auth.models import User
from lims.cli.certificate import _force
from lims.issue import afterwards, archive, issuing
from lims.issue.archive_filters import Filters
from lims.issue.check import check_file
from lims.issue.models import Certificate
from lims.jobs import submission
from lims.jobs.cells import Change
from lims.jobs.models import JobItem
from lims.owners.standing import standing
from lims.shared import clock
from lims.shared.db import session
from tests.conftest import PASSWORD
from tests.lims import factories, laboratory
from tests.lims.counting import statements_of
from tests.lims.factories import GAUGE

FAILING = {"main/3/up/1": "5,700", "main/3/down/1": "5,690"}


@pytest.fixture
def head(app: Any) -> User:
    return laboratory.approver(laboratory.opened(), GAUGE)


@pytest.fixture
def first(head: User) -> Certificate:
    item = laboratory.waiting(GAUGE, laboratory.officer(factories.technician(GAUGE, "kdv")))
    laboratory.confirmed_gauge(head)
    return issuing.issue_certificate(item.id, signer=head, password=PASSWORD)


def again(first: Certificate, head: User, **other: str) -> Certificate:
    """The same gauge on the same day, by somebody else; `other` cells stand in place of the good ones."""
    holder = laboratory.officer(factories.technician(GAUGE, f"kdv{first.id}{len(other)}"))
    sheet = first.item.worksheet
    assert sheet is not None
    own = factories.started(GAUGE, holder, of=first.item.instrument, served_by=sheet.standards[0].standard)
    factories.type_cells(own, holder, [Change(cell, other.get(cell, text), 0, "đọc lại hai lần", True)
                                       for cell, text in GAUGE.cells.items()])
    submission.submit(own.item.code, holder)
    made = issuing.issue_certificate(own.item.id, signer=head, password=PASSWORD)
    session().expire_all()
    return made


def page(app: Any, made: Certificate) -> str:
    text: str = app.test_client().get(f"/v/{made.number}?c={made.code}").text
    return text


def numbers(state: str) -> list[str]:
    return [row.number for row in session().scalars(Filters(state=state).query(clock.today()))]


def test_a_later_failure_ends_the_certificate_on_its_page_its_sticker_and_in_the_archive(
        app: Any, head: User, first: Certificate) -> None:
    content = archive.pdf_of(first).content
    failed = again(first, head, **FAILING)
    told = page(app, first)
    assert "Giấy không còn hiệu lực" in told
    assert f"từ ngày {failed.performed_on:%d/%m/%Y}: lần kiểm định sau của phương tiện này không đạt" in told
    assert standing(first).state == "ended"
    assert (numbers("ended"), numbers("valid"), numbers("failed")) == ([first.number], [], [failed.number])
    assert archive.status(failed, clock.today()).state == "failed"
    record = check_file(archive.pdf_of(failed).content)
    assert (record.verdict.value, record.archived and record.archived.status.value) == ("authentic", "failed")
    assert "DID NOT PASS" in _force(record)
    found = check_file(content)
    assert (found.verdict.value, found.archived and found.archived.status.value) == ("authentic", "ended")
    assert found.archived is not None
    assert found.archived.ended_on == failed.performed_on
    assert failed.number in found.archived.reason
    afterwards.withdraw(failed.id, signer=head, password=PASSWORD, reason="đo nhầm máy")
    session().expire_all()
    assert "Giấy còn hiệu lực" in page(app, first)
    assert archive.pdf_of(first).content == content


def test_the_certificate_of_a_later_verification_takes_its_place(app: Any, head: User, first: Certificate) -> None:
    second = again(first, head)
    told = page(app, first)
    assert "Giấy không còn hiệu lực" in told
    assert f"giấy đang có hiệu lực là giấy số {second.number}" in told
    assert "Giấy còn hiệu lực" in page(app, second)
    assert (standing(first).state, standing(second).state) == ("ended", "valid")


def test_the_replacement_of_an_earlier_document_of_the_day_ends_nothing(head: User, first: Certificate) -> None:
    second = again(first, head)
    afterwards.amend(first.id, signer=head, password=PASSWORD, changes="tên khách hàng", reason="ghi sai tên")
    session().expire_all()
    holder = first.item.assigned_to
    assert holder is not None
    submission.submit(first.item.code, holder)
    replacement = issuing.issue_certificate(first.item_id, signer=head, password=PASSWORD)
    session().expire_all()
    assert replacement.id > second.id
    assert [archive.status(one, clock.today()).state for one in (first, second, replacement)] == [
        "superseded", "valid", "ended"]
    assert numbers("ended") == [replacement.number]


def test_what_failed_after_the_last_day_had_expired_before(head: User, first: Certificate) -> None:
    again(first, head, **FAILING)
    session().execute(sa.text("DROP TRIGGER certificate_no_update"))
    session().execute(sa.update(Certificate).where(Certificate.id == first.id).values(
        valid_until=first.performed_on - timedelta(days=1)))
    session().expire_all()
    assert archive.status(first, clock.today()).state == "expired"
    assert numbers("expired") == [first.number]


def test_the_status_of_many_costs_one_question(head: User, first: Certificate) -> None:
    again(first, head)
    wanted = sa.select(Certificate).options(selectinload(Certificate.events)).order_by(Certificate.id)

    def asked(most: int) -> int:
        return statements_of(lambda: archive.statuses(session().scalars(wanted.limit(most)).all(), clock.today()))

    assert asked(2) == asked(1)


def test_a_failure_under_another_item_of_the_list_ends_nothing(head: User, first: Certificate) -> None:
    again(first, head, **FAILING)
    assert numbers("ended") == [first.number]
    under_32 = factories.published("sphygmomanometer").id
    session().execute(sa.update(JobItem).where(JobItem.id == first.item_id).values(procedure_id=under_32))
    session().expire_all()
    assert (archive.status(first, clock.today()).state, numbers("ended")) == ("valid", [])
