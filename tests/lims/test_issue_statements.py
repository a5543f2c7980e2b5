"""Statements beside the results: who may state what and when, what is printed, what is kept when it is refused."""
from __future__ import annotations

import io
import re
from typing import Any

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from certificates.document import parse_record
from lims.auth.models import User
from lims.issue import archive, record, review, service, statements
from lims.issue.dossier import load
from lims.issue.statement_models import ItemStatement
from lims.issue.statements import Said
from lims.jobs.models import JobItem
from lims.shared import clock
from lims.shared.audit import AuditTransaction
from lims.shared.db import session
from lims.shared.errors import Conflict, Invalid, NotPermitted
from tests.conftest import PASSWORD
from tests.lims import factories, laboratory
from tests.lims.factories import MULTIMETER
from tests.lims.people import logged_in, person

SAMPLING = Said("sampling", "Lấy ngẫu nhiên 1 trong 12 cái", "One of 12, at random")
EXTERNAL = Said("external", "Điện trở cách điện.", "Insulation resistance.", "Trung tâm Đo lường Hải Long, phiếu 18")
SUPPLIED = Said("customer_data", "hệ số nhiệt 11,5·10⁻⁶ K⁻¹", affects_results=True)
OPINION = Said("opinion", "Sai số tăng dần theo thang đo", "The error grows with the range",
               "Bảng kết quả.", "Results.")


@pytest.fixture
def head(app: Any) -> User:
    return laboratory.approver(laboratory.opened())


@pytest.fixture
def officer(head: User) -> User:
    return factories.technician(MULTIMETER, "ktv")


def stated(officer: User, head: User) -> JobItem:
    """An item waiting for review, with one statement of each kind."""
    item = factories.filled(MULTIMETER, officer).item
    for said in (SAMPLING, EXTERNAL, SUPPLIED):
        statements.give(item.code, said, officer)
    laboratory.submit_again(item, officer)
    statements.give(item.code, OPINION, head)
    return item


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_everything_stated_is_frozen_and_printed_on_paper_and_in_the_digital_certificate(
        officer: User, head: User) -> None:
    item = stated(officer, head)
    issued = service.issue_certificate(item.id, signer=head, password=PASSWORD)
    frozen = parse_record(issued.record)
    assert (frozen.sampling.vi, frozen.sampling.en) == ("Lấy ngẫu nhiên 1 trong 12 cái.", "One of 12, at random.")
    assert [(one.what.vi, one.provider) for one in frozen.external_results] == [
        ("Điện trở cách điện", "Trung tâm Đo lường Hải Long, phiếu 18")]
    assert [(one.text.vi, one.basis.en, one.person) for one in frozen.opinions] == [
        ("Sai số tăng dần theo thang đo.", "Results", head.full_name)]
    assert frozen.customer_data_affects_results
    printed = words_of(archive.pdf_of(issued).content).replace("\u00a0", " ")
    for words in ("Lấy ngẫu nhiên 1 trong 12 cái.", "Trung tâm Đo lường Hải Long, phiếu 18",
                  f"Cơ sở: Bảng kết quả ({head.full_name}).", "hệ số nhiệt 11,5·10⁻⁶ K⁻¹",
                  "The error grows with the range."):
        assert words in printed
    kept = archive.dcc_of(issued)
    assert kept is not None
    digital = kept.content.decode().replace("\u00a0", " ")
    for words in ("Lấy ngẫu nhiên 1 trong 12 cái.", "Hải Long, phiếu 18", "Sai số tăng dần theo thang đo."):
        assert words in digital


def test_a_failed_verification_prints_its_statements_on_the_work_record(head: User) -> None:
    laboratory.confirmed_gauge(head)
    user = laboratory.officer(factories.technician(factories.GAUGE, "kdv"))
    laboratory.approver(head, factories.GAUGE)
    item = laboratory.waiting(factories.GAUGE, user, cells={"main/3/up/1": "5,700", "main/3/down/1": "5,690"})
    statements.give(item.code, OPINION, head)
    issued = service.issue_certificate(item.id, signer=head, password=PASSWORD)
    assert "Sai số tăng dần theo thang đo." in words_of(archive.pdf_of(issued).content).replace("\u00a0", " ")


def test_an_opinion_wants_a_person_authorised_to_review_or_approve(officer: User, head: User) -> None:
    item = laboratory.waiting(user=officer)
    with pytest.raises(NotPermitted, match="may not do this"):
        statements.give(item.code, OPINION, officer)
    with pytest.raises(NotPermitted, match="authorised to review or approve"):
        statements.give(item.code, OPINION, person("signer", "nguoi-ky-khac"))
    with pytest.raises(Invalid) as refused:
        statements.give(item.code, Said("opinion", "Tốt", source_vi="  "), head)
    assert refused.value.field == "source_vi"


def test_what_was_done_is_stated_while_measuring_and_opinions_until_the_review(officer: User, head: User) -> None:
    item = stated(officer, head)
    with pytest.raises(Conflict):
        statements.give(item.code, SAMPLING, officer)
    review.review_item(item.id, reviewer=head, password=PASSWORD)
    (opinion,) = (row for row in statements.of_item(item.id) if row.kind == "opinion")
    for act in (lambda: statements.give(item.code, OPINION, head),
                lambda: statements.take_back(item.code, opinion.id, "opinion", head)):
        with pytest.raises(Conflict):
            act()


