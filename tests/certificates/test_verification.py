"""Codes, seals and addresses of printed certificates."""

import base64
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.qr import modules, segments
from certificates.verification import (
    Seal,
    SealError,
    SealVerdict,
    generate_key,
    new_code,
    qr_payload,
    read_address,
    read_code,
    read_seal,
    shown_address,
    sign,
    verification_url,
    verify,
)

BASE = "https://kd.minhson.example"
PRIVATE, PUBLIC = generate_key(bytes(range(32)))
DIGEST = "3f" * 32
NOW = datetime(2026, 11, 16, 8, 42, 7, tzinfo=UTC)
CODE = new_code(bytes(range(200, 210)))
SEAL = sign(PRIVATE, 3, "C26-00417", DIGEST, NOW)


def test_a_seal_is_genuine_for_its_own_number_only() -> None:
    assert verify(SEAL, "C26-00417", {3: PUBLIC}) is SealVerdict.GENUINE
    assert verify(SEAL, "C26-00418", {3: PUBLIC}) is SealVerdict.FALSE
    assert verify(SEAL, "C26-00417", {4: PUBLIC}) is SealVerdict.UNKNOWN_KEY


@pytest.mark.parametrize(
    "changed",
    [
        Seal(3, NOW, "4f" + DIGEST[2:], SEAL.signature),
        Seal(3, NOW.replace(second=8), DIGEST, SEAL.signature),
        Seal(3, NOW, DIGEST, bytes([SEAL.signature[0] ^ 1]) + SEAL.signature[1:]),
    ],
)
def test_any_change_makes_a_seal_false(changed: Seal) -> None:
    assert verify(changed, "C26-00417", {3: PUBLIC}) is SealVerdict.FALSE


def test_a_retired_key_still_checks_what_it_sealed() -> None:
    _, newer = generate_key(b"\x07" * 32)
    assert verify(SEAL, "C26-00417", {3: PUBLIC, 4: newer}) is SealVerdict.GENUINE


numbers = st.sampled_from(
    ["C26-00417", "4302 - 26 (YB)", "2266/BB-TI(YB)", "01208/BB-KĐ", "1.061 : 2021".replace(":", "-")]
)


@settings(max_examples=40, deadline=None)
@given(numbers, st.integers(0, 65535), st.binary(min_size=32, max_size=32), st.sampled_from([BASE, BASE + "/lims/"]))
def test_every_address_is_read_back(number: str, key_id: int, digest: bytes, base: str) -> None:
    seal = sign(PRIVATE, key_id, number, digest.hex(), NOW)
    address = read_address(qr_payload(base, number, CODE, seal))
    assert (address.number, address.code, address.seal) == (number, CODE, seal)


def test_the_address_is_that_of_the_contract_and_the_seal_stays_out_of_the_request() -> None:
    assert verification_url(BASE, "4302 - 26 (YB)", CODE) == f"{BASE}/v/4302%20-%2026%20(YB)?c={CODE}"
    assert verification_url(BASE, "2266/BB-KĐ", CODE) == f"{BASE}/v/2266%2FBB-K%C4%90?c={CODE}"
    parts = urlsplit(qr_payload(BASE, "C26-00417", CODE, SEAL))
    assert (parts.path, parts.query, parts.fragment) == ("/v/C26-00417", f"c={CODE}", SEAL.text())
    assert parts.hostname == "kd.minhson.example"
    assert shown_address(BASE + "/lims") == "kd.minhson.example/lims/v"


def test_a_code_holds_eighty_bits_and_is_typed_freely() -> None:
    assert len(CODE) == 16
    assert read_code(f" {CODE[:4].lower()}-{CODE[4:]} ") == CODE
    assert new_code(b"\0" * 10) == "A" * 16


@pytest.mark.parametrize("text", ["", "A" * 15, "A" * 17, "0" * 16, "A" * 15 + "1", "А" * 16])
def test_text_that_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(SealError):
        read_code(text)


@pytest.mark.parametrize(
    "text",
    ["", "A", SEAL.text()[:200], SEAL.text() + "A", "0" + SEAL.text(), "-" + SEAL.text(), "9" * 246, "=" * 164],
)
def test_text_that_is_no_seal_is_refused(text: str) -> None:
    with pytest.raises(SealError):
        read_seal(text)


def test_a_seal_of_the_first_documents_is_still_read() -> None:
    """They were written in base 32."""
    packed = int(SEAL.text()).to_bytes(102)
    old = base64.b32encode(packed).decode().rstrip("=")
    assert read_seal(old) == SEAL
    with pytest.raises(SealError):
        read_seal(old[:-1] + chr(ord(old[-1]) + 1))


@pytest.mark.parametrize(("base", "most"), [("https://kd.minhson.gov.vn", 49), ("https://lims.trungtamdoluong.vn", 53)])
def test_the_code_has_few_modules(base: str, most: int) -> None:
    """Version 8 for a host of 18 letters: 0,6 mm a module in the square of 35 mm."""
    assert len(modules(qr_payload(base, "C26-00417", CODE, SEAL))) <= most


@pytest.mark.parametrize(
    "text", ["", "https://x.example/", "javascript:/v/1?c=" + CODE, "https://x.example/v/1?d=2", "/v/1"]
)
def test_other_addresses_are_refused_or_carry_no_seal(text: str) -> None:
    try:
        assert read_address(text).seal is None
    except SealError:
        return


@pytest.mark.parametrize(
    ("key_id", "digest", "at"),
    [(-1, DIGEST, NOW), (65536, DIGEST, NOW), (1, "x", NOW), (1, DIGEST, datetime(2026, 1, 1))],
)
def test_values_that_cannot_be_sealed_are_refused(key_id: int, digest: str, at: datetime) -> None:
    with pytest.raises(SealError):
        sign(PRIVATE, key_id, "C26-1", digest, at)


@pytest.mark.parametrize("base", ["", "kd.example", "ftp://kd.example", "https://", "https://kd.example/?a=1"])
def test_a_base_that_is_no_web_address_is_refused(base: str) -> None:
    with pytest.raises(SealError):
        verification_url(base, "C26-1", CODE)


def test_too_few_random_bytes_make_no_code() -> None:
    with pytest.raises(SealError):
        new_code(b"\0" * 9)


def test_the_sealed_code_keeps_its_modules_wide_enough_for_a_phone() -> None:
    """35 mm with quiet zone: 0.5 mm a module (PAPER: QR)."""
    rows = modules(qr_payload(BASE, "C26-00417", CODE, SEAL))
    assert 35 / (len(rows) + 8) >= 0.5
    assert len(rows) <= 53


@given(st.text("ABCxyz019?=#&/:.-", max_size=80))
def test_segments_join_to_the_payload(payload: str) -> None:
    assert "".join(segments(payload)) == payload
