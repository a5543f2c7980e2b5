"""A sealing key on a token or in a security module (PKCS#11): the key never leaves it, only digests go in.

One session is kept for each token, since logging in costs more than signing. A session that died with its token is
opened once more; a wrong PIN is never tried again before it was changed, because a token locks after a few.
"""

import hashlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pkcs11
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from pkcs11.constants import Attribute, ObjectClass
from pkcs11.exceptions import (
    PinExpired,
    PinIncorrect,
    PinInvalid,
    PinLenRange,
    PinLocked,
    PKCS11Error,
    UserPinNotInitialized,
)
from pkcs11.mechanisms import KeyType, Mechanism

from certificates.seal_keys import SealError, refuse_unsuited

_WRONG_PIN = (PinIncorrect, PinInvalid, PinLenRange, PinExpired)
_LONGEST_CHAIN = 5


class WrongPin(SealError):
    """The token refused the PIN; it must not be offered the same one again."""


@dataclass(frozen=True)
class TokenPlace:
    """Where a key lies: vendor's library, label of the token, label or hex id of the key ("": its only one)."""

    module: Path
    token: str
    key: str = ""


@dataclass(eq=False)
class TokenSealer:
    """A sealing key on a token; see `certificates.seal_keys.Sealer`. Raises SealError where the token is away."""

    place: TokenPlace
    pin: str = field(repr=False)
    certificate: x509.Certificate = field(init=False)
    chain: tuple[x509.Certificate, ...] = field(init=False)
    _session: Any = field(init=False, repr=False, default=None)
    _key: Any = field(init=False, repr=False, default=None)
    _locked_out: bool = field(init=False, repr=False, default=False)
    _one_at_a_time: Any = field(init=False, repr=False, default_factory=threading.RLock)

    def __post_init__(self) -> None:
        with self._one_at_a_time, _told(self.place):
            self._open()

    def sign(self, data: bytes) -> bytes:
        """See Sealer. The signature is checked with the certificate before it is handed out."""
        with self._one_at_a_time:
            try:
                signature = self._sign(data)
            except (PKCS11Error, SealError):
                signature = self._sign_after_return(data)
        self._refuse_wrong(signature, data)
        return signature

    def _sign_after_return(self, data: bytes) -> bytes:
        """The session ended, or the token was pulled: is it back? Some libraries notice only when they start again."""
        with _told(self.place):
            try:
                self._open()
                return self._sign(data)
            except PKCS11Error:
                self.close()
                pkcs11.lib(str(self.place.module)).reinitialize()
                self._open()
                return self._sign(data)

    def present(self) -> None:
        """Asks the token whether it can still sign. Raises SealError."""
        self.sign(b"present")

    def close(self) -> None:
        """Give the session back, which ends the login."""
        with self._one_at_a_time:
            held, self._session, self._key = self._session, None, None
            if held is not None:
                with suppress(PKCS11Error):  # it may have died with its token
                    held.close()

    def _open(self) -> None:
        self.close()
        if self._locked_out:
            raise _wrong_pin(self.place)
        token = _token(self.place)
        try:
            self._session = token.open(user_pin=self.pin)
        except _WRONG_PIN as error:
            self._locked_out = True
            raise _wrong_pin(self.place) from error
        try:
            self._key = _private_key(self._session, self.place)
            own, self.chain = _certificates(self._session, self._key, self.place)
            refuse_unsuited(own.public_key())
            self._refuse_other(own)
        except (SealError, PKCS11Error):
            self.close()
            raise
        self.certificate = own

    def _refuse_other(self, own: x509.Certificate) -> None:
        """What was planned under one certificate is not sealed under another."""
        if getattr(self, "certificate", own) != own:
            raise SealError(
                f"another certificate lies on the token {self.place.token!r} than before: start the server again",
                f"token {self.place.token!r} nay chứa chứng thư khác: hãy khởi động lại máy chủ",
            )

    def _sign(self, data: bytes) -> bytes:
        if self._key is None:
            raise SealError("no session")
        if self._key.key_type == KeyType.RSA:
            return bytes(self._key.sign(data, mechanism=Mechanism.SHA256_RSA_PKCS))
        raw = bytes(self._key.sign(hashlib.sha256(data).digest(), mechanism=Mechanism.ECDSA))
        half = len(raw) // 2
        return encode_dss_signature(int.from_bytes(raw[:half]), int.from_bytes(raw[half:]))

    def _refuse_wrong(self, signature: bytes, data: bytes) -> None:
        public = self.certificate.public_key()
        try:
            if isinstance(public, rsa.RSAPublicKey):
                public.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
            elif isinstance(public, ec.EllipticCurvePublicKey):
                public.verify(signature, data, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature as error:
            raise SealError(
                f"the key on the token {self.place.token!r} does not belong to its certificate",
                f"khóa trong token {self.place.token!r} không phải của chứng thư đi kèm",
            ) from error


def _token(place: TokenPlace) -> Any:
    try:
        library = pkcs11.lib(str(place.module))
    except (PKCS11Error, RuntimeError, OSError) as error:
        raise SealError(
            f"the PKCS#11 library {place.module} of the token {place.token!r} cannot be loaded: {error or type(error)}",
            f"không nạp được thư viện PKCS#11 {place.module} của token {place.token!r}",
        ) from error
    for slot in library.get_slots(token_present=True):
        token = slot.get_token()
        if token.label.strip() == place.token:
            return token
    raise SealError(f"the token {place.token!r} is not plugged in", f"chưa cắm token {place.token!r}")


def _private_key(session: Any, place: TokenPlace) -> Any:
    keys = list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY}))
    found = [key for key in keys if not place.key or place.key in (key.label, bytes(key.id).hex())]
    if len(found) == 1:
        return found[0]
    names = ", ".join(sorted(repr(key.label) for key in keys)) or "-"
    if not found:
        raise SealError(
            f"the token {place.token!r} holds no private key {place.key!r} (it holds: {names})",
            f"token {place.token!r} không có khóa riêng {place.key!r} (đang có: {names})",
        )
    raise SealError(
        f"the token {place.token!r} holds several private keys ({names}): name one in LIMS_SEAL_PKCS11_KEY",
        f"token {place.token!r} có nhiều khóa riêng ({names}): nêu tên một khóa trong LIMS_SEAL_PKCS11_KEY",
    )


