"""The frozen record from which every certificate is made: plain values, built once, digested, never changed.

Conventions. Words for readers come in pairs (`Words`: Vietnamese, English). Every number is text. A figure in a
result table is plain decimal text with the digits to be printed and a point, without grouping ("-0.30", "1400");
the page prints it "−0,30", "1 400". Dates are laboratory dates (Asia/Ho_Chi_Minh), instants are UTC in whole
seconds. A field at its default is left out of the canonical form. Status (superseded, withdrawn) is not part of it.
"""

import enum
import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date, datetime

from certificates.plain import PlainError, from_plain, to_plain

SCHEMA = "lims-record-1"

_DIGEST = re.compile(r"[0-9a-f]{64}")


class RecordError(ValueError):
    """Bytes that are no record of a known schema; the message names the field."""


class Kind(enum.StrEnum):
    """What document it is."""

    CALIBRATION = "calibration"
    VERIFICATION = "verification"
    TEST = "test"
    WORK_RECORD = "work_record"  # biên bản


class Service(enum.StrEnum):
    """What was done to the item; a work record (biên bản) may be of any service."""

    CALIBRATION = "calibration"
    VERIFICATION = "verification"
    TEST = "test"


class Place(enum.StrEnum):
    """Where the work was done (ISO/IEC 17025 7.8.2.1 c)."""

    LABORATORY = "laboratory"
    CUSTOMER = "customer"
    MOBILE = "mobile"
    OTHER = "other"


class Outcome(enum.StrEnum):
    """Outcome of one check of a work record; after the first failure the rest is `not_done`."""

    PASS = "pass"
    FAIL = "fail"
    NOT_DONE = "not_done"


class Verdict(enum.StrEnum):
    """Statement of conformity."""

    PASS = "pass"
    FAIL = "fail"
    CONDITIONAL_PASS = "conditional_pass"
    CONDITIONAL_FAIL = "conditional_fail"


class Rule(enum.StrEnum):
    """Decision rule. `procedure` = inherent in the norm or ĐLVN, `agreed` = other rule, in words."""

    SIMPLE = "simple"
    GUARDED = "guarded"
    GUARDED_R = "guarded_r"
    FOUR_STATE = "four_state"
    PROCEDURE = "procedure"
    AGREED = "agreed"


class Role(enum.StrEnum):
    """What a column holds. Numeric roles are aligned on the decimal sign; ERROR is printed bold."""

    NUMBER = "number"  # running number or point name, centred
    INDICATION = "indication"
    REFERENCE = "reference"
    ERROR = "error"
    CORRECTION = "correction"
    VALUE = "value"  # another measured or computed quantity
    UNCERTAINTY = "uncertainty"
    COVERAGE_FACTOR = "coverage_factor"
    LIMIT = "limit"
    VERDICT = "verdict"  # a Verdict value or words
    TEXT = "text"


class Stage(enum.StrEnum):
    """Results before and after adjustment stand in separate tables (7.8.4.1 d)."""

    AS_FOUND = "as_found"
    AS_LEFT = "as_left"
    ONLY = ""


class Step(enum.StrEnum):
    """Which step of the work an approval records; the page places signatures by it."""

    PERFORMED = "performed"
    REVIEWED = "reviewed"
    AUTHORISED = "authorised"


@dataclass(frozen=True)
class Words:
    """The same words in Vietnamese and, where they leave the house, English."""

    vi: str
    en: str = ""


NO_WORDS = Words("")


@dataclass(frozen=True)
class Organisation:
    """The issuing body, as it was called on the day of issue."""

    name: Words  # as on the letterhead; a line break shows where a narrow heading should break
    short_name: str  # running head
    place: str  # "Minh Sơn" of "Minh Sơn, ngày … tháng … năm …"
    address: str
    superior: str = ""
    phone: str = ""
    email: str = ""
    registration_code: str = ""  # "ĐK 000"
    accreditation_code: str = ""  # "VILAS 0000"; empty: the mark's place stays white
    designation: str = ""  # number of the designation decision, for legal verification
    logo_sha256: str = ""  # artwork is passed to `render` and checked against these
    accreditation_mark_sha256: str = ""


@dataclass(frozen=True)
class Customer:
    """Who ordered the work, with a contact (7.8.2.1 e)."""

    name: str
    address: str
    contact: str = ""
    tax_code: str = ""
    code: str = ""
    place_of_use: str = ""  # verification form, field 7


@dataclass(frozen=True)
class Specification:
    """One metrological characteristic, e.g. "Phạm vi đo" (0 ÷ 1 000) kPa."""

    label: Words
    value: str


@dataclass(frozen=True)
class Item:
    """The instrument, unambiguously named (7.8.2.1 g)."""

    name: Words
    serial: str
    type: str = ""
    tag: str = ""  # the customer's own number
    identification: str = ""  # the laboratory's item number, "26-01834/3"
    manufacturer: str = ""  # factory or brand, and country
    year: str = ""
    specifications: tuple[Specification, ...] = ()
    condition: Words = NO_WORDS  # on receipt
    type_approval: str = ""


@dataclass(frozen=True)
class Method:
    """A method with its edition (7.8.2.1 f)."""

    code: str  # "ĐLVN 08:2011" or "ĐLVN 08" with edition "2011"
    edition: str = ""
    title: Words = NO_WORDS


