"""`lims certificate`, `keys`, `verify`, `backup` and `restore`, as a person calls them."""
from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from lims.app import create_app
from lims.auth.models import User
from lims.cli import main
from lims.customers.models import Customer
from lims.issue import archive, keys, service
from lims.issue.models import Certificate
from lims.shared import clock
from lims.shared.db import db, session
from tests.conftest import PASSWORD
from tests.lims import factories, laboratory
from tests.lims.people import person
from tests.lims.tampering import tamper

Lims = Callable[..., Result]


@pytest.fixture
def lims(app_on_both: Any, monkeypatch: pytest.MonkeyPatch) -> Lims:
    """The command on this test's database."""
    return command_on(app_on_both, monkeypatch)


@pytest.fixture
def lims_on_sqlite(app: Any, monkeypatch: pytest.MonkeyPatch) -> Lims:
    return command_on(app, monkeypatch)


def command_on(app: Any, monkeypatch: pytest.MonkeyPatch) -> Lims:
    settings = app.extensions["settings"]
    environment = {"LIMS_DATA_DIR": str(settings.data_dir), "LIMS_DATABASE_URL": settings.database_url,
                   "LIMS_SECRET_KEY": "for tests only"}

    made: list[Any] = []

    def with_the_tests_clock(settings: Any) -> Any:
        made.append(create_app(settings, clock_source=app.extensions["clock"]))
        return made[-1]

    monkeypatch.setattr("lims.app.create_app", with_the_tests_clock)

    def call(*arguments: str, **other: str) -> Result:
        db.session.remove()
        result = CliRunner().invoke(main, list(arguments), env={**environment, **other}, catch_exceptions=False)
        for one in made:  # a process would end here
            with one.app_context():
                db.session.remove()
                db.engine.dispose()
        made.clear()
        return result

    return call


def issued(**other: Any) -> Certificate:
    head = laboratory.approver(laboratory.opened())
    return service.issue_certificate(laboratory.waiting(**other).id, signer=head, password=PASSWORD)


