"""The issue: one number for one result, without a gap, whoever presses how often, whatever fails on the way."""
from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from certificates import document
from lims.auth.models import User
from lims.auth.service import set_active, set_titles
from lims.equipment.service import change_state
from lims.issue import archive, issuing, planning, service
from lims.issue.issuing import NotReady
from lims.issue.models import Approval, Certificate, CertificateDocument, Series
from lims.issue.planning import Request
from lims.issue.press import Here
from lims.jobs.models import JobItem
from lims.shared import clock
from lims.shared.db import db, session
from lims.shared.errors import Conflict, DomainError, NotPermitted
from lims.staff.models import Authorisation
from lims.staff.service import end
from tests.conftest import PASSWORD
from tests.lims import factories, laboratory
from tests.lims.factories import GAUGE, MULTIMETER, WEIGHT
from tests.promises import promise


@pytest.fixture
def head(app: Any) -> User:
    return laboratory.approver(laboratory.opened())


def issue(item: JobItem, signer: User, key: str | None = None, **other: Any) -> Certificate:
    return service.issue_certificate(item.id, signer=signer, password=PASSWORD, idempotency_key=key, **other)


def waiting(count: int) -> list[JobItem]:
    """Items of one technician with one standard."""
    user, served_by = factories.technician(), factories.standard()
    return [laboratory.waiting(user=user, served_by=served_by) for _ in range(count)]


def count(model: Any) -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_an_approved_result_becomes_a_numbered_archived_document(app_on_both: Any) -> None:
    head = laboratory.approver(laboratory.opened())
    item = laboratory.waiting()
    issued = issue(item, head, "first")
    pdf = archive.pdf_of(issued)
    assert (issued.number, item.state, issued.verdict) == ("C26-00001", "issued", "not_stated")
    assert pdf.content.startswith(b"%PDF-")
    assert hashlib.sha256(pdf.content).hexdigest() == pdf.sha256
    assert document.digest(issued.record) == issued.record_digest
    assert document.link("", issued.record_digest) == issued.link == session().scalars(sa.select(Series.link)).one()
    approval = session().scalars(sa.select(Approval)).one()
    assert (approval.activity, approval.person, approval.result_digest) == (
        "approve", head.full_name, laboratory.result_of(item).digest)


def test_numbers_follow_each_other_and_each_record_is_linked_to_the_one_before(head: User) -> None:
    first, second = (issue(item, head) for item in waiting(2))
    assert (first.number, second.number) == ("C26-00001", "C26-00002")
    assert second.link == document.link(first.link, second.record_digest)


def test_pressing_twice_gives_the_same_document(head: User) -> None:
    (item,) = waiting(1)
    first = issue(item, head, "once")
    assert issue(item, head, "once").id == issue(item, head, "another key").id == issue(item, head).id == first.id
    assert count(Certificate) == 1


def test_a_key_that_was_used_for_another_item_is_refused(head: User) -> None:
    one, other = waiting(2)
    issue(one, head, "key")
    with pytest.raises(Conflict, match="another item"):
        issue(other, head, "key")


@pytest.mark.promise
@pytest.mark.parametrize("keys", [["same"] * 8, [None] * 8], ids=["one key", "two persons without a key"])
def test_many_at_once_make_exactly_one_document(app_on_both: Any, keys: list[str | None]) -> None:
    head = laboratory.approver(laboratory.opened())
    other = laboratory.approver(laboratory.person("signer", "kyduyet"))
    item_id, signers = laboratory.waiting().id, [head.id, other.id]

    def press(turn: int) -> tuple[str, str]:
        with app_on_both.app_context():
            signer = session().get_one(User, signers[turn % 2])
            issued = issuing.issue_certificate(item_id, signer=signer, password=PASSWORD, idempotency_key=keys[turn])
            found = issued.number, archive.pdf_of(issued).sha256
            db.session.remove()
            return found

    session().rollback()
    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(press, range(len(keys))))
    issued = count(Certificate)
    promise(f"P-R5 {db.engine.dialect.name} {'one key' if keys[0] else 'without a key'}",
            f"submits={len(keys)} certs={issued} byte_equal={'yes' if len(answers) == 1 else 'no'}",
            target="certs=1 byte_equal=yes", kept=issued == len(answers) == 1)
    assert count(CertificateDocument) == 2  # its PDF and its DCC


def test_a_refusal_that_saw_another_ones_document_half_made_is_answered_by_that_document(head: User) -> None:
    """PostgreSQL shows each statement what was committed before it: what is read in turn may be before and after."""
    (item,) = waiting(1)

    class Overtaken(Here):
        def preparing(self, requests: Any) -> Any:
            def prepared() -> DomainError:
                issue(item, head)
                return Conflict("Chưa nêu điều gì đổi.", "What changes has not been stated.")
            return [prepared for _request in requests]

    (outcome,) = issuing.issue_requests([Request(item.id, head, clock.now(), None)], Overtaken())
    assert outcome.error is None
    assert [row.number for row in [outcome.certificate] if row] == ["C26-00001"]
    assert count(Certificate) == 1


