"""A temporary procedure holds for its dates: outside them no verification is begun, moved there, or issued."""
from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lims.auth.models import User
from lims.issue import issuing
from lims.issue.issuing import NotReady
from lims.jobs import procedures, worksheet
from lims.legal import documents, methods
from lims.legal.documents import NewDocument
from lims.legal.models import LegalDocument
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid
from tests.conftest import PASSWORD
from tests.lims import factories, laboratory
from tests.lims.factories import ACTOR, GAUGE
from tests.lims.people import person

TODAY = date(2026, 11, 23)


def temporary(number: str, first: date | None, last: date | None) -> LegalDocument:
    keeper = person("administrator", f"quantri{number[-2:]}")
    with write("test.clear", actor=ACTOR) as current:
        current.execute(sa.delete(LegalDocument).where(LegalDocument.number == number))
    made = documents.enter(NewDocument("dlvn", number, "Quy trình tạm thời", "Temporary procedure", None, first,
                                       "tạm thời", "QĐ 12/QĐ-TĐC"), keeper)
    if last is not None:
        documents.end(made.id, last, "hết thời hạn phê duyệt", keeper)
    return made


@pytest.mark.parametrize(("first", "last", "held"), [
    (TODAY, None, True), (TODAY, TODAY, True), (None, TODAY, True), (None, None, True),
    (TODAY + timedelta(days=1), None, False), (None, TODAY - timedelta(days=1), False),
    (TODAY - timedelta(days=9), TODAY - timedelta(days=1), False),
])
def test_both_days_count(app: Any, first: date | None, last: date | None, held: bool) -> None:
    temporary("QT-AS-02", first, last)
    gauge = procedures.parsed(factories.published(GAUGE.procedure))
    assert (methods.refusal(gauge, TODAY) is None) is held
    assert methods.refusal(procedures.parsed(factories.published("pressure-gauge-calibration")), TODAY) is None


@pytest.mark.parametrize("number", ["QT-AS-02", "ĐLVN 08 : 2011"])
def test_a_method_is_known_by_its_number_or_the_procedures_code(app: Any, number: str) -> None:
    temporary(number, TODAY - timedelta(days=30), TODAY - timedelta(days=1))
    gauge = procedures.parsed(factories.published(GAUGE.procedure))
    said = methods.refusal(gauge, TODAY)
    assert said is not None
    assert f"{number} chỉ có hiệu lực từ 24/10/2026 đến 22/11/2026" in said.vi


def test_nothing_is_begun_moved_or_issued_outside_its_dates(app: Any) -> None:
    head = laboratory.approver(laboratory.opened(), GAUGE)
    laboratory.confirmed_gauge(head)
    officer = laboratory.officer(factories.technician(GAUGE, "kdv"))
    sheet = factories.filled(GAUGE, officer)
    made = temporary("QT-AS-02", TODAY - timedelta(days=3), None)
    with pytest.raises(Invalid, match="lies outside") as moved:
        worksheet.set_details(sheet.item.code, performed_on=TODAY - timedelta(days=4), deviation="", user=officer)
    assert moved.value.field == "performed_on"
    laboratory.submit_again(sheet.item, officer)
    documents.end(made.id, TODAY - timedelta(days=1), "hết thời hạn phê duyệt", session().get_one(User, head.id))
    with pytest.raises(NotReady) as stopped:
        issuing.issue_certificate(sheet.item_id, signer=head, password=PASSWORD)
    assert [one.code for one in stopped.value.findings] == ["method_dates"]
    waiting = factories.item(GAUGE, officer)
    with pytest.raises(Conflict, match="lies outside"):
        worksheet.start(waiting.code, officer)
    assert clock.today() == TODAY
