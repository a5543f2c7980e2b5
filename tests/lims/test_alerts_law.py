"""Designations and temporary procedures that end are told before they do, until something takes over."""
from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lims.alerts import law, planning
from lims.alerts.models import OutboxMessage
from lims.alerts.people import add_source
from lims.legal import designations, documents
from lims.legal.designation_models import Designation
from lims.legal.designations import NewDesignation
from lims.legal.documents import NewDocument
from lims.shared.db import session
from tests.lims import factories
from tests.lims.factories import GAUGE
from tests.lims.people import logged_in, person

TODAY = date(2026, 11, 23)


def decision(fields: str, items: str = "", more: int = 0, ended: bool = False) -> Designation:
    return Designation(fields=f",{fields},", items=f",{items}," if items else "", ended_on=TODAY if ended else None,
                       valid_to=TODAY + timedelta(days=more))


@pytest.mark.parametrize(("row", "others", "renewed"), [
    (decision("mass"), [], False),
    (decision("mass"), [decision("mass")], False),  # it ends on the same day
    (decision("mass"), [decision("mass,length", more=9)], True),
    (decision("mass,length"), [decision("mass", more=9)], False),
    (decision("mass,length"), [decision("mass", more=9), decision("length", more=9)], True),
    (decision("mass"), [decision("mass", more=9, ended=True)], False),
    (decision("mass"), [decision("mass", items="14", more=9)], False),  # one item of the field only
    (decision("mass", items="14"), [decision("mass", items="13,14", more=9)], True),
    (decision("mass", items="14"), [decision("mass", more=9)], True),
])
def test_what_takes_over_a_designation(row: Designation, others: list[Designation], renewed: bool) -> None:
    assert law.is_renewed(row, [row, *others]) is renewed


def test_both_are_told_once_a_stage_to_who_answers(app: Any) -> None:
    for source in (law.DESIGNATIONS, law.METHODS):
        add_source(app, source)
    head, keeper = person("head"), person("administrator")
    factories.published(GAUGE.procedure)

    def designated(number: str, last: date) -> None:
        designations.record(NewDesignation(number, "Sở KH&CN", "", ("pressure",), (), date(2026, 1, 2),
                                           date(2026, 1, 2), last), keeper)

    designated("475/QĐ-SKHCN", TODAY + timedelta(days=60))
    for number, followed in (("QT-AS-02", True), ("QT-KHONG-DUNG", False)):
        documents.enter(NewDocument("dlvn", number, "Quy trình tạm thời", "", None, date(2026, 1, 2), "", "QĐ 12",
                                    in_force_to=TODAY + timedelta(days=60 if followed else 30)), keeper)
    assert [planning.plan(TODAY - timedelta(days=1)), planning.plan(TODAY), planning.plan(TODAY)] == [0, 2, 0]
    (mail,) = session().scalars(sa.select(OutboxMessage))
    assert mail.recipient == head.email
    for said in ("475/QĐ-SKHCN", "QT-AS-02", "/legal/designations", "/legal/documents"):
        assert said in mail.body
    assert "QT-KHONG-DUNG" not in mail.body
    designated("480/QĐ-SKHCN", TODAY + timedelta(days=900))
    shown = logged_in(app, head).get("/alerts").text
    assert ("475/QĐ-SKHCN" in shown, "QT-AS-02" in shown) == (False, True)
