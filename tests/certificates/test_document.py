"""The record's one byte form: stable, strict, readable for ever."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from certificate_samples import CALIBRATION, VERIFICATION, WORK_RECORD
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.document import (
    Item,
    Record,
    RecordError,
    Words,
    canonical_json,
    digest,
    link,
    parse_record,
)
from certificates.plain import PlainError

STORED = sorted((Path(__file__).parent / "records").glob("*.json"))


@pytest.mark.parametrize("record", [CALIBRATION, VERIFICATION, WORK_RECORD], ids=lambda record: record.kind.value)
def test_a_record_is_read_back_whole(record: Record) -> None:
    assert parse_record(canonical_json(record)) == record


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_records_of_every_released_schema_keep_their_bytes(path: Path) -> None:
    """One file per schema version; a change that alters its bytes would break every digest already printed."""
    content = path.read_bytes()
    assert canonical_json(parse_record(content)) == content


def test_a_stored_record_of_the_current_schema_exists() -> None:
    assert "lims-record-1" in [json.loads(path.read_bytes())["schema"] for path in STORED]


def test_the_canonical_form_is_sorted_compact_and_composed() -> None:
    decomposed = replace(CALIBRATION, item=Item(Words("A\u0301p ke\u0302\u0301"), "1"))
    content = canonical_json(decomposed)
    assert content == canonical_json(replace(decomposed, item=Item(Words("Áp kế"), "1")))
    data = json.loads(content)
    assert content == json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def test_a_field_at_its_default_is_left_out() -> None:
    assert b"legal_group" not in canonical_json(CALIBRATION)
    assert b'"demonstration":true' in canonical_json(replace(CALIBRATION, demonstration=True))


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60), st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)))
def test_any_text_and_instant_survive(text: str, at: datetime) -> None:
    record = replace(CALIBRATION, number=text, issued_at=at.replace(microsecond=0))
    try:
        content = canonical_json(record)
    except PlainError:  # a lone surrogate is no text
        return
    assert canonical_json(parse_record(content)) == content


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"issued_at": datetime(2026, 1, 1)}, "record.issued_at"),
        ({"issued_at": datetime(2026, 1, 1, microsecond=5, tzinfo=UTC)}, "record.issued_at"),
        ({"number": 1.5}, "record.number"),
        ({"methods": [1]}, "record.methods"),
    ],
)
def test_a_value_without_a_plain_form_is_refused_by_name(change: dict[str, object], path: str) -> None:
    with pytest.raises(PlainError, match=path):
        canonical_json(replace(CALIBRATION, **change))  # type: ignore[arg-type]


def _edited(**changes: object) -> bytes:
    return json.dumps(json.loads(canonical_json(CALIBRATION)) | changes).encode()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "schema"),
        (b'{"schema":"lims-record-9"}', "lims-record-9"),
        (_edited(colour="red"), "record.colour: unknown"),
        (_edited(item={"name": {"vi": "x"}}), "record.item.serial: missing"),
        (_edited(number=5), "record.number"),
        (_edited(demonstration=1), "record.demonstration"),
        (_edited(kind="poem"), "record.kind"),
        (_edited(issued_on="2026-02-30"), "record.issued_on"),
        (_edited(issued_at="2026-01-01"), "record.issued_at"),
        (_edited(methods={}), "record.methods"),
        (_edited(item=[]), "record.item"),
    ],
)
def test_anything_else_is_refused_and_the_field_named(content: bytes, message: str) -> None:
    with pytest.raises(RecordError, match=message):
        parse_record(content)


def test_a_link_can_be_repeated_with_sha256sum() -> None:
    """printf 'lims-link-1%s%s' PREVIOUS DIGEST | sha256sum"""
    first = link("", "a" * 64)
    assert first == digest(b"lims-link-1" + b"a" * 64)
    assert link(first, "b" * 64) == digest(f"lims-link-1{first}{'b' * 64}".encode())


@pytest.mark.parametrize(("previous", "own"), [("", "a" * 63), ("", "A" * 64), ("x" * 64, "a" * 64), ("a", "b" * 64)])
def test_a_link_joins_only_digests(previous: str, own: str) -> None:
    with pytest.raises(ValueError, match="64"):
        link(previous, own)
