"""V-01: no legal verification without a designation for the field on the day; marks are struck on what passed only."""
from __future__ import annotations

import hashlib
import io
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from instruments.legal import LegalRow
from instruments.words import Words
from lims.auth.models import User
from lims.issue import archive, issuing
from lims.issue.preparing import NotReady
from lims.legal import designations, marks
from lims.legal.designation_models import Designation, StruckMark
from lims.legal.designations import NewDesignation, covers, record
from lims.legal.marks import NewMark
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid
from lims.surveys.coverage import coverage
from tests.conftest import PASSWORD
from tests.lims import factories, laboratory
from tests.lims.factories import GAUGE
from tests.lims.people import logged_in, person

SCAN = b"%PDF-1.4 scanned"
TODAY = date(2026, 11, 23)
DECISION = NewDesignation("475/QĐ-SKHCN", "Sở KH&CN", "N383", ("pressure",), (), TODAY, TODAY,
                          TODAY + timedelta(days=900))
MARK = NewMark("0186-01", 1, "nút chì ốc vỏ", "clamped", TODAY)


def row(item: str, field: str) -> LegalRow:
    return LegalRow(item=item, name=Words("", ""), field=field, type_approval=False, regimes=(), cycle_months=12,
                    dlvn="", effective_from=None, effective_to=None, state="", source=Words("", ""),
                    note=Words("", ""))


@pytest.mark.parametrize(("fields", "items", "item", "field", "covered"), [
    (",pressure,", "", "31", "pressure", True), (",pressure,", "", "14", "mass", False),
    (",mass,pressure,", ",14,", "31", "pressure", False), (",mass,", ",14,", "14", "mass", True),
    (",volume/flow,", "", "20", "flow", False), (",mass,", "", "9", "", False), (",mass,", ",9,", "9", "", True)])
def test_a_decision_covers_its_items_else_its_fields(fields: str, items: str, item: str, field: str,
                                                     covered: bool) -> None:
    assert covers(Designation(fields=fields, items=items), row(item, field)) is covered


@pytest.mark.parametrize(("wrong", "at"), [
    ({"fields": ()}, "fields"), ({"valid_from": TODAY - timedelta(days=1)}, "valid_from"),
    ({"valid_to": TODAY - timedelta(days=1)}, "valid_to"), ({"valid_to": date(2031, 11, 24)}, "valid_to"),
    ({"items": ("31", "999")}, "items")])
def test_what_no_decision_can_say_is_told_at_its_field(app: Any, wrong: dict[str, Any], at: str) -> None:
    with pytest.raises(Invalid) as refused:
        record(NewDesignation(**{**vars(DECISION), **wrong}), person("administrator"))
    assert refused.value.field == at


def test_a_decision_counts_from_its_first_day_to_its_last(app: Any) -> None:
    keeper = person("administrator")
    made = record(DECISION, keeper)
    gauge = row("31", "pressure")
    days = (TODAY - timedelta(days=1), TODAY, DECISION.valid_to, DECISION.valid_to + timedelta(days=1))
    assert [designations.covering(gauge, on) is not None for on in days] == [False, True, True, False]
    with pytest.raises(Invalid):
        designations.end(made.id, DECISION.valid_to + timedelta(days=1), "đình chỉ", keeper)
    designations.end(made.id, TODAY + timedelta(days=9), "đình chỉ", keeper)
    assert [designations.covering(gauge, TODAY + timedelta(days=more)) is not None for more in (9, 10)] == [True, False]
    with pytest.raises(Conflict):
        designations.end(made.id, TODAY, "lần nữa", keeper)
    with pytest.raises(Invalid):
        record(DECISION, keeper)


@pytest.fixture
def head(app: Any) -> User:
    return laboratory.approver(laboratory.opened(), GAUGE)


def waiting(head: User, cells: dict[str, str] | None = None) -> Any:
    item = laboratory.waiting(GAUGE, laboratory.officer(factories.technician(GAUGE, "kdv")), cells=cells)
    laboratory.confirmed_gauge(head)
    return item


def test_nothing_legal_is_issued_without_a_designation_on_the_day(head: User) -> None:
    item = waiting(head)
    with write("test.designation", actor=factories.ACTOR) as current:
        current.execute(sa.update(Designation).values(valid_from=clock.today() + timedelta(days=1)))
    with pytest.raises(NotReady, match="not designated"):
        issuing.issue_certificate(item.id, signer=head, password=PASSWORD)
    assert "designation" in {one.kind for line in coverage(clock.today()) if line.basis.row.item == "31"
                             for one in line.missing}
    with write("test.designation", actor=factories.ACTOR) as current:
        current.execute(sa.update(Designation).values(valid_from=clock.today()))
    marks.strike(item.id, MARK, item.worksheet.performed_by)
    wrong = marks.strike(item.id, MARK, item.worksheet.performed_by)
    marks.remove(wrong.id, item.id, "ghi hai lần", item.worksheet.performed_by)
    made = issuing.issue_certificate(item.id, signer=head, password=PASSWORD)
    said = [remark.vi for remark in archive.record_of(made).remarks]
    assert any("quyết định 475/QĐ-SKHCN" in one for one in said)
    assert [one for one in said if "0186-01" in one] == [
        "Dấu kiểm định số 0186-01, kiểu 1, kẹp tại nút chì ốc vỏ, 23/11/2026"]
    with pytest.raises(Conflict):
        marks.strike(item.id, MARK, head)


