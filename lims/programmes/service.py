"""Use cases of programmes: drafting, measurements, actions, experts, following up."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from instruments.measurement_assurance import capability
from instruments.recall import add_months
from lims.auth.models import User
from lims.customers.models import Customer, Instrument
from lims.programmes import listing, template, words
from lims.programmes.models import (
    Programme,
    ProgrammeAction,
    ProgrammeExpert,
    ProgrammeMeasurement,
    ProgrammePart,
)
from lims.programmes.state import analysis
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound
from lims.shared.freshness import require_version

Row = TypeVar("Row", ProgrammePart, ProgrammeMeasurement, ProgrammeAction, ProgrammeExpert)
SHORTEST = 12
"""Months that a programme runs at least."""


def programmes(state: str = "") -> list[Programme]:
    """Programmes, the newest first; of one state when named."""
    return list(session().scalars(listing.found(state=state).order_by(Programme.id.desc()).limit(500)))


def programmes_of(customer_id: int) -> list[Programme]:
    """The programmes of an enterprise, the newest first."""
    return list(session().scalars(sa.select(Programme).where(Programme.customer_id == customer_id)
                                  .order_by(Programme.id.desc()).limit(100)
                                  .options(selectinload(Programme.document))))


def programme(programme_id: int) -> Programme:
    """The programme, or NotFound."""
    found = session().get(Programme, programme_id)
    if found is None:
        raise NotFound("Không có chương trình này.", "No such programme.")
    return found


def found(table: type[Row], row_id: int) -> Row:
    """A part, measurement, action or expert, or NotFound."""
    row = session().get(table, row_id)
    if row is None:
        raise NotFound("Không có mục này.", "No such entry.")
    return row


def create(values: Mapping[str, Any], *, by: User) -> Programme:
    """A draft with the parts of the template. Raises Invalid at its field."""
    _check(values)
    with write("programme.create", actor=named(by)) as current:
        if current.get(Customer, values["customer_id"]) is None:
            raise Invalid("Hãy chọn doanh nghiệp.", "Choose the enterprise.", "customer_id")
        row = Programme(**values, prepared_by_id=by.id, created_at=clock.now())
        current.add(row)
        current.flush()
        for position, part in enumerate(template.current_parts()):
            current.add(ProgrammePart(programme_id=row.id, position=position, **part))
    return row


def change(programme_id: int, values: Mapping[str, Any], *, version: int, by: User) -> None:
    """Change title, period, basis, wanted TUR of a draft."""
    _check(values)
    with write("programme.change", actor=named(by)) as current:
        row = _draft(current, programme_id)
        require_version(row, version, "chương trình này", "this programme")
        for name, value in values.items():
            setattr(row, name, value)


def write_part(part_id: int, values: Mapping[str, str], *, by: User, version: int = 0) -> None:
    """The text of a section, or of a topic of the state of measurement."""
    with write("programme.part", actor=named(by)) as current:
        row = _in_draft(current, ProgrammePart, part_id)
        require_version(row, version)
        for name, value in values.items():
            setattr(row, name, value)


def save_measurement(programme_id: int, values: Mapping[str, Any], *, by: User,
                     measurement_id: int | None = None, version: int = 0) -> ProgrammeMeasurement:
    """Something that is measured; its numbers stand in one unit. Raises Invalid at its field."""
    _check_numbers(values)
    with write("programme.measurement", actor=named(by)) as current:
        row = _draft(current, programme_id)
        instrument = current.get(Instrument, values["instrument_id"]) if values["instrument_id"] else None
        if values["instrument_id"] and (instrument is None or instrument.customer_id != row.customer_id):
            raise Invalid("Phương tiện đo không phải của doanh nghiệp này.",
                          "The instrument is not this enterprise's.", "instrument_id")
        if measurement_id is None:
            saved = ProgrammeMeasurement(programme_id=row.id, **values)
            current.add(saved)
        else:
            saved = _in_draft(current, ProgrammeMeasurement, measurement_id)
            require_version(saved, version)
            for name, value in values.items():
                setattr(saved, name, value)
    return saved


def remove_measurement(measurement_id: int, *, by: User) -> int:
    """Leave a measurement out of a draft; its actions stay. Returns the programme's id."""
    with write("programme.remove_measurement", actor=named(by)) as current:
        row = _in_draft(current, ProgrammeMeasurement, measurement_id)
        for action in current.scalars(sa.select(ProgrammeAction).where(
                ProgrammeAction.measurement_id == row.id)):
            action.measurement_id = None
        current.flush()
        current.delete(row)
    return row.programme_id


def save_action(programme_id: int, values: Mapping[str, Any], *, by: User, action_id: int | None = None,
                version: int = 0) -> None:
    """An action of a draft: kind, text, owner, day, cost, and the topic whose gap it answers (`part_id`, or None)."""
    with write("programme.action", actor=named(by)) as current:
        row = _draft(current, programme_id)
        if not row.first_on <= values["due_on"] <= row.last_on:
            raise Invalid("Ngày phải xong nằm ngoài kỳ của chương trình.",
                          "The day lies outside the programme's period.", "due_on")
        if values.get("part_id") and values["part_id"] not in {one.id for one in row.parts if one.kind == "topic"}:
            raise Invalid("Mục hiện trạng không thuộc chương trình này.", "The topic is not of this programme.",
                          "part_id")
        if action_id is None:
            current.add(ProgrammeAction(programme_id=row.id, **values))
        else:
            action = _in_draft(current, ProgrammeAction, action_id)
            require_version(action, version)
            for name, value in values.items():
                setattr(action, name, value)


