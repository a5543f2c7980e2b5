"""What the signatures in a file prove, told by pyHanko, which had no part in making them."""
from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cryptography import x509

from certificates.seal_keys import SealError, common_name, fingerprint, is_trial
from certificates.seal_trust import TrustList, refuse_untrusted_stamp
from certificates.seal_update import FIELD

if TYPE_CHECKING:
    from pyhanko.sign.validation import EmbeddedPdfSignature


@dataclass(frozen=True)
class SealCheck:
    """One signature of a file. Whether its certificate is to be trusted, the caller compares by `fingerprint`.

    `intact`: what it covers is unchanged and was signed with the key of this certificate, and nothing but further
    signatures was added after it. `covers_whole_file` is false for all but the last of several.
    """

    field: str
    signer: str
    fingerprint: str
    trial: bool
    intact: bool
    covers_whole_file: bool
    sealed_at: datetime | None
    """As stated by the signer."""
    stamped_at: datetime | None
    """As proved by a time-stamping authority."""
    stamp_trusted: bool | None
    """Whether that authority is on the trust list; None: no stamp, or no list to compare with."""

    @property
    def is_seal(self) -> bool:
        """Whether it stands where the laboratory's seal stands; a person's signature has a field of its own."""
        return self.field == FIELD


def check(pdf: bytes, stamps: TrustList | None = None) -> tuple[SealCheck, ...]:
    """The signatures of a file in their order, () for none. Raises SealError for one that cannot be read.

    `stamps` are the time-stamping authorities that are trusted.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader  # seconds of loading; a server starts without it

    try:
        with _quiet():
            return tuple(_check(one, stamps) for one in PdfFileReader(io.BytesIO(pdf)).embedded_signatures)
    except Exception as error:  # a hostile file makes a parser fail in any way
        raise SealError(
            f"the signatures of the file cannot be read: {error}", "không đọc được chữ ký trong tệp"
        ) from error


def seal_of(pdf: bytes) -> SealCheck | None:
    """The laboratory's seal: the first signature. None: not sealed. Raises SealError."""
    return next((one for one in check(pdf) if one.is_seal), None)


def _check(signature: EmbeddedPdfSignature, stamps: TrustList | None) -> SealCheck:
    from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    signer = signature.signer_cert
    context = ValidationContext(trust_roots=[signer, *signature.other_embedded_certs], allow_fetching=False)
    status = validate_pdf_signature(signature, context)
    certificate = x509.load_der_x509_certificate(signer.dump())
    stated, stamp = status.signer_reported_dt, status.timestamp_validity
    stamped = stamp.timestamp if stamp is not None and stamp.intact and stamp.valid else None
    return SealCheck(
        field=signature.field_name,
        signer=common_name(certificate),
        fingerprint=fingerprint(certificate),
        trial=is_trial(certificate),
        intact=bool(status.intact and status.valid and (stamp is None or stamped is not None) and status.docmdp_ok),
        covers_whole_file=status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        sealed_at=stated.astimezone(UTC) if stated else None,
        stamped_at=stamped.astimezone(UTC) if stamped else None,
        stamp_trusted=_is_trusted(signature, stamps) if stamped and stamps is not None else None,
    )


def _is_trusted(signature: EmbeddedPdfSignature, stamps: TrustList) -> bool:
    """As of the time of the stamp: an authority's certificate may have ended since."""
    signer = signature.signer_info
    digest = hashlib.sha256(signer["signature"].native).digest()
    tokens = [one["values"][0]["content"] for one in signer["unsigned_attrs"] if one["type"].native == _TIME_STAMP]
    try:
        refuse_untrusted_stamp(tokens[0], digest, stamps)
    except (SealError, IndexError):
        return False
    return True


_TIME_STAMP = "signature_time_stamp_token"


@contextmanager
def _quiet() -> Iterator[None]:
    """pyHanko writes to the log what is told here by the result."""
    loggers = [logging.getLogger(name) for name in ("pyhanko", "pyhanko_certvalidator")]
    levels = [one.level for one in loggers]
    for one in loggers:
        one.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for one, level in zip(loggers, levels, strict=True):
            one.setLevel(level)
