"""What a record must hold to be issued: ISO/IEC 17025:2017 7.8.2 to 7.8.8 and the rules of legal verification."""

from collections.abc import Iterator
from typing import NamedTuple

from certificates.document import (
    NO_WORDS,
    Kind,
    Place,
    Record,
    ResultTable,
    Role,
    Rule,
    Service,
    Stage,
    Step,
    Verdict,
)
from certificates.formats import day
from certificates.numbering import is_number, same

_UNITLESS = {Role.NUMBER, Role.COVERAGE_FACTOR, Role.VERDICT, Role.TEXT}


class Missing(NamedTuple):
    """One thing that is missing or contradictory: where in the record, by which clause, in words."""

    field: str
    clause: str
    vi: str
    en: str


def missing_fields(record: Record) -> list[Missing]:
    """Everything that keeps a record from being issued, in the order of the document; empty when it is complete."""
    found = [*_identity(record), *_item(record), *_dates(record), *_approvals(record)]
    if record.kind in (Kind.CALIBRATION, Kind.TEST):
        found += [*_conditions(record), *_tables_present(record)]
    if record.kind is Kind.CALIBRATION:
        found += [*_uncertainty(record), *_recalibration(record)]
    if record.kind is Kind.VERIFICATION:
        found += _verification(record)
    if record.kind is Kind.WORK_RECORD:
        found += _work_record(record)
    return [*found, *_standards(record), *_tables(record), *_conformity(record), *_rest(record)]


def _identity(record: Record) -> Iterator[Missing]:
    organisation, customer = record.organisation, record.customer
    if not is_number(record.number):
        yield Missing("number", "7.8.2.1 d", "Số không hợp lệ", "The number is not a valid document number")
    if not organisation.name.vi.strip() or not organisation.address.strip():
        yield Missing("organisation", "7.8.2.1 b", "Thiếu tên, địa chỉ phòng", "Name and address of the laboratory")
    if not record.place.vi.strip():
        yield Missing("place", "7.8.2.1 c", "Thiếu nơi thực hiện", "Place of performance")
    if not customer.name.strip() or not (customer.address.strip() or customer.contact.strip()):
        yield Missing("customer", "7.8.2.1 e", "Thiếu tên, liên hệ khách hàng", "Name and contact of the customer")
    if not record.methods:
        yield Missing("methods", "7.8.2.1 f", "Thiếu phương pháp", "Method")
    for place, method in enumerate(record.methods):
        if not method.code.strip() or not (method.edition.strip() or any(sign.isdigit() for sign in method.code)):
            yield Missing(f"methods[{place}]", "7.8.2.1 f", "Phương pháp thiếu lần ban hành", "Edition of the method")


def _item(record: Record) -> Iterator[Missing]:
    item = record.item
    if not item.name.vi.strip():
        yield Missing("item.name", "7.8.2.1 g", "Thiếu tên phương tiện đo", "Name of the item")
    if not (item.serial.strip() or item.identification.strip()):
        yield Missing("item.serial", "7.8.2.1 g", "Thiếu số nhận dạng duy nhất", "Unambiguous identification")
    if record.kind is Kind.CALIBRATION and not item.specifications:
        yield Missing("item.specifications", "7.8.2.1 g", "Thiếu đặc trưng kỹ thuật", "Specifications of the item")


def _dates(record: Record) -> Iterator[Missing]:
    started, ended, received = record.performed_from, record.performed_until, record.received_on
    if received is None and record.place_kind is Place.LABORATORY and record.kind in (Kind.CALIBRATION, Kind.TEST):
        yield Missing("received_on", "7.8.2.1 h", "Thiếu ngày nhận", "Date of receipt")
    if received is not None and received > started:
        yield Missing("received_on", "7.8.2.1 h", "Ngày nhận sau ngày thực hiện", "Received after the work was done")
    if started > ended:
        yield Missing("performed_until", "7.8.2.1 i", "Kết thúc trước khi bắt đầu", "The work ends before it begins")
    if record.issued_on < ended:
        yield Missing("issued_on", "7.8.2.1 j", "Ngày ban hành trước ngày thực hiện", "Issued before the work was done")


