"""The digital calibration certificate (PTB DCC 3.3.0 with D-SI 2.2.1) of a calibration record."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from lxml import etree

from certificates import wording
from certificates.dcc_tables import CONFORMITY, add_result
from certificates.dcc_words import DCC, SI, content, node, sentence_words
from certificates.document import (
    Condition,
    Kind,
    Place,
    Record,
    StandardUsed,
    Step,
    Words,
    canonical_json,
    digest,
)
from certificates.dsi import dsi_unit
from certificates.fonts import clean
from certificates.formats import day
from certificates.statements import (
    amendment_statement,
    conformity_statements,
    limit_statements,
    method_statement,
    other_statements,
    uncertainty_statement,
)
from certificates.values import method_text

VERSION = "3.3.0"
_LOCATION = f"https://ptb.de/dcc https://ptb.de/dcc/v{VERSION}/dcc.xsd"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_NAMES = {"dcc": DCC[1:-1], "si": SI[1:-1], "xsi": _XSI[1:-1]}
_PLACES = {Place.LABORATORY: "laboratory", Place.CUSTOMER: "customer", Place.MOBILE: "other", Place.OTHER: "other"}
_RELEASE = re.compile(r"(.*?)\s*v?((?:\d{1,3}\.){0,3}\d{1,3})(?:\+\w+)?")


class DccError(ValueError):
    """A record that has no digital calibration certificate."""


def dcc_xml(record: Record, record_digest: str = "") -> bytes:
    """The DCC of a calibration record, UTF-8, the same bytes for the same record.

    `record_digest` spares forming the canonical bytes again where it is known.

    Raises DccError for another kind of document and UnitError for a unit without a D-SI spelling.
    """
    if record.kind is not Kind.CALIBRATION:
        raise DccError(f"{record.number}: only a calibration certificate has a DCC")
    root = etree.Element(f"{DCC}digitalCalibrationCertificate", nsmap=_NAMES)
    root.set(f"{_XSI}schemaLocation", _LOCATION)
    root.set("schemaVersion", VERSION)
    administrative = node(root, "administrativeData")
    _software(node(administrative, "dccSoftware"), record)
    _core(node(administrative, "coreData"), record, record_digest or digest(canonical_json(record)))
    _item(node(node(administrative, "items"), "item"), record)
    _laboratory(node(administrative, "calibrationLaboratory"), record)
    _persons(node(administrative, "respPersons"), record)
    _customer(node(administrative, "customer"), record)
    _statements(node(administrative, "statements"), record)
    _results(node(node(root, "measurementResults"), "measurementResult"), record)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _software(parent: etree._Element, record: Record) -> None:
    """Name and release of each program; the release in the form that PTB's rules ask for ("v0.1.0")."""
    for text in (record.provenance.software, *record.provenance.engine.split(";")):
        match = _RELEASE.fullmatch(clean(text).strip())
        name, release = (match[1], match[2]) if match and match[1] else (clean(text).strip(), "0")
        if name:
            software = node(parent, "software")
            content(node(software, "name"), Words(name))
            node(software, "release", f"v{release}")


def _core(core: etree._Element, record: Record, record_digest: str) -> None:
    node(core, "countryCodeISO3166_1", "VN")
    node(core, "usedLangCodeISO639_1", "vi")
    node(core, "usedLangCodeISO639_1", "en")
    node(core, "mandatoryLangCodeISO639_1", "vi")
    node(core, "uniqueIdentifier", clean(record.number))
    identification = node(node(core, "identifications"), "identification")
    node(identification, "issuer", "calibrationLaboratory")
    node(identification, "value", record_digest)
    content(node(identification, "name"), Words("SHA-256 của bản ghi", "SHA-256 of the record"))
    if record.received_on:
        node(core, "receiptDate", record.received_on.isoformat())
    node(core, "beginPerformanceDate", record.performed_from.isoformat())
    node(core, "endPerformanceDate", record.performed_until.isoformat())
    node(core, "performanceLocation", _PLACES[record.place_kind])
    node(core, "issueDate", record.issued_on.isoformat())
    if record.amendment:
        amended = node(core, "reportAmendedSubstituted")
        node(amended, "typeOfChange", "substituted")
        node(amended, "replacedUniqueIdentifier", clean(record.amendment.replaces))


