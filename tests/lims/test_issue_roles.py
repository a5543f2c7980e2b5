"""P-S8: two persons are needed, whatever anybody tries in whatever order; signatures stay with their result."""
from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from certificates.document import Step
from lims.auth.models import User
from lims.equipment.models import Standard
from lims.issue import afterwards, archive, issuing, review, service
from lims.issue.models import Approval, Certificate
from lims.jobs import submission
from lims.jobs.cells import Change, save_cells
from lims.jobs.models import JobItem, Observation, Result, Worksheet
from lims.shared.db import session
from lims.shared.errors import DomainError
from tests.conftest import StoppedClock
from tests.lims import factories, laboratory
from tests.promises import promise

PEOPLE = {"an": "technician", "binh": "technician+signer", "chi": "reviewer", "dung": "head"}
"""Everybody is authorised to perform, review and approve: only the rules stand between them and a false document."""
people = st.sampled_from(sorted(PEOPLE))
signers = st.sampled_from(["binh", "dung"])


class Roles(RuleBasedStateMachine):
    """One item in the hands of four people who try everything."""

    clock = StoppedClock()
    steps = illegal = unsigned = 0

    item_id = 0

    @initialize(name=st.sampled_from(["an", "binh"]))
    def measure(self, name: str) -> None:
        standard = session().scalars(sa.select(Standard)).one()
        self.item_id = laboratory.waiting(user=who(name), served_by=standard).id
        self.want_a_separate_review(False)

    @rule(name=people, text=st.sampled_from(["100,1", "100,2"]))
    def measure_again(self, name: str, text: str) -> None:
        newest = session().scalar(sa.select(sa.func.max(Observation.revision)).where(
            Observation.worksheet_id == self.sheet().id, Observation.cell == "main/1/ind/1")) or 0
        change = Change("main/1/ind/1", text, newest, reason="đọc lại")
        self.attempt(lambda: save_cells(self.item().code, [change], who(name)))
        self.attempt(lambda: submission.submit(self.item().code, who(name)))

    @rule(name=people)
    def review(self, name: str) -> None:
        self.attempt(lambda: service.review_item(self.item_id, reviewer=who(name), password=""))

    @rule(order=st.permutations(sorted(PEOPLE)))
    def everybody_tries_to_issue(self, order: list[str]) -> None:
        for name in order:
            self.attempt(partial(self.issue, name))

    def issue(self, name: str) -> None:
        service.issue_certificate(self.item_id, signer=who(name), password="")

    @rule(name=signers)
    def send_back_or_amend(self, name: str) -> None:
        newest = session().scalar(sa.select(sa.func.max(Certificate.id)).where(Certificate.item_id == self.item_id))
        self.attempt(lambda: service.amend(newest or 0, signer=who(name), password="", changes="a", reason="b"))
        self.attempt(lambda: service.send_back(self.item_id, reviewer=who(name), reason="xem lại"))

    @rule()
    def want_a_third_person(self) -> None:
        self.want_a_separate_review(True)

    def want_a_separate_review(self, wanted: bool) -> None:
        service.set_separate_review(self.item().procedure.code, wanted, user=who("dung"))

    @invariant()
    def everything_issued_was_approved_by_somebody_who_did_not_measure(self) -> None:
        for certificate in archive.of_item([self.item_id]):
            given = session().scalars(sa.select(Approval).where(
                Approval.result_id == certificate.result_id, Approval.activity == "approve")).all()
            stated = [one.person for one in archive.record_of(certificate).approvals if one.step is Step.AUTHORISED]
            unsigned = len(given) != 1 or stated != [one.person for one in given]
            illegal = bool({one.person_id for one in given} & self.measured_by(certificate.result))
            Roles.unsigned, Roles.illegal = Roles.unsigned + unsigned, Roles.illegal + illegal
            assert not unsigned
            assert not illegal

    @invariant()
    def signatures_stay_with_their_result(self) -> None:
        for approval in session().scalars(sa.select(Approval)):
            assert approval.result_digest == session().get_one(Result, approval.result_id).digest

    def attempt(self, act: Callable[[], object]) -> None:
        """Whatever is refused is refused; the clock goes on, so that later readings are told from earlier ones."""
        Roles.steps += 1
        Roles.clock.advance(seconds=1)
        try:
            act()
        except DomainError:
            session().rollback()

    def item(self) -> JobItem:
        return session().get_one(JobItem, self.item_id)

    def sheet(self) -> Worksheet:
        sheet = self.item().worksheet
        assert sheet is not None
        return sheet

    def measured_by(self, result: Result) -> set[int]:
        """Who began the sheet, and who had typed into it when the result was computed."""
        typed = session().scalars(sa.select(Observation.by_id).where(
            Observation.worksheet_id == result.worksheet_id, Observation.at <= result.computed_at))
        return {self.sheet().performed_by_id, *typed}


def who(name: str) -> User:
    return session().scalars(sa.select(User).where(User.username == name)).one()


@pytest.mark.promise
def test_no_sequence_of_acts_issues_with_one_person(app: Any, clock: StoppedClock,
                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (issuing, review, afterwards):  # the password has its own tests, and hashing takes the time
        monkeypatch.setattr(module, "confirm_password", lambda _user, _password: None)
    monkeypatch.setattr(Roles, "clock", clock)
    laboratory.opened()
    for name, role in PEOPLE.items():
        laboratory.approver(factories.technician(name=name, role=role))
    factories.standard()
    run_state_machine_as_test(Roles, settings=settings(  # type: ignore[no-untyped-call]
        max_examples=20, stateful_step_count=6, deadline=None, derandomize=True, database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]))
    issued = session().scalar(sa.select(sa.func.count()).select_from(Certificate)) or 0
    promise("P-S8", f"steps={Roles.steps} issued={issued} illegal_issue={Roles.illegal} unsigned={Roles.unsigned}",
            target="illegal_issue=0 unsigned=0", kept=Roles.illegal == Roles.unsigned == 0 < issued)