@dataclass(frozen=True)
class StandardUsed:
    """A standard or auxiliary instrument, with the version of its certificate that the results rest on."""

    asset_number: str
    name: Words
    certificate_number: str
    due_on: date
    serial: str = ""
    characteristics: str = ""  # "(0 ÷ 1 600) kPa; 0,05 %"
    certificate_issued_on: date | None = None
    issuer: str = ""
    traceability: Words = NO_WORDS
    version: str = ""  # key of the stored certificate version
    auxiliary: bool = False  # does not carry the traceability of the result


@dataclass(frozen=True)
class Condition:
    """An influencing condition at start and end (7.8.4.1 b), decimal text in `unit`; `text` where it is no number."""

    label: Words
    unit: str = ""
    start: str = ""
    end: str = ""
    text: Words = NO_WORDS


@dataclass(frozen=True)
class Check:
    """One check of a work record."""

    label: Words
    outcome: Outcome
    note: str = ""


@dataclass(frozen=True)
class CheckGroup:
    """Checks of one kind ("Kiểm tra bên ngoài", "Kiểm tra kỹ thuật", …), in the order done."""

    title: Words
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Column:
    """A column of results. Neighbours with the same `group` share one head."""

    key: str
    label: Words
    unit: str = ""
    role: Role = Role.VALUE
    group: Words = NO_WORDS
    symbol: str = ""  # set in italic after the label: "e", "U", "k"
    dsi_unit: str = ""  # D-SI unit, "\\kilo\\pascal"; empty: derived from `unit`
    quantity: str = ""  # DCC refType where the role does not give it


@dataclass(frozen=True)
class ChartPoint:
    """One point of the error chart, decimal text; limits are left empty where there are none."""

    x: str
    error: str
    expanded_uncertainty: str
    lower: str = ""
    upper: str = ""


@dataclass(frozen=True)
class Chart:
    """Error ± U against its limits; drawn where there are five points or more."""

    x_label: Words
    x_unit: str
    y_label: Words
    y_unit: str
    points: tuple[ChartPoint, ...]


@dataclass(frozen=True)
class ResultTable:
    """One table of results; each row holds one text per column, "" where there is none."""

    title: Words
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    stage: Stage = Stage.ONLY
    notes: tuple[Words, ...] = ()
    chart: Chart | None = None
    external_provider: str = ""  # the whole table comes from this provider (7.8.2.1 p)


@dataclass(frozen=True)
class Uncertainty:
    """How U of certain results is stated (ILAC-P14: k and probability per result)."""

    probability: str  # per cent, "95.45" or "95"
    coverage_factor: str = ""  # printed k; empty: k stands in each row
    applies_to: Words = NO_WORDS  # empty: all results
    method: str = "student_t"  # student_t | dominant | monte_carlo
    distribution: Words = NO_WORDS  # of a dominant input, e.g. ("chữ nhật", "rectangular")
    effective_dof: str = ""
    not_below_cmc: bool = False


@dataclass(frozen=True)
class Conformity:
    """A statement of conformity (7.8.6.2): what it covers, against what, by which rule, met or not."""

    rule: Rule
    verdict: Verdict
    covers: Words  # "các điểm 1 ÷ 10"
    requirement: Words  # "giới hạn ±10 kPa"
    rule_words: Words = NO_WORDS  # required for AGREED and GUARDED_R; replaces the fixed sentence otherwise
    rule_source: str = ""  # "ILAC-G8:09/2019", "EN 837-1:1996"
    reason: Words = NO_WORDS  # of a failure


@dataclass(frozen=True)
class Opinion:
    """An opinion or interpretation by an authorised person, on a recorded basis (7.8.7)."""

    text: Words
    basis: Words
    person: str


@dataclass(frozen=True)
class ExternalResult:
    """A result taken from an external provider (7.8.2.1 p)."""

    what: Words
    provider: str


@dataclass(frozen=True)
class Recalibration:
    """The date is printed only when the customer agreed to an interval (7.8.4.3)."""

    recommended_on: date
    agreed: bool
    interval_months: int | None = None


@dataclass(frozen=True)
class Validity:
    """End of validity of a verification, with the exact rule that gave it; `until` None: no cycle in the list."""

    until: date | None
    rule: Words  # "chu kỳ 12 tháng kể từ ngày kiểm định 10/11/2026"
    cycle_months: int | None = None
    legal_basis: str = ""
    confirmation: Words = NO_WORDS  # e.g. "dòng pháp lý xác nhận để trình diễn"


@dataclass(frozen=True)
class Approval:
    """A recorded approval: who, in which capacity, meaning what, when."""

    step: Step
    person: str
    title: Words  # ("GIÁM ĐỐC", "Director")
    meaning: Words  # ("Cho phép phát hành", "authorised for issue")
    at: datetime
    officer_card: str = ""
    on_behalf: str = ""  # "KT. GIÁM ĐỐC", printed above the title


@dataclass(frozen=True)
class Amendment:
    """This document replaces another (7.8.8)."""

    replaces: str
    changes: tuple[Words, ...]
    reason: Words
    replaced_issued_on: date | None = None


@dataclass(frozen=True)
class Provenance:
    """What computed the results, so that they can be computed again."""

    software: str  # "Chuẩn LIMS 0.1.0"
    engine: str = ""  # "uncertainty 0.1.0; numpy 2.4.6"
    procedure: str = ""  # code and version
    procedure_sha256: str = ""
    evaluation_sha256: str = ""  # digest of the raw evaluation
    seed: int | None = None


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
