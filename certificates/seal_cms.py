"""The signature container of a seal: CMS signed data as PAdES baseline B-B asks (ETSI EN 319 142-1, RFC 5652).

Written directly, because everything but the digest, the signature and the time stamp is the same for each seal of a
key: the size is known before, and general encoders take thirty times as long as the signature itself.
"""

import hashlib
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from certificates import der
from certificates.seal_keys import Sealer

Timestamp = Callable[[bytes], bytes]
"""Gives the RFC 3161 token (DER) of a SHA-256 digest; raises SealError."""

_DATA = der.identifier("1.2.840.113549.1.7.1")
_SIGNED_DATA = der.identifier("1.2.840.113549.1.7.2")
_CONTENT_TYPE = der.sequence(der.identifier("1.2.840.113549.1.9.3"), der.set_of(_DATA))
_MESSAGE_DIGEST = der.identifier("1.2.840.113549.1.9.4")
_SIGNING_CERTIFICATE_V2 = der.identifier("1.2.840.113549.1.9.16.2.47")
_TIME_STAMP = der.identifier("1.2.840.113549.1.9.16.2.14")
_SHA256 = der.sequence(der.identifier("2.16.840.1.101.3.4.2.1"))
_RSA_SHA256 = der.sequence(der.identifier("1.2.840.113549.1.1.11"), der.NULL)
_ECDSA_SHA256 = der.sequence(der.identifier("1.2.840.10045.4.3.2"))
_CONSTRUCTED_0, _CONSTRUCTED_1, _DIRECTORY_NAME = 0xA0, 0xA1, 0xA4

_ROUNDED_TO = 64
_LONGER_SIGNATURE = 8  # an ECDSA signature varies by a few bytes
_LONGER_TOKEN = 512  # a later token of the same authority may be a little longer


def container(digest: bytes, sealer: Sealer, timestamp: Timestamp | None = None) -> bytes:
    """The DER of a detached signature over a document whose SHA-256 is `digest` (32 bytes).

    Signed are content type, digest and the certificate's own digest (signing-certificate-v2); the time is stated in
    the PDF and, with `timestamp`, proved by a token (B-T). Raises SealError when the time-stamping fails.
    """
    constant = _constant(sealer.certificate, sealer.chain)
    message_digest = der.sequence(_MESSAGE_DIGEST, der.set_of(der.octets(digest)))
    attributes = der.set_of(_CONTENT_TYPE, message_digest, constant.signing_certificate)
    signature = sealer.sign(attributes)
    unsigned = b""
    if timestamp is not None:
        token = timestamp(hashlib.sha256(signature).digest())
        unsigned = der.value(_CONSTRUCTED_1, der.sequence(_TIME_STAMP, der.set_of(token)))
    signer = der.sequence(
        der.integer(1),
        constant.signer,
        _SHA256,
        bytes((_CONSTRUCTED_0,)) + attributes[1:],  # signed as a SET, stored under its own tag (RFC 5652 5.4)
        constant.mechanism,
        der.octets(signature),
        unsigned,
    )
    signed = der.sequence(
        der.integer(1), der.set_of(_SHA256), der.sequence(_DATA), constant.certificates, der.set_of(signer)
    )
    return der.sequence(_SIGNED_DATA, der.value(_CONSTRUCTED_0, signed))


def room_for(sealer: Sealer, timestamp: Timestamp | None = None) -> int:
    """Bytes that a container of this sealer needs at most; asks the time-stamping authority once."""
    size = len(container(bytes(32), sealer, timestamp)) + _LONGER_SIGNATURE
    if timestamp is not None:
        size += _LONGER_TOKEN
    return -(-size // _ROUNDED_TO) * _ROUNDED_TO


class _Constant(NamedTuple):
    """What every container of a certificate has in common, encoded."""

    signing_certificate: bytes  # the attribute that binds the signature to this one certificate (RFC 5035)
    signer: bytes
    mechanism: bytes
    certificates: bytes


@lru_cache(maxsize=4)
def _constant(certificate: x509.Certificate, chain: tuple[x509.Certificate, ...]) -> _Constant:
    encoded = [one.public_bytes(serialization.Encoding.DER) for one in (certificate, *chain)]
    issuer, serial = certificate.issuer.public_bytes(), der.integer(certificate.serial_number)
    issuer_serial = der.sequence(der.sequence(der.value(_DIRECTORY_NAME, issuer)), serial)
    own = der.sequence(der.octets(hashlib.sha256(encoded[0]).digest()), issuer_serial)  # SHA-256 is the default
    return _Constant(
        der.sequence(_SIGNING_CERTIFICATE_V2, der.set_of(der.sequence(der.sequence(own)))),
        der.sequence(issuer, serial),
        _RSA_SHA256 if isinstance(certificate.public_key(), rsa.RSAPublicKey) else _ECDSA_SHA256,
        der.value(_CONSTRUCTED_0, *sorted(encoded)),
    )
