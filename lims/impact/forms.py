"""Forms of impact reviews."""
from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField

from lims.equipment.facts import standing
from lims.equipment.fields import NumberField, options
from lims.equipment.models import Standard
from lims.impact import words
from lims.impact.models import ImpactReview
from lims.impact.reviews import Assumption
from lims.shared.forms import REQUIRED, DayField, HouseForm, NoteField, VersionField
from lims.shared.i18n import day


class AssumptionForm(HouseForm):
    """What the results are recomputed with."""

    since = DayField(_l("Kết quả đo từ ngày"), [REQUIRED])
    until = DayField(_l("đến hết ngày"), [REQUIRED])
    certificate_id = SelectField(_l("Giá trị của chuẩn lấy theo"))
    shift = NumberField(_l("Dịch mọi giá trị của chuẩn"), description=_l("Ví dụ độ lệch tìm thấy; để trống là 0"))
    half_width = NumberField(_l("Độ trôi ít nhất (nửa khoảng)"),
                             description=_l("Làm U lớn lên; để trống là giữ nguyên"))
    version = VersionField()

    def __init__(self, standard: Standard, review: ImpactReview | None = None, **kwargs: Any) -> None:
        super().__init__(obj=review, **kwargs)
        self.certificate_id.choices = options([("", _("Giấy mà từng kết quả đã dùng")), *(
            (str(row.id), f"{row.number}, {day(row.calibrated_on)}") for row in standing(standard.certificates))])
        if not self.is_submitted() and review is not None:
            self.certificate_id.data = str(review.certificate_id or "")
            self.shift.data = review.shift or None
            self.version.data = review.version

    def assumption(self) -> Assumption:
        """The typed assumption (after validation)."""
        chosen = self.certificate_id.data
        return Assumption(since=self.since.data, until=self.until.data, shift=self.shift.data or Assumption.shift,
                          certificate_id=int(chosen) if chosen else None, half_width=self.half_width.data)


class OpenForm(AssumptionForm):
    """A review opened by hand."""

    what = NoteField(_l("Điều nghi ngờ"), [REQUIRED], description=_l("Thấy gì, khi nào, ai thấy"))
    quarantine = BooleanField(_l("Cách ly chuẩn ngay"), default=True)


class DecisionForm(HouseForm):
    """Significance and decision of nonconforming work."""

    significance = RadioField(_l("Mức ảnh hưởng"), [REQUIRED], choices=options(words.SIGNIFICANCE.items()))
    decision = RadioField(_l("Quyết định"), [REQUIRED], choices=options(words.DECISION.items()))
    evaluation = NoteField(_l("Căn cứ"), [REQUIRED])
    version = VersionField()


class ClosingForm(HouseForm):
    """Work is resumed."""

    resumption = NoteField(_l("Căn cứ cho phép tiếp tục công việc"), [REQUIRED], description=_l(
        "Chuẩn đã được kiểm tra lại, hiệu chuẩn lại, hoặc vì sao còn dùng được"))
    release = BooleanField(_l("Đưa chuẩn trở lại sử dụng"), default=True)
    version = VersionField()

    def __init__(self, row: ImpactReview, **kwargs: Any) -> None:
        super().__init__(obj=row, **kwargs)
        if row.standard.state != "quarantined":
            del self.release
