"""Forms of comparisons between laboratories."""
from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectField
from wtforms.validators import Optional

from lims.equipment.fields import NumberField, options
from lims.equipment.forms import people
from lims.impact.comparisons import ComparisonDetails, Outcome
from lims.impact.models import Comparison
from lims.jobs.procedures import titles
from lims.shared.forms import REQUIRED, DayField, HouseForm, NoteField, TextField, VersionField
from lims.shared.i18n import language


class ComparisonForm(HouseForm):
    """What is planned."""

    code = TextField(_l("Mã vòng"), [REQUIRED], most=60, identifier=True)
    title = TextField(_l("Tên chương trình"), [REQUIRED])
    provider = TextField(_l("Nhà tổ chức"), [REQUIRED])
    accreditation = TextField(_l("Công nhận của nhà tổ chức"), description=_l("ISO/IEC 17043, nếu có"))
    procedure_code = SelectField(_l("Quy trình"), [Optional()])
    measurand = TextField(_l("Đại lượng, điểm"), [REQUIRED], description=_l("Ví dụ: áp suất, sai số ở 10 bar"))
    unit = TextField(_l("Đơn vị"), [REQUIRED], most=20, identifier=True)
    planned_on = DayField(_l("Dự kiến ngày"), [REQUIRED])
    responsible_id = SelectField(_l("Người phụ trách"), [REQUIRED])
    note = NoteField(_l("Ghi chú"))
    version = VersionField()

    def __init__(self, row: Comparison | None = None, **kwargs: Any) -> None:
        super().__init__(obj=row, **kwargs)
        self.procedure_code.choices = options([("", _("Không gắn quy trình")), *(
            (code, f"{code} {title}") for code, title in titles(language()))])
        self.responsible_id.choices = options([("", _("Chọn người")), *people(row.responsible_id if row else None)])
        if not self.is_submitted() and row is not None:
            self.responsible_id.data = str(row.responsible_id)

    def go_on(self, row: Comparison) -> None:
        """Fill in what a further point of the round has in common with this one."""
        for name in ("code", "title", "provider", "accreditation", "procedure_code", "unit", "planned_on"):
            self[name].data = getattr(row, name)
        self.responsible_id.data = str(row.responsible_id)

    def details(self) -> ComparisonDetails:
        """The typed plan (after validation)."""
        values = {name: value for name, value in self.data.items() if name in ComparisonDetails.__dataclass_fields__}
        return ComparisonDetails(**{**values, "responsible_id": int(values["responsible_id"])})


class OutcomeForm(HouseForm):
    """The result of a round."""

    measured_on = DayField(_l("Ngày đo"), [REQUIRED])
    lab_value = NumberField(_l("Giá trị của phòng"), [REQUIRED])
    lab_uncertainty = NumberField(_l("U của phòng"), [REQUIRED])
    reference_value = NumberField(_l("Giá trị ấn định"), [REQUIRED])
    reference_uncertainty = NumberField(_l("U của giá trị ấn định"), [REQUIRED])
    coverage_factor = NumberField(_l("k của cả hai U"))
    sigma_pt = NumberField(_l("σpt"), description=_l("Nếu nhà tổ chức cho điểm z"))
    file = FileField(_l("Báo cáo (PDF)"))
    version = VersionField()

    def outcome(self) -> Outcome:
        """The typed result (after validation)."""
        upload = self.file.data
        return Outcome(
            measured_on=self.measured_on.data, lab_value=self.lab_value.data, lab_uncertainty=self.lab_uncertainty.data,
            reference_value=self.reference_value.data, reference_uncertainty=self.reference_uncertainty.data,
            coverage_factor=self.coverage_factor.data if self.coverage_factor.data is not None
            else Outcome.coverage_factor, sigma_pt=self.sigma_pt.data,
            file=(upload.filename or "", upload.read()) if upload else None)


class ActionForm(HouseForm):
    """Something to do after a comparison."""

    text = TextField(_l("Việc cần làm"), [REQUIRED], most=300)
    responsible_id = SelectField(_l("Người làm"), [REQUIRED])
    due_on = DayField(_l("Hạn"), [REQUIRED])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.responsible_id.choices = options([("", _("Chọn người")), *people()])
