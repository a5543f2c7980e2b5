"""Standards and their certificates as tables: what a file may hold, and how its lines become rows."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, selectinload

from lims.auth.models import User
from lims.equipment import service
from lims.equipment.fields import options
from lims.equipment.forms import NewStandardForm
from lims.equipment.models import Schedule, Standard
from lims.equipment.words import CALENDAR_UNIT, LEVEL, QUANTITY, STATE
from lims.shared.db import session
from lims.shared.errors import DomainError
from lims.shared.exchange import Column, Kind, Line, Outcome, announce, checked, typed

REASON = "Nhập từ tệp"
COLUMNS = (
    Column("asset_number", _l("Mã quản lý"), True, example="CH-AS-001"),
    Column("name", _l("Tên chuẩn"), True, example="Áp kế chuẩn hiện số"), Column("name_en", _l("Tên tiếng Anh")),
    Column("quantity", _l("Đại lượng"), True, words=lambda: QUANTITY, example="pressure"),
    Column("level", _l("Cấp chuẩn"), words=lambda: LEVEL, example="working"), Column("maker", _l("Hãng sản xuất")),
    Column("model", _l("Kiểu")), Column("serial", _l("Số chế tạo"), True, example="S-0001"),
    Column("accuracy", _l("Cấp chính xác hoặc U"), example="0,05 %"), Column("unit", _l("Đơn vị"), True, example="bar"),
    Column("range_low", _l("Giới hạn dưới"), shape="number", example="0"),
    Column("range_high", _l("Giới hạn trên"), shape="number", example="25"),
    Column("range_text", _l("Phạm vi đo, viết bằng chữ")), Column("spread_unit", _l("Đơn vị của ba số bên")),
    Column("drift_half_width", _l("Độ trôi (nửa khoảng)"), shape="number"),
    Column("resolution", _l("Độ chia, độ phân giải"), shape="number"),
    Column("mpe", _l("Sai số cho phép lớn nhất"), shape="number"),
    Column("software", _l("Phiên bản phần mềm, firmware")), Column("lot", _l("Số lô (mẫu chuẩn)")),
    Column("expires_on", _l("Hạn dùng của lô"), shape="day"), Column("acquired_on", _l("Ngày mua"), shape="day"),
    Column("price", _l("Giá mua, đồng"), shape="number"),
    Column("temperature_low", _l("Nhiệt độ từ, °C"), shape="number"),
    Column("temperature_high", _l("Nhiệt độ đến, °C"), shape="number"),
    Column("humidity_low", _l("Độ ẩm từ, %"), shape="number"),
    Column("humidity_high", _l("Độ ẩm đến, %"), shape="number"),
    Column("custodian", _l("Người giữ (tên đăng nhập)")), Column("location", _l("Nơi để"), example="Tủ chuẩn 2"),
    Column("note", _l("Ghi chú")), Column("interval_count", _l("Chu kỳ hiệu chuẩn"), shape="number", example="12"),
    Column("interval_unit", _l("Chu kỳ tính bằng"), words=lambda: CALENDAR_UNIT, example="months"),
    Column("awaits_check", _l("Chờ kiểm tra trước khi dùng"), shape="yes", example="không"),
    Column("state", _l("Trạng thái"), words=lambda: STATE, example="in_use"))
_BLANK = {"level": "working", "interval_count": "12", "interval_unit": "months"}
"""What a blank cell of a new standard means."""


def main_schedule(row: Standard) -> Schedule:
    """The calibration by which the register is ordered."""
    return next(one for one in row.schedules if (one.duty, one.label) == ("calibration", ""))


def _rows() -> Iterator[Mapping[str, Any]]:
    query = sa.select(Standard).options(selectinload(Standard.schedules)).order_by(Standard.id)
    for row in session().scalars(query).unique():
        main = main_schedule(row)
        yield {**{column.key: getattr(row, column.key, None) for column in COLUMNS},
               "custodian": row.custodian.username if row.custodian else "",
               "interval_count": str(main.interval_count), "interval_unit": main.interval_unit}


def _take(current: Session, lines: Sequence[Line], outcome: Outcome, by: User) -> None:
    people = {(row.username or "").casefold(): str(row.id)
              for row in current.execute(sa.select(User.id, User.username))}
    seen: dict[str, int] = {}
    for line in lines:
        number = line.get("asset_number").casefold()
        if number in seen:
            outcome.wrong(line, "asset_number", _("Mã này đã có ở dòng %(line)s.", line=seen[number]))
            continue
        seen[number] = line.number
        if line.get("custodian") and line.get("custodian").casefold() not in people:
            outcome.wrong(line, "custodian", _("Không có tài khoản này."))
            continue
        try:
            _take_line(current, line, outcome, people.get(line.get("custodian").casefold(), ""), by)
        except DomainError as error:
            outcome.refused(line, error)


def _take_line(current: Session, line: Line, outcome: Outcome, custodian: str, by: User) -> None:
    known = service.find_by_code(line.get("asset_number"))
    form = _form(line, known, custodian)
    if not checked(form, line, outcome):
        return
    if known is None:
        added = service.add_standard(
            current, form.details(), interval_count=form.interval_count.data or 0,
            interval_unit=form.interval_unit.data, by=by, awaits_check=form.awaits_check.data == "y")
        state = line.get("state")
        if state and state != added.state:
            service.set_state(current, added, state, REASON, by.id)
        outcome.done(line, added.asset_number, "new")
        return
    if _refused_changes(line, known, outcome):
        return
    service.set_details(current, known, form.details())
    outcome.done(line, known.asset_number, "changed" if current.is_modified(known) else "same")


def _form(line: Line, known: Standard | None, custodian: str) -> NewStandardForm:
    """The line as the form of a new standard; what the file does not say is as it stands, or as is usual."""
    values = dict(line.values)
    if known is not None:
        held = {column.key: _text(getattr(known, column.key, None)) for column in COLUMNS}
        main = main_schedule(known)
        held |= {"interval_count": str(main.interval_count), "interval_unit": main.interval_unit}
        values = {**held, **values}
        custodian = custodian if "custodian" in line.values else str(known.custodian_id or "")
    values = {key: text or _BLANK.get(key, "") for key, text in {**_BLANK, **values}.items()}
    values |= {"custodian_id": custodian, "awaits_check": "y" if line.get("awaits_check") == "y" else "n"}
    form = NewStandardForm(formdata=typed(Line(line.number, values)), meta={"csrf": False})
    if known is not None and known.quantity not in QUANTITY:
        form.quantity.choices = [*form.quantity.choices, *options([(known.quantity, known.quantity)])]
    return form


def _refused_changes(line: Line, known: Standard, outcome: Outcome) -> bool:
    """What an import does not change, because it has an act of its own with a reason."""
    main = main_schedule(known)
    held = {"state": known.state, "location": known.location, "interval_count": str(main.interval_count),
            "interval_unit": main.interval_unit}
    where = {"state": _("Chuẩn đã có trong sổ: đổi trạng thái trên trang của chuẩn, kèm lý do."),
             "location": _("Chuẩn đã có trong sổ: ghi việc chuyển chỗ ở hồ sơ của chuẩn."),
             "interval_count": _("Chuẩn đã có trong sổ: đổi chu kỳ ở lịch của chuẩn."),
             "interval_unit": _("Chuẩn đã có trong sổ: đổi chu kỳ ở lịch của chuẩn.")}
    wrong = [key for key, value in held.items() if line.get(key) and line.get(key) != value]
    for key in wrong:
        outcome.wrong(line, key, where[key])
    return bool(wrong)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if hasattr(value, "strftime"):
        return f"{value:%d/%m/%Y}"
    return f"{value:f}".replace(".", ",") if isinstance(value, Decimal) else str(value)


announce(Kind("standards", _l("Chuẩn đo lường"), "standards.edit", COLUMNS, _rows, _take))
