"""Certificates of standards are entered, corrected by a new entry, or taken back; never edited (features A1, A7)."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from instruments.traceability import would_close_circle
from instruments.typed_number import DotMeaning
from lims.auth.models import User
from lims.equipment.chain import links_above
from lims.equipment.consequences import new_certificate
from lims.equipment.facts import parts_on, rests_on_parts, standing
from lims.equipment.models import ROUTES, Standard, StandardCertificate, StandardValue
from lims.equipment.schedules import refresh_calibration
from lims.equipment.service import locked
from lims.equipment.table import MOST_ROWS, ReadRow, Stated, TypedRow, read_table
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound
from lims.shared.files import StoredFile, store

OLDEST = date(1950, 1, 1)


@dataclass(frozen=True, kw_only=True)
class CertificateEntry:
    """A certificate as somebody has it in hand, cleaned; `file` is (name, bytes) of its PDF."""

    number: str
    issuer: str
    route: str
    calibrated_on: date
    unit: str
    rows: Sequence[TypedRow]
    coverage: str = "2"
    """k of the rows whose own k is blank, as typed."""
    stated: Stated = "value"
    spread_unit: str = ""
    dot_means: DotMeaning | None = None
    valid_to: date | None = None
    accreditation: str = ""
    traceable_to: str = ""
    parent_ids: Sequence[int] = ()
    note: str = ""
    function_id: int | None = None
    correlation: Decimal | None = None
    file: tuple[str, bytes] | None = None
    stored_file_id: int | None = None
    """A file that was kept before (a DCC that the entry was read from), where none comes with it."""


def certificate(standard_id: int, certificate_id: int) -> StandardCertificate:
    """The certificate of that standard, or NotFound."""
    found = session().get(StandardCertificate, certificate_id)
    if found is None or found.standard_id != standard_id:
        raise NotFound("Không có giấy này.", "No such certificate.")
    return found


def enter_certificate(standard_id: int, entry: CertificateEntry, *, by: User) -> StandardCertificate:
    """A new certificate; the calibration's due date follows. Raises Invalid at the first wrong field."""
    actor = (str(by.id), by.full_name)
    with write("standard.enter_certificate", actor=actor) as current:
        return add_certificate(current, locked(current, standard_id), entry, by=by)


def add_certificate(current: Session, changed: Standard, entry: CertificateEntry, *, by: User) -> StandardCertificate:
    """The same inside a transaction that is open already, for a standard that it holds."""
    return _add(current, changed, entry, by.id)


def correct_certificate(standard_id: int, certificate_id: int, entry: CertificateEntry, reason: str, *,
                        by: User) -> StandardCertificate:
    """A corrected entry that supersedes a wrong one, which stays readable; the file is kept unless a new one comes."""
    actor = (str(by.id), by.full_name)
    with write("standard.correct_certificate", reason=reason, actor=actor) as current:
        changed = locked(current, standard_id)
        return _add(current, changed, entry, int(actor[0]), _correctable(changed, certificate_id), _given(reason))


def void_certificate(standard_id: int, certificate_id: int, reason: str, *, by: User) -> None:
    """Take back a certificate that should not have been entered here; both rows stay readable."""
    actor = (str(by.id), by.full_name)
    with write("standard.void_certificate", reason=reason, actor=actor) as current:
        changed = locked(current, standard_id)
        wrong = _correctable(changed, certificate_id)
        withdrawal = StandardCertificate(
            standard=changed, number=wrong.number, issuer=wrong.issuer, route=wrong.route, unit=wrong.unit,
            calibrated_on=wrong.calibrated_on, entered_at=clock.now(), entered_by_id=int(actor[0]),
            function_id=wrong.function_id, supersedes_id=wrong.id, reason=_given(reason), void=True)
        current.add(withdrawal)
        current.flush()
        refresh_calibration(current, changed)
        new_certificate(current, changed, withdrawal)


def _given(reason: str) -> str:
    if not reason.strip():
        raise Invalid("Hãy ghi lý do.", "Give the reason.", "reason")
    return reason


def _correctable(changed: Standard, certificate_id: int) -> StandardCertificate:
    found = next((row for row in standing(changed.certificates) if row.id == certificate_id), None)
    if found is None:
        raise Conflict("Giấy này đã được sửa hoặc rút; hãy mở bản mới nhất.",
                       "This entry was corrected or taken back; open the newest one.")
    return found


def _add(current: Session, changed: Standard, entry: CertificateEntry, by_id: int,
         wrong: StandardCertificate | None = None, reason: str = "") -> StandardCertificate:
    _check_header(changed, entry, wrong)
    parents = _parents(current, changed, entry)
    rows = _read(entry)
    file_id = entry.stored_file_id or (wrong.file_id if wrong else None)
    if file_id is not None and current.get(StoredFile, file_id) is None:
        raise Invalid("Không còn tệp đã đọc; hãy chọn lại.", "The file that was read is gone; choose it again.", "file")
    if entry.file is not None:
        stored = store(current, *entry.file)
        current.flush()
        file_id = stored.id
    added = StandardCertificate(
        standard=changed, number=entry.number, issuer=entry.issuer, accreditation=entry.accreditation,
        route=entry.route, traceable_to=entry.traceable_to, calibrated_on=entry.calibrated_on, valid_to=entry.valid_to,
        unit=entry.unit, spread_unit="" if entry.spread_unit == entry.unit else entry.spread_unit, stated=entry.stated,
        function_id=entry.function_id, correlation=entry.correlation,
        dot_means=entry.dot_means or "", entered_at=clock.now(), entered_by_id=by_id, file_id=file_id,
        supersedes_id=wrong.id if wrong else None, reason=reason, note=entry.note, parents=parents,
        values=[_value(entry.stated, position, row) for position, row in enumerate(rows, start=1)])
    current.add(added)
    current.flush()
    refresh_calibration(current, changed)
    new_certificate(current, changed, added)
    return added


