"""Forms of customers and their instruments."""
from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.validators import Optional, Regexp

from instruments.kinds import all_kinds
from lims.customers import words
from lims.shared.forms import REQUIRED, DayField, HouseForm, NoteField, TextField, VersionField
from lims.shared.i18n import language
from lims.shared.text import search_key

PHONE = Regexp(r"^[0-9+ .()-]{6,24}$", message=_l("Chỉ gồm chữ số, dấu cách và + . ( ) -"))


class CustomerForm(HouseForm):
    """An enterprise: name and address are printed on its certificates."""

    name = TextField(_l("Tên doanh nghiệp"), [REQUIRED])
    name_en = TextField(_l("Tên tiếng Anh"))
    tax_code = TextField(_l("Mã số thuế"), [Optional(), Regexp(
        r"^\d{10}(-?\d{3})?$|^\d{12}$", message=_l("Mã số thuế có 10, 12 hoặc 13 chữ số."))], most=20)
    address = TextField(_l("Địa chỉ"), [REQUIRED], most=300)
    commune = TextField(_l("Xã, phường"), most=100)
    district = TextField(_l("Huyện, thị xã (cũ)"), most=100)
    sector = SelectField(_l("Ngành"), default="")
    metrology_officer = TextField(_l("Phụ trách đo lường"))
    metrology_phone = TextField(_l("Điện thoại phụ trách đo lường"), [Optional(), PHONE], most=30)
    contact = TextField(_l("Người liên hệ"))
    phone = TextField(_l("Điện thoại"), [Optional(), PHONE], most=30)
    email = TextField(_l("Thư điện tử"), [Optional(), Regexp(
        r"^[^@\s]+@[^@\s]+\.[^@\s]+$", message=_l("Không phải địa chỉ thư."))])
    note = NoteField(_l("Ghi chú"))
    active = BooleanField(_l("Đang giao dịch"), default=True)
    version = VersionField()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.sector.choices = [("", "–"), *words.SECTOR.items()]


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
    range_text = TextField(_l("Phạm vi đo"), most=120)
    place_of_use = TextField(_l("Nơi sử dụng"), most=120)
    in_use = BooleanField(_l("Đang sử dụng"), default=True)
    last_service = SelectField(_l("Lần gần nhất"), default="")
    last_verdict = SelectField(_l("Kết quả"), default="pass")
    last_on = DayField(_l("Ngày kiểm định, hiệu chuẩn"), [Optional()])
    last_body = TextField(_l("Tổ chức thực hiện"))
    last_number = TextField(_l("Số giấy chứng nhận"), most=60)
    last_sticker = TextField(_l("Số tem"), most=60)
    valid_until = DayField(_l("Hạn ghi trên giấy hoặc tem"), [Optional()])
    note = NoteField(_l("Ghi chú"))
    version = VersionField()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = kind_choices()
        self.last_service.choices = [("", _l("Chưa rõ")), *words.SERVICE.items()]
        self.last_verdict.choices = [(code, word) for code, word in words.VERDICT.items()
                                     if code != "withdrawn" or self.last_verdict.object_data == code]
        if not self.last_verdict.raw_data and not self.last_verdict.data:
            self.last_verdict.data = "pass"

    def of_table(self) -> InstrumentForm:
        """The form for a line of a table, which also says of a paper that it was withdrawn; a person cannot say it."""
        self.last_verdict.choices = list(words.VERDICT.items())
        return self


def kind_choices() -> list[tuple[str, str]]:
    """(code, name) of every kind, by name in the page's language, "Á" beside "A" and "Đ" beside "D"."""
    named = [(kind.code, kind.name.vi if language() == "vi" else kind.name.en) for kind in all_kinds()]
    return sorted(named, key=lambda choice: search_key(choice[1]))
