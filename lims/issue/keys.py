"""Keys that seal the QR codes: the private half in the key folder (0600), the public half in the database for ever."""
from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from certificates import verification
from certificates.document import Anchors
from certificates.verification import CODE_BYTES, SealError, SealVerdict
from lims.issue.lease import file_lock
from lims.issue.models import Certificate, SigningKey
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, DomainError, NotFound

_NO_DAY = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Seal:
    """What the QR code of one document carries, and the address to be typed by hand."""

    code: str
    key_id: str
    signature: str
    verification_url: str
    qr_payload: str


Key = tuple[int, bytes]
"""Number and private half of a key."""


def seal(number: str, digest: str, at: datetime, key: Key | None = None) -> Seal:
    """A fresh code for a document and the installation's signature over number, record digest and instant of issue.

    `key` is what `active()` gave; None asks for it.
    """
    key_id, private = key or active()
    made = verification.sign(private, key_id, number, digest, at)
    code = verification.new_code(secrets.token_bytes(CODE_BYTES))
    base = _base()
    return Seal(code, str(key_id), base64.b64encode(made.signature).decode(), verification.shown_address(base),
                verification.qr_payload(base, number, code, made))


def dummy_anchors(digest: str, number: str) -> Anchors:
    """Anchors of the right lengths that prove nothing: for the dry render, whose code to scan is always the same."""
    nothing = verification.Seal(1, _NO_DAY, "0" * 64, bytes(64))
    payload = verification.qr_payload(_base(), number, "A" * 16, nothing)
    return Anchors(digest, "0" * 64, verification.shown_address(_base()), payload)


def seal_holds(certificate: Certificate, public: dict[str, str]) -> bool:
    """Whether the code printed on an archived document is a genuine seal of this installation for its record."""
    try:
        printed = verification.read_address(certificate.qr_payload)
    except SealError:
        return False
    if printed.seal is None or (printed.number, printed.code) != (certificate.number, certificate.code):
        return False
    told = (str(printed.seal.key_id), printed.seal.record_digest, printed.seal.issued_at)
    if told != (certificate.key_id, certificate.record_digest, certificate.issued_at):
        return False
    raw = {int(key_id): base64.b64decode(key) for key_id, key in public.items()}
    return verification.verify(printed.seal, certificate.number, raw) is SealVerdict.GENUINE


def all_keys() -> Sequence[SigningKey]:
    """Every key that ever sealed here, oldest first."""
    return session().scalars(sa.select(SigningKey).order_by(SigningKey.created_at, SigningKey.key_id)).all()


def public_keys(current: Session | None = None) -> dict[str, str]:
    """Public halves (base64) by key id, retired ones too: what was sealed stays checkable."""
    rows = (current or session()).execute(sa.select(SigningKey.key_id, SigningKey.public_key))
    return {row.key_id: row.public_key for row in rows}


def has_private(key_id: str) -> bool:
    """Whether the private half is kept here."""
    return _file(key_id).exists()


def make(*, actor: tuple[str, str] | None = None) -> SigningKey:
    """A new pair; it seals from now on."""
    private, public = verification.generate_key(secrets.token_bytes(32))
    with write("key.make", actor=actor) as current:
        taken = [int(key_id) for key_id in current.scalars(sa.select(SigningKey.key_id))]
        key = SigningKey(key_id=str(max(taken, default=0) + 1), public_key=base64.b64encode(public).decode(),
                         created_at=clock.now())
        current.add(key)
        current.flush()
        _keep(_file(key.key_id), base64.b64encode(private))
    return key


def retire(key_id: str, *, reason: str = "", actor: tuple[str, str] | None = None) -> None:
    """Seal nothing more with a key; its public half stays. Raises NotFound or Conflict."""
    with write("key.retire", reason=reason, actor=actor) as current:
        key = current.get(SigningKey, key_id)
        if key is None:
            raise NotFound("Không có khóa này.", f"no such key: {key_id}")
        if key.retired_at is not None:
            raise Conflict("Khóa này đã thôi dùng.", f"key {key_id} was retired before")
        key.retired_at = clock.now()


def active() -> Key:
    """The newest key in use whose private half is here; made at first need."""
    found = _usable()
    if found is None:
        with file_lock(_folder() / "making.lock"):
            session().rollback()
            found = _usable() or make(actor=("", "system")).key_id
    try:
        private = base64.b64decode(_file(found).read_bytes(), validate=True)
    except ValueError as error:
        raise DomainError(f"Tệp khóa {found} hỏng.", f"the key file {_file(found)} is damaged", status=500) from error
    return int(found), private


def _usable() -> str | None:
    ids = session().scalars(sa.select(SigningKey.key_id).where(SigningKey.retired_at.is_(None))
                            .order_by(SigningKey.created_at.desc()))
    return next((key_id for key_id in ids if has_private(key_id)), None)


def _folder() -> Path:
    folder: Path = current_app.extensions["settings"].data_dir / "keys"
    return folder


def _file(key_id: str) -> Path:
    return _folder() / f"seal-{key_id}.key"


def _keep(path: Path, content: bytes) -> None:
    """A file that only its owner can read. A key whose row was not committed in the end is overwritten by the next."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(content)


def _base() -> str:
    base: str = current_app.extensions["settings"].base_url
    return base
