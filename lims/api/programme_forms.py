"""Bodies of programmes: the forms of the pages; enterprises by their code, instruments and topics by their id."""
from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import Optional

from lims.programmes.forms import ActionForm, ExpertForm, FollowUpForm, MeasurementForm, PartForm, ProgrammeForm
from lims.programmes.models import (
    Programme,
    ProgrammeAction,
    ProgrammeMeasurement,
    ProgrammePart,
)
from lims.shared.forms import REQUIRED, TextField

TEXTS, NUMBERS = ("what", "unit", "source"), ("lower", "upper", "expanded", "factor", "permissible")

__all__ = ["ActionBody", "ExpertForm", "FollowUpBody", "MeasurementBody", "NewProgramme", "PartBody",
           "ProgrammeChange"]


class ProgrammeChange(ProgrammeForm):
    """What may be changed of a draft's particulars."""

    def __init__(self, obj: Programme | None = None, **kwargs: Any) -> None:
        super().__init__([], obj, **kwargs)
        del self.customer_id
        if kwargs.get("formdata") is None and obj is None:
            self.wanted_ratio.data = Decimal(4)

    def values(self) -> dict[str, Any]:
        return {name: self[name].data for name in ("title", "first_on", "last_on", "wanted_ratio")} | {
            "basis": self.basis.data or ""}


class NewProgramme(ProgrammeChange):
    """A draft by the template, for the enterprise of this code."""

    customer = TextField(_l("Mã doanh nghiệp"), [REQUIRED])


class PartBody(PartForm):
    """The text of a section; of a topic also what is missing and why."""

    def __init__(self, obj: ProgrammePart | None = None, **kwargs: Any) -> None:
        super().__init__(obj or ProgrammePart(kind="topic"), **kwargs)

    def values(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in ("body", "gap", "cause") if name in self}


class MeasurementBody(MeasurementForm):
    """Something that is measured, with the instrument of this id."""

    instrument = IntegerField(_l("Phương tiện đo"), [Optional()])

    def __init__(self, obj: ProgrammeMeasurement | None = None, **kwargs: Any) -> None:
        before = {"factor": Decimal(2)} if obj is None else {
            "instrument": obj.instrument_id, **{name: getattr(obj, name) for name in (*TEXTS, *NUMBERS)}}
        super().__init__([], None, data=before, **kwargs)
        del self.instrument_id
        if kwargs.get("formdata") is None:
            self.factor.data = before["factor"]

    def values(self) -> dict[str, Any]:
        return {"instrument_id": self.instrument.data, **{name: self[name].data or "" for name in TEXTS},
                **{name: self[name].data for name in NUMBERS}}


class ActionBody(ActionForm):
    """Something to be done, perhaps against the gap of the topic of this id."""

    part = IntegerField(_l("Mục hiện trạng"), [Optional()])

    def __init__(self, obj: ProgrammeAction | None = None, **kwargs: Any) -> None:
        super().__init__(obj.programme if obj is not None else Programme(), obj, **kwargs)
        del self.part_id
        if kwargs.get("formdata") is None:
            self.part.data = obj.part_id if obj is not None else None

    def values(self) -> dict[str, Any]:
        return {name: self[name].data for name in ("text", "kind", "owner", "due_on", "cost")} | {
            "part_id": self.part.data}


class FollowUpBody(FollowUpForm):
    """What came of an action of an issued programme."""

    def __init__(self, obj: ProgrammeAction | None = None, **kwargs: Any) -> None:
        super().__init__(obj or ProgrammeAction(), **kwargs)
