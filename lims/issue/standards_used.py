"""Standards as a document names them, with the certificate that the results rest on (ISO/IEC 17025 7.8.4.1 c)."""
from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from certificates.document import StandardUsed, Words
from instruments.load_of_pieces import JOINED
from lims.equipment.facts import valid_through
from lims.equipment.models import Standard, StandardCertificate
from lims.jobs.models import WorksheetStandard


def standards_used(chosen: Iterable[WorksheetStandard], served: Collection[str] = ()) -> Iterator[StandardUsed]:
    """Each standard chosen, after it the parts of a set or system that came with it, nothing twice. Of a set whose
    values are those of its parts, the parts alone: those that `served` a point, where that is told."""
    rows = list(chosen)
    named = {row.standard_id for row in rows}
    for row in rows:
        if row.certificate is not None:
            yield _standard(row.standard, row.certificate)
        wanted = served if row.certificate is None else ()
        for part in row.parts:
            if part.standard_id not in named and part.certificate is not None and (
                    not wanted or part.standard.asset_number in wanted):
                named.add(part.standard_id)
                whole, name = row.standard.asset_number, part.standard.name_en
                yield replace(_standard(part.standard, part.certificate), name=Words(
                    f"{part.standard.name} (thuộc {whole})", f"{name} (of {whole})" if name else ""))


def served_by(evaluation: Mapping[str, Any]) -> frozenset[str]:
    """Asset numbers of what served a point of the evaluation (its JSON), each piece of a load by itself."""
    return frozenset(name for table in evaluation["tables"] for row in table["rows"] for use in row["standards"]
                     for name in use["asset_number"].split(JOINED))


def _standard(standard: Standard, certificate: StandardCertificate) -> StandardUsed:
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