def _approvals(record: Record) -> Iterator[Missing]:
    by_step = {approval.step: approval for approval in record.approvals}
    performed, authorised = by_step.get(Step.PERFORMED), by_step.get(Step.AUTHORISED)
    if performed is None:
        yield Missing("approvals", "7.5.1", "Thiếu người thực hiện", "Who did the work")
    if record.kind is Kind.WORK_RECORD:
        return
    if authorised is None:
        yield Missing("approvals", "7.8.2.1 o", "Thiếu người phê duyệt", "Who authorised the report")
    elif performed is not None and performed.person == authorised.person:
        yield Missing("approvals", "7.8.1.1", "Người thực hiện tự phê duyệt", "Performer and approver are one person")
    for place, approval in enumerate(record.approvals):
        if not approval.person.strip() or not approval.meaning.vi.strip():
            yield Missing(
                f"approvals[{place}]", "7.8.2.1 o", "Thiếu tên hoặc ý nghĩa", "Name and meaning of an approval"
            )


def _conditions(record: Record) -> Iterator[Missing]:
    if not record.environment:
        yield Missing("environment", "7.8.4.1 b", "Thiếu điều kiện môi trường", "Influencing conditions")


def _tables_present(record: Record) -> Iterator[Missing]:
    if not any(table.rows for table in record.results):
        yield Missing("results", "7.8.2.1 m", "Thiếu kết quả", "Results")
    stages = {table.stage for table in record.results}
    if Stage.AS_LEFT in stages and Stage.AS_FOUND not in stages:
        yield Missing("results", "7.8.4.1 d", "Thiếu kết quả trước hiệu chỉnh", "Results before the adjustment")


def _tables(record: Record) -> Iterator[Missing]:
    for place, table in enumerate(record.results):
        path = f"results[{place}]"
        if any(len(row) != len(table.columns) for row in table.rows) or not table.columns:
            yield Missing(
                path, "7.8.2.1 m", "Dòng kết quả không khớp số cột", "A row does not have the table's columns"
            )
        for column in table.columns:
            if column.role not in _UNITLESS and not column.unit and not _is_empty(table, column.key):
                field = f"{path}.{column.key}"
                yield Missing(field, "7.8.2.1 m", f"Cột “{column.label.vi}” thiếu đơn vị", f"Unit of {column.key!r}")


def _is_empty(table: ResultTable, key: str) -> bool:
    place = [column.key for column in table.columns].index(key)
    return not any(row[place].strip() for row in table.rows if place < len(row))


def _uncertainty(record: Record) -> Iterator[Missing]:
    roles = {column.role for table in record.results for column in table.columns}
    if Role.UNCERTAINTY not in roles:
        yield Missing("results", "7.8.4.1 a", "Thiếu độ không đảm bảo đo", "Measurement uncertainty of the results")
    if not record.uncertainty:
        yield Missing("uncertainty", "ILAC-P14", "Thiếu k và xác suất phủ", "Coverage factor and probability")
    for place, statement in enumerate(record.uncertainty):
        if not statement.probability or not (statement.coverage_factor or Role.COVERAGE_FACTOR in roles):
            yield Missing(f"uncertainty[{place}]", "ILAC-P14", "Thiếu k hoặc xác suất phủ", "k or its probability")
    if not any(not standard.auxiliary for standard in record.standards):
        yield Missing("standards", "7.8.4.1 c", "Thiếu chuẩn và liên kết chuẩn", "Standards and their traceability")


def _recalibration(record: Record) -> Iterator[Missing]:
    if record.recalibration and not record.recalibration.agreed:
        yield Missing(
            "recalibration",
            "7.8.4.3",
            "Chu kỳ chưa được khách hàng thỏa thuận, không được ghi ngày hiệu chuẩn lại",
            "An interval that the customer has not agreed must not be recommended",
        )


