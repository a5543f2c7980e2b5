"""A pass that is told by marks and sticker alone: a numbered record, no certificate, and nothing of the law is lost."""
from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from pypdf import PdfReader

from instruments.legal import Evidence, Reading, legal_rows
from lims.auth.models import User
from lims.issue import archive, issuing
from lims.issue.issuing import NotReady
from lims.jobs import submission
from lims.jobs.models import JobItem
from lims.legal import marks, readings, stickers, without_certificate
from lims.legal.marks import NewMark
from lims.legal.stickers import NewSeries
from lims.owners import sticker_code
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import Conflict, Invalid
from lims.shared.measures import Period, all_measures
from tests.conftest import PASSWORD
from tests.lims import factories, laboratory
from tests.lims.factories import GAUGE
from tests.lims.people import logged_in

ALL: tuple[Evidence, ...] = ("certificate", "sticker", "mark")


@pytest.mark.parametrize(("evidence", "months", "types", "sticker", "enough"), [
    (ALL, 12, {2}, False, True),  # type 2 seals and tells the end of validity, alone
    (ALL, 12, {1}, False, False),
    (ALL, 12, {1}, True, True),
    (ALL, 12, set(), True, False),  # a sticker goes with a mark or a certificate
    (ALL, None, {1}, False, True),  # verified once: the mark alone
    (("mark",), 12, {1}, False, False),
    (("certificate", "sticker"), 12, {2}, True, False),  # the list foresees no mark
    (("sticker",), 12, set(), True, True),
    (("sticker",), 12, {2}, False, False),
    ((), None, {1}, False, True),  # nothing said: the rule of marks
    ((), 12, {2}, True, False),
])
def test_what_tells_of_a_pass_without_a_certificate(evidence: tuple[Evidence, ...], months: int | None,
                                                    types: set[int], sticker: bool, enough: bool) -> None:
    row = replace(legal_rows()[0], evidence=evidence, cycle_months=months)
    assert row.told_without_certificate(types, sticker) is enough
    assert row.without_certificate or not enough


@pytest.fixture
def head(app: Any) -> User:
    head = laboratory.approver(laboratory.opened(), GAUGE)
    laboratory.confirmed_gauge(head)
    readings.confirm("31@2026-04-15", Reading(False, ("initial", "periodic", "after_repair"), 12, evidence=ALL),
                     "bản gốc", head, reason="có dấu", seen=1)
    return head


@pytest.fixture
def item(head: User) -> JobItem:
    return factories.filled(GAUGE, laboratory.officer(factories.technician(GAUGE, "kdv"))).item


def officer_of(item: JobItem) -> User:
    assert item.assigned_to is not None
    return item.assigned_to


def struck(item: JobItem, mark_type: int) -> int:
    mark = NewMark("0186-01", mark_type, "nút chì", "clamped", clock.today())
    return marks.strike(item.id, mark, officer_of(item)).id


def test_the_record_is_numbered_signed_dated_and_counts_as_a_verification(app: Any, head: User, item: JobItem) -> None:
    struck(item, 1)
    series = stickers.receive(NewSeries("verification", "26V.00001", "26V.00003", clock.today()), head)
    stickers.move(series.id, "26V.00001", "26V.00003", "assign", head, holder_id=officer_of(item).id)
    number = stickers.draw(item.id, officer_of(item))
    page = logged_in(app, officer_of(item))
    where = f"/stickers/item/{item.code}/no-certificate"
    assert "Hãy điền ô này." in page.post(where, data={"reason": ""}).text
    assert page.post(where, data={"reason": "dấu trên nút chì đã báo thời hạn"}).status_code == 303
    submission.submit(item.code, officer_of(item))
    made = issuing.issue_certificate(item.id, signer=head, password=PASSWORD)
    frozen = archive.record_of(made)
    assert (frozen.sticker, [one.state for one in stickers.of_item(item.id)]) == (number, ["used"])
    assert (made.kind, made.verdict, made.number[:2], made.verified) == ("work_record", "pass", "BB", True)
    assert made.valid_until == frozen.validity.until if frozen.validity else None
    assert archive.status(made, clock.today()).state == "valid"
    text = " ".join(" ".join(one.extract_text() for one in PdfReader(io.BytesIO(
        archive.pdf_of(made).content)).pages).split())
    for said in (f"có giá trị đến {made.valid_until:%d/%m/%Y} (Chu kỳ 12 tháng", "Dấu kiểm định số 0186-01, kiểu 1",
                 "Không cấp giấy chứng nhận: dấu trên nút chì", head.full_name):
        assert said in text
    assert sticker_code.found(sticker_code.address_part(made.number, made.code)) == made.id
    shown = page.get(f"/certificates/{made.number}").text
    assert "Còn hiệu lực" in shown
    assert f"Có giá trị đến {made.valid_until:%d/%m/%Y} (Chu kỳ" in shown  # the preview says what the paper says
    session().expire_all()
    assert item.instrument.valid_until == made.valid_until
    with app.test_request_context():  # a plan that counts verifications counts it
        period = Period(made.issued_on, made.issued_on, clock.today())
        assert {one.code: int(one.value(period) or 0) for one in all_measures()
                if one.code.startswith("certificates.")} == {
            "certificates.all": 1, "certificates.calibration": 0, "certificates.test": 0,
            "certificates.verification": 1, "certificates.verified": 1}


def test_marks_that_are_not_enough_are_refused_and_looked_at_again_before_the_issue(head: User, item: JobItem) -> None:
    first = struck(item, 1)
    with pytest.raises(Conflict, match="not enough"):
        without_certificate.waive(item.id, "khách không cần", officer_of(item))
    second = struck(item, 2)
    with pytest.raises(Invalid):
        without_certificate.waive(item.id, " ", officer_of(item))
    without_certificate.waive(item.id, "khách không cần", officer_of(item))
    submission.submit(item.code, officer_of(item))
    for change in (lambda: without_certificate.waive(item.id, "khác", officer_of(item)),
                   lambda: without_certificate.restore(item.id, officer_of(item))):
        with pytest.raises(Conflict, match="under review"):
            change()
    marks.remove(second, item.id, "đóng nhầm", officer_of(item))
    assert [one.id for one in marks.of_item(item.id)] == [first]
    with pytest.raises(NotReady) as stopped:
        issuing.issue_certificate(item.id, signer=head, password=PASSWORD)
    assert [one.code for one in stopped.value.findings] == ["evidence"]


def test_a_certificate_may_be_wanted_after_all(head: User, item: JobItem) -> None:
    struck(item, 2)
    without_certificate.waive(item.id, "khách không cần", officer_of(item))
    without_certificate.restore(item.id, officer_of(item))
    submission.submit(item.code, officer_of(item))
    assert issuing.issue_certificate(item.id, signer=head, password=PASSWORD).kind == "verification"
