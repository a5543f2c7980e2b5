"""A token in software (SoftHSM2) of its own for the tests that need one: a real PKCS#11 library, a real PIN."""
from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pkcs11 import CertificateType
from pkcs11.constants import Attribute, ObjectClass

PIN, SO_PIN = "4711-0815", "12345678"
LIBRARIES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
             "/usr/lib64/softhsm/libsofthsm.so", "/usr/lib64/pkcs11/libsofthsm2.so")
MODULE = next((Path(name) for name in LIBRARIES if Path(name).exists()), None)
needs_softhsm = pytest.mark.skipif(MODULE is None or not shutil.which("softhsm2-util"),
                                   reason="SoftHSM2 (softhsm2) is not installed")


class Tokens:
    """The folder of the tokens; the library reads the place once in a process, so there is one for all tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "tokens"
        self.folder.mkdir()
        settings = folder / "softhsm2.conf"
        settings.write_text(f"directories.tokendir = {self.folder}\nobjectstore.backend = file\nlog.level = ERROR\n")
        os.environ["SOFTHSM2_CONF"] = str(settings)

    def made(self, label: str) -> str:
        """A new empty token."""
        self._run("--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", SO_PIN)
        self._start_again()  # or the library goes on with the slots that it saw at first
        return label

    def keep(self, label: str, key: Any, certificates: list[x509.Certificate], *, name: str = "seal", id_: int = 1,
             ) -> None:
        """Put a key with its certificates (its own first) on a token."""
        file = self.folder.parent / "key.pem"
        file.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                           serialization.NoEncryption()))
        self._run("--import", str(file), "--token", label, "--label", name, "--id", f"{id_:02x}", "--pin", PIN)
        file.unlink()
        self._start_again()
        with pkcs11.lib(str(MODULE)).get_token(token_label=label).open(user_pin=PIN, rw=True) as session:
            for place, one in enumerate(certificates):
                session.create_object({
                    Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
                    Attribute.TOKEN: True, Attribute.ID: bytes([id_ if place == 0 else 200 + place]),
                    Attribute.LABEL: name if place == 0 else f"ca{place}",
                    Attribute.SUBJECT: one.subject.public_bytes(),
                    Attribute.VALUE: one.public_bytes(serialization.Encoding.DER)})

    @contextmanager
    def pulled(self) -> Iterator[None]:
        """All tokens are away meanwhile, as if somebody had pulled them: the library no longer finds its store."""
        away = self.folder.with_name("away")
        self.folder.rename(away)
        try:
            yield
        finally:
            away.rename(self.folder)

    def _start_again(self) -> None:
        pkcs11.lib(str(MODULE)).reinitialize()

    def _run(self, *arguments: str) -> None:
        subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)


@pytest.fixture(scope="session")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    return Tokens(tmp_path_factory.mktemp("softhsm"))
