"""Of two verifications of one instrument: whether they speak of the same thing, as a rule and asked of the database."""
from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import aliased

from lims.issue import known
from lims.issue.models import Certificate
from lims.jobs.models import JobItem
from lims.legal import subject
from lims.legal.subject import Subject
from lims.shared import clock
from lims.shared.db import session, write
from tests.lims import factories
from tests.lims.factories import GAUGE

WORDS = st.builds(Subject, st.sampled_from(["QT-1", "QT-2", "QT-3"]), st.sampled_from(["", "31", "32"]),
                  st.sampled_from(["pressure", "length"]))


@pytest.mark.parametrize(("one", "other", "same"), [
    (Subject("QT-1", "31", "pressure"), Subject("QT-2", "31", "pressure"), True),  # one item, another procedure
    (Subject("QT-1", "31", "pressure"), Subject("QT-1", "29", "pressure"), True),  # the list was numbered anew
    (Subject("QT-1", "32", "pressure"), Subject("QT-2", "57", "pressure"), False),  # two items of one quantity
    (Subject("QT-1", "32", "pressure"), Subject("QT-2", "57", "voltage"), False),
    (Subject("QT-1", "31", "pressure"), Subject("QT-2", "", "pressure"), True),  # beside the list, of one quantity
    (Subject("QT-1", "31", "pressure"), Subject("QT-2", "", "length"), False),
    (Subject("QT-1", "", "length"), Subject("QT-2", "", "length"), True),
    (Subject("QT-1", "", "length"), Subject("QT-2", "", "mass"), False),
])
def test_which_verification_may_end_which(one: Subject, other: Subject, same: bool) -> None:
    assert subject.same(one, other) is same


@given(WORDS, WORDS)
def test_it_holds_both_ways_and_of_itself(one: Subject, other: Subject) -> None:
    assert subject.same(one, one)
    assert subject.same(one, other) is subject.same(other, one)


@pytest.mark.parametrize("kind", ["dial_pressure_gauge", "multimeter"])
def test_the_database_answers_as_the_rule_does(app_on_both: Any, kind: str) -> None:
    """`multimeter` is of group 1: its item is the procedure's own, or none."""
    owned = factories.instrument(GAUGE, kind=kind)
    items = [factories.item(replace(GAUGE, procedure=name), of=owned) for name in (
        "dial-pressure-gauge", "digital-pressure-gauge", "sphygmomanometer", "weight-verification", "water-meter",
        "taximeter", "scale-verification")]
    one, other = aliased(JobItem), aliased(JobItem)
    found = {(row[0], row[1]) for row in session().execute(sa.select(one.id, other.id).where(
        one.instrument_id == other.instrument_id, subject.is_same(one, other)))}
    subjects = {item.id: subject.subject_of(item) for item in items}
    assert found == {(a, b) for a, b in product(subjects, subjects) if subject.same(subjects[a], subjects[b])}
    assert len(found) not in (len(items), len(items) ** 2)


def test_the_register_keeps_its_check_when_another_item_of_the_list_fails(app: Any) -> None:
    """The instrument is of the kind of item 31; it fails as a sphygmomanometer, item 32."""
    owned = factories.instrument(GAUGE)
    own = factories.item(GAUGE, of=owned)
    other = factories.item(replace(GAUGE, procedure="sphygmomanometer"), of=owned)

    def told(item: JobItem, number: str, verdict: str) -> tuple[str, str]:
        with write("test.learn", actor=factories.ACTOR):
            known.learn(item, Certificate(number=number, kind="verification", verdict=verdict,
                                          performed_on=clock.today(), valid_until=None))
        return owned.last_number, owned.last_verdict

    assert told(own, "V26-00001", "pass") == ("V26-00001", "pass")
    assert told(other, "BB26-00001", "fail") == ("V26-00001", "pass")
    assert told(own, "BB26-00002", "fail") == ("BB26-00002", "fail")