def _certificates(
    session: Any, key: Any, place: TokenPlace
) -> tuple[x509.Certificate, tuple[x509.Certificate, ...]]:
    """The key's own certificate (same id, else same label) and those above it that the token holds."""
    held = list(session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}))
    own = next((one for one in held if bytes(one[Attribute.ID]) == bytes(key.id)), None)
    own = own or next((one for one in held if one[Attribute.LABEL] == key.label), None)
    if own is None:
        raise SealError(
            f"the token {place.token!r} holds no certificate of the key {key.label!r}",
            f"token {place.token!r} không có chứng thư của khóa {key.label!r}",
        )
    certificate = _read(own)
    return certificate, tuple(_above(certificate, [_read(one) for one in held]))


def _read(held: Any) -> x509.Certificate:
    return x509.load_der_x509_certificate(bytes(held[Attribute.VALUE]))


def _above(certificate: x509.Certificate, others: Sequence[x509.Certificate]) -> Iterator[x509.Certificate]:
    for _step in range(_LONGEST_CHAIN):
        issuer = next((one for one in others if one.subject == certificate.issuer and one != certificate), None)
        if issuer is None:
            return
        yield issuer
        certificate = issuer


def _wrong_pin(place: TokenPlace) -> WrongPin:
    return WrongPin(
        f"the token {place.token!r} refuses the PIN; correct LIMS_SEAL_PIN_FILE (it is not tried again until then)",
        f"token {place.token!r} không nhận mã PIN; hãy sửa tệp LIMS_SEAL_PIN_FILE (chưa sửa thì không thử lại)",
    )


@contextmanager
def _told(place: TokenPlace) -> Iterator[None]:
    """What a token's library reports, in words."""
    try:
        yield
    except PinLocked as error:
        raise SealError(f"the token {place.token!r} is locked after wrong PINs: unlock it with its own tool",
                        f"token {place.token!r} đã khóa vì sai PIN: mở khóa bằng công cụ của token") from error
    except UserPinNotInitialized as error:
        raise SealError(f"the token {place.token!r} has no PIN yet", f"token {place.token!r} chưa đặt PIN") from error
    except PKCS11Error as error:
        name = type(error).__name__
        raise SealError(f"the token {place.token!r} does not answer ({name})",
                        f"token {place.token!r} không trả lời ({name})") from error
