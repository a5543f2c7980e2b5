"""Pages of review, signing and archive: anonymous, without the permission, with it; refused with everything kept."""
from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa

from lims.auth.models import User
from lims.issue import archive, service
from lims.issue.models import Certificate
from lims.jobs.models import JobItem
from lims.shared.db import session
from lims.shared.task_runner import run_one
from tests.conftest import PASSWORD
from tests.lims import factories, laboratory
from tests.lims.counting import statements_of
from tests.lims.people import logged_in


@pytest.fixture
def head(app: Any) -> User:
    return laboratory.approver(laboratory.opened())


@pytest.fixture
def client(app: Any, head: User) -> Any:
    return logged_in(app, head)


def issued(head: User) -> Certificate:
    return service.issue_certificate(laboratory.waiting().id, signer=head, password=PASSWORD)


def count() -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(Certificate)) or 0


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None
    return found[1]


def test_a_clean_document_is_three_actions_away(client: Any) -> None:
    """Open the item from the list, give the password, sign."""
    code = laboratory.waiting().code
    assert f"/review/{code}" in client.get("/review").text
    page = client.get(f"/review/{code}").text
    assert "t-bad" not in page
    form = {"password": PASSWORD, "digest": hidden(page, "digest"), "key": hidden(page, "key")}
    signed = client.post(f"/review/{code}/sign", data=form)
    assert (signed.status_code, signed.location) == (303, "/certificates/C26-00001")
    again = client.post(f"/review/{code}/sign", data=form)
    assert (again.location, count()) == ("/certificates/C26-00001", 1)


def test_the_preview_shows_what_will_be_printed(client: Any) -> None:
    page = client.get(f"/review/{laboratory.waiting().code}").text
    for words in ("GIẤY CHỨNG NHẬN HIỆU CHUẨN", "+0,10", "0,05", "1,65", "Nồi hơi Tân An", "cấp khi phát hành"):
        assert words in page


def test_a_red_line_leads_to_its_cell(client: Any, head: User) -> None:
    item = laboratory.waiting(cells={"env/temperature/end": "28,9"})
    page = client.get(f"/review/{item.code}").text
    assert "Nhiệt độ cuối 28,9 °C, ngoài" in page
    assert f"/items/{item.code}/sheet#env/temperature/end" in page
    box = re.search(r'<input[^>]*id="sign-password"[^>]*>', page)
    assert box is not None
    assert "disabled" in box[0]
    refused = client.post(f"/review/{item.code}/sign", data={"password": PASSWORD})
    assert (refused.status_code, count()) == (422, 0)


@pytest.mark.parametrize(("typed", "words"), [("", "Hãy điền ô này."), ("sai", "Mật khẩu không đúng")])
def test_a_wrong_password_answers_at_its_field(client: Any, typed: str, words: str) -> None:
    item = laboratory.waiting()
    refused = client.post(f"/review/{item.code}/sign", data={"password": typed})
    assert (refused.status_code, words in refused.text, count()) == (422, True, 0)


def test_the_draft_is_a_pdf_under_a_number_that_is_none(client: Any) -> None:
    draft = client.get(f"/review/{laboratory.waiting().code}/draft.pdf")
    assert (draft.mimetype, draft.data[:5]) == ("application/pdf", b"%PDF-")
    assert count() == 0


def test_a_result_is_sent_back_with_what_to_mend(client: Any) -> None:
    item = laboratory.waiting()
    empty = client.post(f"/review/{item.code}/send-back", data={"reason": " "})
    assert (empty.status_code, "data-open-now" in empty.text) == (422, True)
    assert client.post(f"/review/{item.code}/send-back", data={"reason": "Đọc lại"}).status_code == 303
    session().expire_all()
    assert (item.state, item.return_reason) == ("measuring", "Đọc lại")


def test_a_reviewer_signs_the_review_and_not_the_document(app: Any, head: User) -> None:
    item = laboratory.waiting()
    reviewer = laboratory.person("reviewer")
    factories.authorise(reviewer, item.procedure.code, "review")
    client = logged_in(app, reviewer)
    page = client.get(f"/review/{item.code}").text
    assert "Ký và phát hành" not in page
    accepted = client.post(f"/review/{item.code}/accept", data={"password": PASSWORD,
                                                                "digest": hidden(page, "digest")})
    session().expire_all()
    assert (accepted.status_code, item.state) == (303, "reviewed")
    assert client.post(f"/review/{item.code}/sign", data={"password": PASSWORD}).status_code == 403


def test_a_batch_reports_each_item(client: Any, head: User) -> None:
    user, served_by = factories.technician(), factories.standard()
    fine, broken = (laboratory.waiting(user=user, served_by=served_by, cells=cells)
                    for cells in ({}, {"env/temperature/end": "28,9"}))
    broken_code = broken.code
    form = {"item": [fine.id, broken.id], "password": PASSWORD, "key": "k"}
    asked = client.post("/review/batch", data=form)
    assert asked.status_code == 303
    assert client.post("/review/batch", data=form).location == asked.location
    assert run_one()
    page = client.get(asked.location).text
    assert "/certificates/C26-00001" in page
    assert broken_code in page
    assert "ngoài" in page
    assert count() == 1


