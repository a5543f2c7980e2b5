"""Bodies about jobs and their items: what reception, review, assignment and hand-over say, by codes and not by keys."""
from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, IntegerField, SelectField, ValidationError
from wtforms.validators import NumberRange, Optional

from lims.customers.forms import PHONE, CustomerForm, kind_choices
from lims.jobs.forms import MOST_ITEMS, HandOverForm, JobForm, ReasonForm, ReceptionForm, reason_choices, regime_choices
from lims.jobs.models import PLACES
from lims.jobs.service import DECISION_RULES
from lims.shared.forms import REQUIRED, DayField, HouseForm, NoteField, PartForm, TextField

__all__ = ["HandOverForm", "ItemChange", "JobForm", "JobReview", "NewJob", "ReasonForm"]


class OfNew:
    """Needed of an instrument that is not known yet."""

    def __call__(self, form: Any, field: Any) -> None:
        if not form.instrument.data and not field.data:
            raise ValidationError(str(_l("Hãy điền ô này.")))


OF_NEW = OfNew()


class ReceivedInstrument(PartForm):
    """One instrument taken in: `instrument` names a known one, else its particulars stand here."""

    instrument = IntegerField(_l("Phương tiện đo đã biết"), [Optional()])
    kind = SelectField(_l("Loại"), [OF_NEW], default="")
    name = TextField(_l("Tên trên giấy"), [OF_NEW])
    serial = TextField(_l("Số chế tạo"), [OF_NEW], most=60, identifier=True)
    maker = TextField(_l("Nơi (hãng) sản xuất"))
    model = TextField(_l("Kiểu"))
    tag = TextField(_l("Mã quản lý"), most=60, identifier=True)
    procedure = TextField(_l("Việc yêu cầu"), [REQUIRED])
    regime = SelectField(_l("Chế độ"), default="")
    regime_reason = SelectField(_l("Lý do"), default="")
    regime_note = TextField(_l("Nói rõ yêu cầu"))
    condition = TextField(_l("Tình trạng khi nhận"))
    accessories = TextField(_l("Phụ kiện"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [("", ""), *kind_choices()]
        self.regime.choices, self.regime_reason.choices = regime_choices(), reason_choices()


class NewOwner(PartForm):
    """An enterprise that is not in the register yet."""

    name = TextField(_l("Tên doanh nghiệp"))
    address = TextField(_l("Địa chỉ"), most=300)
    tax_code = CustomerForm.tax_code
    contact = TextField(_l("Người liên hệ"))
    phone = TextField(_l("Điện thoại"), [Optional(), PHONE], most=30)


class NewJob(HouseForm):
    """A reception: a known customer by code, or a new one, and the instruments."""

    customer = TextField(_l("Mã doanh nghiệp"))
    new_customer = FormField(NewOwner)
    received_on = DayField(_l("Ngày nhận"), [Optional()])
    promised_on = ReceptionForm.promised_on
    place = SelectField(_l("Nơi thực hiện"), default="laboratory", choices=list(PLACES))
    delivered_by = TextField(_l("Người giao"))
    note = NoteField(_l("Ghi chú"))
    items = FieldList(FormField(ReceivedInstrument), max_entries=MOST_ITEMS)


class ReviewedItem(PartForm):
    """What was agreed about one item; what is left out stays."""

    item = TextField(_l("Mục"), [REQUIRED])
    decision_rule = SelectField(_l("Quy tắc ra quyết định"), default="", choices=list(DECISION_RULES))
    interval_agreed_months = IntegerField(_l("Chu kỳ thỏa thuận"), [Optional(), NumberRange(1, 240)])
    regime = SelectField(_l("Chế độ"), default="")
    regime_reason = SelectField(_l("Lý do"), default="")
    regime_note = TextField(_l("Nói rõ yêu cầu"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.regime.choices, self.regime_reason.choices = regime_choices(), reason_choices()


class JobReview(HouseForm):
    """The review of the request."""

    note = NoteField(_l("Ghi chú trao đổi với khách hàng"))
    items = FieldList(FormField(ReviewedItem), max_entries=MOST_ITEMS)


class ItemChange(HouseForm):
    """Who performs an item, by user name."""

    assigned_to = TextField(_l("Người thực hiện"), [REQUIRED])