def test_no_mark_is_struck_on_what_failed(head: User) -> None:
    item = waiting(head, {"main/3/up/1": "5,700", "main/3/down/1": "5,690"})
    with pytest.raises(Conflict, match="passed"):
        marks.strike(item.id, MARK, item.worksheet.performed_by)
    with write("test.mark", actor=factories.ACTOR) as current:  # it passed when the mark was entered
        current.add(StruckMark(item_id=item.id, by_id=head.id, at=clock.now(), **vars(MARK)))
    with pytest.raises(NotReady, match="a mark was entered"):
        issuing.issue_certificate(item.id, signer=head, password=PASSWORD)


def test_the_pages_record_and_end_a_decision_and_enter_a_mark(app: Any, head: User) -> None:
    typed = {"decision": "475/QĐ-SKHCN", "issued_by": "Sở KH&CN", "signed_on": "23/11/2026", "valid_from": "23/11/2026",
             "valid_to": "22/11/2031", "fields": ["pressure", "mass"], "items": "31; 14"}
    administrator = logged_in(app, person("administrator"))
    refused = administrator.post("/legal/designations", data={**typed, "valid_to": "24/11/2031"})
    assert (refused.status_code, "475/QĐ-SKHCN" in refused.text) == (422, True)
    assert administrator.post("/legal/designations", data=typed).status_code == 303
    (made,) = session().scalars(sa.select(Designation))
    assert (made.field_codes, made.item_codes) == (["pressure", "mass"], ["31", "14"])
    shown = administrator.get("/legal/designations").text
    assert "chỉ mục 31, 14" in shown
    ending = f"/legal/designations/{made.id}/end"
    assert administrator.post(ending, data={"last_on": "01/12/2026", "reason": ""}).status_code == 422
    assert logged_in(app, person("technician")).post(ending, data={}).status_code == 403
    assert administrator.post(ending, data={"last_on": "01/12/2026", "reason": "đình chỉ"}).status_code == 303
    user = laboratory.officer(factories.technician(GAUGE, "kdv"))
    item = laboratory.waiting(GAUGE, user)
    client, page = logged_in(app, user), f"/stickers/item/{item.code}"
    mark = {"die": "0186-01", "mark_type": "2", "way": "clamped", "place": "ốc vỏ", "struck_on": "23/11/2026"}
    refused = client.post(f"{page}/marks", data={**mark, "place": ""})
    assert (refused.status_code, "0186-01" in refused.text) == (422, True)
    assert client.post(f"{page}/marks", data=mark).status_code == 303
    (entered,) = marks.of_item(item.id)
    assert client.post(f"{page}/marks/{entered.id}/remove", data={"reason": ""}).status_code == 422
    assert client.post(f"{page}/marks/{entered.id}/remove", data={"reason": "nhầm máy"}).status_code == 303
    assert marks.of_item(item.id) == []


def test_the_scanned_decision_is_kept_once_and_given_back_byte_for_byte(app: Any) -> None:
    client = logged_in(app, person("administrator"))
    typed = {"decision": "475/QĐ-SKHCN", "issued_by": "Sở KH&CN", "signed_on": "23/11/2026", "valid_from": "23/11/2026",
             "valid_to": "22/11/2031", "fields": ["pressure"], "items": ""}
    refused = client.post("/legal/designations", data={**typed, "file": (io.BytesIO(b"no pdf"), "qd.pdf")})
    assert (refused.status_code, "không phải PDF" in refused.text) == (422, True)
    assert client.post("/legal/designations", data=typed).status_code == 303
    (made,) = session().scalars(sa.select(Designation))
    place = f"/legal/designations/{made.id}/scan"
    assert client.get(place).status_code == 404
    assert "Hãy chọn tệp." in client.post(place, data={}).text
    assert client.post(place, data={"file": (io.BytesIO(SCAN), "qd 475.pdf")}).status_code == 303
    assert client.get(place).data == SCAN
    assert hashlib.sha256(SCAN).hexdigest()[:16] in client.get("/legal/designations").text
    assert client.post(place, data={"file": (io.BytesIO(SCAN), "khac.pdf")}).status_code == 422
    assert client.post("/legal/designations/99/scan", data={"file": (io.BytesIO(SCAN), "khac.pdf")}).status_code == 404
