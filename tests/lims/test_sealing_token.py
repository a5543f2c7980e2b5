"""The laboratory's key on a token, and its time-stamping authority: issuing goes on, or stops with a reason."""
from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

from config import SettingsError, load
from lims.cli.doctor_seal import seal_findings
from lims.issue import archive, integrity, issuing, seal_source, sealed, sealing, stamping
from lims.issue.issuing import NotReady
from lims.issue.models import Certificate, Series
from lims.shared import audit, clock
from lims.shared.db import Base, session
from tests.conftest import PASSWORD
from tests.lims import factories, laboratory
from tests.responder import responder
from tests.softhsm import MODULE, PIN, Tokens, needs_softhsm, tokens

__all__ = ["tokens"]


@pytest.fixture
def head(app: Any) -> Any:
    return laboratory.approver(laboratory.opened())


@pytest.fixture
def items(app: Any) -> list[int]:
    first = laboratory.waiting(user=factories.technician(), served_by=factories.standard())
    return [first.id, *laboratory.clones(first, 3)]


def certified(key: Any, name: str, *, days: int = 900, stamps: bool = False) -> x509.Certificate:
    subject, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), clock.now()
    built = (x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
             .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=2))
             .not_valid_after(now + timedelta(days=days)))
    if stamps:
        built = built.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return built.sign(key, hashes.SHA256())


def configure(app: Any, **settings: Any) -> Any:
    app.extensions["settings"] = replace(app.extensions["settings"], **settings)
    return app.extensions["settings"]


@pytest.fixture
def token(app: Any, tokens: Tokens, tmp_path: Path) -> dict[str, Any]:
    """Settings that name a token with the laboratory's key."""
    key, label = ec.generate_private_key(ec.SECP256R1()), tokens.made(f"lab-{secrets.token_hex(4)}")
    tokens.keep(label, key, [certified(key, "Trung tâm Minh Sơn")])
    (tmp_path / "pin").write_text(PIN + "\n")
    return {"token_module": MODULE, "token_label": label, "token_pin_file": tmp_path / "pin"}


def issue(items: list[int], head: Any) -> list[issuing.Outcome]:
    return issuing.issue_batch(items, signer=head, password=PASSWORD)


@needs_softhsm
def test_a_token_seals_documents_and_the_pin_is_nowhere(app: Any, head: Any, items: list[int],
                                                        token: dict[str, Any]) -> None:
    configure(app, **token)
    outcomes = issue(items, head)
    assert [one.certificate.number for one in outcomes if one.certificate] == [f"C26-0000{n}" for n in (1, 2, 3, 4)]
    (told,) = sealed.signatures(archive.pdf_of(outcomes[0].certificate).content)  # type: ignore[arg-type]
    assert (told.seal.signer, told.seal.trial, told.seal.intact, told.ours) == ("Trung tâm Minh Sơn", False, True, True)
    assert [key.kind for key in sealing.all_keys()] == ["pkcs11"]
    assert integrity.verify(session()).faults == []
    session().commit()
    kept = Path(str(session().get_bind().engine.url.database))
    assert PIN.encode() not in kept.read_bytes() + kept.with_name(kept.name + "-wal").read_bytes()


@needs_softhsm
def test_a_token_that_vanishes_in_the_middle_leaves_no_gap(
        app: Any, head: Any, items: list[int], token: dict[str, Any], tokens: Tokens,
        monkeypatch: pytest.MonkeyPatch) -> None:
    """It is pulled after two of four seals of a chunk, and put back afterwards."""
    configure(app, **token)
    sealer, count = sealing.active(), []
    real = type(sealer).sign

    def sign(self: Any, data: bytes) -> bytes:
        count.append(data)
        if len(count) == FIRST_LOST:
            tokens.folder.rename(tokens.folder.with_name("away"))
        return real(self, data)

    stamping.authority_of(app.extensions["settings"]).check(sealer)
    real(sealer, b"room")
    stamping.authority_of(app.extensions["settings"])._room(sealer, stamped=False)
    monkeypatch.setattr(type(sealer), "sign", sign)
    try:
        outcomes = issue(items, head)
    finally:
        tokens.folder.with_name("away").rename(tokens.folder)
    assert [one.certificate is not None for one in outcomes] == [True, True, False, False]
    assert all("The seal cannot be made: the" in one.error.en for one in outcomes[2:] if one.error)
    assert session().scalars(sa_next()).one() == 3
    again = issue(items, head)
    assert [one.certificate.number for one in again if one.certificate] == [f"C26-0000{n}" for n in (1, 2, 3, 4)]
    assert integrity.verify(session()).faults == []


