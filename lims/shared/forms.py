"""Form fields of the house: cleaned text, dd/mm/yyyy dates, and errors of the domain put at their field."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from flask import flash, redirect
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import (
    DateField,
    Form,
    HiddenField,
    SelectFieldBase,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from lims.shared.errors import DomainError, NotFound
from lims.shared.i18n import language
from lims.shared.text import TextError, clean, clean_identifier

Result = TypeVar("Result")


class _Messages:
    """WTForms' own messages in the page's language (it ships no Vietnamese)."""

    WORDS = {
        "This field is required.": _l("Hãy điền ô này."),
        "Not a valid choice.": _l("Hãy chọn một mục trong danh sách."),
        "'%(value)s' is not a valid choice for this field.": _l("Hãy chọn một mục trong danh sách."),
        "Invalid Choice: could not coerce.": _l("Hãy chọn một mục trong danh sách."),
        "Not a valid integer value.": _l("Cần một số nguyên."),
        "Not a valid decimal value.": _l("Cần một số."),
        "Not a valid date value.": _l("Không có ngày này. Gõ ngày/tháng/năm, ví dụ 05/09/2026."),
        "Number must be at least %(min)s.": _l("Cần một số từ %(min)s trở lên."),
        "Number must be at most %(max)s.": _l("Cần một số không quá %(max)s."),
        "Number must be between %(min)s and %(max)s.": _l("Cần một số từ %(min)s đến %(max)s."),
        "Invalid input.": _l("Không đúng dạng."),
    }

    def gettext(self, string: str) -> str:
        known = self.WORDS.get(string)
        return string if known is None else str(known)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.gettext(singular if n == 1 else plural)


class HouseForm(FlaskForm):
    """Base of every form with a token of its own."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> _Messages:
            return _Messages()


class PartForm(Form):
    """Base of a form inside another (a line of a list)."""

    class Meta:
        def get_translations(self, form: Any) -> _Messages:
            return _Messages()


class Required(InputRequired):
    """Something was sent; else the message says what to do with such a field: choose in a list, fill in a box."""

    def __call__(self, form: Any, field: Any) -> None:
        InputRequired(_l("Hãy chọn một mục trong danh sách.") if isinstance(field, SelectFieldBase)
                      else _l("Hãy điền ô này."))(form, field)


REQUIRED = Required()


class _AtMost(Length):
    """A longer text is refused at its field. The browser is not told: it would cut what is pasted without a word."""

    def __init__(self, most: int) -> None:
        super().__init__(max=most, message=_l("Dài quá %(most)s ký tự.", most=most))
        self.field_flags: dict[str, int] = {}


class TextField(StringField):
    """One line of clean NFC text (`identifier=True` also refuses invisible signs); at most `most` characters."""

    data: Any

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), *, most: int = 200, identifier: bool = False,
                 **kwargs: Any) -> None:
        super().__init__(label, [*validators, _AtMost(most)], **kwargs)
        self.most, self.identifier = most, identifier

    def process_formdata(self, valuelist: list[Any]) -> None:
        if valuelist or not isinstance(self.data, str):  # what was not posted is empty, not the number or row behind
            self.data = valuelist[0] if valuelist else ""

    def pre_validate(self, form: Any) -> None:
        if self.data is None:
            return
        try:
            self.data = (clean_identifier if self.identifier else clean)(self.data)
        except TextError as error:
            raise ValidationError(str(_l("Có ký tự không dùng được (ký tự điều khiển hoặc ký tự ẩn)."))) from error

    def process_data(self, value: Any) -> None:
        super().process_data("" if value is None else value)


class NoteField(TextAreaField):
    """Several lines of clean text, at most 2,000 characters."""

    data: Any

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(label, [*validators, _AtMost(2000)], **kwargs)

    def pre_validate(self, form: Any) -> None:
        try:
            self.data = clean(self.data or "", multiline=True)
        except TextError as error:
            raise ValidationError(str(_l("Có ký tự không dùng được (ký tự điều khiển hoặc ký tự ẩn)."))) from error


class VersionField(HiddenField):
    """The version of the row that the form was filled from, so that nobody overwrites unseen what somebody changed
    meanwhile."""

    @property
    def number(self) -> int:
        """0 where none was sent."""
        text = str(self.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class TicksField(SelectMultipleField):
    """Several of a few choices, each a box to tick: one key or tap, and what is chosen is seen."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class DayField(DateField):
    """A date typed dd/mm/yyyy (ISO is accepted too); the year must be a plausible one."""

    data: Any

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(label, list(validators), format=["%d/%m/%Y", "%Y-%m-%d"], **kwargs)

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(str(part) for part in self.raw_data)
        return f"{self.data:%d/%m/%Y}" if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            self.data = None
            return
        self.data = parse_day(text)
        if self.data is None:
            raise ValueError(str(_l("Không có ngày này. Gõ ngày/tháng/năm, ví dụ 05/09/2026.")))


def parse_day(text: str) -> date | None:
    """dd/mm/yyyy or ISO within 1900-2199; None when it is neither."""
    if not text.isascii():  # strptime reads full-width digits too
        return None
    for pattern in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            day = datetime.strptime(text.strip(), pattern).date()
        except ValueError:
            continue
        return day if 1900 <= day.year < 2200 else None
    return None


@dataclass(frozen=True)
class Accepted(Generic[Result]):
    """What a use case returned for what was typed."""

    result: Result


def accepted(form: FlaskForm, act: Callable[[], Result]) -> Accepted[Result] | None:
    """Do what a form asks once it is sent and right; None where it was not sent, is wrong or was refused, with the
    error at its field, so that the page is shown again with all that was typed.

    Raises NotFound where what the page is of is not there: no field could mend that."""
    if not form.validate_on_submit():
        return None
    try:
        return Accepted(act())
    except DomainError as error:
        if isinstance(error, NotFound) and not error.field:
            raise
        attach(form, error)
        return None


def carried_out(form: FlaskForm, act: Callable[[], str], address: str) -> Response | None:
    """The same for a post that says what it did, in the sentence that `act` gives, and goes on to the address."""
    done = accepted(form, act)
    if done is None:
        return None
    flash(done.result, "success")
    return redirect(address, 303)


def attach(form: FlaskForm, error: DomainError) -> None:
    """Put the error's message at the field it names, or above the form when it names none."""
    field = form
    for part in error.field.split(".") if error.field else ():
        found = _child(field, part)
        if found is None:
            field = form
            break
        field = found
    message = error.message(language())
    if field is form:
        form.form_errors.append(message)
    else:
        field.errors = [*field.errors, message]


def _child(field: Any, part: str) -> Any:
    entries = getattr(field, "entries", None)
    if entries is not None:
        return entries[int(part)] if part.isdigit() and int(part) < len(entries) else None
    form = field if isinstance(field, FlaskForm) else getattr(field, "form", field)
    return next((child for child in form if child.short_name == part), None)
