"""Settings of one installation: defaults, overridden by environment variables with the prefix LIMS_.

| variable | meaning | default |
|---|---|---|
| LIMS_DATA_DIR | folder of the embedded database, keys and locks | ./data |
| LIMS_DATABASE_URL | sqlite:///FILE or postgresql+psycopg://... | SQLite file lims.db in the data folder |
| LIMS_SECRET_KEY | signs sessions; made at first start in the data folder when not given | file secret.key |
| LIMS_BASE_URL | address printed in QR codes and mails | http://127.0.0.1:8000 |
| LIMS_SEAL_PKCS12 | key and certificate (PKCS#12) that seal issued documents | a trial key in the data folder |
| LIMS_SEAL_PASSWORD_FILE | file that holds the password of LIMS_SEAL_PKCS12 | empty password |
| LIMS_SEAL_PKCS11_MODULE | library (.so) of the token or security module that holds the sealing key | empty |
| LIMS_SEAL_PKCS11_TOKEN | label of that token | |
| LIMS_SEAL_PKCS11_KEY | label or hexadecimal id of the key on it; empty: its only private key | empty |
| LIMS_SEAL_PIN_FILE | file that holds the PIN of the token | |
| LIMS_TSA_URL | time-stamping authority (RFC 3161) asked for each seal; empty: none | empty |
| LIMS_TSA_TRUST | certificates (PEM) of the time-stamping authorities that are trusted | empty: any |
| LIMS_TSA_SECONDS | how long an answer of the authority is waited for | 5 |
| LIMS_TSA_POLICY | while the authority is away: refuse (no number is given) or without (no time stamp) | refuse |
| LIMS_PERSON_TRUST | certification authorities (PEM) whose certificates persons may sign with later | empty |
| LIMS_SMTP_URL | smtp://user:password@host:port or smtps://...; empty: mail stays in the outbox | empty |
| LIMS_MAIL_FROM | sender of mails | lims@localhost |
| LIMS_TRUSTED_PROXIES | how many proxies stand in front | 0 |
| LIMS_DUE_SOON_DAYS | window of the amber due state, days | 60 |
"""
from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


class SettingsError(ValueError):
    """A setting cannot be used; the message names the variable and what is expected."""


