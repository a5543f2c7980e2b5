"""From a record to its PDF: the same record always gives the same bytes."""

import hashlib
from collections.abc import Mapping, Sequence

from certificates.archival import Attachment, Metadata, write_archival, write_info
from certificates.artwork import read_image
from certificates.certificate import Certificate
from certificates.dcc import dcc_xml
from certificates.document import Anchors, Kind, Record, canonical_json
from certificates.layout import Layout, standard_layout
from certificates.numbering import slug
from certificates.pdffile import PdfFile, dictionary
from certificates.sheet import Sheet
from certificates.values import title_of
from certificates.work_record import WorkRecord


def render(
    record: Record,
    anchors: Anchors,
    *,
    layout: Layout | None = None,
    artwork: Mapping[str, bytes] | None = None,
    attachments: Sequence[Attachment] | None = None,
) -> bytes:
    """The printed document of a record as PDF/A-3a and PDF/UA-1, with its machine-readable form inside.

    `artwork` holds the logo and the accreditation mark (SVG, PNG or JPEG) by SHA-256; those that the record names must
    be there. `attachments` takes what `standard_attachments` made before, so that it need not be made twice.
    Raises GlyphMissing, LayoutError, ArtworkError or UnitError; all are ValueErrors whose message names the cause.
    """
    sheet = Sheet()
    images = _add_artwork(sheet, record, artwork or {})
    chosen = layout or standard_layout()
    if record.kind is Kind.WORK_RECORD:
        WorkRecord(record, anchors, chosen).draw(sheet)
    else:
        Certificate(record, anchors, chosen, images).draw(sheet)
    metadata = Metadata(
        title=f"{title_of(record).vi} {record.number}",
        author=record.organisation.name.vi,
        subject=f"{record.item.name.vi} {record.item.serial}".strip(),
        producer=record.provenance.software,
        created=record.issued_at,
        number=record.number,
        record_digest=anchors.record_digest,
    )
    return finish(
        sheet, metadata, standard_attachments(record, anchors.record_digest) if attachments is None else attachments
    )


def standard_attachments(record: Record, record_digest: str = "", dcc: bytes | None = None) -> tuple[Attachment, ...]:
    """The DCC of a calibration (given or made here), of any other document the record itself."""
    name = slug(record.number)
    if record.kind is Kind.CALIBRATION:
        content = dcc_xml(record, record_digest) if dcc is None else dcc
        words = "Giấy chứng nhận hiệu chuẩn số (DCC 3.3.0)"
        return (Attachment(f"{name}.xml", "application/xml", words, "Alternative", content),)
    words = "Bản ghi mà từ đó văn bản này được lập"
    return (Attachment(f"{name}.json", "application/json", words, "Source", canonical_json(record)),)


def finish(sheet: Sheet, metadata: Metadata, attachments: Sequence[Attachment] = ()) -> bytes:
    """The file of a drawn sheet."""
    file = PdfFile()
    catalogue = sheet.finish(file) | write_archival(file, metadata, attachments)
    file_id = hashlib.sha256(f"{metadata.number}\n{metadata.record_digest}".encode()).hexdigest()[:32].upper()
    return file.to_bytes(file.put(dictionary(catalogue)), write_info(file, metadata), file_id)


def _add_artwork(sheet: Sheet, record: Record, artwork: Mapping[str, bytes]) -> tuple[str, ...]:
    """Adds the images that the record names; returns the names that they have on the sheet."""
    wanted = {"logo": record.organisation.logo_sha256, "mark": record.organisation.accreditation_mark_sha256}
    names = []
    for name, digest in wanted.items():
        if digest:
            sheet.add_image(name, read_image(digest, artwork))
            names.append(name)
    return tuple(names)
