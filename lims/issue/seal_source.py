"""Where the sealing key comes from: a token (PKCS#11), a PKCS#12 file, or the trial key of this installation.

Opened keys are kept: opening takes as long as many seals. A file that is replaced is opened again; so is a token whose
PIN file was changed.
"""
from __future__ import annotations

import threading
from functools import lru_cache
from pathlib import Path

from certificates.seal_keys import KeySealer, Sealer, SealError, from_pem, from_pkcs12
from certificates.seal_token import TokenPlace, TokenSealer, WrongPin
from config import Settings


def kind_of(settings: Settings) -> str:
    """"pkcs11", "pkcs12" or "trial"."""
    if settings.token_module is not None:
        return "pkcs11"
    return "pkcs12" if settings.seal_pkcs12 is not None else "trial"


def setting_of(kind: str) -> str:
    """The variable that names a configured key."""
    return {"pkcs11": "LIMS_SEAL_PKCS11_MODULE", "pkcs12": "LIMS_SEAL_PKCS12"}[kind]


def configured(settings: Settings) -> Sealer:
    """The key that the settings name. Raises SealError."""
    try:
        if settings.token_module is not None:
            return _on_token(settings)
        if settings.seal_pkcs12 is not None:
            changed = settings.seal_pkcs12.stat().st_mtime_ns
            return _from_file(settings.seal_pkcs12, settings.seal_password_file, changed)
    except (OSError, UnicodeDecodeError) as error:
        cause = getattr(error, "strerror", None) or str(error)
        raise SealError(f"{getattr(error, 'filename', '') or 'the file'}: {cause}") from error
    raise SealError("no sealing key is configured", "chưa đặt khóa đóng dấu")


def trial(path: Path) -> KeySealer:
    """The trial key of a file. Raises SealError."""
    return _trial(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _trial(path: Path, _changed: int) -> KeySealer:
    return from_pem(path.read_bytes())


@lru_cache(maxsize=4)
def _from_file(path: Path, password_file: Path | None, _changed: int) -> KeySealer:
    password = password_file.read_text().rstrip("\r\n") if password_file else ""
    return from_pkcs12(path.read_bytes(), password)


_opening = threading.Lock()
_tokens: dict[tuple[TokenPlace, Path, int], TokenSealer | WrongPin] = {}


def _on_token(settings: Settings) -> TokenSealer:
    """One session for each token; a refused PIN is remembered until its file changes, so that the token never locks."""
    assert settings.token_module is not None
    assert settings.token_pin_file is not None  # config.load asks for both
    place = TokenPlace(settings.token_module, settings.token_label, settings.token_key)
    key = (place, settings.token_pin_file, settings.token_pin_file.stat().st_mtime_ns)
    with _opening:
        return _session_of(key)


def _session_of(key: tuple[TokenPlace, Path, int]) -> TokenSealer:
    place, pin_file, _changed = key
    standing = _tokens.get(key)
    if isinstance(standing, WrongPin):
        raise standing
    if isinstance(standing, TokenSealer):
        return standing
    for other in [one for one in _tokens if one[:2] == key[:2]]:
        gone = _tokens.pop(other)
        if isinstance(gone, TokenSealer):
            gone.close()
    try:
        _tokens[key] = opened = TokenSealer(place, pin_file.read_text().rstrip("\r\n"))
    except WrongPin as error:
        _tokens[key] = error
        raise
    return opened
