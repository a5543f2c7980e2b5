"""The anchors of a printed certificate: the secret code of its address, and the seal in its QR code.

The seal is an Ed25519 signature over number, record digest and time of issue; it follows the address as a fragment,
so that a page that holds the public keys can check it while the laboratory's server is away. The code is written in
capitals and digits, the seal in digits alone, which a QR code holds in its most compact modes.
"""

import base64
import binascii
import re
import struct
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import quote, unquote, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

CODE_BYTES = 10  # 80 bits
_SEAL = struct.Struct(">HI32s64s")  # key id, seconds since 1970, digest, signature
_DIGITS = re.compile("[1-9][0-9]{200,245}")
_OLD_LENGTH = 164
_CODE = re.compile(r"[A-Z2-7]{16}")


class SealError(ValueError):
    """Text or values that make no code, seal or address."""


class SealVerdict(StrEnum):
    """What a seal proves: `genuine` = made with a known key for this number."""

    GENUINE = "genuine"
    FALSE = "false"
    UNKNOWN_KEY = "unknown_key"


@dataclass(frozen=True)
class Seal:
    """A signature by key `key_id` over a number, the digest of its record and the time of issue (whole seconds)."""

    key_id: int
    issued_at: datetime
    record_digest: str
    signature: bytes

    def text(self) -> str:
        """Some 242 digits: the number whose bytes are key id, seconds, digest and signature."""
        packed = _SEAL.pack(
            self.key_id, int(self.issued_at.timestamp()), bytes.fromhex(self.record_digest), self.signature
        )
        return str(int.from_bytes(packed))


@dataclass(frozen=True)
class Address:
    """What a scanned or typed address says."""

    number: str
    code: str
    seal: Seal | None


def generate_key(random: bytes) -> tuple[bytes, bytes]:
    """Raw private and public key, 32 bytes each, from 32 random bytes; keeping them safe is the caller's business."""
    private = Ed25519PrivateKey.from_private_bytes(random)
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def new_code(random: bytes) -> str:
    """The secret code of an address, 16 capitals and digits, from at least 10 random bytes. Raises SealError."""
    if len(random) < CODE_BYTES:
        raise SealError(f"a code needs {CODE_BYTES} random bytes")
    return _base32(random[:CODE_BYTES])


def read_code(text: str) -> str:
    """A code as typed, in capitals without spaces and hyphens; raises SealError when it cannot be one."""
    code = re.sub(r"[\s\-]", "", text).upper()
    if not _CODE.fullmatch(code):
        raise SealError("a code has 16 letters A to Z and digits 2 to 7")
    return code


def sign(private_key: bytes, key_id: int, number: str, record_digest: str, issued_at: datetime) -> Seal:
    """The seal of a document; `issued_at` has a time zone. Raises SealError for values that do not fit."""
    if not 0 <= key_id < 65536 or not re.fullmatch("[0-9a-f]{64}", record_digest) or issued_at.tzinfo is None:
        raise SealError("key id 0 to 65535, a SHA-256 digest and an instant with time zone are expected")
    instant = issued_at.astimezone(UTC).replace(microsecond=0)
    signature = Ed25519PrivateKey.from_private_bytes(private_key).sign(_message(number, record_digest, instant))
    return Seal(key_id, instant, record_digest, signature)


def verify(seal: Seal, number: str, public_keys: Mapping[int, bytes]) -> SealVerdict:
    """Whether the seal was made for this number; `public_keys` holds retired keys too, raw by key id."""
    key = public_keys.get(seal.key_id)
    if key is None:
        return SealVerdict.UNKNOWN_KEY
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(
            seal.signature, _message(number, seal.record_digest, seal.issued_at)
        )
    except InvalidSignature:
        return SealVerdict.FALSE
    return SealVerdict.GENUINE


def read_seal(text: str) -> Seal:
    """The seal written as `text`, also as 164 capitals and digits (the first documents); raises SealError."""
    try:
        raw = _unpacked(text)
        key_id, seconds, record_digest, signature = _SEAL.unpack(raw)
        return Seal(key_id, datetime.fromtimestamp(seconds, UTC), record_digest.hex(), signature)
    except (binascii.Error, struct.error, ValueError, OverflowError) as error:
        raise SealError("not a seal") from error


def _unpacked(text: str) -> bytes:
    """The bytes of a seal; spare bits, signs and leading zeros must not make two texts of one seal."""
    if len(text) == _OLD_LENGTH:
        raw = base64.b32decode(text + "=" * (-len(text) % 8))
        if _base32(raw) != text:
            raise SealError("not a seal")
        return raw
    if not _DIGITS.fullmatch(text):
        raise SealError("not a seal")
    return int(text).to_bytes(_SEAL.size)


def verification_url(base: str, number: str, code: str) -> str:
    """The address behind the QR code: base, /v/, number percent-encoded, code. `base` is https://host[/path]."""
    return f"{_base(base)}/v/{quote(unicodedata.normalize('NFC', number), safe='()')}?c={code}"


def qr_payload(base: str, number: str, code: str, seal: Seal | None = None) -> str:
    """The address with the seal as its fragment; scheme and host in capitals, where they are shorter in a QR code."""
    parts = urlsplit(_base(base))
    host = f"{parts.scheme}://{parts.netloc}".upper()
    address = host + parts.path + verification_url(base, number, code).removeprefix(_base(base))
    return address + (f"#{seal.text()}" if seal else "")


def shown_address(base: str) -> str:
    """What is printed below the code for who types it: host and path without scheme."""
    parts = urlsplit(_base(base))
    return f"{parts.netloc}{parts.path}/v"


def read_address(text: str) -> Address:
    """Number, code and seal of a scanned address; raises SealError when it is none of ours."""
    parts = urlsplit(text.strip())
    where = parts.path.rfind("/v/")
    if where < 0 or not parts.query.startswith("c="):
        raise SealError("not the address of a document")
    number = unicodedata.normalize("NFC", unquote(parts.path[where + 3 :]))
    code = read_code(parts.query[2:].partition("&")[0])
    return Address(number, code, read_seal(parts.fragment) if parts.fragment else None)


def _message(number: str, record_digest: str, issued_at: datetime) -> bytes:
    """The signed text; four lines, so that no two triples read alike."""
    seconds = int(issued_at.timestamp())
    return f"lims-qr-1\n{unicodedata.normalize('NFC', number)}\n{record_digest}\n{seconds}".encode()


def _base(base: str) -> str:
    base = base.rstrip("/")
    parts = urlsplit(base)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise SealError(f"{base!r} is not an address such as https://kd.example.vn")
    return base


def _base32(raw: bytes) -> str:
    return base64.b32encode(raw).decode("ascii").rstrip("=")