def _item(parent: etree._Element, record: Record) -> None:
    item = record.item
    content(node(parent, "name"), item.name)
    if item.condition.vi:
        content(node(parent, "description"), item.condition)
    if item.manufacturer:
        content(node(node(parent, "manufacturer"), "name"), Words(item.manufacturer))
    if item.type:
        node(parent, "model", clean(item.type))
    identifications = node(parent, "identifications")
    for issuer, value, words in (
        ("manufacturer", item.serial, Words("Số chế tạo", "Serial No.")),
        ("customer", item.tag, Words("Mã quản lý", "Tag No.")),
        ("calibrationLaboratory", item.identification, Words("Mã nhận mẫu", "Item identification")),
    ):
        _identification(identifications, issuer, value, words)
    if item.specifications:
        quantities = node(parent, "itemQuantities")
        for specification in item.specifications:
            quantity = node(quantities, "itemQuantity")
            content(node(quantity, "name"), specification.label)
            content(node(quantity, "noQuantity"), Words(specification.value))


def _identification(parent: etree._Element, issuer: str, value: str, words: Words) -> None:
    if value.strip():
        identification = node(parent, "identification")
        node(identification, "issuer", issuer)
        node(identification, "value", clean(value))
        content(node(identification, "name"), words)


def _laboratory(parent: etree._Element, record: Record) -> None:
    organisation = record.organisation
    code = organisation.accreditation_code or organisation.registration_code
    if code:
        node(parent, "calibrationLaboratoryCode", clean(code))
    contact = node(parent, "contact")
    content(node(contact, "name"), organisation.name)
    if organisation.email:
        node(contact, "eMail", clean(organisation.email))
    if organisation.phone:
        node(contact, "phone", clean(organisation.phone))
    _location(contact, organisation.place, organisation.address)


def _location(parent: etree._Element, city: str, address: str) -> None:
    location = node(parent, "location")
    if city.strip():
        node(location, "city", clean(city))
    node(location, "countryCode", "VN")
    if address.strip():
        content(node(location, "further"), Words(address))


def _persons(parent: etree._Element, record: Record) -> None:
    for approval in record.approvals:
        responsible = node(parent, "respPerson")
        content(node(node(responsible, "person"), "name"), Words(approval.person))
        content(node(responsible, "description"), approval.meaning)
        node(responsible, "role", clean(approval.title.en or approval.title.vi))
        node(responsible, "mainSigner", "true" if approval.step is Step.AUTHORISED else "false")


def _customer(parent: etree._Element, record: Record) -> None:
    customer = record.customer
    content(node(parent, "name"), Words(customer.name))
    _location(parent, "", ", ".join(part for part in (customer.address, customer.contact) if part))


def _statements(parent: etree._Element, record: Record) -> None:
    """All sentences of the printed certificate; conformity and recalibration also as data."""
    for statement, sentence in zip(record.conformity, conformity_statements(record), strict=True):
        made = node(parent, "statement", refType="basic_conformity")
        if statement.rule_source:
            node(made, "norm", clean(statement.rule_source))
        content(node(made, "declaration"), sentence_words(sentence))
        node(made, "conformity", CONFORMITY[statement.verdict.value])
    amendment = amendment_statement(record)
    sentences = [*([amendment] if amendment else []), method_statement(record), *other_statements(record)]
    for sentence in [*sentences, *limit_statements(record)]:
        content(node(node(parent, "statement"), "declaration"), sentence_words(sentence))
    for remark in record.remarks:
        content(node(node(parent, "statement"), "declaration"), remark)
    if record.recalibration and record.recalibration.agreed:
        made = node(parent, "statement", refType="basic_recalibration")
        content(node(made, "declaration"), wording.AGREED_INTERVAL)
        node(made, "date", record.recalibration.recommended_on.isoformat())
    if record.demonstration:
        content(node(node(parent, "statement"), "declaration"), wording.DEMONSTRATION)