def propose(programme_id: int, *, by: User) -> int:
    """An action for each gap that has none yet; owners are filled in by a person. How many were added."""
    added = 0
    with write("programme.propose", actor=named(by)) as current:
        row = _draft(current, programme_id)
        answered = {(one.measurement_id, one.gap) for one in row.actions}
        due = min(max(add_months(row.first_on, 3), clock.today()), row.last_on)
        for line in analysis(row, clock.today()):
            for gap in line.gaps:
                if (line.measurement.id, gap) in answered:
                    continue
                kind, text = words.PROPOSED[gap]
                current.add(ProgrammeAction(
                    programme_id=row.id, measurement_id=line.measurement.id, gap=gap, kind=kind, due_on=due,
                    text=text.format(what=line.measurement.what)))
                added += 1
    return added


def follow_up(action_id: int, values: Mapping[str, Any], *, by: User, version: int = 0) -> None:
    """What came of an action of an issued programme, and whether it worked. Raises Invalid at its field."""
    if values["state"] == "done" and (values["done_on"] is None or not values["result"]):
        raise Invalid("Đã xong thì ghi ngày và kết quả.", "What is done has a day and a result.",
                      "result" if values["done_on"] else "done_on")
    if values["done_on"] is not None and values["done_on"] > clock.today():
        raise Invalid("Ngày này chưa tới.", "This day is yet to come.", "done_on")
    if values["state"] == "dropped" and not values["result"]:
        raise Invalid("Hãy ghi lý do không thực hiện.", "Say why it is not done.", "result")
    if values["effect"] and (values["state"] != "done" or not values["effect_note"]):
        raise Invalid("Chỉ đánh giá hiệu lực của việc đã xong, có bằng chứng.",
                      "Effectiveness is judged of what is done, with its evidence.", "effect_note")
    with write("programme.follow_up", actor=named(by)) as current:
        action = current.get(ProgrammeAction, action_id, populate_existing=True)
        if action is None:
            raise NotFound("Không có nhiệm vụ này.", "No such action.")
        if action.programme.state != "issued":
            raise Conflict("Chỉ theo dõi nhiệm vụ của chương trình đã ban hành.",
                           "Only actions of an issued programme are followed up.")
        require_version(action, version)
        for name, value in values.items():
            setattr(action, name, value)


def add_expert(programme_id: int, values: Mapping[str, str], *, by: User) -> None:
    """A member of the expert group; one leader."""
    with write("programme.expert", actor=named(by)) as current:
        row = _draft(current, programme_id)
        if values["role"] == "leader" and any(one.role == "leader" for one in row.experts):
            raise Invalid("Nhóm đã có trưởng nhóm.", "The group has its leader.", "role")
        current.add(ProgrammeExpert(programme_id=row.id, **values))


def remove_expert(expert_id: int, *, by: User) -> int:
    """Take somebody out of the group of a draft. Returns the programme's id."""
    with write("programme.remove_expert", actor=named(by)) as current:
        row = _in_draft(current, ProgrammeExpert, expert_id)
        current.delete(row)
    return row.programme_id


def named(by: User) -> tuple[str, str]:
    """The person as the audit trail names them."""
    return str(by.id), by.full_name


def _check(values: Mapping[str, Any]) -> None:
    first: date = values["first_on"]
    last: date = values["last_on"]
    if last < first or add_months(first, SHORTEST) > date.fromordinal(last.toordinal() + 1):
        raise Invalid("Chương trình kéo dài ít nhất một năm.", "A programme runs for a year at least.", "last_on")
    if not Decimal(1) <= values["wanted_ratio"] <= Decimal(20):
        raise Invalid("TUR yêu cầu từ 1 đến 20.", "The wanted TUR is 1 to 20.", "wanted_ratio")


def _check_numbers(values: Mapping[str, Any]) -> None:
    for name in ("expanded", "factor", "permissible"):
        if values[name] is not None and not values[name] > 0:
            raise Invalid("Cần một số dương.", "A positive number is wanted.", name)
    try:
        capability(values["lower"], values["upper"], expanded=values["expanded"], factor=values["factor"],
                   permissible=values["permissible"])
    except (ValueError, OverflowError):
        raise Invalid("Giới hạn trên phải lớn hơn giới hạn dưới.", "The upper limit is above the lower one.",
                      "upper") from None


def _draft(current: Session, programme_id: int) -> Programme:
    row = current.get(Programme, programme_id, populate_existing=True)
    if row is None:
        raise NotFound("Không có chương trình này.", "No such programme.")
    if row.state != "draft":
        raise Conflict("Chương trình đã ban hành; muốn sửa thì lập bản sửa đổi.",
                       "The programme has been issued; amend it to change it.")
    return row


def _in_draft(current: Session, table: type[Row], row_id: int) -> Row:
    row = current.get(table, row_id, populate_existing=True)
    if row is None:
        raise NotFound("Không có mục này.", "No such entry.")
    _draft(current, row.programme_id)
    return row