def test_the_year_of_a_number_is_that_of_the_laboratory(app: Any, head: User) -> None:
    one, other = waiting(2)
    before = issue(one, head, at=datetime(2026, 12, 31, 16, 59, tzinfo=UTC))
    after = issue(other, head, at=datetime(2026, 12, 31, 17, 0, tzinfo=UTC))
    assert (before.number, after.number) == ("C26-00001", "C27-00001")
    assert after.issued_on.isoformat() == "2027-01-01"


def test_a_pattern_can_be_chosen_before_the_first_number_only(head: User) -> None:
    service.set_pattern("calibration", 2026, "{seq:04d} - {yy} (YB)")
    one, other = waiting(2)
    assert issue(one, head).number == "0001 - 26 (YB)"
    with pytest.raises(Conflict, match="next year"):
        service.set_pattern("calibration", 2026, "C{yy}-{seq:05d}")
    assert issue(other, head, at=datetime(2027, 3, 1, tzinfo=UTC)).number == "0001 - 27 (YB)"


def test_a_series_that_does_not_tell_the_year_goes_on_in_the_next(head: User) -> None:
    service.set_pattern("calibration", 2026, "HC{seq:05d}")
    one, other = waiting(2)
    issue(one, head)
    assert issue(other, head, at=datetime(2027, 3, 1, tzinfo=UTC)).number == "HC00002"


def test_a_wrong_password_signs_nothing(head: User) -> None:
    (item,) = waiting(1)
    with pytest.raises(NotPermitted, match="password"):
        service.issue_certificate(item.id, signer=head, password="sai mat khau")
    assert (count(Certificate), count(Approval), count(Series)) == (0, 0, 0)


def test_whoever_measured_cannot_approve(app: Any) -> None:
    laboratory.opened()
    both = factories.technician(name="hai-vai", role="technician+head")
    item = laboratory.waiting(user=laboratory.approver(both))
    with pytest.raises(NotReady) as refused:
        issue(item, both)
    assert [finding.code for finding in refused.value.findings] == ["same_person"]
    assert count(Certificate) == 0


def test_who_may_not_sign_at_all_is_refused(app: Any) -> None:
    laboratory.opened()
    reviewer = laboratory.approver(laboratory.person("reviewer"))
    with pytest.raises(NotPermitted):
        issue(laboratory.waiting(), reviewer)


def test_a_result_that_changed_since_it_was_seen_is_not_signed(head: User) -> None:
    (item,) = waiting(1)
    with pytest.raises(Conflict, match="since you opened"):
        issue(item, head, digest="0" * 64)


def quarantine(item: JobItem, head: User) -> None:
    change_state(item.worksheet.standards[0].standard_id, "quarantined", "rơi", expected="in_use", by=head)


def end_authorisation(item: JobItem, head: User) -> None:
    for held in session().scalars(sa.select(Authorisation.id).where(Authorisation.user_id == head.id)).all():
        end(held, on=clock.today() - timedelta(days=1), reason="thôi việc")


def lock_account(item: JobItem, head: User) -> None:
    set_active(head.id, False, "nghỉ việc")


@pytest.mark.parametrize(("meanwhile", "told"), [
    (quarantine, "quarantined"), (end_authorisation, "authorisation has just been changed"),
    (lock_account, "may not do this")])
def test_what_changes_while_the_page_is_rendered_stops_the_issue(
        head: User, monkeypatch: pytest.MonkeyPatch, meanwhile: Any, told: str) -> None:
    item = laboratory.waiting()
    genuine = planning.plan

    def and_meanwhile(*arguments: Any) -> Any:
        made = genuine(*arguments)
        monkeypatch.undo()
        meanwhile(item, head)
        return made

    monkeypatch.setattr(planning, "plan", and_meanwhile)
    with pytest.raises((NotReady, NotPermitted), match=told):
        issue(item, head)
    assert (count(Certificate), session().scalars(sa.select(Series.next)).one()) == (0, 1)
    assert (item.state, count(Approval)) == ("submitted", 0)


def test_a_failing_item_is_left_out_and_the_rest_of_the_batch_has_no_gap(head: User) -> None:
    first, broken, last = waiting(3)
    service.send_back(broken.id, reviewer=head, reason="đo lại điểm 1")
    outcomes = service.issue_batch([first.id, broken.id, last.id], signer=head, password=PASSWORD)
    assert [outcome.certificate and outcome.certificate.number for outcome in outcomes] == [
        "C26-00001", None, "C26-00002"]
    assert isinstance(outcomes[1].error, Conflict)


