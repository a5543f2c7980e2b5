"""The seals on files, archived or in somebody's hand, as an independent program judges them."""
from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from certificates.checking import carried_files
from certificates.seal_check import SealCheck, check
from certificates.seal_keys import SealError
from lims.issue import sealing, stamping
from lims.issue.models import Certificate, CertificateDocument


@dataclass(frozen=True)
class Told:
    """One signature of a file; `ours` = made with a key that is registered here, in use or retired."""

    seal: SealCheck
    ours: bool


def signatures(content: bytes) -> tuple[Told, ...]:
    """The signatures in a file in somebody's hand, () where there are none or they cannot be read."""
    if not content.startswith(b"%PDF-"):
        return ()
    known = sealing.known()
    try:
        stamps = stamping.trusted_stamps(current_app.extensions["settings"])
        return tuple(Told(one, one.fingerprint in known) for one in check(content, stamps))
    except (SealError, OSError):
        return ()


def on_archived(document: CertificateDocument) -> Told | None:
    """The laboratory's seal on an archived file; None where none can be read."""
    return next((one for one in signatures(document.content) if one.seal.is_seal), None)


def last_signer(pdf: bytes) -> str:
    """Fingerprint of the certificate that made the newest signature; "" where none can be read."""
    try:
        found = check(pdf)
    except SealError:
        return ""
    return found[-1].fingerprint if found else ""


def fault_of(pdf: bytes, known: set[str]) -> str:
    """What is wrong with the seal on an archived file, "" for nothing; `known` are the fingerprints of all keys."""
    try:
        found = check(pdf)
    except SealError:
        return "its seal cannot be read"
    if not found or not found[0].is_seal:
        return "it is not sealed"
    if not all(one.intact for one in found) or not found[-1].covers_whole_file:
        return "its seal is broken"
    return "" if found[0].fingerprint in known else "it is sealed with a key that was never registered"


def stands_by_itself(certificate: Certificate, content: bytes, known: set[str]) -> bool:
    """Whether an archived file is what was sealed, told without drawing it again.

    A PDF holds a whole seal; the digital certificate is the one that the sealed PDF carries.
    """
    if content.startswith(b"%PDF-"):
        return not fault_of(content, known)
    first = next((archived.content for archived in certificate.documents if archived.form == "pdf"), b"")
    return content in carried_files(first)
