"""Whom a laboratory trusts: lists of certificates (PEM), and what rests on them: time stamps, persons' certificates."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms, tsp  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from certificates.seal_keys import SealError


@dataclass(frozen=True)
class TrustList:
    """Certificates that are trusted as they are: authorities, or single signers."""

    certificates: tuple[x509.Certificate, ...]

    def roots(self) -> list[asn1_x509.Certificate]:
        """As pyHanko takes them."""
        return [asn1(one) for one in self.certificates]


def read_trust_list(content: bytes) -> TrustList:
    """The certificates of a PEM text. Raises SealError where there is none."""
    try:
        found = tuple(x509.load_pem_x509_certificates(content))
    except ValueError as error:
        raise SealError(
            "the trust list is no PEM file of certificates", "danh sách tin cậy không phải tệp chứng thư PEM"
        ) from error
    return TrustList(found)


def asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """The same certificate as pyHanko's library holds it."""
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def refuse_untrusted_stamp(token: bytes | cms.SignedData, digest: bytes, trust: TrustList) -> datetime:
    """The time that a token proves for a SHA-256 digest. Raises SealError: broken, of another digest, not trusted.

    The signer's certificate must be for time stamping and lead to the list, as of the time of the stamp (RFC 3161 2.3).
    """
    # pyHanko's validation is a second of loading; a server starts without it.
    from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
    from pyhanko_certvalidator import ValidationContext

    try:
        signed = cms.ContentInfo.load(token)["content"] if isinstance(token, bytes) else token
        info: tsp.TSTInfo = signed["encap_content_info"]["content"].parsed
        at: datetime = info["gen_time"].native
        context = ValidationContext(trust_roots=trust.roots(), allow_fetching=False, moment=at)
        told = asyncio.run(validate_tst_signed_data(signed, context, lambda _algorithm: digest))
    except Exception as error:  # a hostile answer makes a parser fail in any way
        raise SealError("the time stamp cannot be read", "không đọc được dấu thời gian") from error
    if not (told["intact"] and told["valid"]):
        raise SealError("the time stamp's signature is broken", "chữ ký của dấu thời gian bị hỏng")
    if told["trust_problem_indic"] is not None:
        raise SealError(
            "the time-stamping authority is not on the trust list (LIMS_TSA_TRUST)",
            "tổ chức cấp dấu thời gian không nằm trong danh sách tin cậy (LIMS_TSA_TRUST)",
        )
    return at


def stamped_at(token: bytes) -> datetime:
    """The time that a token states, unchecked. Raises SealError."""
    try:
        at: datetime = cms.ContentInfo.load(token)["content"]["encap_content_info"]["content"].parsed["gen_time"].native
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise SealError("the time stamp cannot be read", "không đọc được dấu thời gian") from error
    return at


def leads_to(certificate: x509.Certificate, chain: Sequence[x509.Certificate], trust: TrustList, at: datetime) -> bool:
    """Whether a certificate valid at `at` is on the list or was issued, directly or through `chain`, by one that is."""
    if certificate in trust.certificates:
        return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc
    from pyhanko_certvalidator import CertificateValidator, ValidationContext
    from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError, ValidationError

    context = ValidationContext(
        trust_roots=trust.roots(), other_certs=[asn1(one) for one in chain], allow_fetching=False, moment=at
    )
    validator = CertificateValidator(asn1(certificate), validation_context=context)
    try:
        asyncio.run(validator.async_validate_usage(set()))  # type: ignore[no-untyped-call]
    except (PathBuildingError, PathValidationError, ValidationError, ValueError):
        return False
    return True
