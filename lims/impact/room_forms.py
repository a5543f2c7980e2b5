"""Forms of rooms and their readings."""
from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import Optional, Regexp

from lims.equipment.environment import Limits, RoomDetails, limits_of
from lims.equipment.fields import NumberField, options
from lims.equipment.models import Standard
from lims.equipment.rooms import CONDITIONS, Room
from lims.shared.clock import LOCAL_ZONE
from lims.shared.db import session
from lims.shared.forms import REQUIRED, DayField, HouseForm, TextField, VersionField


class ConditionsForm(HouseForm):
    """Lower and upper limits of each recorded quantity."""

    temperature_lower = NumberField(_l("Nhiệt độ từ, °C"))
    temperature_upper = NumberField(_l("đến, °C"))
    humidity_lower = NumberField(_l("Độ ẩm từ, %RH"))
    humidity_upper = NumberField(_l("đến, %RH"))
    pressure_lower = NumberField(_l("Áp suất từ, hPa"))
    pressure_upper = NumberField(_l("đến, hPa"))
    version = VersionField()

    def show(self, limits: Limits) -> None:
        """Fill in what stands."""
        for quantity, (lower, upper) in limits.items():
            self[f"{quantity}_lower"].data, self[f"{quantity}_upper"].data = lower, upper

    def limits(self) -> Limits:
        """The typed limits by quantity (after validation)."""
        return {quantity: (self[f"{quantity}_lower"].data, self[f"{quantity}_upper"].data) for quantity in CONDITIONS}


class RoomForm(ConditionsForm):
    """A room and its limits."""

    name = TextField(_l("Tên phòng"), [REQUIRED], most=80)
    note = TextField(_l("Ghi chú"))
    logger_id = SelectField(_l("Máy ghi nhiệt ẩm"), [Optional()])
    longest_gap_minutes = IntegerField(_l("Khoảng trống dài nhất, phút"), [REQUIRED], default=60,
                                       description=_l("Hai số đọc cách nhau hơn thế là một khoảng trống"))
    active = BooleanField(_l("Đang dùng"), default=True)

    def __init__(self, room: Room | None = None, **kwargs: Any) -> None:
        super().__init__(obj=room, **kwargs)
        rows = session().execute(sa.select(Standard.id, Standard.asset_number, Standard.name).where(
            Standard.quantity.in_(("temperature", "humidity")), Standard.state != "retired")
            .order_by(Standard.asset_number))
        self.logger_id.choices = options([("", _("Không có")), *(
            (str(row_id), f"{number}, {name}") for row_id, number, name in rows)])
        if not self.is_submitted() and room is not None:
            self.logger_id.data = str(room.logger_id or "")
            self.show(limits_of(room))

    def details(self) -> RoomDetails:
        """The typed room (after validation)."""
        chosen = self.logger_id.data
        return RoomDetails(
            name=self.name.data, note=self.note.data or "", logger_id=int(chosen) if chosen else None,
            longest_gap_minutes=self.longest_gap_minutes.data or 0, active=bool(self.active.data),
            limits=self.limits())


class ReadingForm(HouseForm):
    """Readings taken by a person."""

    day = DayField(_l("Ngày"), [REQUIRED])
    at = StringField(_l("Giờ"), [REQUIRED, Regexp(r"([01]?[0-9]|2[0-3])[:h][0-5][0-9]$",
                                                  message=_l("Gõ giờ:phút, ví dụ 14:05"))],
                     render_kw={"autocomplete": "off", "placeholder": "14:05"})
    temperature = NumberField(_l("Nhiệt độ, °C"))
    humidity = NumberField(_l("Độ ẩm, %RH"))
    pressure = NumberField(_l("Áp suất, hPa"))

    def instant(self) -> datetime:
        """The typed time (after validation)."""
        hour, minute = str(self.at.data).replace("h", ":").split(":")
        day = self.day.data
        return datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=LOCAL_ZONE)


class FileForm(HouseForm):
    """A logger file."""

    file = FileField(_l("Tệp CSV của máy ghi"), [REQUIRED])