FIRST_LOST = 3


def sa_next() -> Any:
    import sqlalchemy as sa

    return sa.select(Series.next).where(Series.kind == "calibration")


@needs_softhsm
def test_what_is_wrong_with_a_token_stands_in_the_preflight_and_in_the_doctors_list(
        app: Any, head: Any, items: list[int], token: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "wrong").write_text("9999")
    for other, vi, en in (({"token_label": "nobody"}, "chưa cắm token", "not plugged in"),
                          ({"token_pin_file": tmp_path / "wrong"}, "không nhận mã PIN", "refuses the PIN"),
                          ({"token_key": "gone"}, "không có khóa riêng", "no private key")):
        settings = configure(app, **(token | other))
        (found,) = [one for one in issuing.examine(items[0], head).findings if one.code == "seal"]
        assert (found.state, vi in found.vi, en in found.en) == ("stop", True, True)
        with pytest.raises(NotReady, match=en):
            issuing.issue_certificate(items[0], signer=head, password=PASSWORD)
        said = next(seal_findings(settings))
        assert (said.state, vi in said.text.vi, en in said.text.en, "LIMS_SEAL_PKCS11_MODULE" in said.text.en) == (
            "bad", True, True, True)
    assert session().query(Certificate).count() == 0
    good = next(seal_findings(configure(app, **token, token_key="")))
    assert (good.state, "Trung tâm Minh Sơn, until" in good.text.en) == ("ok", True)


@needs_softhsm
def test_a_corrected_pin_file_is_read_again(app: Any, token: dict[str, Any], tmp_path: Path) -> None:
    settings = configure(app, **token)
    (tmp_path / "pin").write_text("9999")
    with pytest.raises(seal_source.WrongPin):
        seal_source.configured(settings)
    (tmp_path / "pin").write_text(PIN)
    assert seal_source.configured(settings).certificate is not None


def test_half_a_token_is_refused_by_the_settings(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    half = {"LIMS_DATA_DIR": str(tmp_path), "LIMS_SEAL_PKCS11_MODULE": str(tmp_path / "file")}
    with pytest.raises(SettingsError, match="LIMS_SEAL_PKCS11_TOKEN, LIMS_SEAL_PIN_FILE: expected"):
        load(half)
    whole = half | {"LIMS_SEAL_PKCS11_TOKEN": "t", "LIMS_SEAL_PIN_FILE": str(tmp_path / "file")}
    assert load(whole).token_label == "t"
    with pytest.raises(SettingsError, match="one key seals"):
        load(whole | {"LIMS_SEAL_PKCS12": str(tmp_path / "file")})
    with pytest.raises(SettingsError, match="LIMS_TSA_POLICY: expected refuse or without"):
        load({"LIMS_DATA_DIR": str(tmp_path), "LIMS_TSA_POLICY": "perhaps"})


class Authority:
    """A small real authority (RFC 3161 over HTTP); `answers` False: it breaks off."""

    def __init__(self, folder: Path) -> None:
        key = rsa.generate_private_key(65537, 2048)
        self.certificate = certified(key, "Sample TSA", stamps=True)
        der = self.certificate.public_bytes(serialization.Encoding.DER)
        plain = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8,
                                  serialization.NoEncryption())
        self._stamper = DummyTimeStamper(asn1_x509.Certificate.load(der), asn1_keys.PrivateKeyInfo.load(plain),
                                         fixed_dt=clock.now() + timedelta(minutes=1))
        self.asked, self.answers = 0, True
        self.trust = folder / "tsa.pem"
        self.trust.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def __call__(self, body: bytes) -> bytes:
        self.asked += 1
        if not self.answers:
            return b""
        answer: bytes = self._stamper.request_tsa_response(tsp.TimeStampReq.load(body)).dump()
        return answer


