"""Forms of check plans, checks and interval decisions."""
from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, HiddenField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import Optional

from instruments.check_charts import RULES
from lims.equipment.fields import NumberField, options
from lims.equipment.models import Standard
from lims.equipment.words import CALENDAR_UNIT
from lims.impact import words
from lims.impact.checks import PlanDetails, rules_of
from lims.impact.models import CheckPlan
from lims.shared.db import session
from lims.shared.forms import REQUIRED, DayField, HouseForm, NoteField, TextField, TicksField, VersionField
from lims.shared.i18n import language


class PlanForm(HouseForm):
    """How a standard is checked between calibrations."""

    title = TextField(_l("Tên phép kiểm tra"), [REQUIRED], description=_l("Ví dụ: điểm 10 bar so với áp kế pittông"))
    artefact = TextField(_l("Vật hoặc chuẩn dùng để kiểm tra"), [REQUIRED])
    check_standard_id = SelectField(_l("Nếu là chuẩn trong sổ"), [Optional()])
    point = TextField(_l("Điểm kiểm tra"), most=40)
    unit = TextField(_l("Đơn vị"), [REQUIRED], most=20, identifier=True)
    repeats = IntegerField(_l("Số lần đọc"), [REQUIRED], default=3)
    reads = RadioField(_l("Số đọc là"), [REQUIRED], choices=options(words.CHECK_READS.items()))
    method = RadioField(_l("Đánh giá theo"), [REQUIRED], choices=options(words.CHECK_METHOD.items()),
                        default="shewhart")
    centre = NumberField(_l("Giá trị quy chiếu (đường tâm)"), [REQUIRED])
    sigma = NumberField(_l("σ của trung bình"), description=_l("Cho biểu đồ Shewhart"))
    reference_uncertainty = NumberField(_l("U của vật kiểm tra"), description=_l("Cho tiêu chí En, k = 2"))
    own_uncertainty = NumberField(_l("U của phép kiểm tra"), description=_l("Cho tiêu chí En, k = 2"))
    action_limit = NumberField(_l("Giới hạn hành động ±"), description=_l("Lệch lớn nhất cho phép so với đường tâm"))
    rules = TicksField(_l("Quy tắc Nelson làm dừng chuẩn"), default=["1"],
                       description=_l("Quy tắc không chọn vẫn được xét, chỉ cảnh báo"))
    active = BooleanField(_l("Đang áp dụng"), default=True)
    version = VersionField()

    def __init__(self, standard: Standard, plan: CheckPlan | None = None, **kwargs: Any) -> None:
        super().__init__(obj=plan, **kwargs)
        rows = session().execute(sa.select(Standard.id, Standard.asset_number, Standard.name).where(
            Standard.quantity == standard.quantity, Standard.id != standard.id, Standard.state != "retired")
            .order_by(Standard.asset_number))
        self.check_standard_id.choices = options([("", _("Không phải chuẩn trong sổ")), *(
            (str(row_id), f"{number}, {name}") for row_id, number, name in rows)])
        self.rules.choices = options([(str(rule), f"{rule}. {text.in_language(language())}")
                                      for rule, text in RULES.items()])
        if not self.is_submitted():
            self.unit.data = plan.unit if plan else standard.spread_unit or standard.unit
            if plan is not None:
                self.rules.data = [str(rule) for rule in rules_of(plan)]
                self.check_standard_id.data = str(plan.check_standard_id or "")

    def details(self) -> PlanDetails:
        """The typed plan (after validation)."""
        chosen = self.check_standard_id.data
        return PlanDetails(
            title=self.title.data, artefact=self.artefact.data, point=self.point.data or "", unit=self.unit.data,
            check_standard_id=int(chosen) if chosen else None, method=self.method.data, centre=self.centre.data,
            repeats=self.repeats.data or 0, sigma=self.sigma.data, active=bool(self.active.data),
            reference_uncertainty=self.reference_uncertainty.data, own_uncertainty=self.own_uncertainty.data,
            action_limit=self.action_limit.data, reads=self.reads.data or None,
            rules=tuple(int(rule) for rule in self.rules.data or ()))


class NewPlanForm(PlanForm):
    """A new plan comes with its interval."""

    interval_count = IntegerField(_l("Kiểm tra mỗi"), [REQUIRED], default=6)
    interval_unit = SelectField(_l("Tính bằng"), choices=options(CALENDAR_UNIT.items()), default="months")


class RunForm(HouseForm):
    """The readings of one check."""

    done_on = DayField(_l("Ngày kiểm tra"), [REQUIRED])
    readings = FieldList(StringField(_l("Số đọc"), render_kw={"inputmode": "decimal", "autocomplete": "off",
                                                            "maxlength": "60"}), label=_l("Số đọc"))
    note = NoteField(_l("Ghi nhận"))
    release = BooleanField(_l("Nếu đạt: đưa chuẩn trở lại sử dụng"), default=True)

    def __init__(self, plan: CheckPlan, *, may_release: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        while len(self.readings) < plan.repeats:
            self.readings.append_entry()
        if plan.standard.state != "quarantined" or not may_release:
            del self.release


class IntervalForm(HouseForm):
    """A person's decision on the calibration interval."""

    seen = HiddenField()
    interval_count = IntegerField(_l("Chu kỳ mới"), [REQUIRED])
    interval_unit = SelectField(_l("Tính bằng"), choices=options(CALENDAR_UNIT.items()), default="months")
    method = SelectField(_l("Căn cứ"), choices=options(words.METHOD.items()), default="judgement")
    reason = NoteField(_l("Lý do"), [REQUIRED])


class CapForm(HouseForm):
    """The longest interval permitted."""

    seen = HiddenField()
    months = IntegerField(_l("Chu kỳ dài nhất"), [REQUIRED], description=_l("Số tháng; 0 là không có giới hạn"))
    basis = TextField(_l("Theo văn bản"))
