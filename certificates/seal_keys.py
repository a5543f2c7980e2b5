"""Keys that seal documents: a PKCS#12 file, or the trial key whose own certificate says that it proves nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

TRIAL_NAME = "DẤU THỬ KHÔNG CÓ GIÁ TRỊ / TRIAL WITHOUT VALIDITY"
_TRIAL_VALIDITY = timedelta(days=3650)
_SHORTEST_RSA = 2048
_LONGEST_NAME = 64  # bytes of a name in a certificate


class SealError(ValueError):
    """A key, a file or a container that cannot be used for a seal; the message names the cause in both languages."""

    def __init__(self, en: str, vi: str = "") -> None:
        super().__init__(en)
        self.vi = vi or en


class Sealer(Protocol):
    """Whatever holds a sealing key: it tells its certificate and signs bytes; the key itself stays inside."""

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate of the key; its public key is RSA or on a NIST curve."""

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """Certificates between it and its root, packed into each seal."""

    def sign(self, data: bytes) -> bytes:
        """Signature over the SHA-256 of `data`: PKCS#1 v1.5 of an RSA key, DER-encoded ECDSA of any other."""


@dataclass(frozen=True)
class KeySealer:
    """A sealing key in memory; the key object is made once, since reading a key costs more than signing with it."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    chain: tuple[x509.Certificate, ...] = ()

    def sign(self, data: bytes) -> bytes:
        """See Sealer."""
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self.key.sign(data, ec.ECDSA(hashes.SHA256()))


def from_pkcs12(content: bytes, password: str) -> KeySealer:
    """The key and chain of a PKCS#12 file. Raises SealError: wrong password, damaged, no key, unsuited key."""
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(content, password.encode() or None)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SealError(
            "the PKCS#12 file does not open: wrong password, or a damaged file",
            "tệp PKCS#12 không mở được: sai mật khẩu hoặc tệp hỏng",
        ) from error
    return _sealer(key, certificate, tuple(others))


def new_trial(organisation: str, at: datetime) -> bytes:
    """Key and self-signed certificate for trial as PEM text; whoever looks at a seal made with it reads that it is one.

    `organisation` is shortened to what a certificate holds. Keeping the text secret is the caller's business.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, TRIAL_NAME)]
    if organisation.strip():
        short = organisation.strip().encode()[:_LONGEST_NAME].decode(errors="ignore").strip()
        attributes.insert(0, x509.NameAttribute(NameOID.ORGANIZATION_NAME, short))
    name = x509.Name(attributes)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + _TRIAL_VALIDITY)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_signing_only(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)


def from_pem(content: bytes) -> KeySealer:
    """The key of a text made by `new_trial`. Raises SealError."""
    try:
        key = serialization.load_pem_private_key(content, None)
        certificate, *others = x509.load_pem_x509_certificates(content)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SealError("the key file is damaged", "tệp khóa hỏng") from error
    return _sealer(key, certificate, tuple(others))


def is_trial(certificate: x509.Certificate) -> bool:
    """Whether a certificate says of itself that it is for trial."""
    return common_name(certificate) == TRIAL_NAME


def common_name(certificate: x509.Certificate) -> str:
    """Whose certificate it is: common name, else organisation."""
    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        if found := certificate.subject.get_attributes_for_oid(kind):
            return str(found[0].value)
    return ""


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate, 64 hexadecimal digits."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def _sealer(key: object, certificate: x509.Certificate | None, others: tuple[x509.Certificate, ...]) -> KeySealer:
    if key is None or certificate is None:
        raise SealError("the file holds no private key with its certificate", "tệp không có khóa riêng kèm chứng thư")
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise _unsuited()
    refuse_unsuited(key.public_key())
    if key.public_key() != certificate.public_key():
        raise SealError(
            "the certificate does not belong to the private key", "chứng thư không phải của khóa riêng này"
        )
    return KeySealer(certificate, key, others)


def refuse_unsuited(key: object) -> None:
    """Raises SealError for a public key whose private half cannot seal: neither RSA of 2048 bits nor ECDSA."""
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise _unsuited()
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < _SHORTEST_RSA:
        raise SealError(
            f"an RSA key of {key.key_size} bits is too weak: {_SHORTEST_RSA} at least",
            f"khóa RSA {key.key_size} bit quá yếu: ít nhất {_SHORTEST_RSA} bit",
        )


def _unsuited() -> SealError:
    return SealError("a sealing key is RSA or on an elliptic curve (ECDSA)",
                     "khóa đóng dấu phải là RSA hoặc trên đường cong elliptic (ECDSA)")


def _signing_only() -> x509.KeyUsage:
    """Digital signature and content commitment (non-repudiation), nothing else."""
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
