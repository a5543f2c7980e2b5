"""`lims doctor`: what it finds, in both languages, and what makes its status 1."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lims.auth.models import User
from lims.cli.doctor_archive import archive_findings
from lims.cli.doctor_seal import seal_findings
from lims.cli.finding import Finding
from lims.cli.last_backup import NAME, LastBackup
from lims.issue import retention, service
from lims.shared.audit import AuditHead, AuditTransaction
from lims.shared.db import session
from tests.conftest import PASSWORD, StoppedClock
from tests.lims import laboratory
from tests.lims.test_archive_commands import command_on


def about(app: Any, english: str) -> Finding:
    """The finding with this subject."""
    found = [*archive_findings(app.extensions["settings"]), *seal_findings(app.extensions["settings"])]
    return next(one for one in found if one.subject.en == english)


def issued(clock: StoppedClock) -> Any:
    head = laboratory.approver(laboratory.opened())
    service.issue_batch([laboratory.waiting().id], signer=head, password=PASSWORD)
    return head


def test_a_laboratory_that_issues_needs_a_backup_not_older_than_two_days(app: Any, clock: StoppedClock) -> None:
    assert about(app, "backup").state == "note"
    issued(clock)
    assert about(app, "backup").state == "bad"
    head = session().get_one(AuditHead, 1)
    folder = app.extensions["settings"].data_dir
    LastBackup(clock(), "/backup/1", head.seq, head.link).write(folder)
    good = about(app, "backup")
    assert (good.state, "/backup/1" in good.text.vi) == ("ok", True)
    clock.advance(days=2, minutes=1)
    assert "hằng ngày" in about(app, "backup").text.vi
    assert about(app, "backup").state == "bad"


def test_a_trail_that_lost_the_end_held_by_the_last_backup_is_told(app: Any, clock: StoppedClock) -> None:
    issued(clock)
    folder = app.extensions["settings"].data_dir
    LastBackup(clock(), "/backup/1", session().get_one(AuditHead, 1).seq, "f" * 64).write(folder)
    told = about(app, "backup")
    assert (told.state, "--anchor" in told.text.en) == ("bad", True)
    (folder / NAME).write_text("{")
    assert LastBackup.read(folder) is None


def test_a_clock_before_the_newest_record_is_wrong(app: Any, clock: StoppedClock) -> None:
    issued(clock)
    assert about(app, "clock").state != "bad"
    clock.advance(days=-1)
    told = about(app, "clock")
    assert (told.state, "chỉnh lại giờ máy" in told.text.vi) == ("bad", True)


def test_the_nightly_check_is_missed_after_two_days(app: Any, clock: StoppedClock) -> None:
    issued(clock)
    assert about(app, "nightly check").state == "note"
    clock.advance(days=2, minutes=1)
    assert about(app, "nightly check").state == "bad"


def test_a_trial_key_and_kinds_without_a_rule_are_noted(app: Any, clock: StoppedClock) -> None:
    by = issued(clock).id
    assert ("khóa thử" in about(app, "seal").text.vi, about(app, "seal").state) == (True, "note")
    assert "5 loại chưa có quy định" in about(app, "retention").text.vi
    head = session().get_one(User, by)
    for kind in ("calibration", "verification", "test", "work_record", "job"):
        retention.set_rule(kind, 5, clock().date(), "TT-08", by=head)
    assert about(app, "retention").state == "ok"
    clock.advance(days=6 * 366)
    assert "hết thời hạn: 1 giấy, 1 hồ sơ đo" in about(app, "retention").text.vi
    assert about(app, "code key").state == "ok"


def test_a_seal_whose_certificate_ends_is_wrong(app: Any, clock: StoppedClock) -> None:
    issued(clock)
    clock.advance(days=11 * 366)
    told = about(app, "seal")
    assert (told.state, "không còn hiệu lực" in told.text.vi) == ("bad", True)


def test_a_changed_trail_is_told_with_what_to_do(app: Any, clock: StoppedClock) -> None:
    issued(clock)
    with session().get_bind().begin() as raw:  # type: ignore[union-attr]
        raw.execute(sa.text("DROP TRIGGER audit_transaction_no_update"))
        raw.execute(sa.update(AuditTransaction).where(AuditTransaction.seq == 2).values(reason="khác"))
    told = about(app, "audit trail")
    assert (told.state, "lims verify" in told.text.en) == ("bad", True)


@pytest.mark.parametrize(("locale", "words"), [("vi_VN.UTF-8", "còn trống"), ("C.UTF-8", "GiB free")])
def test_it_speaks_the_language_of_the_terminal(app: Any, locale: str, words: str,
                                                monkeypatch: pytest.MonkeyPatch) -> None:
    told = command_on(app, monkeypatch)("doctor", LANG=locale, LC_ALL="", LC_MESSAGES="")
    assert (told.exit_code, words in told.output) == (0, True), told.output


def test_a_backup_leaves_a_note_of_itself(app: Any, tmp_path: Path, clock: StoppedClock,
                                          monkeypatch: pytest.MonkeyPatch) -> None:
    done = command_on(app, monkeypatch)("backup", str(tmp_path / "kept"))
    assert done.exit_code == 0, done.output
    note = LastBackup.read(app.extensions["settings"].data_dir)
    manifest = json.loads((tmp_path / "kept" / "manifest.json").read_text())
    assert note == LastBackup(clock(), str(tmp_path / "kept"), manifest["audit_head"]["seq"],
                              manifest["audit_head"]["link"])
