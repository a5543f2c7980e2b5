"""The verdict on a document in hand: is it the archived one, an altered copy, or nothing of ours."""

import hashlib
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import pikepdf
from lxml import etree

from certificates.document import RecordError, parse_record
from certificates.numbering import same

LARGEST = 30_000_000


class Verdict(StrEnum):
    """`altered` = names a document of ours but has other bytes."""

    AUTHENTIC = "authentic"
    ALTERED = "altered"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


class Status(StrEnum):
    """Status of an archived document today; `ended`: its instrument was verified again before its last day; `failed`:
    the record of a verification that did not pass, which certifies nothing."""

    VALID = "valid"
    EXPIRED = "expired"
    ENDED = "ended"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"


@dataclass(frozen=True)
class Archived:
    """What the archive knows of one stored file: a PDF, its signed revisions, the DCC or the record."""

    number: str
    sha256: str
    status: Status
    revision: str = ""  # "seal", "signed by …": which of the archived revisions
    superseded_by: str = ""
    reason: str = ""  # of a withdrawal, or what ended it
    ended_on: date | None = None


@dataclass(frozen=True)
class Finding:
    """The verdict with what it rests on; `archived` is the matching file, or for an altered one the original."""

    verdict: Verdict
    sha256: str
    number: str = ""
    archived: Archived | None = None


@dataclass(frozen=True)
class Claims:
    """What a file says of itself."""

    number: str = ""
    record_digest: str = ""


_VERDICT_OF = {
    Status.VALID: Verdict.AUTHENTIC,
    Status.EXPIRED: Verdict.AUTHENTIC,
    Status.ENDED: Verdict.AUTHENTIC,
    Status.FAILED: Verdict.AUTHENTIC,
    Status.SUPERSEDED: Verdict.SUPERSEDED,
    Status.WITHDRAWN: Verdict.WITHDRAWN,
}
_DCC = "{https://ptb.de/dcc}"


def check(
    content: bytes,
    by_sha256: Callable[[str], Archived | None],
    by_number: Callable[[str], Archived | None],
) -> Finding:
    """The verdict on the bytes of a PDF, DCC or record, from two look-ups in the archive.

    A file is authentic only when its very bytes are archived. One that names an archived number, but has other bytes,
    is altered; every other is unknown.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    archived = by_sha256(sha256)
    if archived is not None:
        return Finding(_VERDICT_OF[archived.status], sha256, archived.number, archived)
    number = claims(content).number
    original = by_number(number) if number else None
    if original is not None and same(original.number, number):
        return Finding(Verdict.ALTERED, sha256, original.number, original)
    return Finding(Verdict.UNKNOWN, sha256, number)


def claims(content: bytes) -> Claims:
    """Number and record digest that a file names; empty for what cannot be read or is larger than 30 MB."""
    if len(content) > LARGEST:
        return Claims()
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if b"%PDF-" in content[:1024]:
        return _pdf_claims(content)
    if head.startswith(b"<"):
        return _dcc_claims(content)
    if head.startswith(b"{"):
        return _record_claims(content)
    return Claims()


def carried_files(content: bytes) -> list[bytes]:
    """The files attached to a PDF; none where it cannot be read."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return [carried.get_file().read_bytes() for carried in pdf.attachments.values()]
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError, RuntimeError):
        return []


def _pdf_claims(content: bytes) -> Claims:
    """From the information dictionary, else from the metadata stream, else from the bytes of a broken file."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            info = pdf.docinfo
            number, digest = str(info.get("/LimsNumber", "")), str(info.get("/LimsRecordSha256", ""))
            metadata = bytes(pdf.Root.Metadata.read_bytes()) if not number and "/Metadata" in pdf.Root else b""
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError, RuntimeError):
        number, digest, metadata = "", "", b""
    if number:
        return Claims(number, digest)
    text = (metadata or content).decode("utf-8", "replace")
    return Claims(_between(text, "lims:number"), _between(text, "lims:recordSha256"))


def _between(text: str, tag: str) -> str:
    match = re.search(rf"<{tag}>([^<]{{1,200}})</{tag}>", text)
    return match[1] if match else ""


def _dcc_claims(content: bytes) -> Claims:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return Claims()
    return Claims(root.findtext(f".//{_DCC}coreData/{_DCC}uniqueIdentifier", "").strip())


def _record_claims(content: bytes) -> Claims:
    """A record, also one that is no longer canonical or whole."""
    try:
        return Claims(parse_record(content).number, hashlib.sha256(content).hexdigest())
    except RecordError:
        pass
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        return Claims()
    number = data.get("number") if isinstance(data, dict) else None
    return Claims(number if isinstance(number, str) else "")
