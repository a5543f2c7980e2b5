"""Retention: documents go only when their time is over, nobody holds them, and the head says so; what is left tells."""
from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DatabaseError

from certificates.checking import Verdict
from lims.auth.models import User
from lims.issue import archive, retention, service
from lims.issue.check import check_file
from lims.issue.integrity import verify
from lims.issue.models import Certificate, CertificateDocument
from lims.issue.retention_models import Disposal
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotPermitted
from tests.conftest import PASSWORD, StoppedClock
from tests.lims import laboratory
from tests.lims.people import logged_in

REASON = "Biên bản hủy số 3"


def issued(head: User, count: int = 1) -> list[Certificate]:
    items = [laboratory.waiting().id]
    items += laboratory.clones(session().get_one(laboratory.JobItem, items[0]), count - 1) if count > 1 else []
    outcomes = service.issue_batch(items, signer=head, password=PASSWORD)
    return [one.certificate for one in outcomes if one.certificate is not None]


def old(clock: StoppedClock, head: User, count: int = 1) -> list[Certificate]:
    """Documents whose five years are over since yesterday."""
    made = issued(head, count)
    retention.set_rule("calibration", 5, clock().date(), "TT-08, 5.3", by=head)
    clock.advance(days=(date(2031, 11, 24) - date(2026, 11, 23)).days)
    return made


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 100), st.integers(-800, 800))
def test_what_falls_due_may_be_disposed_of_and_nothing_before_its_last_day(base: date, years: int, off: int) -> None:
    last = retention.kept_until(base, years)
    day = last + timedelta(days=off)
    falls_due = base < retention.cutoff(day, years)
    assert not falls_due or day > last
    assert falls_due or day <= last + timedelta(days=1)


def test_a_disposed_document_leaves_number_digests_and_who_when_why(app_on_both: Any, clock: StoppedClock) -> None:
    head = laboratory.approver(laboratory.opened())
    gone, kept = old(clock, head, 2)
    files = {one.form: one.content for one in session().scalars(sa.select(CertificateDocument).where(
        CertificateDocument.certificate_id == gone.id).options(sa.orm.undefer(CertificateDocument.content)))}
    (outcome,) = retention.dispose([gone.id], head=head, password=PASSWORD, reason=REASON)
    assert (outcome.name, outcome.error) == ("C26-00001", None)
    session().expire_all()
    told = retention.disposal_of(gone.id)
    assert told is not None
    assert (told.by_id, told.reason, told.due_on, told.record_digest) == (
        head.id, REASON, date(2031, 11, 23), gone.record_digest)
    assert [one["form"] for one in retention.files_of(told)] == ["pdf", "dcc"]
    assert (gone.record, gone.number, archive.file_of(gone).size > 0) == (b"", "C26-00001", True)
    for read in (archive.record_of, archive.pdf_of, archive.dcc_of):
        with pytest.raises(archive.Gone, match="retention rule"):
            read(gone)
    assert archive.pdf_of(kept).content.startswith(b"%PDF-")
    report = verify(session())
    assert (report.faults, report.counts["documents disposed under a rule"]) == ([], 1)
    assert {form: check_file(content).verdict for form, content in files.items()} == {
        "pdf": Verdict.AUTHENTIC, "dcc": Verdict.AUTHENTIC}
    assert check_file(files["pdf"][:-5] + b"X" * 5).verdict is Verdict.ALTERED


def test_the_database_empties_a_document_only_beside_its_disposal(app_on_both: Any, clock: StoppedClock) -> None:
    head = laboratory.approver(laboratory.opened())
    gone, kept = old(clock, head, 2)
    retention.dispose([gone.id], head=head, password=PASSWORD, reason=REASON)
    for statement in ("UPDATE certificate SET record = '' WHERE id = :kept", "DELETE FROM certificate WHERE id = :gone",
                      "UPDATE certificate_document SET content = '', container = NULL WHERE certificate_id = :kept",
                      "UPDATE certificate SET number = 'X' WHERE id = :gone",
                      "UPDATE certificate_document SET sha256 = 'x' WHERE certificate_id = :gone",
                      "UPDATE disposal SET reason = 'x'", "DELETE FROM disposal"):
        with pytest.raises(DatabaseError, match="append-only"), write("test.tamper", actor=("", "test")) as current:
            named = {name: value for name, value in (("gone", gone.id), ("kept", kept.id)) if f":{name}" in statement}
            current.execute(sa.text(statement), named)