def test_an_exported_document_is_authentic_and_a_changed_byte_is_not(lims: Lims, tmp_path: Path) -> None:
    number, pdf, record = issued().number, tmp_path / "a.pdf", tmp_path / "a.json"
    assert lims("certificate", "export", number.lower(), "--pdf", str(pdf), "--json", str(record)).exit_code == 0
    for file in (pdf, record):
        checked = lims("certificate", "check", str(file), "--json")
        assert (checked.exit_code, json.loads(checked.stdout)["verdict"]) == (0, "authentic")
    spoiled = bytearray(pdf.read_bytes())
    spoiled[len(spoiled) // 2] ^= 1
    pdf.write_bytes(spoiled)
    checked = lims("certificate", "check", str(pdf), "--json")
    told = json.loads(checked.stdout)
    assert (checked.exit_code, told["verdict"], told["number"]) == (1, "altered", number)


def test_a_strange_file_is_unknown_and_a_missing_one_wrong_use(lims_on_sqlite: Lims, tmp_path: Path) -> None:
    strange = tmp_path / "strange.pdf"
    strange.write_bytes(b"%PDF-1.7\nsomething else")
    assert lims_on_sqlite("certificate", "check", str(strange)).stdout.startswith("unknown")
    assert lims_on_sqlite("certificate", "check", str(strange)).exit_code == 1
    missing = lims_on_sqlite("certificate", "check", str(tmp_path / "none.pdf"))
    assert (missing.exit_code, "none.pdf" in missing.stderr) == (2, True)


def test_replaced_and_withdrawn_documents_are_called_so(lims_on_sqlite: Lims, tmp_path: Path) -> None:
    head = laboratory.approver(laboratory.opened())
    user, pdf, signer_id = factories.technician(), tmp_path / "a.pdf", head.id
    item = laboratory.waiting(user=user)
    first = service.issue_certificate(item.id, signer=head, password=PASSWORD)
    pdf.write_bytes(archive.pdf_of(first).content)
    service.amend(first.id, signer=head, password=PASSWORD, changes="tên", reason="sai tên")
    laboratory.submit_again(item, user)
    second = service.issue_certificate(item.id, signer=head, password=PASSWORD).number
    told = json.loads(lims_on_sqlite("certificate", "check", str(pdf), "--json").stdout)
    assert (told["verdict"], told["superseded_by"]) == ("superseded", second)
    head = session().get_one(User, signer_id)  # the command closed the session
    service.withdraw(archive.by_number("C26-00001").id, signer=head, password=PASSWORD, reason="nhầm")
    assert json.loads(lims_on_sqlite("certificate", "check", str(pdf), "--json").stdout)["verdict"] == "withdrawn"
    rows = json.loads(lims_on_sqlite("certificate", "list", "--json").stdout)
    assert [(row["number"], row["status"]) for row in rows] == [("C26-00001", "withdrawn"), ("C26-00002", "valid")]


def test_an_archive_row_exchanged_together_with_its_digest_is_not_authentic(
        lims_on_sqlite: Lims, tmp_path: Path) -> None:
    """Whoever can write to the database puts another PDF with its own SHA-256 in the place of the archived one."""
    import hashlib

    forged = archive.pdf_of(issued()).content.replace(b"C26-00001", b"C26-00007")
    sha256 = hashlib.sha256(forged).hexdigest()
    tamper(f"UPDATE certificate_document SET sha256 = '{sha256}', content = x'{forged.hex()}'")
    (tmp_path / "forged.pdf").write_bytes(forged)
    assert lims_on_sqlite("certificate", "check", str(tmp_path / "forged.pdf")).exit_code == 1
    assert lims_on_sqlite("verify").exit_code == 1


def test_a_calibration_is_exported_with_its_dcc_and_both_are_authentic(lims_on_sqlite: Lims, tmp_path: Path) -> None:
    number, pdf, dcc = issued().number, tmp_path / "a.pdf", tmp_path / "a.xml"
    written = lims_on_sqlite("certificate", "export", number, "--pdf", str(pdf), "--dcc", str(dcc))
    assert (written.exit_code, pdf.exists(), dcc.exists()) == (0, True, True)
    assert [lims_on_sqlite("certificate", "check", str(file)).exit_code for file in (pdf, dcc)] == [0, 0]
    dcc.write_bytes(dcc.read_bytes().replace(b"100.1", b"100.2", 1))
    assert lims_on_sqlite("certificate", "check", str(dcc)).exit_code == 1
    assert lims_on_sqlite("certificate", "export", "X-1", "--pdf", str(pdf)).exit_code == 2
    assert lims_on_sqlite("certificate", "export", number).exit_code == 2


def test_verify_prints_counts_and_names_what_is_wrong(lims_on_sqlite: Lims) -> None:
    issued()
    fine = lims_on_sqlite("verify", "--json")
    assert (fine.exit_code, json.loads(fine.stdout)["counts"]["documents rendered again"]) == (0, 1)
    tamper("UPDATE certificate_document SET content = CAST(substr(content, 1, 99) || 'X' || substr(content, 101) "
           "AS BLOB)")
    wrong = lims_on_sqlite("verify")
    assert wrong.exit_code == 1
    assert "C26-00001: the archived pdf (revision 1) does not match its SHA-256" in wrong.stdout


def test_a_retired_key_seals_nothing_more_and_its_documents_stay_checkable(
        lims_on_sqlite: Lims, tmp_path: Path) -> None:
    pdf = tmp_path / "a.pdf"
    pdf.write_bytes(archive.pdf_of(issued()).content)
    assert lims_on_sqlite("keys", "new").exit_code == 0
    assert lims_on_sqlite("keys", "retire", "1").exit_code == 0
    assert lims_on_sqlite("keys", "retire", "9").exit_code == 2
    rows = json.loads(lims_on_sqlite("keys", "list", "--json").stdout)
    assert [(row["key_id"], row["retired_at"] is None, row["private_key_here"]) for row in rows] == [
        ("1", False, True), ("2", True, True)]
    assert list(json.loads(lims_on_sqlite("keys", "export").stdout)) == ["1", "2"]
    assert lims_on_sqlite("certificate", "check", str(pdf)).exit_code == 0
    assert keys.seal("C26-00002", "0" * 64, clock.now()).key_id == "2"


def test_a_private_key_is_readable_by_its_owner_only(app: Any) -> None:
    issued()
    (key,) = (app.extensions["settings"].data_dir / "keys").glob("seal-*.key")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_backup_is_restored_to_an_empty_place_and_found_in_order(lims: Lims, tmp_path: Path) -> None:
    number, folder, empty = issued().number, tmp_path / "backup", tmp_path / "elsewhere"
    assert lims("backup", str(folder)).exit_code == 0
    assert sorted(path.name for path in folder.iterdir()) == ["lims.db", "manifest.json", "public-keys.json"]
    restored = lims("restore", str(folder), LIMS_DATA_DIR=str(empty), LIMS_DATABASE_URL="")
    assert restored.exit_code == 0, restored.output
    listed = lims("certificate", "list", "--json", LIMS_DATA_DIR=str(empty), LIMS_DATABASE_URL="")
    assert [row["number"] for row in json.loads(listed.stdout)] == [number]
    again = lims("restore", str(folder), LIMS_DATA_DIR=str(empty), LIMS_DATABASE_URL="")
    assert (again.exit_code, "not empty" in again.stderr) == (2, True)


def test_a_backup_goes_into_postgresql_as_well(lims_on_sqlite: Lims, tmp_path: Path, postgresql_server: str) -> None:
    from tests.conftest import _admin, _with_database

    number, folder = issued().number, tmp_path / "backup"
    factories.finished_survey(person("reception"), session().scalars(sa.select(Customer)).one(), clock.today(), "7")
    lims_on_sqlite("backup", str(folder))
    _admin(postgresql_server, "CREATE DATABASE lims_restored")
    url = _with_database(postgresql_server, "lims_restored")
    try:
        restored = lims_on_sqlite("restore", str(folder), LIMS_DATABASE_URL=url)
        assert restored.exit_code == 0, restored.output
        listed = lims_on_sqlite("certificate", "list", "--json", LIMS_DATABASE_URL=url)
        assert [row["number"] for row in json.loads(listed.stdout)] == [number]
        assert lims_on_sqlite("keys", "new", LIMS_DATABASE_URL=url).exit_code == 0
    finally:
        _admin(postgresql_server, "DROP DATABASE lims_restored WITH (FORCE)")


def test_private_keys_travel_only_when_asked_and_locked(lims_on_sqlite: Lims, tmp_path: Path, app: Any) -> None:
    issued()
    passphrase, folder, empty = tmp_path / "passphrase", tmp_path / "backup", tmp_path / "elsewhere"
    passphrase.write_text("mot cau that dai\n")
    locked = lims_on_sqlite("backup", str(folder), "--with-keys", "--passphrase-file", str(passphrase))
    assert locked.exit_code == 0, locked.output
    secret = (app.extensions["settings"].data_dir / "keys" / "seal-1.key").read_bytes()
    assert all(secret not in path.read_bytes() for path in folder.iterdir())
    arguments = ("restore", str(folder), "--with-keys", "--passphrase-file", str(passphrase))
    passphrase.write_text("mot cau khac han")
    assert lims_on_sqlite(*arguments, LIMS_DATA_DIR=str(empty), LIMS_DATABASE_URL="").exit_code == 2
    passphrase.write_text("mot cau that dai")
    assert lims_on_sqlite(*arguments, LIMS_DATA_DIR=str(empty), LIMS_DATABASE_URL="").exit_code == 0
    assert (empty / "keys" / "seal-1.key").read_bytes() == secret


def test_a_damaged_backup_is_refused_before_anything_is_restored(lims_on_sqlite: Lims, tmp_path: Path) -> None:
    issued()
    folder, empty = tmp_path / "backup", tmp_path / "elsewhere"
    lims_on_sqlite("backup", str(folder))
    assert lims_on_sqlite("backup", str(folder)).exit_code == 2
    with (folder / "lims.db").open("r+b") as file:
        file.seek(5000)
        file.write(b"\x00\x01")
    refused = lims_on_sqlite("restore", str(folder), LIMS_DATA_DIR=str(empty), LIMS_DATABASE_URL="")
    assert (refused.exit_code, (empty / "lims.db").exists()) == (2, False)


def test_a_trail_that_was_cut_after_a_backup_is_found_by_its_manifest(lims_on_sqlite: Lims, tmp_path: Path) -> None:
    issued()
    factories.customer(name="Công ty sau cùng")
    lims_on_sqlite("backup", str(tmp_path / "backup"))
    manifest = str(tmp_path / "backup" / "manifest.json")
    assert lims_on_sqlite("verify", "--anchor", manifest).exit_code == 0
    tamper("PRAGMA foreign_keys=OFF", "DELETE FROM customer WHERE name = 'Công ty sau cùng'",
           "DELETE FROM audit_event WHERE seq = (SELECT seq FROM audit_head)",
           "DELETE FROM audit_transaction WHERE seq = (SELECT seq FROM audit_head)",
           "UPDATE audit_head SET seq = seq - 1, link = (SELECT link FROM audit_transaction ORDER BY seq DESC LIMIT 1)")
    assert "is no longer part of the trail" in lims_on_sqlite("verify", "--anchor", manifest).stdout
