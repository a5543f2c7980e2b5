"""The laboratory's seal: made at issue, kept beside the document, checkable after the key was changed."""
from __future__ import annotations

import json
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from config import SettingsError, load
from lims.issue import archive, integrity, planning, sealed, sealing, service
from lims.issue.issuing import NotReady
from lims.issue.models import Certificate
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import Conflict, DomainError, NotFound
from tests.conftest import PASSWORD, StoppedClock
from tests.lims import factories, laboratory
from tests.lims.tampering import tamper

SYSTEM = ("", "test")


@pytest.fixture
def items(app: Any) -> list[int]:
    user, served_by = factories.technician(), factories.standard()
    return [laboratory.waiting(user=user, served_by=served_by).id for _ in range(2)]


@pytest.fixture
def head(app: Any) -> Any:
    return laboratory.approver(laboratory.opened())


def issue(item_id: int, head: Any) -> Certificate:
    return service.issue_certificate(item_id, signer=head, password=PASSWORD)


def laboratory_key(folder: Path, days: int = 365) -> dict[str, Path]:
    """A PKCS#12 file with its password file, as the settings name them."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Trung tâm Minh Sơn")])
    now = clock.now()
    own = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
           .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=400))
           .not_valid_after(now + timedelta(days=days)).sign(key, hashes.SHA256()))
    lock = serialization.BestAvailableEncryption(b"mot mat khau")
    (folder / "seal.p12").write_bytes(pkcs12.serialize_key_and_certificates(b"seal", key, own, None, lock))
    (folder / "password").write_text("mot mat khau\n")
    return {"seal_pkcs12": folder / "seal.p12", "seal_password_file": folder / "password"}


def configure(app: Any, **settings: Any) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], **settings)


def test_an_issued_document_bears_the_trial_seal_and_is_made_again_from_record_and_container(
        app: Any, head: Any, items: list[int]) -> None:
    issued = issue(items[0], head)
    archived = archive.pdf_of(issued)
    (told,) = sealed.signatures(archived.content)
    assert (told.seal.trial, told.seal.intact, told.seal.covers_whole_file, told.ours) == (True, True, True, True)
    assert told.seal.sealed_at == issued.issued_at
    container = archive.container_of(issued)
    assert planning.archived_again(issued, archive.record_of(issued), container).pdf == archived.content
    assert integrity.verify(session()).faults == []


def test_the_trial_key_is_made_once_and_readable_by_its_owner_only(app: Any, head: Any, items: list[int]) -> None:
    for item_id in items:
        issue(item_id, head)
    (path,) = (app.extensions["settings"].data_dir / "keys").glob("pades-*.key")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (key,) = sealing.all_keys()
    assert (key.kind, sealing.has_private(key)) == ("trial", True)


def test_what_an_older_key_sealed_stays_checkable(app: Any, head: Any, items: list[int], tmp_path: Path) -> None:
    first = issue(items[0], head)
    sealing.retire(sealing.all_keys()[0].fingerprint, actor=SYSTEM)
    configure(app, **laboratory_key(tmp_path))
    second = issue(items[1], head)
    signers = [sealed.signatures(archive.pdf_of(one).content)[0].seal.trial for one in (first, second)]
    assert signers == [True, False]
    assert {key.kind for key in sealing.all_keys()} == {"trial", "pkcs12"}
    assert integrity.verify(session()).faults == []


def test_a_retired_trial_key_is_followed_by_a_new_one(app: Any, head: Any, clock: StoppedClock) -> None:
    first = sealing.active()
    sealing.retire(sealing.all_keys()[0].fingerprint[:12], actor=SYSTEM)
    clock.advance(seconds=1)
    assert sealing.active().certificate != first.certificate
    with pytest.raises(Conflict):
        sealing.retire(sealing.all_keys()[0].fingerprint, actor=SYSTEM)
    with pytest.raises(NotFound):
        sealing.retire("0" * 64, actor=SYSTEM)


def test_a_key_that_cannot_seal_stops_the_issue_before_a_number_is_given(
        app: Any, head: Any, items: list[int], tmp_path: Path) -> None:
    configure(app, **laboratory_key(tmp_path, days=-1))
    with pytest.raises(NotReady, match="not valid today"):
        issue(items[0], head)
    (tmp_path / "password").write_text("sai")
    configure(app, **laboratory_key(tmp_path) | {"seal_password_file": None})
    with pytest.raises(NotReady, match="wrong password"):
        issue(items[0], head)
    assert session().query(Certificate).count() == 0


def test_an_authority_that_is_away_gives_no_number(app: Any, head: Any, items: list[int]) -> None:
    configure(app, tsa_url="http://127.0.0.1:1/tsa")
    with pytest.raises(DomainError, match="does not answer"):
        issue(items[0], head)
    assert session().query(Certificate).count() == 0


@pytest.mark.parametrize(("statement", "fault"), [
    ("UPDATE certificate_document SET container = NULL WHERE form = 'pdf'", "gives other bytes"),
    ("UPDATE certificate_document SET container = zeroblob(length(container)) WHERE form = 'pdf'", "gives other bytes"),
    ("UPDATE seal_key SET certificate = zeroblob(10)", "is not the one that was registered"),
    ("UPDATE seal_key SET fingerprint = replace(fingerprint, 'a', 'b')", "never registered"),
    ("UPDATE certificate_document SET content = CAST(substr(content, 1, 900) || x'00' || substr(content, 902) AS BLOB) "
     "WHERE form = 'pdf'", "its seal"),
])
def test_a_changed_seal_is_found(app: Any, head: Any, items: list[int], statement: str, fault: str) -> None:
    issue(items[0], head)
    tamper(statement)
    assert any(fault in found for found in integrity.verify(session()).faults)


def test_settings_name_files_that_exist(tmp_path: Path) -> None:
    for name, value in (("LIMS_SEAL_PKCS12", str(tmp_path / "none.p12")), ("LIMS_TSA_URL", "ftp://x")):
        with pytest.raises(SettingsError, match=name):
            load({"LIMS_DATA_DIR": str(tmp_path), name: value})


def test_the_check_command_tells_the_seal(app: Any, head: Any, items: list[int], tmp_path: Path) -> None:
    from click.testing import CliRunner

    from lims.cli import main

    settings, file = app.extensions["settings"], tmp_path / "a.pdf"
    file.write_bytes(archive.pdf_of(issue(items[0], head)).content)
    environment = {"LIMS_DATA_DIR": str(settings.data_dir), "LIMS_DATABASE_URL": settings.database_url,
                   "LIMS_SECRET_KEY": "for tests only"}
    shown = CliRunner().invoke(main, ["certificate", "check", str(file), "--json"], env=environment)
    (seal,) = json.loads(shown.stdout)["signatures"]
    assert (seal["trial"], seal["intact"], seal["ours"]) == (True, True, True)
    assert "TRIAL" in CliRunner().invoke(main, ["certificate", "check", str(file)], env=environment).stdout
