"""Use cases of the register: a standard comes in, its particulars change, it leaves or re-enters service."""
from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from instruments.schedule import USE_UNITS
from lims.auth.models import User
from lims.equipment.consequences import require_usable
from lims.equipment.facts import as_standard_data, certificate_on, spans, standing
from lims.equipment.models import INTERVAL_UNITS, LEVELS, DutyRecord, Schedule, Standard, StandardStateChange
from lims.equipment.record_models import StandardEvent
from lims.equipment.states import require_transition
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound
from lims.shared.freshness import require_version
from lims.shared.text import search_key
from lims.shared.word_index import LONGEST_WORD, SearchWord

__all__ = ["StandardDetails", "as_standard_data", "certificate_on", "change_standard", "change_state", "find_by_code",
           "register_standard", "spans", "standard", "standing"]

LONGEST_INTERVAL = {"days": 3660, "weeks": 520, "months": 120, "years": 10, "hours": 100_000, "uses": 1_000_000}


@dataclass(frozen=True, kw_only=True)
class StandardDetails:
    """What the register holds of a standard, cleaned; numbers of `drift_half_width`, `resolution` and `mpe` are in
    `spread_unit` ("" = `unit`)."""

    asset_number: str
    name: str
    quantity: str
    unit: str
    serial: str
    name_en: str = ""
    kind: str = ""
    maker: str = ""
    model: str = ""
    accuracy: str = ""
    range_low: Decimal | None = None
    range_high: Decimal | None = None
    range_text: str = ""
    spread_unit: str = ""
    drift_half_width: Decimal | None = None
    resolution: Decimal | None = None
    mpe: Decimal | None = None
    level: str = "working"
    location: str = ""
    custodian_id: int | None = None
    note: str = ""
    software: str = ""
    lot: str = ""
    expires_on: date | None = None
    acquired_on: date | None = None
    price: Decimal | None = None
    temperature_low: Decimal | None = None
    temperature_high: Decimal | None = None
    humidity_low: Decimal | None = None
    humidity_high: Decimal | None = None


def standard(standard_id: int) -> Standard:
    """The standard, or NotFound."""
    found = session().get(Standard, standard_id)
    if found is None:
        raise NotFound("Không có chuẩn này.", "No such standard.")
    return found


def find_by_code(code: str) -> Standard | None:
    """The standard of that asset number, whatever the case (a scanned label)."""
    return _of_number(session(), code)


def register_standard(details: StandardDetails, *, interval_count: int, interval_unit: str, by: User,
                      awaits_check: bool = False) -> Standard:
    """A new standard with its calibration interval; due at once until its first certificate is entered.

    `awaits_check`: it stays out of service until its check before first use has passed (6.4.4); else it was in use
    before it was entered here. Raises Invalid at the field that cannot be accepted.
    """
    with write("standard.register", actor=(str(by.id), by.full_name)) as current:
        return add_standard(current, details, interval_count=interval_count, interval_unit=interval_unit, by=by,
                            awaits_check=awaits_check)


def add_standard(current: Session, details: StandardDetails, *, interval_count: int, interval_unit: str, by: User,
                 awaits_check: bool = False) -> Standard:
    """The same inside a transaction that is open already."""
    check_interval(interval_count, interval_unit)
    require_calendar(interval_unit)
    _check(current, details, None)
    state = "out_of_service" if awaits_check else "in_use"
    added = Standard(state=state, awaits_check=awaits_check, created_at=clock.now(), search=_search(details),
                     **_columns(details))
    added.schedules = [Schedule(duty="calibration", interval_count=interval_count, interval_unit=interval_unit)]
    current.add(added)
    try:
        current.flush()
    except IntegrityError as error:  # somebody registered the same number at the same instant
        raise _number_taken() from error
    current.add(StandardStateChange(standard_id=added.id, state=state, at=clock.now(),
                                    reason="Vào sổ, chờ kiểm tra trước khi đưa vào sử dụng" if awaits_check
                                    else "Đưa vào sổ đăng ký", by_id=by.id))
    return added


