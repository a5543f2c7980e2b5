"""The laboratory's seal on issued documents: which key seals, and which certificates ever did.

The key is that of the settings, on a token or in a PKCS#12 file; without one, a trial key, made at first need in the
key folder (0600), whose certificate says that it has no validity. Certificates stay in the database for ever: what they
sealed stays checkable.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import sqlalchemy as sa
from cryptography.hazmat.primitives import serialization
from flask import current_app
from sqlalchemy.orm import Session

from certificates.document import Record
from certificates.seal import Sealed, statement
from certificates.seal_keys import Sealer, SealError, common_name, fingerprint, from_pem, new_trial
from config import Settings
from lims.issue import seal_source, stamping
from lims.issue.lease import file_lock
from lims.issue.models import SealKey
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, DomainError, Invalid, NotFound
from lims.shared.organisation import organisation

SHORTEST_PREFIX = 8


def seal_all(files: Sequence[tuple[bytes, Record]]) -> Iterable[Sealed | DomainError]:
    """The sealed documents of several records, in their order; one that cannot be sealed is told by its error.

    Time stamps are asked for side by side, so that a chunk waits for the authority once. Without them each is sealed
    when it is wanted: between two commits others have their turn at the write lock.
    """
    try:
        sealer, stamps = active(), stamps_in_use()
    except DomainError as error:
        return [error] * len(files)

    def one(file: tuple[bytes, Record]) -> Sealed | DomainError:
        try:
            return stamps.sealed(file[0], sealer, statement(file[1]))
        except SealError as error:
            return not_sealed(error)

    if not stamps.asked or len(files) < 2:
        return map(one, files)
    with ThreadPoolExecutor(max_workers=len(files)) as together:
        return list(together.map(one, files))


def stamps_in_use() -> stamping.Stamps:
    """The time-stamping authority of the settings, or none. Raises DomainError for a trust list that does not open."""
    try:
        return stamping.authority_of(_settings())
    except (SealError, OSError) as error:
        raise DomainError("Không đọc được danh sách tin cậy LIMS_TSA_TRUST.",
                          f"The trust list LIMS_TSA_TRUST cannot be read: {error}", status=503) from error


def not_sealed(error: SealError) -> DomainError:
    """Why a document could not be sealed, for whoever issues it."""
    return DomainError(f"Không đóng được dấu điện tử: {error.vi}.", f"The seal cannot be made: {error}.", status=503)


def active() -> Sealer:
    """The key that seals now; the trial key is made and a new certificate registered at first need.

    Raises DomainError: the key cannot be opened, was retired, or its certificate is not valid today.
    """
    kind = seal_source.kind_of(_settings())
    sealer = _configured() if kind != "trial" else _trial()
    _refuse_unfit(sealer, kind)
    return sealer


def all_keys(current: Session | None = None) -> Sequence[SealKey]:
    """Every certificate that ever sealed here, oldest first."""
    return (current or session()).scalars(sa.select(SealKey).order_by(SealKey.created_at, SealKey.fingerprint)).all()


def has_private(key: SealKey) -> bool:
    """Whether the private half of a trial key is kept here; that of a file or token is wherever that is."""
    return _file(key.fingerprint).exists()


def new_trial_key(*, actor: tuple[str, str] | None = None) -> SealKey:
    """A new trial key that seals from now on. Raises Conflict where a key of the laboratory is configured."""
    if (kind := seal_source.kind_of(_settings())) != "trial":
        name = seal_source.setting_of(kind)
        raise Conflict(f"Khóa đóng dấu lấy từ {name}.", f"documents are sealed with {name}")
    made = new_trial(organisation(session()).name_vi, clock.now())
    sealer = from_pem(made)
    _keep(_file(fingerprint(sealer.certificate)), made)
    return _register(sealer, "trial", actor)


def retire(prefix: str, *, reason: str = "", actor: tuple[str, str] | None = None) -> SealKey:
    """Seal nothing more with the key whose fingerprint begins so. Raises Invalid, NotFound or Conflict."""
    if len(prefix) < SHORTEST_PREFIX:
        raise Invalid("Cần ít nhất 8 ký tự của vân tay.", f"give at least {SHORTEST_PREFIX} characters", "key_id")
    with write("seal_key.retire", reason=reason, actor=actor) as current:
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


def _refuse_unfit(sealer: Sealer, kind: str) -> None:
    row = session().get(SealKey, fingerprint(sealer.certificate), populate_existing=True) or _register(
        sealer, kind, ("", "system"))
    if row.retired_at is not None:
        raise DomainError("Khóa đóng dấu đã thôi dùng; hãy đặt khóa khác.",
                          "The sealing key was retired; configure another.", status=503)
    if not sealer.certificate.not_valid_before_utc <= clock.now() <= sealer.certificate.not_valid_after_utc:
        raise DomainError("Chứng thư của khóa đóng dấu không còn hiệu lực; hãy thay khóa.",
                          "The certificate of the sealing key is not valid today; replace the key.", status=503)


def _configured() -> Sealer:
    settings = _settings()
    name = seal_source.setting_of(seal_source.kind_of(settings))
    try:
        return seal_source.configured(settings)
    except SealError as error:
        raise DomainError(f"Không mở được khóa đóng dấu ({name}): {error.vi}.",
                          f"The sealing key ({name}) does not open: {error}.", status=503) from error


def _trial() -> Sealer:
    found = _usable_trial()
    if found is None:
        with file_lock(_folder() / "making.lock"):
            session().rollback()
            found = _usable_trial() or new_trial_key(actor=("", "system")).fingerprint
    try:
        return seal_source.trial(_file(found))
    except (SealError, OSError) as error:
        raise DomainError("Tệp khóa đóng dấu hỏng.", f"the key file {_file(found)} is damaged", status=500) from error


def _usable_trial() -> str | None:
    rows = session().scalars(sa.select(SealKey).where(SealKey.kind == "trial", SealKey.retired_at.is_(None))
                             .order_by(SealKey.created_at.desc()))
    return next((row.fingerprint for row in rows if has_private(row)), None)


def _register(sealer: Sealer, kind: str, actor: tuple[str, str] | None) -> SealKey:
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