def _standards(record: Record) -> Iterator[Missing]:
    for place, standard in enumerate(record.standards):
        path, name = f"standards[{place}]", standard.asset_number
        if not standard.certificate_number.strip():
            yield Missing(path, "7.8.4.1 c", f"Chuẩn {name} thiếu giấy chứng nhận", f"Certificate of standard {name}")
        if not (standard.traceability.vi or standard.issuer):
            yield Missing(path, "6.5", f"Chuẩn {name} thiếu liên kết chuẩn", f"Traceability of standard {name}")
        if standard.due_on < record.performed_until:
            due = day(standard.due_on)
            yield Missing(path, "6.4.13", f"Chuẩn {name} hết hạn {due}", f"Standard {name} was due on {due}")


def _verification(record: Record) -> Iterator[Missing]:
    if not record.conformity or any(statement.verdict is not Verdict.PASS for statement in record.conformity):
        yield Missing(
            "conformity",
            "TT 24/2013, 40",
            "Không đạt thì chỉ lập biên bản, không cấp giấy chứng nhận",
            "A certificate of verification exists only for a pass",
        )
    yield from _pass(record)


def _pass(record: Record) -> Iterator[Missing]:
    """What tells of a verification that passed, certificate or record."""
    if not record.regime.vi:
        yield Missing("regime", "TT 24/2013, 41", "Thiếu chế độ kiểm định", "Type of verification")
    if record.validity is None or not record.validity.rule.vi:
        yield Missing("validity", "TT 24/2013, 41", "Thiếu thời hạn và quy tắc", "Validity and the rule that gave it")
    elif record.validity.until is not None and record.validity.until <= record.performed_until:
        yield Missing(
            "validity.until", "TT 24/2013, 41", "Thời hạn đã qua khi kiểm định", "Validity ends before it begins"
        )
    officers = [approval for approval in record.approvals if approval.step is Step.PERFORMED]
    if not any(approval.officer_card for approval in officers):
        yield Missing("approvals", "TT 24/2013, 41", "Thiếu số thẻ kiểm định viên", "Card of the verification officer")


def _work_record(record: Record) -> Iterator[Missing]:
    passed = bool(record.conformity) and all(one.verdict is Verdict.PASS for one in record.conformity)
    if passed and record.service is Service.VERIFICATION and not record.certificate_number:
        yield from _pass(record)
    failed = [statement for statement in record.conformity if statement.verdict is Verdict.FAIL]
    if failed and not any(statement.reason.vi for statement in failed):
        yield Missing("conformity", "7.8.6", "Thiếu lý do không đạt", "Reason of the failure")
    if failed and record.certificate_number:
        yield Missing(
            "certificate_number", "V-03", "Không đạt mà có giấy chứng nhận", "A failed item has a certificate"
        )


def _conformity(record: Record) -> Iterator[Missing]:
    for place, statement in enumerate(record.conformity):
        path = f"conformity[{place}]"
        if not statement.covers.vi or not statement.requirement.vi:
            yield Missing(
                path, "7.8.6.2", "Thiếu phạm vi hoặc yêu cầu", "What the statement covers, or its requirement"
            )
        if statement.rule in (Rule.AGREED, Rule.GUARDED_R) and not statement.rule_words.vi:
            yield Missing(
                f"{path}.rule_words", "7.8.6.2 c", "Thiếu lời quy tắc quyết định", "The decision rule in words"
            )


def _rest(record: Record) -> Iterator[Missing]:
    amendment = record.amendment
    if amendment is not None:
        if not is_number(amendment.replaces) or same(amendment.replaces, record.number):
            yield Missing("amendment.replaces", "7.8.8.3", "Thiếu số được thay thế", "Number of the replaced document")
        if not amendment.changes or amendment.reason == NO_WORDS:
            yield Missing("amendment.changes", "7.8.8.1", "Thiếu nội dung, lý do sửa", "What was changed, and why")
    for place, opinion in enumerate(record.opinions):
        if not opinion.basis.vi or not opinion.person:
            yield Missing(
                f"opinions[{place}]", "7.8.7", "Thiếu cơ sở hoặc người nhận xét", "Basis and person of an opinion"
            )
    for place, result in enumerate(record.external_results):
        if not result.provider:
            yield Missing(f"external_results[{place}]", "7.8.2.1 p", "Thiếu nhà cung cấp", "The external provider")
