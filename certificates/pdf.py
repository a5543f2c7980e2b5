"""From a record to its PDF: the same record always gives the same bytes."""

import hashlib
from collections.abc import Mapping, Sequence

from certificates.archival import Attachment, Metadata, write_archival, write_info
from certificates.artwork import write_image
from certificates.certificate import Certificate
from certificates.document import Anchors, Kind, Record
from certificates.layout import Layout, standard_layout
from certificates.sheet import Sheet
from certificates.values import title_of
from certificates.work_record import WorkRecord


def render(
    record: Record,
    anchors: Anchors,
    *,
    layout: Layout | None = None,
    artwork: Mapping[str, bytes] | None = None,
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """The printed document of a record.

    `artwork` holds the logo and the accreditation mark (PNG or JPEG) by SHA-256; those that the record names must be
    there. Raises GlyphMissing, LayoutError or ArtworkError; all are ValueErrors whose message names the cause.
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
    return finish(sheet, metadata, attachments)


def finish(sheet: Sheet, metadata: Metadata, attachments: Sequence[Attachment] = ()) -> bytes:
    """The file of a drawn sheet."""
    root = sheet.finish(lambda: write_archival(sheet.file, metadata, attachments))
    info = write_info(sheet.file, metadata)
    file_id = hashlib.sha256(f"{metadata.number}\n{metadata.record_digest}".encode()).hexdigest()[:32].upper()
    return sheet.file.to_bytes(root, info, file_id)


def _add_artwork(sheet: Sheet, record: Record, artwork: Mapping[str, bytes]) -> tuple[str, ...]:
    """Adds the images that the record names; returns the names that they have on the sheet."""
    wanted = {"logo": record.organisation.logo_sha256, "mark": record.organisation.accreditation_mark_sha256}
    names = []
    for name, digest in wanted.items():
        if digest:
            sheet.add_image(name, write_image(sheet.file, digest, artwork))
            names.append(name)
    return tuple(names)
