"""The laboratory's seal on issued documents: which key seals, and which certificates ever did.

The key is a PKCS#12 file of the settings; without one, a trial key, made at first need in the key folder (0600), whose
certificate says that it has no validity. Certificates stay in the database for ever: what they sealed stays checkable.
"""
from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa
from cryptography.hazmat.primitives import serialization
from flask import current_app
from sqlalchemy.orm import Session

from certificates.document import Record
from certificates.seal import Sealed, seal, statement
from certificates.seal_cms import Timestamp, room_for
from certificates.seal_keys import KeySealer, SealError, common_name, fingerprint, from_pem, from_pkcs12, new_trial
from certificates.seal_time import authority
from config import Settings
from lims.issue.lease import file_lock
from lims.issue.models import SealKey
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, DomainError, Invalid, NotFound
from lims.shared.organisation import organisation

SHORTEST_PREFIX = 8


def seal_pdf(pdf: bytes, record: Record) -> Sealed:
    """The sealed document of a record. Raises DomainError: no usable key, or the time-stamping authority is away."""
    sealer, stamp = active(), _timestamp(_settings().tsa_url)
    try:
        return seal(pdf, sealer, statement(record), stamp, _room(sealer, stamp))
    except SealError as error:
        raise DomainError(f"Không đóng được dấu điện tử: {error}.", f"The seal cannot be made: {error}.",
                          status=503) from error


def active() -> KeySealer:
    """The key that seals now; the trial key is made and a new certificate registered at first need.

    Raises DomainError: the file cannot be opened, the key was retired, or its certificate is not valid today.
    """
    settings = _settings()
    sealer = _configured(settings) if settings.seal_pkcs12 else _trial()
    _refuse_unfit(sealer, "pkcs12" if settings.seal_pkcs12 else "trial")
    return sealer


def all_keys(current: Session | None = None) -> Sequence[SealKey]:
    """Every certificate that ever sealed here, oldest first."""
    return (current or session()).scalars(sa.select(SealKey).order_by(SealKey.created_at, SealKey.fingerprint)).all()


def has_private(key: SealKey) -> bool:
    """Whether the private half of a trial key is kept here; that of a PKCS#12 file is wherever the file is."""
    return _file(key.fingerprint).exists()


def new_trial_key(*, actor: tuple[str, str] | None = None) -> SealKey:
    """A new trial key that seals from now on. Raises Conflict where a PKCS#12 file is set."""
    if _settings().seal_pkcs12:
        raise Conflict("Khóa đóng dấu lấy từ tệp LIMS_SEAL_PKCS12.", "documents are sealed with LIMS_SEAL_PKCS12")
    made = new_trial(organisation(session()).name_vi, clock.now())
    sealer = from_pem(made)
    _keep(_file(fingerprint(sealer.certificate)), made)
    return _register(sealer, "trial", actor)


def retire(prefix: str, *, actor: tuple[str, str] | None = None) -> SealKey:
    """Seal nothing more with the key whose fingerprint begins so. Raises Invalid, NotFound or Conflict."""
    if len(prefix) < SHORTEST_PREFIX:
        raise Invalid("Cần ít nhất 8 ký tự của vân tay.", f"give at least {SHORTEST_PREFIX} characters", "key_id")
    with write("seal_key.retire", actor=actor) as current:
        found = [key for key in all_keys(current) if key.fingerprint.startswith(prefix.lower())]
        if len(found) != 1:
            raise NotFound("Không có khóa này.", f"no such key: {prefix}")
        if found[0].retired_at is not None:
            raise Conflict("Khóa này đã thôi dùng.", f"key {prefix} was retired before")
        found[0].retired_at = clock.now()
    return found[0]


def known(current: Session | None = None) -> set[str]:
    """Fingerprints of every registered certificate."""
    return {key.fingerprint for key in all_keys(current)}


def _refuse_unfit(sealer: KeySealer, kind: str) -> None:
    row = session().get(SealKey, fingerprint(sealer.certificate)) or _register(sealer, kind, ("", "system"))
    if row.retired_at is not None:
        raise DomainError("Khóa đóng dấu đã thôi dùng; hãy đặt khóa khác.",
                          "The sealing key was retired; configure another.", status=503)
    if not sealer.certificate.not_valid_before_utc <= clock.now() <= sealer.certificate.not_valid_after_utc:
        raise DomainError("Chứng thư của khóa đóng dấu không còn hiệu lực; hãy thay khóa.",
                          "The certificate of the sealing key is not valid today; replace the key.", status=503)


def _configured(settings: Settings) -> KeySealer:
    try:
        return configured(settings)
    except SealError as error:
        raise DomainError(f"Không mở được khóa đóng dấu (LIMS_SEAL_PKCS12): {error}.",
                          f"The sealing key (LIMS_SEAL_PKCS12) does not open: {error}.", status=503) from error


def configured(settings: Settings) -> KeySealer:
    """The key of the settings' PKCS#12 file. Raises SealError."""
    if settings.seal_pkcs12 is None:
        raise SealError("LIMS_SEAL_PKCS12 is not set")
    try:
        changed = settings.seal_pkcs12.stat().st_mtime_ns
        return _opened(settings.seal_pkcs12, settings.seal_password_file, changed)
    except OSError as error:
        raise SealError(f"{error.filename}: {error.strerror}") from error


@lru_cache(maxsize=4)
def _opened(path: Path, password_file: Path | None, _changed: int) -> KeySealer:
    """Opening takes as long as many seals; a file that is replaced is opened again."""
    password = password_file.read_text().rstrip("\r\n") if password_file else ""
    return from_pkcs12(path.read_bytes(), password)


def _trial() -> KeySealer:
    found = _usable_trial()
    if found is None:
        with file_lock(_folder() / "making.lock"):
            session().rollback()
            found = _usable_trial() or new_trial_key(actor=("", "system")).fingerprint
    try:
        return _from_file(_file(found))
    except SealError as error:
        raise DomainError("Tệp khóa đóng dấu hỏng.", f"the key file {_file(found)} is damaged", status=500) from error


def _usable_trial() -> str | None:
    rows = session().scalars(sa.select(SealKey).where(SealKey.kind == "trial", SealKey.retired_at.is_(None))
                             .order_by(SealKey.created_at.desc()))
    return next((row.fingerprint for row in rows if has_private(row)), None)


@lru_cache(maxsize=4)
def _from_file(path: Path) -> KeySealer:
    return from_pem(path.read_bytes())


@lru_cache(maxsize=4)
def _timestamp(url: str) -> Timestamp | None:
    return authority(url) if url else None


@lru_cache(maxsize=4)
def _room(sealer: KeySealer, stamp: Timestamp | None) -> int:
    return room_for(sealer, stamp)


def _register(sealer: KeySealer, kind: str, actor: tuple[str, str] | None) -> SealKey:
    der = sealer.certificate.public_bytes(serialization.Encoding.DER)
    with write("seal_key.register", actor=actor) as current:
        key = current.get(SealKey, fingerprint(sealer.certificate))
        if key is None:
            key = SealKey(fingerprint=fingerprint(sealer.certificate), kind=kind, created_at=clock.now(),
                          subject=common_name(sealer.certificate), certificate=der)
            current.add(key)
    return key



def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _folder() -> Path:
    return _settings().data_dir / "keys"


def _file(mark: str) -> Path:
    return _folder() / f"pades-{mark[:16]}.key"


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(content)
