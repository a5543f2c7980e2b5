"""The frozen record from which every certificate is made: plain values, built once, digested, never changed.

Conventions. Words for readers come in pairs (`Words`: Vietnamese, English). Every number is text. A figure in a
result table is plain decimal text with the digits to be printed and a point, without grouping ("-0.30", "1400");
the page prints it "−0,30", "1 400". Dates are laboratory dates (Asia/Ho_Chi_Minh), instants are UTC in whole
seconds. A field at its default is left out of the canonical form. Status (superseded, withdrawn) is not part of it.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date, datetime

from certificates.parts import (
    Amendment,
    Approval,
    Chart,
    ChartPoint,
    Check,
    CheckGroup,
    Column,
    Condition,
    Conformity,
    Customer,
    ExternalResult,
    Item,
    Method,
    Opinion,
    Organisation,
    Photograph,
    Provenance,
    Recalibration,
    ResultTable,
    Specification,
    StandardUsed,
    Uncertainty,
    Validity,
)
from certificates.plain import PlainError, from_plain, to_plain
from certificates.vocabulary import (
    NO_WORDS,
    Kind,
    Outcome,
    Place,
    Role,
    Rule,
    Service,
    Stage,
    Step,
    Verdict,
    Words,
)

__all__ = [
    "NO_WORDS",
    "SCHEMA",
    "Amendment",
    "Anchors",
    "Approval",
    "Chart",
    "ChartPoint",
    "Check",
    "CheckGroup",
    "Column",
    "Condition",
    "Conformity",
    "Customer",
    "ExternalResult",
    "Item",
    "Kind",
    "Method",
    "Opinion",
    "Organisation",
    "Outcome",
    "Photograph",
    "Place",
    "Provenance",
    "Recalibration",
    "Record",
    "RecordError",
    "ResultTable",
    "Role",
    "Rule",
    "Service",
    "Specification",
    "Stage",
    "StandardUsed",
    "Step",
    "Uncertainty",
    "Validity",
    "Verdict",
    "Words",
    "canonical_json",
    "digest",
    "link",
    "parse_record",
]

SCHEMA = "lims-record-1"

_DIGEST = re.compile(r"[0-9a-f]{64}")


class RecordError(ValueError):
    """Bytes that are no record of a known schema; the message names the field."""


@dataclass(frozen=True)
class Record:
    """One certificate, report or work record, whole."""

    kind: Kind
    number: str
    organisation: Organisation
    customer: Customer
    item: Item
    service: Service
    place: Words
    performed_from: date
    performed_until: date
    issued_on: date
    issued_at: datetime
    methods: tuple[Method, ...]
    approvals: tuple[Approval, ...]
    provenance: Provenance
    schema: str = SCHEMA
    place_kind: Place = Place.LABORATORY
    regime: Words = NO_WORDS  # ban đầu, định kỳ, sau sửa chữa
    legal_group: str = ""  # "1", "2" or ""
    received_on: date | None = None
    standards: tuple[StandardUsed, ...] = ()
    environment: tuple[Condition, ...] = ()
    adjustment: Words = NO_WORDS  # ("Không hiệu chỉnh", "No adjustment")
    sampling: Words = NO_WORDS
    checks: tuple[CheckGroup, ...] = ()
    photographs: tuple[Photograph, ...] = ()
    results: tuple[ResultTable, ...] = ()
    summary: Words = NO_WORDS  # the result in one line; empty: made from `conformity`
    uncertainty: tuple[Uncertainty, ...] = ()
    conformity: tuple[Conformity, ...] = ()
    deviations: tuple[Words, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    external_results: tuple[ExternalResult, ...] = ()
    customer_supplied: tuple[str, ...] = ()  # field paths marked (*): "item.tag", "customer.place_of_use"
    customer_data_affects_results: bool = False
    limits_of_use: bool = False  # calibrated and not validly verified: the two limitation notes
    recalibration: Recalibration | None = None
    validity: Validity | None = None
    sticker: str = ""
    certificate_number: str = ""  # on a work record: the certificate that it led to
    form_code: str = ""  # number of the official form, "18.GCNKĐ"
    remarks: tuple[Words, ...] = ()
    amendment: Amendment | None = None
    layout_sha256: str = ""  # of the laboratory's own layout file; empty: the standard layout
    demonstration: bool = False


@dataclass(frozen=True)
class Anchors:
    """What ties the printed page to the record, the series and the public check; known only once the record is."""

    record_digest: str  # digest(canonical_json(record))
    link: str  # link of the series up to this record
    verification_url: str  # to be typed by hand, printed below the code: "kd.minhson.example/v"
    qr_payload: str  # what the QR code holds
    code: str = ""  # the secret part of the address, printed for who types it


def canonical_json(record: Record) -> bytes:
    """The record's only byte form: UTF-8, NFC, keys sorted, no spaces, no floats, defaults left out.

    Raises PlainError where a value has no plain form (a float, a naive or fractional instant).
    """
    data = to_plain(record)
    if not isinstance(data, dict):  # a dataclass always gives an object
        raise PlainError("record", "an object is expected")
    data["schema"] = record.schema  # stated even at its default: a reader must know what it reads
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise PlainError("record", "a lone surrogate is no text") from error


def parse_record(content: bytes) -> Record:
    """The record whose canonical form is `content`; raises RecordError for anything else, naming the field."""
    try:
        data = json.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise RecordError(f"record: not JSON in UTF-8 ({error})") from error
    schema = data.get("schema") if isinstance(data, dict) else None
    if schema != SCHEMA:
        raise RecordError(f"record.schema: {schema!r} is unknown; this version reads {SCHEMA}")
    try:
        return from_plain(Record, data)
    except PlainError as error:
        raise RecordError(str(error)) from error


def digest(content: bytes) -> str:
    """SHA-256, lower-case hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def link(previous: str, record_digest: str) -> str:
    """Next link of a series, hexadecimal: SHA-256 of the text "lims-link-1" ‖ previous ‖ record_digest.

    Both are lower-case hexadecimal text as printed, so that anybody can repeat it with `sha256sum`; `previous` is the
    link before, "" for the first of a series. Raises ValueError for anything but 64 hexadecimal digits.
    """
    if not _DIGEST.fullmatch(record_digest) or (previous and not _DIGEST.fullmatch(previous)):
        raise ValueError("a link joins digests of 64 lower-case hexadecimal digits")
    return digest(f"lims-link-1{previous}{record_digest}".encode())