def test_a_correction_replaces_the_row_and_both_stay_for_the_record(officer: User, head: User) -> None:
    item = factories.filled(MULTIMETER, officer).item
    first = statements.give(item.code, SAMPLING, officer)
    second = statements.give(item.code, Said("sampling", "Lấy 2 trong 12 cái"), officer, instead_of=first.id)
    assert [row.id for row in statements.of_item(item.id)] == [second.id]
    with pytest.raises(Conflict):
        statements.give(item.code, SAMPLING, officer, instead_of=first.id)
    statements.take_back(item.code, second.id, "sampling", officer)
    assert statements.of_item(item.id) == []
    kept = session().scalars(sa.select(ItemStatement).where(ItemStatement.item_id == item.id)).all()
    assert [row.text_vi for row in kept] == [SAMPLING.text_vi, "Lấy 2 trong 12 cái"]
    actions = session().scalars(sa.select(AuditTransaction.action)).all()
    assert actions.count("statement.give") >= 2
    assert "statement.take_back" in actions


def test_who_signs_signs_the_statements_that_were_on_the_page(app: Any, officer: User, head: User) -> None:
    item, client = laboratory.waiting(user=officer), logged_in(app, head)
    page = client.get(f"/review/{item.code}").text
    found = re.search(r'name="digest"[^>]*value="([^"]*)"', page)
    assert found is not None
    statements.give(item.code, OPINION, head)
    refused = client.post(f"/review/{item.code}/sign", data={
        "password": PASSWORD, "digest": found[1], "statements": ""})
    assert refused.status_code == 422
    assert "Nội dung công bố kèm theo đã đổi" in refused.text
    shown = client.get(f"/review/{item.code}").text
    assert "Nhận xét và diễn giải, sẽ in trên giấy" in shown
    seen = statements.mark(statements.of_item(item.id))
    assert client.post(f"/review/{item.code}/sign", data={
        "password": PASSWORD, "digest": found[1], "statements": seen}).status_code == 303


def test_a_batch_ticks_no_item_that_states_something(officer: User, head: User) -> None:
    item = laboratory.waiting(user=officer)
    results = review.newest_results([item])
    assert review.clean_ones([item], results, head) == [item.id]
    statements.give(item.code, OPINION, head)
    assert review.clean_ones([item], results, head) == []


def test_the_page_states_corrects_and_takes_back(app: Any, officer: User, head: User) -> None:
    item, client = factories.filled(MULTIMETER, officer).item, logged_in(app, officer)
    base = f"/items/{item.code}/statements"
    assert client.post(f"{base}/of/sampling", data={"sampling-text_vi": "Lấy 1 cái"}).status_code == 303
    (row,) = statements.of_item(item.id)
    editing = client.get(f"{base}?edit={row.id}").text
    assert "Lấy 1 cái</textarea>" in editing
    data = {"sampling-text_vi": "Lấy 3 cái", "sampling-replaces": str(row.id)}
    assert client.post(f"{base}/of/sampling", data=data).status_code == 303
    (row,) = statements.of_item(item.id)
    assert row.text_vi == "Lấy 3 cái"
    assert client.post(f"{base}/of/sampling/{row.id}/remove").status_code == 303
    assert statements.of_item(item.id) == []


def test_nothing_typed_is_lost_when_a_field_is_missing(app: Any, officer: User) -> None:
    item, client = factories.filled(MULTIMETER, officer).item, logged_in(app, officer)
    refused = client.post(f"/items/{item.code}/statements/of/external", data={
        "external-text_vi": "Điện trở cách điện", "external-text_en": "Insulation", "external-source_vi": ""})
    assert refused.status_code == 422
    for words in ("Điện trở cách điện</textarea>", "Insulation</textarea>", "Hãy điền ô này."):
        assert words in refused.text


def test_the_page_asks_for_login_right_and_an_item(app: Any, officer: User, head: User) -> None:
    item = laboratory.waiting(user=officer)
    base = f"/items/{item.code}/statements"
    assert app.test_client().get(base).status_code == 302
    client = logged_in(app, officer)
    assert client.post(f"{base}/opinion", data={}).status_code == 403
    assert "Thêm nội dung" not in client.get(base).text
    assert client.get("/items/none-1/statements").status_code == 404
    assert client.post(f"{base}/of/gossip", data={}).status_code == 404
    assert "Thêm nội dung" in logged_in(app, head).get(base).text


def test_the_same_statements_stand_in_the_preview_of_the_record(officer: User, head: User) -> None:
    item = stated(officer, head)
    built = record.build(load(item.id), "C26-00417", record.signature_of(
        load(item.id), head, clock.now().replace(microsecond=0)))
    assert built.remarks[-1].vi == "Dữ liệu do khách hàng cung cấp: hệ số nhiệt 11,5·10⁻⁶ K⁻¹."