def test_a_batch_of_nothing_says_so(client: Any) -> None:
    laboratory.waiting()
    refused = client.post("/review/batch", data={"password": PASSWORD})
    assert (refused.status_code, "Chưa chọn mục nào." in refused.text) == (422, True)


def test_an_item_that_does_not_wait_leads_to_its_sheet(client: Any) -> None:
    item = factories.filled().item
    assert client.get(f"/review/{item.code}").location == f"/items/{item.code}/sheet"


def test_the_archived_pdf_and_record_come_byte_for_byte(client: Any, head: User) -> None:
    certificate = issued(head)
    pdf = client.get(f"/certificates/{certificate.number}/document.pdf")
    assert (pdf.data, pdf.headers["Content-Disposition"]) == (
        archive.pdf_of(certificate).content, 'inline; filename="C26-00001.pdf"')
    assert client.get(f"/certificates/{certificate.number}/record.json").data == certificate.record


def test_numbers_with_slashes_and_spaces_are_addresses_too(client: Any, head: User) -> None:
    service.set_pattern("calibration", 2026, "{seq:04d}/HC - {yy} (YB)")
    number = issued(head).number
    assert number == "0001/HC - 26 (YB)"
    for address in ("/certificates/0001/HC - 26 (YB)", "/certificates/0001%2Fhc-26(yb)"):
        assert client.get(address).status_code == 200
    assert client.get("/certificates/0001/HC - 26 (YB)/document.pdf").mimetype == "application/pdf"


def test_a_document_shows_who_signed_and_what_happened(client: Any, head: User) -> None:
    certificate = issued(head)
    client.post(f"/certificates/{certificate.number}/withdraw", data={"password": PASSWORD, "reason": "Giao nhầm"})
    page = client.get(f"/certificates/{certificate.number}").text
    for words in ("Đã thu hồi", "Giao nhầm", head.full_name, "Cho phép phát hành", certificate.record_digest):
        assert words in page


def test_an_amendment_without_its_reason_keeps_what_was_typed(client: Any, head: User) -> None:
    certificate = issued(head)
    refused = client.post(f"/certificates/{certificate.number}/amend",
                          data={"password": PASSWORD, "changes": "Sửa tên khách hàng", "reason": ""})
    assert (refused.status_code, "Sửa tên khách hàng" in refused.text) == (422, True)
    done = client.post(f"/certificates/{certificate.number}/amend", data={
        "password": PASSWORD, "changes": "Sửa tên khách hàng", "reason": "Viết nhầm"})
    assert done.status_code == 303
    assert "Đang làm giấy thay thế" in client.get(f"/certificates/{certificate.number}").text


def test_the_archive_is_filtered_by_words_kind_and_days(client: Any, head: User) -> None:
    number = issued(head).number
    assert number in client.get("/certificates?q=noi hoi&kind=calibration&since=01/11/2026&until=30/11/2026").text
    for nothing in ("q=khong co", "kind=verification", "since=01/12/2026", "until=01/11/2026"):
        assert number not in client.get(f"/certificates?{nothing}").text


def test_the_lists_ask_the_database_as_often_for_ten_rows_as_for_two(client: Any, head: User) -> None:
    first_id, head_id = laboratory.waiting().id, head.id

    def issue(*item_ids: int) -> None:
        service.issue_batch(item_ids, signer=session().get_one(User, head_id), password=PASSWORD)

    laboratory.clones(session().get_one(JobItem, first_id), 1)
    few = statements_of(lambda: client.get("/review"))
    more = laboratory.clones(session().get_one(JobItem, first_id), 8, start=10)
    assert statements_of(lambda: client.get("/review")) == few
    issue(first_id, more[0])
    archived = statements_of(lambda: client.get("/certificates"))
    issue(*more[1:])
    assert statements_of(lambda: client.get("/certificates")) == archived


def test_procedures_that_want_a_separate_review_are_chosen_by_whoever_answers_for_quality(app: Any) -> None:
    laboratory.opened()
    code = factories.published("multimeter-dc").code
    client = logged_in(app, laboratory.person("quality_manager"))
    assert client.post("/review/procedures", data={"procedure": [code]}).status_code == 303
    assert " checked" in client.get("/review/procedures").text
    client.post("/review/procedures", data={})  # from a page that did not show it as chosen: somebody else did
    assert " checked" in client.get("/review/procedures").text
    client.post("/review/procedures", data={"shown": [code]})
    assert " checked" not in client.get("/review/procedures").text


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "{{ 7*7 }}", "Công ty <b>X & Y</b>"])
def test_a_hostile_name_is_only_text_on_page_and_paper(app: Any, head: User, hostile: str) -> None:
    client = logged_in(app, head)
    owner = factories.customer(name=hostile)
    item = laboratory.waiting(of=factories.instrument(owner=owner))
    assert hostile not in client.get(f"/review/{item.code}").text.replace("{{ 7*7 }}", "") or hostile == "{{ 7*7 }}"
    certificate = service.issue_certificate(item.id, signer=head, password=PASSWORD)
    assert archive.record_of(certificate).customer.name == hostile
    assert "<script>alert" not in client.get(f"/certificates/{certificate.number}").text