def change_standard(standard_id: int, details: StandardDetails, version: int, *, by: User) -> None:
    """Change particulars; the audit keeps the old ones, the record a new location or software version (6.4.13 d, h).
    Raises Conflict when somebody was faster."""
    actor = (str(by.id), by.full_name)
    with write("standard.change", actor=actor) as current:
        changed = standard(standard_id)
        require_version(changed, version, "chuẩn này", "this standard")
        place, software = changed.location, changed.software
        set_details(current, changed, details)
        if changed.location != place:
            _note(current, changed, "moved", place, changed.location, int(actor[0]), place=changed.location)
        if changed.software != software:
            _note(current, changed, "modification", software, changed.software, int(actor[0]),
                  software=changed.software)


def _note(current: Session, changed: Standard, kind: str, before: str, after: str, by_id: int, **where: str) -> None:
    current.add(StandardEvent(standard_id=changed.id, kind=kind, on=clock.today(), at=clock.now(), by_id=by_id,
                              text=f"{before or '–'} → {after or '–'}", **where))


def set_details(current: Session, changed: Standard, details: StandardDetails) -> None:
    """The same inside a transaction that is open already."""
    _check(current, details, changed.id)
    expired = changed.expires_on
    for name, value in _columns(details).items():
        if getattr(changed, name) != value:
            setattr(changed, name, value)
    changed.search = _search(details)
    if changed.expires_on != expired:
        from lims.equipment.schedules import refresh_calibration  # that module stands on this one

        current.flush()
        refresh_calibration(current, changed)


def change_state(standard_id: int, state: str, reason: str, *, expected: str, by: User) -> None:
    """Take a standard out of service, send it away, return it: with a reason, which stays (6.4.9).

    `expected` is the state the person saw. Raises Conflict when it is another now or the step is not possible.
    """
    actor = (str(by.id), by.full_name)
    with write("standard.state", reason=reason, actor=actor) as current:
        changed = locked(current, standard_id)
        if changed.state != expected:
            raise Conflict("Người khác vừa đổi trạng thái của chuẩn này; hãy tải lại trang.",
                           "Somebody else has just changed the state of this standard; reload.", "state")
        set_state(current, changed, state, reason, int(actor[0]))


def set_state(current: Session, changed: Standard, state: str, reason: str, by_id: int) -> None:
    """The same inside a transaction that is open already."""
    if not reason.strip():
        raise Invalid("Hãy ghi lý do.", "Give the reason.", "reason")
    require_transition(changed.state, state)
    if changed.awaits_check and state == "in_use":
        raise Conflict("Chuẩn chưa qua kiểm tra trước khi đưa vào sử dụng; hãy ghi kiểm tra ấy ở trang của chuẩn.",
                       "The check before first use has not passed; record it on the standard's page.", "state")
    if state == "in_use":
        _require_good_check(current, changed)
        require_usable(current, changed)
    changed.state = state
    current.add(StandardStateChange(standard_id=changed.id, state=state, reason=reason, at=clock.now(), by_id=by_id))


def _require_good_check(current: Session, changed: Standard) -> None:
    """After a failed check a standard is used again only when it passed one since, or was calibrated since (6.4.9)."""
    last = current.scalars(sa.select(DutyRecord).where(
        DutyRecord.standard_id == changed.id, DutyRecord.duty == "intermediate_check")
        .order_by(DutyRecord.done_on.desc(), DutyRecord.id.desc()).limit(1)).one_or_none()
    if last is None or last.passed:
        return
    if not any(row.calibrated_on >= last.done_on for row in standing(changed.certificates)):
        raise Conflict("Lần kiểm tra giữa kỳ gần nhất không đạt; cần một lần kiểm tra đạt hoặc giấy hiệu chuẩn mới.",
                       "The last intermediate check failed; record one that passed, or a new calibration certificate.",
                       "state")


def state_changes(standard_id: int) -> list[StandardStateChange]:
    """Every state the standard was put in, newest first."""
    return list(session().scalars(
        sa.select(StandardStateChange).where(StandardStateChange.standard_id == standard_id)
        .order_by(StandardStateChange.at.desc(), StandardStateChange.id.desc())))