def test_a_batch_of_several_kinds_is_numbered_in_each_series(head: User) -> None:
    gauge = laboratory.waiting(GAUGE, laboratory.officer(factories.technician(GAUGE, "kdv")))
    weight = laboratory.waiting(WEIGHT, factories.technician(WEIGHT, "can"))
    for case in (GAUGE, WEIGHT):
        laboratory.approver(head, case)
    laboratory.confirmed_gauge(head)
    outcomes = service.issue_batch([gauge.id, weight.id], signer=head, password=PASSWORD)
    assert [outcome.certificate and outcome.certificate.number for outcome in outcomes] == ["V26-00001", "C26-00001"]


def test_a_verification_that_failed_gives_a_record_and_never_a_certificate(head: User) -> None:
    user = laboratory.officer(factories.technician(GAUGE, "kdv"))
    item = laboratory.waiting(GAUGE, user, cells={"main/3/up/1": "5,700", "main/3/down/1": "5,690"})
    laboratory.confirmed_gauge(laboratory.approver(head, GAUGE))
    issued = issue(item, head)
    assert (issued.kind, issued.number, issued.verdict, issued.valid_until) == (
        "work_record", "BB26-00001", "fail", None)
    assert session().scalar(sa.select(Series.id).where(Series.kind == "verification")) is None
    assert archive.record_of(issued).conformity[0].reason.vi != ""


def test_a_separate_review_is_a_third_person(head: User) -> None:
    item, other = waiting(2)
    service.set_separate_review(item.procedure.code, True, user=head)
    with pytest.raises(NotReady, match="separate review"):
        issue(item, head)
    service.review_item(item.id, reviewer=head, password=PASSWORD)
    with pytest.raises(NotReady, match="two persons"):
        issue(item, head)
    reviewer = laboratory.person("reviewer", "soatxet")
    factories.authorise(reviewer, other.procedure.code, "review")
    service.review_item(other.id, reviewer=reviewer, password=PASSWORD)
    approvals = archive.record_of(issue(other, head)).approvals
    assert [approval.step.value for approval in approvals] == ["performed", "reviewed", "authorised"]


@pytest.mark.parametrize(("later", "english"), [(("reviewer", "Head of Division"), "Head of Division"),
                                                (("Giám đốc", "Director"), "")])
def test_the_english_title_belongs_to_the_position_at_the_review(head: User, later: tuple[str, str],
                                                                 english: str) -> None:
    (item,) = waiting(1)
    reviewer = laboratory.person("reviewer", "soatxet")
    factories.authorise(reviewer, item.procedure.code, "review")
    service.review_item(item.id, reviewer=reviewer, password=PASSWORD)
    set_titles(reviewer.id, *later)
    (reviewed,) = (one for one in archive.record_of(issue(item, head)).approvals if one.step.value == "reviewed")
    assert (reviewed.title.vi, reviewed.title.en) == ("reviewer", english)


def test_a_review_needs_an_authorisation_and_another_person(head: User) -> None:
    user = factories.technician(role="reviewer")
    item = laboratory.waiting(user=user)
    stranger = laboratory.person("reviewer", "la")
    with pytest.raises(NotPermitted, match="not authorised"):
        service.review_item(item.id, reviewer=stranger, password=PASSWORD)
    factories.authorise(user, item.procedure.code, "review")
    with pytest.raises(NotPermitted, match="Whoever measured"):
        service.review_item(item.id, reviewer=user, password=PASSWORD)


def test_an_approval_of_one_result_does_not_serve_the_next(head: User) -> None:
    user = factories.technician()
    item = laboratory.waiting(user=user)
    service.set_separate_review(item.procedure.code, True, user=head)
    reviewer = laboratory.person("reviewer", "soatxet")
    factories.authorise(reviewer, item.procedure.code, "review")
    service.review_item(item.id, reviewer=reviewer, password=PASSWORD)
    service.send_back(item.id, reviewer=head, reason="đọc lại")
    factories.type_cells(item.worksheet, user, [factories.Change("main/1/ind/1", "100,2", 1, reason="đọc nhầm")])
    laboratory.submit_again(item, user)
    with pytest.raises(NotReady, match="separate review"):
        issue(item, head)


def test_the_published_multimeter_is_stated_as_published(head: User) -> None:
    """EA-4/02 S9: E = 0,10 V, U = 0,05 V, k = 1,65."""
    (item,) = waiting(1)
    record = archive.record_of(issue(item, head))
    (table,) = record.results
    printed = dict(zip((column.key for column in table.columns), table.rows[0], strict=True))
    assert {"+0.10", "0.05", "1.65"} <= set(printed.values())
    assert (record.uncertainty[0].coverage_factor, record.uncertainty[0].method) == ("1.65", "dominant")
    assert MULTIMETER.name == record.item.name.vi
