"""Many documents at once: joined for the printer and counted, packed with an index, found by filters in the address."""
from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from typing import Any

import pikepdf
import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from certificates.copies import Print, joined
from lims.auth.models import User
from lims.issue import archive, bulk, service
from lims.issue.archive_filters import Filters
from lims.issue.models import Certificate, CertificateEvent
from lims.shared import clock, organisation, task_files, task_runner, tasks
from lims.shared.db import session
from lims.shared.errors import Invalid
from tests.conftest import PASSWORD, StoppedClock
from tests.lims import laboratory
from tests.lims.counting import statements_of
from tests.lims.people import logged_in, person


@pytest.fixture
def head(app: Any) -> User:
    return laboratory.approver(laboratory.opened())


def issued(head: User, count: int) -> list[int]:
    items = laboratory.clones(laboratory.waiting(), count)
    outcomes = service.issue_batch(items, signer=head, password=PASSWORD)
    return [one.certificate.id for one in outcomes if one.certificate]


def made(task_id: int) -> bytes:
    """The file of a task that is done now."""
    session().rollback()
    assert task_runner.run_one()
    session().rollback()
    assert tasks.failures_of(task_id) == []
    (file,) = task_files.files_of(task_id)
    return b"".join(task_files.parts_of(file.id))


def prints(certificate_id: int) -> list[str]:
    return list(session().scalars(sa.select(CertificateEvent.reason).where(
        CertificateEvent.certificate_id == certificate_id, CertificateEvent.kind == "printed")))


def pages(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def marked(pdf: bytes) -> list[bool]:
    """For each page whether the mark of a copy lies over it."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [len(page.obj.Resources.get("/XObject", {})) > 0 for page in opened.pages]


def test_documents_are_joined_for_the_printer_and_each_print_is_counted(app: Any, head: User) -> None:
    first, second = issued(head, 2)
    alone = pages(archive.pdf_of(archive.by_id(first)).content)
    pdf = made(bulk.request_print([first, second], 2, head).id)
    assert pages(pdf) == 4 * alone
    assert [len(prints(one)) for one in (first, second)] == [1, 1]
    assert "2 bản" in prints(first)[0]


def test_a_reprint_is_marked_where_the_laboratory_wants_it(app: Any, head: User) -> None:
    (only,) = issued(head, 1)
    assert set(marked(made(bulk.request_print([only], 1, session().get_one(User, 1)).id))) == {False}
    assert set(marked(made(bulk.request_print([only], 1, session().get_one(User, 1)).id))) == {False}
    organisation.save({"reprints": "copy"})
    assert set(marked(made(bulk.request_print([only], 1, session().get_one(User, 1)).id))) == {True}


def test_printing_twice_by_a_run_that_was_cut_counts_once(app: Any, head: User) -> None:
    (only,) = issued(head, 1)
    task_id = bulk.request_print([only], 1, session().get_one(User, 1)).id
    work = task_runner.claim()
    assert work is not None
    for _ in range(2):
        bulk.print_together(work, {"ids": [only], "copies": 1})
    assert len(prints(only)) == 1
    assert len(task_files.files_of(task_id)) == 1


def test_nothing_and_no_pdf_are_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        joined([], StoppedClock().instant)
    with pytest.raises(ValueError, match="PDF"):
        joined([Print(b"no pdf at all")], StoppedClock().instant)


def test_a_zip_holds_every_file_byte_for_byte_and_an_index(app: Any, head: User) -> None:
    ids = issued(head, 12)
    packed = zipfile.ZipFile(io.BytesIO(made(bulk.request_export(ids, head).id)))
    session().rollback()
    for certificate in session().scalars(sa.select(Certificate)):
        name = certificate.number
        assert packed.read(f"pdf/{name}.pdf") == archive.pdf_of(certificate).content
        assert packed.read(f"record/{name}.json") == certificate.record
        dcc = archive.dcc_of(certificate)
        assert dcc is not None
        assert packed.read(f"dcc/{name}.xml") == dcc.content
    index = list(csv.reader(io.StringIO(packed.read("muc-luc.csv").decode("utf-8-sig")), delimiter=";"))
    assert len(index) == 13
    assert hashlib.sha256(packed.read(index[1][9])).hexdigest() == index[1][10]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(packed.read("muc-luc.xlsx"))).get_sheet_by_index(0).to_python()
    assert [row[0] for row in sheet[1:]] == [row[0] for row in index[1:]]


@pytest.mark.parametrize("copies", [0, 10])
def test_one_to_nine_copies(app: Any, head: User, copies: int) -> None:
    with pytest.raises(Invalid):
        bulk.request_print(issued(head, 1), copies, head)


def found(**asked: Any) -> list[int]:
    return list(session().scalars(Filters(**asked).query(clock.today()).with_only_columns(Certificate.id)))


def test_the_state_in_the_address_is_the_live_status(app: Any, head: User) -> None:
    kept, gone = issued(head, 2)
    service.withdraw(gone, signer=head, password=PASSWORD, reason="Sai số chế tạo")
    assert (found(state="valid"), found(state="withdrawn"), found(state="expired")) == ([kept], [gone], [])
    for certificate in session().scalars(sa.select(Certificate)):
        state = archive.status(certificate, clock.today()).state
        assert certificate.id in found(state=state)


def test_a_batch_is_found_again_and_printed_as_a_whole(app: Any, head: User) -> None:
    items = laboratory.clones(laboratory.waiting(), 3)
    batch = service.request_batch(items, signer=head, password=PASSWORD).id
    task_runner.run_one()
    client = logged_in(app, head)
    assert client.get(f"/certificates?batch={batch}").text.count('name="certificate"') == 3
    asked = client.post("/certificates/print", data={"batch": str(batch), "scope": "all", "copies": "1"})
    assert asked.status_code == 303
    assert "/tasks/" in asked.location
    assert client.post("/certificates/export", data={"scope": "all", "q": "không có"}).location.startswith(
        "/certificates")


def test_the_search_is_exported_to_excel_with_text_as_text(app: Any, head: User) -> None:
    issued(head, 2)
    answer = logged_in(app, head).get("/certificates.xlsx?kind=calibration")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == ["C26-00002", "C26-00001"]
    assert logged_in(app, person("reception")).get("/certificates.xlsx?state=nonsense&batch=x").status_code == 200


def test_the_digital_certificate_comes_byte_for_byte(app: Any, head: User) -> None:
    (only,) = issued(head, 1)
    dcc = archive.dcc_of(archive.by_id(only))
    assert dcc is not None
    client = logged_in(app, head)
    assert client.get("/certificates/C26-00001/dcc.xml").data == dcc.content
    assert client.get("/certificates/none-1/dcc.xml").status_code == 404


def test_the_archive_costs_as_many_queries_for_many_documents_as_for_one(app: Any, head: User) -> None:
    items = laboratory.clones(laboratory.waiting(), 6)
    client = logged_in(app, head)
    service.issue_batch(items[:1], signer=head, password=PASSWORD)
    few = statements_of(lambda: client.get("/certificates"))
    service.issue_batch(items[1:], signer=session().get_one(User, 1), password=PASSWORD)
    assert statements_of(lambda: client.get("/certificates")) == few
