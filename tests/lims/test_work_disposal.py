"""Job records: they go only after their time, readings and photographs are really gone, documents stay whole."""
from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image
from sqlalchemy.exc import DatabaseError

from certificates.checking import Verdict
from lims.auth.models import User
from lims.issue import afterwards, archive, retention, service
from lims.issue import work_retention as work
from lims.issue.check import check_file
from lims.issue.integrity import verify
from lims.issue.models import Certificate
from lims.issue.retention import Disposed
from lims.jobs import photos
from lims.jobs.disposal import Contents, WorkGone, disposal_of
from lims.jobs.disposal_models import WorkDisposal
from lims.jobs.models import JobItem, Observation, Result
from lims.jobs.results import evaluation_of, latest_result
from lims.shared.audit import AuditEvent
from lims.shared.db import session, write
from lims.shared.errors import NotPermitted
from tests.conftest import PASSWORD, StoppedClock
from tests.lims import factories, laboratory
from tests.lims.people import logged_in

REASON = "Biên bản hủy số 4"


def photographed(item: JobItem) -> None:
    """A photograph of the sheet, as it was kept while measuring."""
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), (10, 120, 90)).save(drawn, "JPEG")
    user = item.worksheet.performed_by  # type: ignore[union-attr]
    laboratory.reopen(item)
    photos.keep(item.code, content=drawn.getvalue(), subject="seal", note="", user=user)
    with write("test.submitted", actor=factories.ACTOR):
        session().get_one(JobItem, item.id).state = "submitted"


def old(clock: StoppedClock, head: User, count: int = 1) -> list[JobItem]:
    """Items whose five years are over since yesterday, the first with a photograph."""
    first = laboratory.waiting()
    photographed(first)
    ids = [first.id, *(laboratory.clones(session().get_one(JobItem, first.id), count - 1) if count > 1 else [])]
    service.issue_batch(ids, signer=head, password=PASSWORD)
    retention.set_rule(retention.JOB, 5, clock().date(), "TT-08, 5.4", by=head)
    clock.advance(days=(date(2031, 11, 24) - date(2026, 11, 23)).days)
    return [session().get_one(JobItem, one) for one in ids]


def disposed(ids: list[int], head: User) -> list[Disposed]:
    found = work.dispose_of_work(ids, head=head, password=PASSWORD, reason=REASON)
    session().expire_all()
    return found


def test_readings_results_and_photographs_go_and_the_document_stays(app_on_both: Any, clock: StoppedClock) -> None:
    head = laboratory.approver(laboratory.opened())
    gone, kept = old(clock, head, 2)
    assert {item.id for item in session().scalars(work.work_due(clock().date()))} == {gone.id, kept.id}
    result, sheet = laboratory.result_of(gone), gone.worksheet
    assert sheet is not None
    typed = session().scalar(sa.select(sa.func.count()).where(Observation.worksheet_id == sheet.id))
    stated = result.digest
    (outcome,) = disposed([gone.id], head)
    assert (outcome.name, outcome.error) == (gone.code, None)
    told = disposal_of(gone.worksheet)
    assert told is not None
    held = Contents.read(told.contents)
    assert (told.due_on, told.reason, held.readings, held.results, len(held.photos)) == (
        date(2031, 11, 23), REASON, typed, [stated], 1)
    rows = session().scalars(sa.select(Observation).where(Observation.worksheet_id == sheet.id)).all()
    assert {(row.text, row.value) for row in rows} == {("", None)}
    assert all(row.by_id and row.cell and row.at for row in rows)
    with pytest.raises(WorkGone):
        evaluation_of(laboratory.result_of(gone))
    photo = photos.of_item(gone)[0]
    assert (photo.file.content, photo.file.sha256) == (b"", held.photos[0])
    (certificate,) = archive.of_item([gone.id])
    assert check_file(archive.pdf_of(certificate).content).verdict is Verdict.AUTHENTIC
    assert archive.record_of(certificate).number == certificate.number
    still = kept.id
    report = verify(session())
    assert (report.faults, report.counts["job records disposed under a rule"]) == ([], 1)
    assert evaluation_of(laboratory.result_of(session().get_one(JobItem, still)))["tables"]


def test_the_trail_forgets_what_was_typed_and_keeps_who_and_when(app: Any, clock: StoppedClock) -> None:
    head = laboratory.approver(laboratory.opened())
    (gone,) = old(clock, head)
    ids = [str(one) for one in session().scalars(sa.select(Observation.id).where(
        Observation.worksheet_id == gone.worksheet.id))]  # type: ignore[union-attr]
    wanted = sa.select(AuditEvent.changes).where(AuditEvent.entity == "observation", AuditEvent.entity_id.in_(ids))
    before = [json.loads(one) for one in session().scalars(wanted)]
    disposed([gone.id], head)
    after = [json.loads(one) for one in session().scalars(wanted)]
    assert [one["text"] for one in after] == [[None, "•"]] * len(before)
    left = [{key: value for key, value in one.items() if key not in ("text", "value")} for one in (*before, *after)]
    assert left[:len(before)] == left[len(before):]


