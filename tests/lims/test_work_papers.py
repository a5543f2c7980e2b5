"""The record of a verification that passed, beside its certificate: from the frozen record alone, always the same."""
from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest
from pypdf import PdfReader

from lims.auth.models import User
from lims.issue import archive, integrity, issuing, planning, public, review, sealed, sealing, work_papers
from lims.issue.check import check_file
from lims.issue.models import Certificate
from lims.shared.db import session, write
from lims.shared.errors import NotFound
from tests.conftest import PASSWORD
from tests.lims import factories, laboratory
from tests.lims.factories import ACTOR, GAUGE
from tests.lims.people import logged_in, person
from tests.lims.tampering import tamper


@pytest.fixture
def made(app: Any) -> Certificate:
    head = laboratory.approver(laboratory.opened(), GAUGE)
    laboratory.confirmed_gauge(head)
    item = laboratory.waiting(GAUGE, laboratory.officer(factories.technician(GAUGE, "kdv")))
    reviewer = person("reviewer", "soatxet")
    factories.authorise(reviewer, item.procedure.code, "review")
    review.review_item(item.id, reviewer=reviewer, password=PASSWORD)
    return issuing.issue_certificate(item.id, signer=head, password=PASSWORD)


def test_it_says_what_was_done_and_who_answers_for_it(made: Certificate) -> None:
    pages = PdfReader(io.BytesIO(work_papers.record_paper(made).content)).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    for said in ("BIÊN BẢN KIỂM ĐỊNH", f"Số: {made.number}/BB", f"Giấy chứng nhận số {made.number}",
                 f"có giá trị đến {made.valid_until:%d/%m/%Y}", "Kiểm tra bên ngoài", "Nguyễn kdv", "Nguyễn soatxet",
                 made.record_digest):
        assert said in text
    assert "Nguyễn giamdoc" not in text  # the certificate bears that name


def test_nothing_that_changes_later_changes_it_and_the_check_knows_it(app: Any, made: Certificate) -> None:
    first = work_papers.record_paper(made).content
    with write("test.rename", actor=ACTOR) as current:
        made.item.instrument.name, made.item.job.customer.name = "Tên khác", "Công ty khác"
        current.flush()
    session().expire_all()
    answer = logged_in(app, session().get_one(User, made.issued_by_id)).get(
        f"/certificates/{made.number}/work-record.pdf")
    assert answer.data == first
    assert (check_file(first).verdict.value, check_file(first + b"\n").verdict.value) == ("authentic", "altered")
    found = check_file(first).archived
    assert (found and found.revision) == "record of the work"
    assert check_file(archive.pdf_of(made).content).verdict.value == "authentic"


def test_it_is_archived_and_sealed_with_its_certificate_and_verified_with_it(made: Certificate) -> None:
    kept = archive.paper_of(made)
    assert kept is not None
    assert (kept.content, kept.sha256) == (work_papers.record_paper(made).content,
                                           hashlib.sha256(kept.content).hexdigest())
    assert sealed.fault_of(kept.content, sealing.known()) == ""
    report = integrity.verify(session())
    assert (report.faults, report.counts["documents rendered again"]) == ([], 1)
    told = [one["form"] for one in public.told(session().get_one(Certificate, made.id))["documents"]]
    assert told == ["pdf"]  # the record stays in the house
    unsealed = planning.paper_beside(archive.record_of(made), planning.anchors_of(made))
    assert kept.content != unsealed
    number, other = made.number, kept.id
    tamper(f"UPDATE certificate_document SET content = x'{unsealed.hex()}', size = {len(unsealed)}, "
           f"sha256 = '{hashlib.sha256(unsealed).hexdigest()}' WHERE id = {other}")
    faults = integrity.verify(session()).faults
    assert f"{number}: the archived record of the work: it is not sealed" in faults
    assert f"{number}: drawing the record of the work again gives other bytes than the archive holds" in faults


def test_one_of_a_certificate_from_before_it_was_archived_is_drawn_and_known(made: Certificate) -> None:
    number = made.number
    tamper("DELETE FROM certificate_document WHERE form = 'work_record'")
    certificate = archive.by_number(number)
    assert archive.paper_of(certificate) is None
    drawn = work_papers.record_paper(certificate).content
    assert drawn == work_papers.record_paper(certificate).content
    assert (check_file(drawn).verdict.value, check_file(drawn + b"\n").verdict.value) == ("authentic", "unknown")


def test_the_job_leads_to_certificate_and_record(app: Any, made: Certificate) -> None:
    page = logged_in(app, session().get_one(User, made.issued_by_id)).get(f"/jobs/{made.item.job_id}").text
    for path in ("document.pdf", "work-record.pdf"):
        assert f"/certificates/{made.number}/{path}" in page


def test_another_kind_of_document_has_none(app: Any) -> None:
    head = laboratory.approver(laboratory.opened())
    calibrated = issuing.issue_certificate(laboratory.waiting().id, signer=head, password=PASSWORD)
    with pytest.raises(NotFound):
        work_papers.record_paper(calibrated)
