"""The laboratory's seal on a document: a PAdES signature (B-B, with a time stamp B-T) made at issue.

The container is the only part that cannot be made again. With it, `rebuild` gives the archived file byte for byte.
"""

from dataclasses import dataclass

from certificates.document import Record
from certificates.seal_cms import Timestamp, container, room_for
from certificates.seal_keys import Sealer
from certificates.seal_update import Statement, prepare


@dataclass(frozen=True)
class Sealed:
    """`container` is the CMS (DER) with the zeros that fill its room in the file, so that its length tells the room."""

    pdf: bytes
    container: bytes


def statement(record: Record) -> Statement:
    """What the seal on the document of a record says: when, who, why, where."""
    return Statement(
        record.issued_at,
        record.organisation.name.vi,
        f"Phát hành văn bản số {record.number} / Issue of document {record.number}",
        record.organisation.place,
    )


def seal(
    pdf: bytes, sealer: Sealer, stated: Statement, timestamp: Timestamp | None = None, room: int | None = None
) -> Sealed:
    """The sealed file. `room` is `room_for` of this sealer, measured here when not given. Raises SealError."""
    prepared = prepare(pdf, stated, room_for(sealer, timestamp) if room is None else room)
    made = container(prepared.digest(), sealer, timestamp)
    return Sealed(prepared.filled(made), made.ljust(prepared.room, b"\0"))


def rebuild(pdf: bytes, stated: Statement, kept: bytes) -> bytes:
    """The sealed file again, from the unsigned one and the container kept beside it. Raises SealError."""
    return prepare(pdf, stated, len(kept)).filled(kept)