def test_the_database_empties_records_only_beside_their_disposal(app_on_both: Any, clock: StoppedClock) -> None:
    head = laboratory.approver(laboratory.opened())
    gone, kept = old(clock, head, 2)
    disposed([gone.id], head)
    sheets = {"gone": gone.worksheet.id, "kept": kept.worksheet.id}  # type: ignore[union-attr]
    for statement in (
            "UPDATE observation SET text = '', value = NULL WHERE worksheet_id = :kept",
            "UPDATE observation SET cell = 'x' WHERE worksheet_id = :gone",
            "UPDATE result SET evaluation = '' WHERE worksheet_id = :kept",
            "UPDATE stored_file SET sha256 = 'x'", "DELETE FROM observation WHERE worksheet_id = :gone",
            "UPDATE audit_event SET changes = '{}' WHERE entity = 'observation'",
            "UPDATE audit_event SET entity_id = '0' WHERE entity = 'result'", "DELETE FROM work_disposal",
            "UPDATE audit_event SET changes = '{\"text\": [null, \"•\"]}' WHERE entity = 'job'"):
        with pytest.raises(DatabaseError, match="append-only"), write("test.tamper", actor=("", "test")) as current:
            current.execute(sa.text(statement), {name: value for name, value in sheets.items()
                                                 if f":{name}" in statement})


def test_what_is_changed_in_an_emptied_trail_is_found(app: Any, clock: StoppedClock) -> None:
    head = laboratory.approver(laboratory.opened())
    (gone,) = old(clock, head)
    disposed([gone.id], head)
    with write("test.tamper", actor=("", "test")) as current:
        current.execute(sa.text("DROP TRIGGER audit_event_no_update"))
        current.execute(sa.text("UPDATE audit_event SET changes = replace(changes, '\"by_id\":[null,', "
                                "'\"by_id\":[null,9') WHERE entity = 'observation'"))
    faults = verify(session(), render=False).faults
    assert any("audit trail keeps of its disposed records was changed" in fault for fault in faults)


def test_a_hold_an_early_day_and_an_open_replacement_keep_the_records(app: Any, clock: StoppedClock) -> None:
    head = laboratory.approver(laboratory.opened())
    held, reopened, free, kept = old(clock, head, 4)
    retention.place_hold(archive.of_item([held.id])[0].id, "Khiếu nại số 7", by=head)
    afterwards.amend(archive.of_item([reopened.id])[0].id, signer=head, password=PASSWORD, changes="Số máy",
                     reason="sai")
    outcomes = disposed([held.id, reopened.id, free.id, free.id], head)
    assert ["hold" in outcomes[0].error.en, "not ended" in outcomes[1].error.en] == [True, True]  # type: ignore[union-attr]
    assert outcomes[2].error is None
    (again,) = disposed([free.id], head)
    assert again.error is not None
    with pytest.raises(WorkGone):
        afterwards.amend(archive.of_item([free.id])[0].id, signer=head, password=PASSWORD, changes="x", reason="y")
    retention.set_rule(retention.JOB, 10, clock().date(), "TT-08, lần 2", by=head)
    (early,) = disposed([kept.id], head)
    assert "must still be kept" in early.error.en  # type: ignore[union-attr]
    assert latest_result(kept) is not None


def test_the_years_count_from_the_hand_over_and_from_the_end_of_validity(app: Any, clock: StoppedClock) -> None:
    head = laboratory.approver(laboratory.opened())
    (item,) = old(clock, head)
    (document,) = archive.of_item([item.id])
    assert work.work_base(item, [document]) == document.issued_on
    document.valid_until = date(2029, 1, 1)
    assert work.work_base(item, [document]) == date(2029, 1, 1)
    session().rollback()
    with write("test.handed_over", actor=factories.ACTOR):
        session().get_one(JobItem, item.id).handed_over_at = clock()
    assert session().scalars(work.work_due(clock().date())).all() == []


def test_only_the_head_with_the_password(app: Any, clock: StoppedClock) -> None:
    head = laboratory.approver(laboratory.opened())
    (item,) = old(clock, head)
    manager = laboratory.person("quality_manager", "chatluong")
    for who, password in ((manager, PASSWORD), (head, "sai")):
        with pytest.raises(NotPermitted):
            work.dispose_of_work([item.id], head=who, password=password, reason=REASON)
    assert session().scalar(sa.select(WorkDisposal.id)) is None


def test_pages_offer_dispose_and_say_what_is_left(app: Any, clock: StoppedClock) -> None:
    head = laboratory.approver(laboratory.opened())
    (item,) = old(clock, head)
    client = logged_in(app, head)
    assert item.code in client.get("/certificates-retention/work").text
    sent = {"item": str(item.id), "reason": REASON}
    refused = client.post("/certificates-retention/work", data=sent | {"password": "sai"})
    assert (refused.status_code, REASON in refused.text) == (422, True)
    assert client.post("/certificates-retention/work", data=sent | {"password": PASSWORD}).status_code == 303
    session().expire_all()
    assert "1 ảnh" in client.get("/certificates-retention/work").text
    shown = client.get(f"/items/{item.code}/sheet").text
    assert REASON in shown
    assert Contents.read(session().scalars(sa.select(WorkDisposal.contents)).one()).readings_sha256 in shown
    assert client.get(f"/items/{item.code}/history").status_code == 410
    assert client.get(f"/items/{item.code}/photos").status_code == 410
    number = session().scalars(sa.select(Certificate.number)).one()
    assert client.get(f"/certificates/{number}").status_code == 200
    assert client.get(f"/certificates/{number}/document.pdf").status_code == 200
    assert session().scalars(sa.select(Result.evaluation)).first() == ""
