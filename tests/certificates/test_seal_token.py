"""A sealing key on a token: a real PKCS#11 library (SoftHSM2), its PIN, its absence."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from certificate_samples import CALIBRATION, anchors
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from certificates.pdf import render
from certificates.seal import rebuild, seal, statement
from certificates.seal_check import seal_of
from certificates.seal_keys import SealError
from certificates.seal_token import TokenPlace, TokenSealer, WrongPin
from tests.softhsm import MODULE, PIN, Tokens, needs_softhsm, tokens

__all__ = ["tokens"]
pytestmark = needs_softhsm
AT = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
PDF = render(CALIBRATION, anchors(CALIBRATION))


def certified(key: Any, name: str, issuer: tuple[Any, x509.Certificate] | None = None) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    return (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer[1].subject if issuer else subject)
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(AT - timedelta(days=1)).not_valid_after(AT + timedelta(days=900))
            .sign(issuer[0] if issuer else key, hashes.SHA256()))


def place(label: str, key: str = "seal") -> TokenPlace:
    assert MODULE is not None
    return TokenPlace(MODULE, label, key)


@pytest.fixture(scope="module")
def rsa_token(tokens: Tokens) -> str:
    """RSA with its authority's certificate, as a certification authority hands out a token."""
    root, key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    above = certified(root, "Sample CA")
    label = tokens.made(f"rsa-{secrets.token_hex(3)}")
    tokens.keep(label, key, [certified(key, "Trung tâm Minh Sơn", (root, above)), above])
    return label


@pytest.fixture(scope="module")
def ec_token(tokens: Tokens) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    label = tokens.made(f"ec-{secrets.token_hex(3)}")
    tokens.keep(label, key, [certified(key, "Trung tâm Minh Sơn EC")])
    return label


@pytest.mark.parametrize("kind", ["rsa_token", "ec_token"])
def test_a_token_seals_and_the_file_is_made_again_from_its_container(kind: str, request: Any) -> None:
    sealer = TokenSealer(place(request.getfixturevalue(kind)), PIN)
    made = seal(PDF, sealer, statement(CALIBRATION))
    found = seal_of(made.pdf)
    assert found is not None
    assert (found.signer, found.intact, found.trial) == (
        "Trung tâm Minh Sơn" + (" EC" if kind == "ec_token" else ""), True, False)
    assert rebuild(PDF, statement(CALIBRATION), made.container) == made.pdf
    assert [one.subject.rfc4514_string() for one in sealer.chain] == (["CN=Sample CA"] if kind == "rsa_token" else [])
    sealer.close()


def test_a_session_that_ended_is_opened_again(rsa_token: str) -> None:
    sealer = TokenSealer(place(rsa_token), PIN)
    sealer._session.close()
    sealer.present()
    sealer.close()
    sealer.present()
    sealer.close()


def test_a_wrong_pin_is_told_and_never_tried_twice(rsa_token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WrongPin, match="refuses the PIN"):
        TokenSealer(place(rsa_token), "0000")
    sealer = TokenSealer(place(rsa_token), PIN)
    sealer.close()
    sealer.pin = "0000"
    with pytest.raises(WrongPin):
        sealer.sign(b"x")
    monkeypatch.setattr("certificates.seal_token._token", lambda _place: pytest.fail("the token was asked again"))
    with pytest.raises(WrongPin):
        sealer.sign(b"x")


def test_a_pin_is_not_shown_where_the_sealer_is_shown(rsa_token: str) -> None:
    sealer = TokenSealer(place(rsa_token), PIN)
    assert PIN not in repr(sealer)
    sealer.close()


def test_what_is_missing_is_named(tokens: Tokens, rsa_token: str) -> None:
    assert MODULE is not None
    bare = tokens.made(f"bare-{secrets.token_hex(3)}")
    tokens.keep(bare, ec.generate_private_key(ec.SECP256R1()), [])
    for where, words in (
        (place("no such token"), "is not plugged in"),
        (TokenPlace(MODULE.parent / "none.so", rsa_token), "cannot be loaded"),
        (place(rsa_token, "other"), "holds no private key 'other' \\(it holds: 'seal'\\)"),
        (place(bare), "holds no certificate"),
    ):
        with pytest.raises(SealError, match=words) as told:
            TokenSealer(where, PIN)
        assert told.value.vi != str(told.value)


def test_several_keys_on_a_token_are_told_apart_by_label_or_id(tokens: Tokens) -> None:
    label = tokens.made(f"two-{secrets.token_hex(3)}")
    for id_, name in ((1, "seal"), (2, "other")):
        key = ec.generate_private_key(ec.SECP256R1())
        tokens.keep(label, key, [certified(key, f"Key {name}")], name=name, id_=id_)
    with pytest.raises(SealError, match="several private keys"):
        TokenSealer(place(label, ""), PIN)
    for wanted in ("other", "02"):
        sealer = TokenSealer(place(label, wanted), PIN)
        assert sealer.certificate.subject.rfc4514_string() == "CN=Key other"
        sealer.close()


def test_a_certificate_of_another_key_is_found_before_anything_is_sealed(tokens: Tokens) -> None:
    label = tokens.made(f"mix-{secrets.token_hex(3)}")
    tokens.keep(label, ec.generate_private_key(ec.SECP256R1()),
                [certified(ec.generate_private_key(ec.SECP256R1()), "Another")])
    sealer = TokenSealer(place(label), PIN)
    with pytest.raises(SealError, match="does not belong to its certificate"):
        sealer.sign(b"x")
    sealer.close()


def test_a_token_that_is_pulled_is_missed(tokens: Tokens) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    label = tokens.made(f"pulled-{secrets.token_hex(3)}")
    tokens.keep(label, key, [certified(key, "Pulled")])
    sealer = TokenSealer(place(label), PIN)
    with tokens.pulled(), pytest.raises(SealError) as told:
        sealer.sign(b"x")
    assert "does not answer" in str(told.value) or "not plugged in" in str(told.value)
    sealer.present()
    sealer.close()