def _check_header(changed: Standard, entry: CertificateEntry, wrong: StandardCertificate | None) -> None:
    for name in ("number", "issuer", "unit"):
        if not getattr(entry, name).strip():
            raise Invalid("Hãy điền ô này.", "Fill in this field.", name)
    if entry.route not in ROUTES:
        raise Invalid("Hãy chọn đường liên kết chuẩn.", "Choose the route of traceability.", "route")
    if entry.route in ("ilac_mra", "designated", "other") and not (entry.accreditation or entry.traceable_to).strip():
        raise Invalid("Hãy ghi mã công nhận, quyết định chỉ định hoặc bằng chứng của liên kết này.",
                      "Give the accreditation, designation or evidence of this route.", "accreditation")
    if entry.calibrated_on > clock.today():
        raise Invalid("Ngày hiệu chuẩn chưa tới.", "The day of calibration is still to come.", "calibrated_on")
    if entry.calibrated_on < OLDEST:
        raise Invalid("Ngày hiệu chuẩn quá xa; hãy xem lại năm.", "The year is too far back.", "calibrated_on")
    if entry.valid_to is not None and entry.valid_to < entry.calibrated_on:
        raise Invalid("Hạn của giấy trước ngày hiệu chuẩn.", "It would end before the day of calibration.", "valid_to")
    if entry.function_id is not None and entry.function_id not in {row.id for row in changed.functions}:
        raise Invalid("Chuẩn không có chức năng này.", "The standard has no such function.", "function_id")
    if entry.correlation is not None and not -1 <= entry.correlation <= 1:
        raise Invalid("Hệ số tương quan nằm trong khoảng −1 đến 1.", "A correlation lies between −1 and 1.",
                      "correlation")
    for row in standing(changed.certificates):
        if row is not wrong and (row.number.casefold(), row.issuer, row.function_id) == (
                entry.number.casefold(), entry.issuer, entry.function_id):
            raise Invalid("Giấy này đã được nhập; nếu nhập sai, hãy sửa bản đã nhập.",
                          "This certificate was entered before; correct that entry if it is wrong.", "number")


def _parents(current: Session, changed: Standard, entry: CertificateEntry) -> list[Standard]:
    """The standards it was calibrated with; with a set whose values are those of its parts, the parts of that day too,
    so that what becomes of one of them reaches this certificate."""
    if entry.route != "internal":
        return []
    parents = list(current.scalars(sa.select(Standard).where(Standard.id.in_(entry.parent_ids))).unique())
    if not parents:
        raise Invalid("Hãy chọn chuẩn của mình đã dùng để hiệu chuẩn.", "Choose the standard it was calibrated with.",
                      "parent_ids")
    links = links_above([changed, *parents])
    for parent in parents:
        if parent is changed or would_close_circle(changed.asset_number, parent.asset_number, links):
            raise Invalid(f"{parent.asset_number} đứng dưới {changed.asset_number} trong chuỗi liên kết.",
                          f"{parent.asset_number} itself depends on {changed.asset_number}.", "parent_ids")
    pieces = {part for parent in parents if rests_on_parts(parent, entry.calibrated_on)
              for part, _certificate in parts_on(parent, entry.calibrated_on)}
    return [*parents, *sorted(pieces - {*parents, changed}, key=lambda one: one.asset_number)]


def _read(entry: CertificateEntry) -> list[ReadRow]:
    if len(entry.rows) > MOST_ROWS:
        raise Invalid(f"Bảng có quá {MOST_ROWS} dòng.", f"The table has more than {MOST_ROWS} rows.", "rows")
    rows, faults = read_table(entry.rows, coverage=entry.coverage, dot_means=entry.dot_means)
    if faults:
        raise Invalid(*faults[0].text, f"rows.{faults[0].row}.{faults[0].cell}")
    if not rows:
        raise Invalid("Hãy nhập ít nhất một dòng giá trị.", "Enter at least one row of values.", "rows")
    return rows


def _value(stated: Stated, position: int, row: ReadRow) -> StandardValue:
    number = row.stated.value
    return StandardValue(
        position=position, nominal_text=row.nominal.text, stated_text=row.stated.text,
        uncertainty_text=row.uncertainty.text, coverage_text=row.coverage.text, nominal=row.nominal.value,
        value=number if stated == "value" else None, correction=number if stated == "correction" else None,
        uncertainty=row.uncertainty.value, coverage_factor=row.coverage.value)
