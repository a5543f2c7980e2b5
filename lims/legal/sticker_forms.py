"""Forms of the ledger: a series that came in, a run of numbers that moves, a count, a sticker for an item."""
from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.validators import Optional, Regexp

from lims.equipment.fields import options
from lims.equipment.forms import people
from lims.legal import sticker_words as words
from lims.shared.forms import REQUIRED, DayField, HouseForm, TextField

WHOLE = Regexp(r"^[0-9]{1,6}$", message=_l("Cần một số nguyên từ 0 trở lên."))


class ReceiveForm(HouseForm):
    """A series as it came in."""

    kind = SelectField(_l("Loại"), [REQUIRED])
    first = TextField(_l("Số đầu"), [REQUIRED], most=30, identifier=True,
                      description=_l("như in trên tem, ví dụ 26V.00001"))
    last = TextField(_l("Số cuối"), [REQUIRED], most=30, identifier=True)
    received_on = DayField(_l("Ngày nhận"), [REQUIRED])
    supplier = TextField(_l("Nhận từ"))
    note = TextField(_l("Ghi chú"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind.choices = options(words.kinds().items())


class MoveForm(HouseForm):
    """A run of numbers of a series that goes to a person, comes back, is spoiled or lost."""

    act = SelectField(_l("Việc"), [REQUIRED])
    first = TextField(_l("Từ số"), [REQUIRED], most=30, identifier=True)
    last = TextField(_l("Đến số"), most=30, identifier=True, description=_l("để trống: một số"))
    holder = SelectField(_l("Người nhận"), [Optional()])
    job = TextField(_l("Cho phiếu"), most=20, description=_l("để trống: dùng cho mọi phiếu"))
    reason = TextField(_l("Lý do"), description=_l("bắt buộc khi hỏng hoặc mất"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.act.choices = options([("assign", _("Giao cho người dùng")), ("return", _("Nhận lại")),
                                    ("spoil", _("Hỏng")), ("lose", _("Mất"))])
        self.holder.choices = options([("", "–"), *people()])


class CountForm(HouseForm):
    """What was counted in one hand."""

    day = HiddenField()
    holder = HiddenField()
    kind = HiddenField()
    counted = TextField(_l("Đếm được"), [REQUIRED, WHOLE], most=6)
    note = TextField(_l("Vì sao lệch"))


class DrawForm(HouseForm):
    """A sticker, or a seal, for an item: the next of the hand, or the number typed."""

    number = TextField(_l("Số tem"), most=40, identifier=True, description=_l("để trống: số nhỏ nhất trong tay"))


class ReleaseForm(HouseForm):
    """A number goes back into the hand; with a reason it is spoiled."""

    number = HiddenField()
    spoiled = TextField(_l("Hỏng vì"), description=_l("để trống: tem còn tốt, trả về tay"))


class NoCertificateForm(HouseForm):
    """Why marks and sticker stand in the place of a certificate."""

    reason = TextField(_l("Vì sao không cấp giấy"), [REQUIRED], most=200,
                       description=_l("ví dụ: dấu trên nút chì đã cho biết thời hạn; khách không cần giấy"))


class WaiveForm(HouseForm):
    """Why no sticker is put on."""

    reason = TextField(_l("Vì sao không dán"), [REQUIRED], description=_l("ví dụ: không có chỗ dán, chỉ cấp giấy"))
