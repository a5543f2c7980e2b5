"""Standards as a document names them, with the certificate that the results rest on (ISO/IEC 17025 7.8.4.1 c)."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from certificates.document import StandardUsed, Words
from lims.equipment.facts import valid_through
from lims.equipment.models import StandardCertificate
from lims.jobs.models import WorksheetStandard


def standards_used(chosen: Iterable[WorksheetStandard]) -> Iterator[StandardUsed]:
    """Each standard chosen, after it the parts of a set or system that came with it, nothing twice."""
    rows = list(chosen)
    named = {row.standard_id for row in rows}
    for row in rows:
        yield _standard(row)
        for part in row.parts:
            if part.standard_id not in named:
                named.add(part.standard_id)
                whole = row.standard.asset_number
                yield replace(_standard(part), name=Words(f"{part.standard.name} (thuộc {whole})",
                                                          f"{part.standard.name_en} (of {whole})"
                                                          if part.standard.name_en else ""))


def _standard(use: WorksheetStandard) -> StandardUsed:
    standard, certificate = use.standard, use.certificate
    due = valid_through(standard, certificate)
    return StandardUsed(
        asset_number=standard.asset_number, name=Words(standard.name, standard.name_en), serial=standard.serial,
        characteristics=standard.accuracy, certificate_number=certificate.number,
        certificate_issued_on=certificate.calibrated_on, issuer=certificate.issuer,
        due_on=due or certificate.calibrated_on, traceability=_traceability(certificate),
        version=str(certificate.id))


def _traceability(certificate: StandardCertificate) -> Words:
    """To what the standard is traceable, and the accreditation or designation of who calibrated it."""
    text = "; ".join(part for part in (certificate.traceable_to, certificate.issuer, certificate.accreditation) if part)
    return Words(text)