def locked(current: Session, standard_id: int) -> Standard:
    """The standard, held until the transaction ends: what follows rests on all its certificates."""
    found = current.scalars(sa.select(Standard).where(Standard.id == standard_id).with_for_update(of=Standard)
                            .execution_options(populate_existing=True)).unique().one_or_none()
    if found is None:
        raise NotFound("Không có chuẩn này.", "No such standard.")
    return found


def check_interval(count: int, unit: str) -> None:
    """Raises Invalid at `interval_count` or `interval_unit`."""
    if unit not in INTERVAL_UNITS:
        raise Invalid("Hãy chọn đơn vị của chu kỳ.", "Choose the unit of the interval.", "interval_unit")
    if not 1 <= count <= LONGEST_INTERVAL[unit]:
        raise Invalid(f"Chu kỳ là số nguyên từ 1 đến {LONGEST_INTERVAL[unit]}.",
                      f"The interval is a whole number from 1 to {LONGEST_INTERVAL[unit]}.", "interval_count")


def require_calendar(unit: str) -> None:
    """The first calibration schedule is one of the calendar; a limit of use stands beside it under a name."""
    if unit in USE_UNITS:
        raise Invalid("Chu kỳ hiệu chuẩn chính tính theo lịch; hạn theo giờ hoặc lần dùng đặt thêm dưới một tên khác.",
                      "The main calibration interval is one of the calendar; add a limit of use under a name.",
                      "interval_unit")


def _check(current: Session, details: StandardDetails, own_id: int | None) -> None:
    for name in ("asset_number", "name", "quantity", "unit", "serial"):
        if not getattr(details, name).strip():
            raise Invalid("Hãy điền ô này.", "Fill in this field.", name)
    if details.level not in LEVELS:
        raise Invalid("Hãy chọn cấp chuẩn.", "Choose the level.", "level")
    other = _of_number(current, details.asset_number)
    if other is not None and other.id != own_id:
        raise _number_taken()
    if details.range_low is not None and details.range_high is not None and details.range_low > details.range_high:
        raise Invalid("Giới hạn trên nhỏ hơn giới hạn dưới.", "The upper end is below the lower end.", "range_high")
    for kind in ("temperature", "humidity"):
        low, high = getattr(details, f"{kind}_low"), getattr(details, f"{kind}_high")
        if low is not None and high is not None and low > high:
            raise Invalid("Giới hạn trên nhỏ hơn giới hạn dưới.", "The upper end is below the lower end.",
                          f"{kind}_high")
    for name in ("drift_half_width", "resolution", "mpe", "price"):
        if (value := getattr(details, name)) is not None and value < 0:
            raise Invalid("Số này không âm.", "This number is not negative.", name)
    if details.custodian_id is not None and current.get(User, details.custodian_id) is None:
        raise Invalid("Không có người này.", "No such person.", "custodian_id")


def _of_number(current: Session, number: str) -> Standard | None:
    """Found by its folded number among the words of the register, and compared here and not by the database, whose
    lower() leaves Đ as it is on SQLite."""
    word = _compact(number)[:LONGEST_WORD]
    same = sa.select(SearchWord.object_id).where(SearchWord.kind == "standard", SearchWord.word == word)
    query = sa.select(Standard).where(Standard.id.in_(same) if word else Standard.search.like("%"))
    return next((row for row in current.scalars(query).unique()
                 if row.asset_number.casefold() == number.strip().casefold()), None)


def _number_taken() -> Invalid:
    return Invalid("Đã có chuẩn mang mã này.", "Another standard has this number.", "asset_number")


def _compact(code: str) -> str:
    return "".join(search_key(code).split())


def _columns(details: StandardDetails) -> dict[str, str | int | Decimal | date | None]:
    return {field.name: getattr(details, field.name) for field in fields(details)}


def _search(details: StandardDetails) -> str:
    words = search_key(details.asset_number, details.name, details.name_en, details.maker, details.model,
                       details.serial, details.location, details.accuracy, details.lot)
    return f"{words} {_compact(details.asset_number)} {_compact(details.serial)}"
