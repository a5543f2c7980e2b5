"""Background work: in the caller's transaction, done at least once, told with its failures, by its owner only."""
from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lims.shared import clock, task_files, task_runner, task_worker, tasks
from lims.shared.audit import AuditTransaction, verify_chain
from lims.shared.db import db, session, write
from lims.shared.errors import Invalid
from lims.shared.tasks import BackgroundTask
from tests.conftest import StoppedClock
from tests.lims.counting import statements_of
from tests.lims.people import logged_in, person

TITLE = ("Thử", "Trial")
ITEMS = ["a", "b", "c"]


@pytest.fixture
def kinds() -> Iterator[dict[str, Any]]:
    """Registered handlers, put back after the test."""
    handlers, periods = dict(tasks.HANDLERS), dict(tasks.PERIODIC)
    tasks.HANDLERS.clear()
    tasks.PERIODIC.clear()
    yield tasks.HANDLERS
    tasks.HANDLERS.clear()
    tasks.HANDLERS.update(handlers)
    tasks.PERIODIC.clear()
    tasks.PERIODIC.update(periods)


def asked(kind: str = "trial", actor: tuple[str, str] = ("7", "Lê An"), **other: Any) -> BackgroundTask:
    with write("test.ask", actor=actor):
        return tasks.enqueue(kind, {"items": ITEMS}, TITLE, len(ITEMS), **other)


def again(row: BackgroundTask) -> BackgroundTask:
    session().rollback()
    return session().get_one(BackgroundTask, row.id, populate_existing=True)


def each(work: Any, payload: Any) -> None:
    for done, item in enumerate(payload["items"], start=1):
        if item == "b":
            work.failed(item, Invalid("Hỏng.", "Broken."))
        work.progress(done)
    work.result({"seen": payload["items"]})
    work.file("ket-qua.txt", b"xin " * 700_000, "text/plain")


def test_a_task_is_done_with_its_failures_result_and_file(app_on_both: Any, kinds: dict[str, Any]) -> None:
    kinds["trial"] = each
    row = asked()
    assert task_worker.run_waiting(app_on_both) == 1
    row = again(row)
    assert (row.state, row.done, row.total, row.result) == ("done", 3, 3, '{"seen": ["a", "b", "c"]}')
    assert [(one.item, one.reason("vi")) for one in tasks.failures_of(row.id)] == [("b", "Hỏng.")]
    (file,) = task_files.files_of(row.id)
    assert (file.name, file.size, b"".join(task_files.parts_of(file.id))) == (
        "ket-qua.txt", 2_800_000, b"xin " * 700_000)


def test_a_task_of_a_transaction_that_is_undone_never_was(app_on_both: Any, kinds: dict[str, Any]) -> None:
    kinds["trial"] = each
    with pytest.raises(RuntimeError), write("test.ask", actor=("7", "Lê An")):
        tasks.enqueue("trial", {}, TITLE)
        raise RuntimeError
    assert task_worker.run_waiting(app_on_both) == 0


def test_asking_and_ending_are_audited_and_progress_is_not(app: Any, kinds: dict[str, Any]) -> None:
    kinds["trial"] = lambda work, payload: [work.progress(n) for n in range(1, 4)]
    asked()
    task_worker.run_waiting(app)
    trail = session().execute(sa.select(AuditTransaction.action, AuditTransaction.actor)).all()
    assert [tuple(row) for row in trail] == [("test.ask", "Lê An"), ("task.end", "Lê An")]
    assert list(verify_chain(session())) == []


def test_changes_made_by_a_task_are_those_of_whoever_asked(app: Any, kinds: dict[str, Any]) -> None:
    def change(work: Any, payload: Any) -> None:
        with write("test.change"):
            tasks.enqueue("other", {}, TITLE, not_before=clock.now() + timedelta(days=1))

    kinds["trial"] = kinds["other"] = change
    asked()
    task_runner.run_one()
    assert session().scalar(sa.select(AuditTransaction.actor).where(
        AuditTransaction.action == "test.change")) == "Lê An"


def test_a_dead_worker_is_followed_by_another_and_its_word_counts_no_more(
        app_on_both: Any, kinds: dict[str, Any], clock: StoppedClock) -> None:
    kinds["trial"] = each
    row = asked()
    dead = task_runner.claim()
    assert dead is not None
    assert task_runner.claim() is None  # it may still live
    clock.advance(seconds=31)
    assert task_runner.run_one()
    assert again(row).state == "done"
    with pytest.raises(task_runner.Lost):
        dead.progress(3)
    assert again(row).attempts == 2


def test_a_worker_whose_process_is_gone_is_followed_at_once(app: Any, kinds: dict[str, Any],
                                                            monkeypatch: pytest.MonkeyPatch) -> None:
    kinds["trial"] = each
    asked()
    with monkeypatch.context() as patched:
        patched.setattr(task_runner.os, "getpid", lambda: 2 ** 22 + 1)  # above the largest process number
        assert task_runner.claim() is not None
    assert task_runner.run_one()


def test_a_task_that_kills_its_workers_is_given_up(app: Any, kinds: dict[str, Any], clock: StoppedClock) -> None:
    kinds["trial"] = each
    row = asked()
    for _ in range(task_runner.MOST_STALLED):
        assert task_runner.claim() is not None
        clock.advance(seconds=31)
    assert task_runner.claim() is None
    assert again(row).state == "failed"
    assert "5" in again(row).error("en")