def _results(parent: etree._Element, record: Record) -> None:
    content(node(parent, "name"), Words("Kết quả đo", "Measurement results"))
    _methods(node(parent, "usedMethods"), record)
    _software(node(parent, "usedSoftware"), record)
    if record.standards:
        equipments = node(parent, "measuringEquipments")
        for standard in record.standards:
            _equipment(node(equipments, "measuringEquipment"), standard)
    if record.environment:
        conditions = node(parent, "influenceConditions")
        for condition in record.environment:
            _condition(conditions, condition)
    results = node(parent, "results")
    for place, table in enumerate(record.results, 1):
        add_result(results, table, record, place)


def _methods(parent: etree._Element, record: Record) -> None:
    for statement in record.uncertainty:
        method = node(parent, "usedMethod", refType="basic_uncertainty")
        content(node(method, "name"), Words("Độ không đảm bảo đo", "Measurement uncertainty"))
        content(node(method, "description"), sentence_words(uncertainty_statement(statement)))
        node(method, "norm", "JCGM 100:2008")
    for used in record.methods:
        method = node(parent, "usedMethod")
        content(node(method, "name"), used.title if used.title.vi else Words(method_text(used)))
        node(method, "norm", clean(method_text(used)))


def _equipment(parent: etree._Element, standard: StandardUsed) -> None:
    parent.set("refType", "basic_normalUsed")
    content(node(parent, "name"), standard.name)
    trace = standard.traceability
    due = day(standard.due_on)
    words = Words(
        "; ".join(
            part for part in (standard.characteristics, trace.vi or standard.issuer, f"hiệu lực đến {due}") if part
        ),
        "; ".join(part for part in (standard.characteristics, trace.en or standard.issuer, f"valid to {due}") if part),
    )
    content(node(parent, "description"), words)
    identifications = node(parent, "identifications")
    for issuer, value, label in (
        ("calibrationLaboratory", standard.asset_number, Words("Mã", "ID")),
        ("manufacturer", standard.serial, Words("Số chế tạo", "Serial No.")),
        ("other", standard.certificate_number, Words("Giấy chứng nhận", "Certificate")),
    ):
        _identification(identifications, issuer, value, label)


def _condition(parent: etree._Element, condition: Condition) -> None:
    """Start and end as minimum and maximum; a condition in words as such."""
    kind = {"°C": "basic_temperature", "%RH": "basic_humidityRelative"}.get(condition.unit, "")
    made = node(parent, "influenceCondition", refType=kind)
    content(node(made, "name"), condition.label)
    data = node(made, "data")
    values = _ordered([text for text in (condition.start, condition.end) if text])
    if not values:
        quantity = node(data, "quantity")
        content(node(quantity, "noQuantity"), condition.text if condition.text.vi else Words("–"))
    for value, end, words in zip(
        values[:1] + values[-1:], ("Min", "Max"), (Words("nhỏ nhất", "min"), Words("lớn nhất", "max")), strict=False
    ):
        quantity = node(data, "quantity", refType=kind + end if kind else "")
        content(node(quantity, "name"), words)
        real = etree.SubElement(quantity, f"{SI}real")
        etree.SubElement(real, f"{SI}value").text = value
        etree.SubElement(real, f"{SI}unit").text = dsi_unit(condition.unit)


def _ordered(texts: Sequence[str]) -> list[str]:
    try:
        return sorted(texts, key=Decimal)
    except InvalidOperation as error:
        raise DccError(f"condition: {' '.join(texts)!r} is not a plain decimal") from error
