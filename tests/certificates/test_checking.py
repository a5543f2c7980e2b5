"""The verdict on a file in hand: only the archived bytes are authentic."""

import io
import json
import random
import zlib

import pikepdf
import pytest
from certificate_samples import CALIBRATION, VERIFICATION, anchors

from certificates.checking import Archived, Finding, Status, Verdict, check, claims
from certificates.document import canonical_json, digest
from certificates.pdf import render

PDF = render(CALIBRATION, anchors(CALIBRATION))
RECORD = canonical_json(CALIBRATION)


class Archive:
    """A few files in memory, looked up as the archive is."""

    def __init__(self, *contents: bytes, status: Status = Status.VALID, superseded_by: str = "") -> None:
        number = CALIBRATION.number
        self.files = {digest(c): Archived(number, digest(c), status, superseded_by=superseded_by) for c in contents}

    def by_sha256(self, sha256: str) -> Archived | None:
        return self.files.get(sha256)

    def by_number(self, number: str) -> Archived | None:
        return next((file for file in self.files.values() if file.number == number), None)

    def check(self, content: bytes) -> Finding:
        return check(content, self.by_sha256, self.by_number)


ARCHIVE = Archive(PDF, RECORD)


@pytest.mark.parametrize("content", [PDF, RECORD], ids=["pdf", "record"])
def test_the_archived_bytes_are_authentic(content: bytes) -> None:
    finding = ARCHIVE.check(content)
    assert (finding.verdict, finding.number) == (Verdict.AUTHENTIC, "C26-00417")


def test_the_status_of_today_is_told() -> None:
    replaced = Archive(PDF, status=Status.SUPERSEDED, superseded_by="C26-00431").check(PDF)
    assert replaced.verdict is Verdict.SUPERSEDED
    assert replaced.archived is not None
    assert replaced.archived.superseded_by == "C26-00431"
    assert Archive(PDF, status=Status.WITHDRAWN).check(PDF).verdict is Verdict.WITHDRAWN


def test_a_hundred_flipped_bits_are_all_found() -> None:
    rng = random.Random(26)
    for content in (PDF, RECORD):
        for _ in range(100):
            place = rng.randrange(len(content) * 8)
            flipped = bytearray(content)
            flipped[place // 8] ^= 1 << place % 8
            assert ARCHIVE.check(bytes(flipped)).verdict in (Verdict.ALTERED, Verdict.UNKNOWN)


def test_most_altered_copies_are_recognised_as_such() -> None:
    """A flip inside the number or the file's skeleton may hide what it was; elsewhere the number is still read."""
    rng = random.Random(27)
    verdicts = []
    for _ in range(60):
        flipped = bytearray(PDF)
        flipped[rng.randrange(len(PDF))] ^= 4
        verdicts.append(ARCHIVE.check(bytes(flipped)).verdict)
    assert verdicts.count(Verdict.ALTERED) >= 55


def test_a_copy_saved_by_another_program_is_altered() -> None:
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(PDF)) as pdf:
        pdf.save(stream, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    finding = ARCHIVE.check(stream.getvalue())
    assert finding.verdict is Verdict.ALTERED
    assert finding.archived is not None
    assert finding.archived.sha256 == digest(PDF)


def test_a_copy_without_its_information_is_known_by_its_metadata() -> None:
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(PDF)) as pdf:
        del pdf.trailer["/Info"]
        pdf.save(stream)
    assert ARCHIVE.check(stream.getvalue()).verdict is Verdict.ALTERED


def test_a_changed_record_is_altered() -> None:
    changed = json.dumps(json.loads(RECORD) | {"colour": "red"}).encode()
    assert ARCHIVE.check(changed).verdict is Verdict.ALTERED


def test_a_document_of_ours_that_was_never_archived_is_unknown() -> None:
    finding = ARCHIVE.check(render(VERIFICATION, anchors(VERIFICATION)))
    assert (finding.verdict, finding.number) == (Verdict.UNKNOWN, "V26-01208")


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">'.encode() for i in range(9))
    + b"]><x>&j;</x>"
)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"%PDF-1.7",
        b"%PDF-1.7\n" + bytes(5000),
        PDF[: len(PDF) // 2],
        b"%PDF-1.4\n1 0 obj <</Type/Catalog>> stream " + zlib.compress(bytes(10_000_000)),
        BOMB,
        b"<dcc/>",
        b"<",
        b"{",
        b"{" * 100_000,
        b'{"number": [1]}',
        b"\xff\xfe\x00",
        bytes(31_000_000),
    ],
    ids=range(14),
)
def test_anything_else_does_no_harm(content: bytes) -> None:
    assert ARCHIVE.check(content).verdict in (Verdict.UNKNOWN, Verdict.ALTERED)


def test_a_file_claims_its_number_and_record() -> None:
    assert claims(PDF).record_digest == digest(RECORD)
    assert claims(RECORD).record_digest == digest(RECORD)