def test_before_its_time_or_under_a_hold_a_document_stays(app: Any, clock: StoppedClock) -> None:
    head = laboratory.approver(laboratory.opened())
    early, held, free = issued(head, 3)
    assert session().scalars(retention.due(clock().date())).all() == []
    retention.set_rule("calibration", 5, clock().date(), "TT-08", by=head)
    (refused,) = retention.dispose([early.id], head=head, password=PASSWORD, reason=REASON)
    assert refused.error is not None
    assert "must still be kept" in refused.error.en
    clock.advance(days=6 * 366)
    retention.place_hold(held.id, "Khiếu nại số 7", by=head)
    with pytest.raises(Conflict):
        retention.place_hold(held.id, "lần nữa", by=head)
    assert {row.id for row in session().scalars(retention.due(clock().date()))} == {early.id, held.id, free.id}
    stays, goes = retention.dispose([held.id, free.id], head=head, password=PASSWORD, reason=REASON)
    assert stays.error is not None
    assert "hold" in stays.error.en
    assert goes.error is None
    retention.lift_hold(held.id, "Khiếu nại đã xong", by=head)
    (again, twice) = retention.dispose([held.id, free.id], head=head, password=PASSWORD, reason=REASON)
    assert again.error is None
    assert twice.error is not None
    assert "disposed" in twice.error.en
    assert [row.lifted_why for row in retention.history_of(held.id)] == ["Khiếu nại đã xong"]


def test_a_later_rule_counts_from_its_day_and_an_end_of_validity_counts_too(app: Any, clock: StoppedClock) -> None:
    head = laboratory.approver(laboratory.opened())
    (row,) = issued(head)
    today = clock().date()
    retention.set_rule("calibration", 1, today, "cũ", by=head)
    retention.set_rule("calibration", 10, today + timedelta(days=30), "mới", by=head)
    assert retention.rules_on(today)["calibration"].years == 1
    later = today + timedelta(days=400)
    assert session().scalars(retention.due(later)).all() == []
    assert retention.rules_on(later)["calibration"].years == 10
    row.valid_until = row.issued_on + timedelta(days=90)
    assert retention.base_of(row) == row.issued_on + timedelta(days=90)
    session().rollback()


def test_only_the_head_with_the_password_and_a_reason(app: Any, clock: StoppedClock) -> None:
    head = laboratory.approver(laboratory.opened())
    (row,) = old(clock, head)
    manager = laboratory.person("quality_manager", "chatluong")
    with pytest.raises(NotPermitted):
        retention.dispose([row.id], head=manager, password=PASSWORD, reason=REASON)
    with pytest.raises(NotPermitted, match="password"):
        retention.dispose([row.id], head=head, password="sai", reason=REASON)
    with pytest.raises(Invalid):
        retention.dispose([row.id], head=head, password=PASSWORD, reason=" ")
    with pytest.raises(NotPermitted):
        retention.set_rule("calibration", 1, clock().date(), "x", by=manager)
    assert session().scalar(sa.select(Disposal.id)) is None


def test_pages_rule_hold_disposal_and_what_the_public_sees(app: Any, clock: StoppedClock) -> None:
    head = laboratory.approver(laboratory.opened())
    gone, held = issued(head, 2)
    client, code = logged_in(app, head), gone.code
    rule = {"kind": "calibration", "years": "5", "valid_from": "23/11/2026", "basis": "TT-08, mục 5.3"}
    assert client.post("/certificates-retention/rule", data=rule | {"years": "0"}).status_code == 422
    assert client.post("/certificates-retention/rule", data=rule).status_code == 303
    clock.advance(days=6 * 366)
    client = logged_in(app, head)
    page = client.get("/certificates-retention").text
    assert "C26-00001" in page
    assert "TT-08, mục 5.3" in page
    assert client.post("/certificates/C26-00002/hold", data={"act": "place", "reason": "Tranh chấp"}).status_code == 303
    assert "Tranh chấp" in client.get("/certificates/C26-00002").text
    wanted = {"certificate": [str(gone.id), str(held.id)], "reason": REASON}
    assert client.post("/certificates-retention/dispose", data=wanted | {"password": "sai"}).status_code == 422
    assert client.post("/certificates-retention/dispose", data=wanted | {"password": PASSWORD}).status_code == 303
    shown = client.get("/certificates/C26-00001").text
    assert REASON in shown
    assert "đã hủy theo quy định lưu giữ" in shown
    assert client.get("/certificates/C26-00001/document.pdf").status_code == 410
    assert client.get("/certificates/C26-00001/record.json").status_code == 410
    assert client.get("/certificates/C26-00002/document.pdf").status_code == 200
    listed = client.get("/certificates?state=disposed").text
    assert "C26-00001" in listed
    assert "C26-00002" not in listed
    public = app.test_client().get(f"/v/C26-00001?c={code}").text
    assert "theo quy định lưu giữ 5 năm (TT-08, mục 5.3)" in public
    told = retention.disposal_of(gone.id)
    assert told is not None
    assert json.loads(told.files)[0]["sha256"] in public
