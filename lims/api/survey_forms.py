"""Bodies of surveys: the head, rows by the key that whoever enters them gives, and the end."""
from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, IntegerField, SelectField
from wtforms.validators import InputRequired, Optional

from lims.equipment.fields import options
from lims.shared.forms import REQUIRED, DayField, HouseForm, NoteField, PartForm, TextField
from lims.surveys import words
from lims.surveys.forms import BeginForm
from lims.surveys.models import Survey
from lims.surveys.row_fields import FIELDS
from lims.surveys.service import LONGEST_TEXT, MOST_ROWS

__all__ = ["BeginForm", "SurveyChange", "SurveyEnd"]


class RowFields(PartForm):
    """What is seen of one instrument, as typed."""


for _name in FIELDS:  # the row reads them by its own rules: here they are texts
    setattr(RowFields, _name, TextField(words.FIELD.get(_name, _name), most=LONGEST_TEXT))


class RowForm(PartForm):
    """One instrument seen: `revision` 0 for a new row, else the one that was read."""

    key = TextField(_l("Mã dòng"), [REQUIRED], most=60, identifier=True)
    revision = IntegerField(_l("Bản đã đọc"), [Optional()], default=0)
    removed = BooleanField(_l("Bỏ dòng"))
    fields = FormField(RowFields)


class SurveyChange(HouseForm):
    """The head of a draft, and the rows that change."""

    visited_on = DayField(_l("Ngày khảo sát"), [REQUIRED])
    team = TextField(_l("Đoàn khảo sát"), [REQUIRED], most=500)
    findings = NoteField(_l("Nhận xét"))
    recommendations = NoteField(_l("Kiến nghị"))
    rows = FieldList(FormField(RowForm), max_entries=MOST_ROWS)

    def __init__(self, survey: Survey | None = None, **kwargs: Any) -> None:
        """`survey`: whose head stands where the body says nothing."""
        head = ("visited_on", "team", "findings", "recommendations")
        super().__init__(data={name: getattr(survey, name) for name in head} if survey is not None else {}, **kwargs)


class SurveyEnd(HouseForm):
    """The survey is finished: rows whose differences the register does not take over, instruments no longer there."""

    state = SelectField(_l("Trạng thái"), [InputRequired()], choices=options([("finished", words.STATE["finished"])]))
    keep = FieldList(TextField(most=60), label=_l("Giữ theo sổ"), max_entries=MOST_ROWS)
    out_of_use = FieldList(IntegerField(), label=_l("Thôi sử dụng"), max_entries=MOST_ROWS)
