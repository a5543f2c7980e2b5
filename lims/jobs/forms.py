"""Forms of reception, review of the request, assignment and hand-over."""
from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, HiddenField, SelectField
from wtforms.validators import Optional, Regexp

from lims.customers.forms import kind_choices
from lims.jobs import procedures
from lims.jobs.models import Job, JobItem
from lims.jobs.regimes import Regime
from lims.jobs.wording import reason_words, rule_words
from lims.shared.forms import REQUIRED, DayField, HouseForm, NoteField, PartForm, TextField, VersionField
from lims.shared.i18n import language

MONTHS = Regexp(r"^([1-9]|[1-9][0-9]|1[0-9][0-9]|2[0-3][0-9]|240)$",
                message=_l("Cần một số nguyên từ 1 đến 240, hoặc để trống."))
MOST_ITEMS = 200


class ItemForm(PartForm):
    """One instrument taken in; `instrument_id` is filled when it was recognised."""

    instrument_id = HiddenField()
    serial = TextField(_l("Số chế tạo"), [REQUIRED], most=60, identifier=True)
    kind = SelectField(_l("Loại"), [REQUIRED])
    name = TextField(_l("Tên trên giấy"), [REQUIRED])
    maker = TextField(_l("Nơi (hãng) sản xuất"))
    model = TextField(_l("Kiểu"))
    tag = TextField(_l("Mã quản lý"), most=60, identifier=True)
    procedure_id = SelectField(_l("Việc yêu cầu"), [REQUIRED])
    regime = SelectField(_l("Chế độ"), default="")  # the page sends it for a verification only
    regime_reason = SelectField(_l("Lý do"), default="")
    regime_note = TextField(_l("Nói rõ yêu cầu"), description=_l("Đối chứng: tổ chức đã kiểm định, số giấy. "
                                                                 "Yêu cầu khác: văn bản hoặc cơ quan yêu cầu"))
    condition = TextField(_l("Tình trạng khi nhận"))
    accessories = TextField(_l("Phụ kiện"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [("", ""), *kind_choices()]
        self.procedure_id.choices = [("", ""), *procedure_choices()]
        self.regime.choices, self.regime_reason.choices = regime_choices(), reason_choices()


class ReceptionForm(HouseForm):
    """A job: customer, terms, and the instruments one by one."""

    customer_id = HiddenField()
    customer = TextField(_l("Doanh nghiệp"), [REQUIRED])
    new_address = TextField(_l("Địa chỉ"), most=300)
    new_tax_code = TextField(_l("Mã số thuế"), [Optional(), Regexp(
        r"^\d{10}(-?\d{3})?$|^\d{12}$", message=_l("Mã số thuế có 10, 12 hoặc 13 chữ số."))], most=20)
    new_contact = TextField(_l("Người liên hệ"))
    new_phone = TextField(_l("Điện thoại"), most=30)
    received_on = DayField(_l("Ngày nhận"), [REQUIRED])
    promised_on = DayField(_l("Hẹn trả"), [Optional()])
    place = SelectField(_l("Nơi thực hiện"))
    delivered_by = TextField(_l("Người giao"))
    note = NoteField(_l("Ghi chú"))
    items = FieldList(FormField(ItemForm), min_entries=1, max_entries=MOST_ITEMS)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.place.choices = [("laboratory", _l("Phòng thí nghiệm")), ("customer", _l("Cơ sở khách hàng")),
                              ("field", _l("Hiện trường"))]


class JobForm(HouseForm):
    """What may change of a job as a whole once it is taken in."""

    promised_on = DayField(_l("Hẹn trả"), [Optional()])
    delivered_by = TextField(_l("Người giao"))
    note = NoteField(_l("Ghi chú"))
    version = VersionField()


class ReviewForm(HouseForm):
    """Review of the request; review_form_of() adds rule and agreed interval of every item."""

    note = NoteField(_l("Ghi chú trao đổi với khách hàng"))


class AssignForm(HouseForm):
    """Who performs the ticked items."""

    user = SelectField(_l("Người thực hiện"), [REQUIRED])


class HandOverForm(HouseForm):
    """Who takes the instruments back."""

    to = TextField(_l("Người nhận"), [REQUIRED])


class ReasonForm(HouseForm):
    """An act that needs its reason."""

    reason = NoteField(_l("Lý do"), [REQUIRED])


def review_form_of(job: Job, **how: None) -> ReviewForm:
    """The form of this job with "rule-N" and "interval-N" (months, calibrations only) for each item id N."""
    class Form(ReviewForm):
        pass

    agreed = {}
    for item in job.items:
        agreed[f"interval-{item.id}"] = str(item.interval_agreed_months or "")
        setattr(Form, f"rule-{item.id}", SelectField(
            _l("Quy tắc ra quyết định của %(code)s", code=item.code), default=item.decision_rule))
        setattr(Form, f"interval-{item.id}", TextField(
            _l("Chu kỳ thỏa thuận của %(code)s", code=item.code), [Optional(), MONTHS], most=10))
        if item.service == "verification":
            for key, field in _regime_fields(item).items():
                setattr(Form, f"at-{item.id}-{key}", field)
    form = Form(**how, data={"note": job.review_note, **agreed})
    for item in job.items:
        if item.service == "verification":
            form[f"at-{item.id}-regime"].choices = regime_choices()
            form[f"at-{item.id}-regime_reason"].choices = reason_choices()
        form[f"rule-{item.id}"].choices = [
            choice for choice in rule_words().items()
            if item.service != "verification" or choice[0] == procedures.procedure_of(item).decision.rule]
    return form


def _regime_fields(item: JobItem) -> dict[str, Any]:
    """Regime, reason and note of one verification, as they stand."""
    return {
        "regime": SelectField(_l("Chế độ kiểm định của %(code)s", code=item.code), default=item.regime),
        "regime_reason": SelectField(_l("Lý do của %(code)s", code=item.code), default=item.regime_reason),
        "regime_note": TextField(_l("Nói rõ yêu cầu của %(code)s", code=item.code), default=item.regime_note)}


def regimes_of(form: ReviewForm, job: Job) -> dict[int, Regime]:
    """The regimes that were sent, by item; what the page did not send is left alone."""
    return {item.id: Regime(form[f"at-{item.id}-regime"].data, form[f"at-{item.id}-regime_reason"].data or "",
                            form[f"at-{item.id}-regime_note"].data or "")
            for item in job.items if item.service == "verification" and form[f"at-{item.id}-regime"].raw_data}


def procedure_choices() -> list[tuple[str, str]]:
    """(id, "service: title (code)") of the procedures in force."""
    services = service_words()
    return [(str(version.id), f"{services[procedure.service]}: {procedure.title.in_language(language())}")
            for version, procedure in procedures.current()]


def service_words() -> dict[str, str]:
    """Names of the services in the page's language."""
    return {"calibration": str(_l("Hiệu chuẩn")), "verification": str(_l("Kiểm định")),
            "test": str(_l("Thử nghiệm"))}


def regime_choices() -> list[tuple[str, str]]:
    """Regimes of a legal verification; empty for other services."""
    return [("", "–"), ("initial", str(_l("Ban đầu"))), ("periodic", str(_l("Định kỳ"))),
            ("after_repair", str(_l("Sau sửa chữa"))), ("counter", str(_l("Đối chứng"))),
            ("other", str(_l("Theo yêu cầu khác")))]


def reason_choices() -> list[tuple[str, str]]:
    """Reasons of a verification after repair."""
    return [("", "–"), *reason_words().items()]
