"""The parts of a record: who, what, how, with which standards, with which results, by whose approval."""

from dataclasses import dataclass
from datetime import date, datetime

from certificates.vocabulary import NO_WORDS, Outcome, Role, Rule, Stage, Step, Verdict, Words


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
    note: str = ""  # why it failed, or that it does not apply


@dataclass(frozen=True)
class CheckGroup:
    """Checks of one kind ("Kiểm tra bên ngoài", "Kiểm tra kỹ thuật", …), in the order done."""

    title: Words
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Photograph:
    """A photograph of the instrument or its seals, kept outside the record and tied to it by its digest."""

    sha256: str  # of the file, lower-case hexadecimal
    subject: Words
    caption: str = ""


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
