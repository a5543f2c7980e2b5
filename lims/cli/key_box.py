"""Private keys in a backup: locked with a passphrase (scrypt and AES-256-GCM), so that a lost backup signs nothing."""
from __future__ import annotations

import json
import secrets
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"LIMS-KEYS-1\n"
SALT, NONCE, KEY = 16, 12, 32
SHORTEST_PASSPHRASE = 12


class WrongPassphrase(ValueError):
    """The box does not open: another passphrase, or the file was changed."""


def lock(files: Mapping[str, str], passphrase: str) -> bytes:
    """Names and texts of key files, locked."""
    salt, nonce = secrets.token_bytes(SALT), secrets.token_bytes(NONCE)
    content = json.dumps(dict(files)).encode()
    return MAGIC + salt + nonce + AESGCM(_key(passphrase, salt)).encrypt(nonce, content, MAGIC)


def unlock(box: bytes, passphrase: str) -> dict[str, str]:
    """The files of a box. Raises WrongPassphrase."""
    body = box.removeprefix(MAGIC)
    salt, nonce, locked = body[:SALT], body[SALT:SALT + NONCE], body[SALT + NONCE:]
    try:
        content = AESGCM(_key(passphrase, salt)).decrypt(nonce, locked, MAGIC)
    except (InvalidTag, ValueError) as error:
        raise WrongPassphrase("the passphrase does not open the keys of this backup") from error
    files: dict[str, str] = json.loads(content)
    return files


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=KEY, n=2 ** 15, r=8, p=1).derive(passphrase.encode())
