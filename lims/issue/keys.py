"""Keys that sign the QR codes: the private half in the key folder (0600), the public half in the database for ever."""
from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from flask import current_app

from certificates.document import Anchors
from lims.issue.lease import file_lock
from lims.issue.models import Certificate, SigningKey
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, DomainError, NotFound

CODE_BYTES = 10  # 80 random bits


@dataclass(frozen=True)
class Seal:
    """What the QR code of one document carries, and the address to be typed by hand."""

    code: str
    key_id: str
    signature: str
    verification_url: str
    qr_payload: str


def seal(number: str, digest: str, at: datetime) -> Seal:
    """A fresh code for a document and the installation's signature over number, record digest and instant of issue."""
    key_id, private = _active()
    code = new_code()
    signature = _b64(private.sign(_message(number, digest, at)))
    return Seal(code, key_id, signature, _typed_address(), _payload(number, code, key_id, digest, at, signature))


def dummy_anchors(digest: str, number: str) -> Anchors:
    """Anchors of the right lengths that verify nothing: for the dry render."""
    nobody = "0" * 64
    payload = _payload(number, "-" * 16, nobody[:16], digest, clock.now(), "-" * 86)
    return Anchors(digest, nobody, _typed_address(), payload)


def new_code() -> str:
    """80 random bits as 16 letters and digits that can be read out."""
    return base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode()


def signature_holds(certificate: Certificate) -> bool:
    """Whether the signature in the code of an archived document is that of a key of this installation."""
    key = session().get(SigningKey, certificate.key_id)
    if key is None:
        return False
    message = _message(certificate.number, certificate.record_digest, certificate.issued_at)
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key.public_key))
    try:
        public.verify(_unb64(certificate.signature), message)
    except (InvalidSignature, ValueError):
        return False
    return certificate.qr_payload.endswith(certificate.signature) and certificate.code in certificate.qr_payload


def all_keys() -> Sequence[SigningKey]:
    """Every key that ever signed here, oldest first."""
    return session().scalars(sa.select(SigningKey).order_by(SigningKey.created_at, SigningKey.key_id)).all()


def public_keys() -> dict[str, str]:
    """Public halves by key id, retired ones too: what was signed stays checkable."""
    return {key.key_id: key.public_key for key in all_keys()}


def has_private(key_id: str) -> bool:
    """Whether the private half is kept here."""
    return _file(key_id).exists()


def make(*, actor: tuple[str, str] | None = None) -> SigningKey:
    """A new pair; it signs from now on."""
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    key_id = hashlib.sha256(public).hexdigest()[:16]
    _keep(_file(key_id), private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with write("key.make", actor=actor) as current:
        key = SigningKey(key_id=key_id, public_key=base64.b64encode(public).decode(), created_at=clock.now())
        current.add(key)
    return key


def retire(key_id: str, *, actor: tuple[str, str] | None = None) -> None:
    """Sign nothing more with a key; its public half stays. Raises NotFound or Conflict."""
    with write("key.retire", actor=actor) as current:
        key = current.get(SigningKey, key_id)
        if key is None:
            raise NotFound("Không có khóa này.", f"no such key: {key_id}")
        if key.retired_at is not None:
            raise Conflict("Khóa này đã thôi dùng.", f"key {key_id} was retired before")
        key.retired_at = clock.now()


def _active() -> tuple[str, Ed25519PrivateKey]:
    """The newest key in use whose private half is here; made at first need."""
    found = _usable()
    if found is None:
        with file_lock(_folder() / "making.lock"):
            session().rollback()
            found = _usable() or make(actor=("", "system")).key_id
    private = load_pem_private_key(_file(found).read_bytes(), password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise DomainError("Tệp khóa không phải Ed25519.", f"{_file(found)} is no Ed25519 key", status=500)
    return found, private


def _usable() -> str | None:
    ids = session().scalars(sa.select(SigningKey.key_id).where(SigningKey.retired_at.is_(None))
                            .order_by(SigningKey.created_at.desc()))
    return next((key_id for key_id in ids if has_private(key_id)), None)


def _folder() -> Path:
    folder: Path = current_app.extensions["settings"].data_dir / "keys"
    return folder


def _file(key_id: str) -> Path:
    return _folder() / f"{key_id}.pem"


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(content)


def _message(number: str, digest: str, at: datetime) -> bytes:
    return f"lims-qr-1\n{number}\n{digest}\n{at:%Y-%m-%dT%H:%M:%SZ}".encode()


def _payload(number: str, code: str, key_id: str, digest: str, at: datetime, signature: str) -> str:
    base = current_app.extensions["settings"].base_url
    return f"{base}/v/{quote(number, safe='')}?c={code}&k={key_id}&t={int(at.timestamp())}&d={digest}&s={signature}"


def _typed_address() -> str:
    base: str = current_app.extensions["settings"].base_url
    return base.split("://", 1)[1] + "/v"


def _b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