@pytest.fixture
def tsa(app: Any, tmp_path: Path) -> Iterator[Authority]:
    made = Authority(tmp_path)
    with responder(made) as url:
        configure(app, tsa_url=url, tsa_trust=made.trust)
        yield made


def test_every_seal_of_a_chunk_carries_a_trusted_time_stamp(app: Any, head: Any, items: list[int],
                                                            tsa: Authority) -> None:
    outcomes = issue(items, head)
    told = [sealed.signatures(archive.pdf_of(one.certificate).content)[0].seal  # type: ignore[arg-type]
            for one in outcomes]
    stamped: list[datetime | None] = [one.stamped_at for one in told]
    assert stamped == [clock.now() + timedelta(minutes=1)] * 4
    assert [one.stamp_trusted for one in told] == [True] * 4
    assert tsa.asked == 1 + 4  # once to know the room, outside the lease
    assert integrity.verify(session()).faults == []
    assert [one.text.en for one in seal_findings(app.extensions["settings"]) if one.subject.en == "time stamps"] == [
        f"{app.extensions['settings'].tsa_url} answers, its certificate is on the trust list"]


def test_an_authority_that_is_not_on_the_trust_list_stops_the_issue(app: Any, head: Any, items: list[int],
                                                                    tsa: Authority, tmp_path: Path) -> None:
    other = certified(rsa.generate_private_key(65537, 2048), "Another TSA", stamps=True)
    (tmp_path / "other.pem").write_bytes(other.public_bytes(serialization.Encoding.PEM))
    for policy in ("refuse", "without"):
        configure(app, tsa_trust=tmp_path / "other.pem", tsa_policy=policy)
        with pytest.raises(NotReady, match="not on the trust list"):
            issuing.issue_certificate(items[0], signer=head, password=PASSWORD)
    assert session().query(Certificate).count() == 0


def test_an_authority_that_falls_silent_gives_no_number_and_is_not_asked_again_at_once(
        app: Any, head: Any, items: list[int], tsa: Authority) -> None:
    issue(items[:1], head)
    tsa.answers, tsa.asked = False, 0
    outcomes = issue(items[1:], head)
    assert [one.certificate for one in outcomes] == [None] * 3
    assert tsa.asked <= 3
    assert session().scalars(sa_next()).one() == 2
    tsa.asked = 0
    assert issue(items[1:2], head)[0].certificate is None
    assert tsa.asked == 0


def test_where_it_may_go_without_documents_are_sealed_and_the_lack_is_told(
        app: Any, head: Any, items: list[int], tsa: Authority) -> None:
    configure(app, tsa_policy="without")
    issue(items[:1], head)
    tsa.answers = False
    outcomes = issue(items[1:], head)
    assert [one.certificate is not None for one in outcomes] == [True] * 3
    (told,) = sealed.signatures(archive.pdf_of(outcomes[2].certificate).content)  # type: ignore[arg-type]
    assert (told.seal.intact, told.seal.stamped_at) == (True, None)
    assert [one.state for one in issuing.examine(laboratory.clones(
        laboratory.session().get(laboratory.JobItem, items[0]), 1, start=9)[0], head).findings
        if one.code == "time_stamp"] == ["warn"]
    assert integrity.verify(session()).faults == []


def test_the_audit_never_holds_a_pin_or_password() -> None:
    names = {column.name for table in Base.metadata.tables.values() for column in table.columns}
    assert not {"pin", "password"} & (names - audit.REDACTED)
