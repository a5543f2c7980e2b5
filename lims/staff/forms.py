"""Forms of competence."""
from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, IntegerField, SelectField
from wtforms.validators import Optional
from wtforms.widgets import TextInput

from lims.shared.forms import REQUIRED, DayField, HouseForm, NoteField, TextField, TicksField
from lims.shared.i18n import language
from lims.staff import words
from lims.staff.catalogue import procedures
from lims.staff.models import TrainingNeed
from lims.staff.overview import people
from lims.staff.records import Event, Paper, Upload


def person_choices(*, empty: bool = True) -> list[tuple[str, str]]:
    """Everybody with an open account."""
    return [*([("", "")] if empty else []), *((str(one.id), one.full_name) for one in people())]


def procedure_choices(nothing: str = "") -> list[tuple[str, str]]:
    """The procedures by field and code."""
    return [("", nothing), *((one.code, f"{one.code} · {one.title}") for one in procedures(language()))]


def upload_of(field: Any) -> Upload | None:
    """What was uploaded in a file field; None for nothing."""
    return Upload(field.data.filename or "", field.data.read()) if field.data else None


class AuthorisationForm(HouseForm):
    """One person, one procedure, one or more activities, from–to."""

    user_id = SelectField(_l("Người"), [REQUIRED])
    procedure_code = SelectField(_l("Quy trình"), [REQUIRED])
    activities = TicksField(_l("Được làm"), [REQUIRED])
    valid_from = DayField(_l("Từ ngày"), [REQUIRED])
    valid_to = DayField(_l("Đến ngày"), [Optional()])
    basis = TextField(_l("Căn cứ (quyết định, biên bản đánh giá)"), [REQUIRED])


class OfficerCardForm(HouseForm):
    """A verification officer's card."""

    user_id = SelectField(_l("Người"), [REQUIRED])
    number = TextField(_l("Số thẻ"), [REQUIRED], most=40, identifier=True)
    field = TextField(_l("Lĩnh vực"), [REQUIRED])
    issued_by = TextField(_l("Nơi cấp"))
    decision = TextField(_l("Quyết định cấp thẻ"), most=100)
    valid_from = DayField(_l("Từ ngày"), [REQUIRED])
    valid_to = DayField(_l("Đến ngày"), [REQUIRED])
    file = FileField(_l("Bản chụp thẻ, quyết định (PDF, PNG, JPEG)"))


class PersonCertificateForm(HouseForm):
    """The certificate of a person's token."""

    user_id = SelectField(_l("Người"), [REQUIRED])
    file = FileField(_l("Chứng thư trên token (.cer, .crt, .pem)"))


class EndCertificateForm(HouseForm):
    """Why a person's certificate is accepted no longer."""

    reason = TextField(_l("Lý do"), [REQUIRED])


class EndForm(HouseForm):
    """Why and when an authorisation ends."""

    valid_to = DayField(_l("Ngày cuối"), [REQUIRED])
    reason = TextField(_l("Lý do"), [REQUIRED])


class EventForm(HouseForm):
    """Training, assessment, work under eyes; for one or several persons."""

    people = TicksField(_l("Người tham gia"), [REQUIRED])
    kind = SelectField(_l("Loại"), [REQUIRED])
    on = DayField(_l("Ngày"), [REQUIRED])
    until = DayField(_l("Đến ngày"), [Optional()])
    procedure_code = SelectField(_l("Quy trình"), [Optional()])
    subject = TextField(_l("Nội dung"), [REQUIRED], most=300)
    by_whom = TextField(_l("Nơi tổ chức, người đánh giá"))
    result = SelectField(_l("Kết quả"), [REQUIRED])
    need_id = HiddenField()
    file = FileField(_l("Minh chứng (PDF, PNG, JPEG)"))

    def __init__(self, need: TrainingNeed | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.people.choices = person_choices(empty=False)
        self.kind.choices = [(value, str(word)) for value, word in words.EVENT.items()]
        self.result.choices = [(value, str(word)) for value, word in words.RESULT.items()]
        self.procedure_code.choices = procedure_choices(_("Không riêng quy trình nào"))
        if need is not None and not self.is_submitted():
            self.people.data, self.need_id.data = [str(need.user_id)], str(need.id)
            self.subject.data, self.procedure_code.data = need.text[:300], need.procedure_code

    def event(self) -> Event:
        """The typed event (after validation)."""
        need = str(self.need_id.data or "")
        return Event(kind=self.kind.data, on=self.on.data, until=self.until.data, subject=self.subject.data,
                     procedure_code=self.procedure_code.data or "", by_whom=self.by_whom.data or "",
                     result=self.result.data,
                     need_id=int(need) if need.isascii() and need.isdigit() and len(need) < 10 else None)


class NeedForm(HouseForm):
    """What a person must still learn, until when."""

    user_id = SelectField(_l("Người"), [REQUIRED])
    procedure_code = SelectField(_l("Quy trình"), [Optional()])
    text = NoteField(_l("Cần được đào tạo về"), [REQUIRED])
    target_on = DayField(_l("Phải xong trước ngày"), [REQUIRED])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.user_id.choices = person_choices()
        self.procedure_code.choices = procedure_choices(_("Không riêng quy trình nào"))


class PaperForm(HouseForm):
    """A degree, course, certificate or decision."""

    user_id = SelectField(_l("Người"), [REQUIRED])
    kind = SelectField(_l("Loại"), [REQUIRED])
    title = TextField(_l("Tên giấy"), [REQUIRED], most=300)
    number = TextField(_l("Số"), most=60)
    issued_by = TextField(_l("Nơi cấp"))
    issued_on = DayField(_l("Ngày cấp"), [REQUIRED])
    valid_to = DayField(_l("Hết hạn ngày"), [Optional()])
    file = FileField(_l("Bản chụp (PDF, PNG, JPEG)"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.user_id.choices = person_choices()
        self.kind.choices = [(value, str(word)) for value, word in words.PAPER.items()]

    def paper(self) -> Paper:
        """The typed paper (after validation)."""
        return Paper(kind=self.kind.data, title=self.title.data, number=self.number.data or "",
                     issued_by=self.issued_by.data or "", issued_on=self.issued_on.data, valid_to=self.valid_to.data)


class LimitsForm(HouseForm):
    """The laboratory's own limits."""

    seen = HiddenField()
    months = IntegerField(_l("Đề nghị kết thúc sau số tháng không làm"), [REQUIRED],
                          widget=TextInput(), render_kw={"inputmode": "numeric", "autocomplete": "off"})
    least = IntegerField(_l("Số người tối thiểu mỗi lĩnh vực"), [REQUIRED],
                         widget=TextInput(), render_kw={"inputmode": "numeric", "autocomplete": "off"})