def test_an_unexpected_fault_ends_the_task_with_words_and_the_worker_lives(
        app: Any, kinds: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    kinds["trial"] = lambda work, payload: 1 / 0
    kinds["other"] = each
    row, other = asked(), asked("other")
    assert task_worker.run_waiting(app) == 2
    assert "ZeroDivisionError" in again(row).error("vi")
    assert again(other).state == "done"
    assert "ZeroDivisionError" in caplog.text


def test_a_running_task_is_cancelled_between_two_items(app: Any, kinds: dict[str, Any]) -> None:
    def slow(work: Any, payload: Any) -> None:
        work.progress(1)
        tasks.cancel(work.id, 7, oversees=False)
        work.progress(3)

    kinds["trial"] = slow
    row = asked()
    task_runner.run_one()
    assert (again(row).state, again(row).done) == ("cancelled", 3)


def test_a_worker_told_to_stop_leaves_the_rest_to_the_next(app: Any, kinds: dict[str, Any]) -> None:
    def stopped(work: Any, payload: Any) -> None:
        work.stopping.set()
        work.progress(1)

    kinds["trial"] = stopped
    row = asked()
    task_runner.run_one()
    assert again(row).state == "waiting"
    kinds["trial"] = each
    task_runner.run_one()
    assert again(row).state == "done"


def test_progress_inside_a_transaction_is_refused(app: Any, kinds: dict[str, Any]) -> None:
    def wrong(work: Any, payload: Any) -> None:
        with write("test.wrong"):
            work.progress(1)

    kinds["trial"] = wrong
    row = asked()
    task_runner.run_one()
    assert "RuntimeError" in again(row).error("en")


def test_two_workers_do_each_task_once(app_on_both: Any, kinds: dict[str, Any]) -> None:
    seen: list[int] = []
    kinds["trial"] = lambda work, payload: seen.append(work.id)
    rows = [asked().id for _ in range(12)]
    threads = [threading.Thread(target=task_worker.run_waiting, args=(app_on_both,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    task_worker.run_waiting(app_on_both)
    assert sorted(seen) == rows


def test_a_nightly_task_is_made_once_a_day_from_its_hour(app_on_both: Any, kinds: dict[str, Any],
                                                        clock: StoppedClock) -> None:
    kinds["night"] = lambda work, payload: None
    tasks.periodic("night", TITLE, time(9, 30))
    task_runner.enqueue_periodic()  # 09:00 in Vietnam
    assert session().scalars(sa.select(BackgroundTask)).all() == []
    clock.advance(minutes=30)
    threads = [threading.Thread(target=in_context, args=(app_on_both,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    clock.advance(hours=3)
    task_runner.enqueue_periodic()
    session().rollback()
    assert list(session().scalars(sa.select(BackgroundTask.period))) == ["night@2026-11-23"]
    clock.advance(hours=21)
    task_runner.enqueue_periodic()
    assert len(session().scalars(sa.select(BackgroundTask)).all()) == 2


def in_context(app: Any) -> None:
    with app.app_context():
        task_runner.enqueue_periodic()
        db.session.remove()


def test_a_file_is_dropped_after_two_weeks(app_on_both: Any, kinds: dict[str, Any], clock: StoppedClock) -> None:
    kinds["trial"] = lambda work, payload: work.file("a.txt", io.BytesIO(b"xin"), "text/plain")
    row = asked()
    task_runner.run_one()
    clock.advance(days=13)
    assert task_files.drop_expired(clock()) == 0
    clock.advance(days=1)
    assert task_files.drop_expired(clock()) == 1
    assert task_files.files_of(row.id) == []


def test_only_the_owner_and_the_administrator_see_a_task(app: Any, kinds: dict[str, Any]) -> None:
    kinds["trial"] = each
    owner, other, administrator = person("signer"), person("reviewer"), person("administrator")
    row = asked(actor=(str(owner.id), owner.full_name))
    address = f"/tasks/{row.id}"
    for user, status in ((owner, 200), (other, 404), (administrator, 200)):
        client = logged_in(app, user)
        assert [client.get(page).status_code for page in (address, f"{address}.json")] == [status, status]
        assert ("Thử" in client.get("/tasks").text) == (status == 200)
    assert app.test_client().get(address).status_code == 302
    assert logged_in(app, other).post(f"{address}/cancel").status_code == 404


def test_the_page_shows_progress_failures_and_the_file(app: Any, kinds: dict[str, Any]) -> None:
    kinds["trial"] = each
    owner = person("signer")
    row = asked(actor=(str(owner.id), owner.full_name))
    client = logged_in(app, owner)
    assert "<progress" in client.get(f"/tasks/{row.id}").text
    task_runner.run_one()
    page = client.get(f"/tasks/{row.id}").text
    assert "Hỏng." in page
    told = client.get(f"/tasks/{row.id}.json").json
    assert (told["state"], told["done"], told["failed"]) == ("done", 3, 1)
    answer = client.get(told["files"][0]["url"])
    assert (answer.status_code, len(answer.data)) == (200, 2_800_000)
    assert 'filename="ket-qua.txt"' in answer.headers["Content-Disposition"] or "ket-qua.txt" in answer.headers[
        "Content-Disposition"]
    assert client.post(f"/tasks/{row.id}/cancel").status_code == 303
    assert "kết thúc" in client.get(f"/tasks/{row.id}").text


def test_the_list_costs_as_many_queries_for_twenty_tasks_as_for_two(app: Any, kinds: dict[str, Any]) -> None:
    kinds["trial"] = each
    owner = person("signer")
    client, actor, counts = logged_in(app, owner), (str(owner.id), owner.full_name), []
    for more in (2, 18):
        for _ in range(more):
            asked(actor=actor)
        counts.append(statements_of(lambda: client.get("/tasks")))
    assert counts[0] == counts[1]
