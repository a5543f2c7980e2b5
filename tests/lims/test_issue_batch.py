"""Batches in the background: signed once, looked at again at each item, in this process and in others alike."""
from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from lims.auth.models import Role, User
from lims.issue import service
from lims.issue.integrity import verify
from lims.issue.models import Approval, Certificate
from lims.issue.wording import I_APPROVE
from lims.jobs.models import JobItem
from lims.shared import task_runner, tasks
from lims.shared.db import session, write
from lims.shared.errors import Invalid, NotPermitted
from lims.shared.tasks import BackgroundTask
from tests.conftest import PASSWORD, StoppedClock
from tests.lims import factories, laboratory


@pytest.fixture
def head(app: Any) -> User:
    return laboratory.approver(laboratory.opened())


def asked(items: list[int], head: User, **other: Any) -> int:
    return service.request_batch(items, signer=head, password=PASSWORD, **other).id


def done(task_id: int) -> tuple[str, dict[str, str]]:
    """State, and the reason of each item that failed."""
    session().rollback()
    while task_runner.run_one():
        pass
    session().rollback()
    row = session().get_one(BackgroundTask, task_id, populate_existing=True)
    return row.state, {one.item: one.reason("en") for one in tasks.failures_of(task_id)}


def numbers() -> list[str]:
    session().rollback()
    return list(session().scalars(sa.select(Certificate.number).order_by(Certificate.serial)))


def test_the_signature_is_that_of_the_moment_of_asking(app: Any, head: User, clock: StoppedClock) -> None:
    items = laboratory.clones(laboratory.waiting(), 3)
    signed_at = clock()
    task_id = asked(items, head)
    clock.advance(minutes=20)
    assert done(task_id) == ("done", {})
    assert set(session().scalars(sa.select(Approval.at))) == {signed_at}
    assert set(session().scalars(sa.select(Approval.meaning).where(Approval.activity == "approve"))) == {I_APPROVE.vi}
    assert verify(session(), render=False).faults == []


def test_processes_give_the_same_as_one_thread(app_on_both: Any) -> None:
    head = laboratory.approver(laboratory.opened())
    items = laboratory.clones(laboratory.waiting(), 6)
    broken = session().get_one(JobItem, items[3])
    laboratory.reopen(broken)
    code = broken.code
    state, failures = done(asked(items, head))
    assert (state, list(failures)) == ("done", [code])
    assert numbers() == [f"C26-{n:05d}" for n in range(1, 6)]
    report = verify(session())  # every page is made again here, byte for byte
    assert report.faults == []


def test_a_result_that_changed_after_the_signature_is_not_issued(app: Any, head: User) -> None:
    user = factories.technician()
    item = laboratory.waiting(user=user)
    task_id = asked([item.id], head)
    service.send_back(item.id, reviewer=head, reason="Đo lại")
    factories.type_cells(item.worksheet, user, [factories.Change("main/1/ind/1", "100,2", 1, reason="đọc nhầm")])
    laboratory.submit_again(item, user)
    state, failures = done(task_id)
    assert (state, numbers()) == ("done", [])
    assert "The result has changed" in next(iter(failures.values()))


def test_whoever_lost_the_right_to_sign_meanwhile_issues_nothing(app: Any, head: User) -> None:
    items = laboratory.clones(laboratory.waiting(), 2)
    task_id = asked(items, head)
    with write("test.roles", actor=("", "test")) as current:
        session().get_one(User, head.id).roles = list(current.scalars(sa.select(Role).where(Role.name == "reception")))
    _state, failures = done(task_id)
    assert (len(failures), numbers()) == (2, [])


def test_an_item_issued_meanwhile_by_somebody_counts_as_done(app: Any, head: User) -> None:
    items = laboratory.clones(laboratory.waiting(), 2)
    task_id = asked(items, head)
    service.issue_certificate(items[0], signer=head, password=PASSWORD)
    assert done(task_id) == ("done", {})
    assert len(numbers()) == 2


def test_a_run_that_was_cut_after_some_commits_is_finished_by_the_next(app: Any, head: User,
                                                                      clock: StoppedClock) -> None:
    items = laboratory.clones(laboratory.waiting(), 3)
    task_id = asked(items, head)
    dead = task_runner.claim()
    assert dead is not None
    service.issue_certificate(items[0], signer=head, password=PASSWORD, idempotency_key=f"task-{task_id}/{items[0]}")
    clock.advance(seconds=31)
    assert done(task_id) == ("done", {})
    assert numbers() == ["C26-00001", "C26-00002", "C26-00003"]


def test_a_wrong_password_asks_for_nothing(app: Any, head: User) -> None:
    item = laboratory.waiting()
    with pytest.raises(NotPermitted):
        service.request_batch([item.id], signer=head, password="sai")
    assert session().scalar(sa.select(sa.func.count()).select_from(BackgroundTask)) == 0


@pytest.mark.parametrize("items", [[], list(range(1, 102))])
def test_a_batch_has_one_to_a_hundred_items(app: Any, head: User, items: list[int]) -> None:
    with pytest.raises(Invalid):
        asked(items, head)


def test_the_same_key_is_the_same_batch(app: Any, head: User) -> None:
    items = laboratory.clones(laboratory.waiting(), 1)
    assert asked(items, head, key="k") == asked(items, head, key="k")
