"""Forms of customers and their instruments."""
from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectField
from wtforms.validators import InputRequired, Optional, Regexp

from instruments.kinds import all_kinds
from lims.shared.forms import HouseForm, NoteField, TextField
from lims.shared.i18n import language
from lims.shared.text import search_key

REQUIRED = InputRequired(message=_l("Hãy điền ô này."))


class CustomerForm(HouseForm):
    """An enterprise: name and address are printed on its certificates."""

    name = TextField(_l("Tên doanh nghiệp"), [REQUIRED])
    name_en = TextField(_l("Tên tiếng Anh"))
    tax_code = TextField(_l("Mã số thuế"), [Optional(), Regexp(
        r"^\d{10}(-?\d{3})?$|^\d{12}$", message=_l("Mã số thuế có 10, 12 hoặc 13 chữ số."))], most=20)
    address = TextField(_l("Địa chỉ"), [REQUIRED], most=300)
    contact = TextField(_l("Người liên hệ"))
    phone = TextField(_l("Điện thoại"), [Optional(), Regexp(
        r"^[0-9+ .()-]{6,24}$", message=_l("Chỉ gồm chữ số, dấu cách và + . ( ) -"))], most=30)
    email = TextField(_l("Thư điện tử"), [Optional(), Regexp(
        r"^[^@\s]+@[^@\s]+\.[^@\s]+$", message=_l("Không phải địa chỉ thư."))])
    note = NoteField(_l("Ghi chú"))
    active = BooleanField(_l("Đang giao dịch"), default=True)


class InstrumentForm(HouseForm):
    """A customer's instrument."""

    kind = SelectField(_l("Loại phương tiện đo"), [REQUIRED])
    name = TextField(_l("Tên trên giấy"), [REQUIRED])
    maker = TextField(_l("Nơi (hãng) sản xuất"))
    model = TextField(_l("Kiểu"))
    serial = TextField(_l("Số chế tạo"), [REQUIRED], most=60, identifier=True)
    tag = TextField(_l("Mã quản lý"), most=60, identifier=True)
    year = TextField(_l("Năm sản xuất"), [Optional(), Regexp(
        r"^(19|20)\d\d$", message=_l("Năm gồm bốn chữ số."))], most=4)
    note = NoteField(_l("Ghi chú"))
    version = IntegerField(_l("Phiên bản"), default=0)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = kind_choices()


def kind_choices() -> list[tuple[str, str]]:
    """(code, name) of every kind, by name in the page's language, "Á" beside "A" and "Đ" beside "D"."""
    named = [(kind.code, kind.name.vi if language() == "vi" else kind.name.en) for kind in all_kinds()]
    return sorted(named, key=lambda choice: search_key(choice[1]))