@dataclass(frozen=True)
class Settings:
    """Checked settings; `secure_cookies` follows the scheme of `base_url`."""

    data_dir: Path
    database_url: str
    secret_key: str
    base_url: str = "http://127.0.0.1:8000"
    seal_pkcs12: Path | None = None
    seal_password_file: Path | None = None
    token_module: Path | None = None
    token_label: str = ""
    token_key: str = ""
    token_pin_file: Path | None = None
    tsa_url: str = ""
    tsa_trust: Path | None = None
    tsa_seconds: int = 5
    tsa_policy: str = "refuse"
    person_trust: Path | None = None
    smtp_url: str = ""
    mail_from: str = "lims@localhost"
    trusted_proxies: int = 0
    due_soon_days: int = 60
    escalate_days: int = 7

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def secure_cookies(self) -> bool:
        return self.base_url.startswith("https://")


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the environment. Raises SettingsError for a value that cannot be used."""
    data_dir = Path(environ.get("LIMS_DATA_DIR", "data")).expanduser().resolve()
    if data_dir.exists() and not data_dir.is_dir():
        raise SettingsError(f"LIMS_DATA_DIR: {data_dir} is a file; expected a folder")
    _refuse_half_a_token(environ)
    return Settings(
        data_dir=data_dir,
        database_url=_database_url(environ.get("LIMS_DATABASE_URL", ""), data_dir),
        secret_key=environ.get("LIMS_SECRET_KEY", ""),
        base_url=_base_url(environ.get("LIMS_BASE_URL", "http://127.0.0.1:8000")),
        seal_pkcs12=_file(environ, "LIMS_SEAL_PKCS12"),
        seal_password_file=_file(environ, "LIMS_SEAL_PASSWORD_FILE"),
        token_module=_file(environ, "LIMS_SEAL_PKCS11_MODULE"),
        token_label=environ.get("LIMS_SEAL_PKCS11_TOKEN", ""),
        token_key=environ.get("LIMS_SEAL_PKCS11_KEY", ""),
        token_pin_file=_file(environ, "LIMS_SEAL_PIN_FILE"),
        tsa_url=_web_address(environ, "LIMS_TSA_URL"),
        tsa_trust=_file(environ, "LIMS_TSA_TRUST"),
        tsa_seconds=_whole(environ, "LIMS_TSA_SECONDS", 5),
        tsa_policy=_one_of(environ, "LIMS_TSA_POLICY", ("refuse", "without")),
        person_trust=_file(environ, "LIMS_PERSON_TRUST"),
        smtp_url=_mail_server(environ.get("LIMS_SMTP_URL", "")),
        mail_from=environ.get("LIMS_MAIL_FROM", "lims@localhost"),
        trusted_proxies=_whole(environ, "LIMS_TRUSTED_PROXIES", 0),
        due_soon_days=_whole(environ, "LIMS_DUE_SOON_DAYS", 60),
        escalate_days=_whole(environ, "LIMS_ESCALATE_DAYS", 7),
    )


def _database_url(url: str, data_dir: Path) -> str:
    if not url:
        return f"sqlite:///{data_dir / 'lims.db'}"
    url = url.replace("postgresql://", "postgresql+psycopg://", 1) if url.startswith("postgresql://") else url
    if (url.startswith("sqlite:///") and url != "sqlite:///") or (
            url.startswith("postgresql+psycopg://") and _reachable(url)):
        return url
    raise SettingsError("LIMS_DATABASE_URL: expected sqlite:///FILE or postgresql://USER@HOST/NAME")


def _base_url(url: str) -> str:
    if not url.startswith(("http://", "https://")) or not _reachable(url, host=True):
        raise SettingsError("LIMS_BASE_URL: expected http://... or https://...")
    return url.rstrip("/")


def _mail_server(url: str) -> str:
    if url and not (url.startswith(("smtp://", "smtps://")) and _reachable(url, host=True)):
        raise SettingsError("LIMS_SMTP_URL: expected smtp://user:password@host:port or smtps://...")
    return url


def _reachable(url: str, *, host: bool = False) -> bool:
    """Whether an address can be taken apart: brackets closed, the port a number, a host named where one is needed."""
    try:
        parts = urlsplit(url)
        return parts.port != 0 and (not host or bool(parts.hostname))
    except ValueError:
        return False


def _file(environ: Mapping[str, str], name: str) -> Path | None:
    text = environ.get(name, "")
    if not text:
        return None
    path = Path(text).expanduser().resolve()
    if not path.is_file():
        raise SettingsError(f"{name}: there is no file {path}")
    return path


def _refuse_half_a_token(environ: Mapping[str, str]) -> None:
    """A token is named by library, label and PIN file together, and it is not set beside a PKCS#12 file."""
    names = ("LIMS_SEAL_PKCS11_MODULE", "LIMS_SEAL_PKCS11_TOKEN", "LIMS_SEAL_PIN_FILE")
    given = [name for name in names if environ.get(name)]
    if given and len(given) < len(names):
        missing = ", ".join(name for name in names if name not in given)
        raise SettingsError(f"{missing}: expected beside {given[0]}")
    if given and environ.get("LIMS_SEAL_PKCS12"):
        raise SettingsError("LIMS_SEAL_PKCS11_MODULE: expected alone, without LIMS_SEAL_PKCS12: one key seals")


def _one_of(environ: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    text = environ.get(name, "") or allowed[0]
    if text not in allowed:
        raise SettingsError(f"{name}: expected {' or '.join(allowed)}, got {text!r}")
    return text


def _web_address(environ: Mapping[str, str], name: str) -> str:
    url = environ.get(name, "")
    if url and not (url.startswith(("http://", "https://")) and _reachable(url, host=True)):
        raise SettingsError(f"{name}: expected http://... or https://...")
    return url


def _whole(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise SettingsError(f"{name}: expected a whole number, got {text!r}")
    return int(text)
