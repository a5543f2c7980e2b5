"""Bodies of certificates of standards: the head as on the page, the table as points with value or correction, U, k."""
from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, SelectField, SelectMultipleField
from wtforms.validators import Optional

from lims.equipment.certificate_form import CertificateForm
from lims.equipment.certificates import CertificateEntry
from lims.equipment.fields import NumberField, options
from lims.equipment.models import Standard, StandardCertificate
from lims.equipment.table import MOST_ROWS, Stated, TypedRow, read_table
from lims.shared.db import session
from lims.shared.forms import REQUIRED, HouseForm, NoteField, PartForm, TextField
from lims.shared.i18n import language


class PointForm(PartForm):
    """One point of the table: the value, or the correction that is added to the nominal value."""

    nominal = NumberField(_l("Điểm đo"), [REQUIRED])
    value = NumberField(_l("Giá trị"))
    correction = NumberField(_l("Số hiệu chính"))
    expanded_uncertainty = NumberField(_l("U"), [REQUIRED])
    coverage_factor = NumberField(_l("k"), [REQUIRED])

    def typed(self, stated: Stated) -> TypedRow:
        """The row as a person would type it."""
        return TypedRow(*(_typed(self[cell]) for cell in ("nominal", stated, "expanded_uncertainty",
                                                          "coverage_factor")))


class EntryForm(HouseForm):
    """A certificate of the standard with this asset number; rules of values are those of the page."""

    standard = TextField(_l("Mã chuẩn"), [REQUIRED], most=40)
    number = CertificateForm.number
    issuer = CertificateForm.issuer
    calibrated_on = CertificateForm.calibrated_on
    valid_to = CertificateForm.valid_to
    route = CertificateForm.route
    accreditation = CertificateForm.accreditation
    traceable_to = CertificateForm.traceable_to
    parents = SelectMultipleField(_l("Chuẩn của mình đã dùng"), [Optional()])
    unit = CertificateForm.unit
    spread_unit = CertificateForm.spread_unit
    function = SelectField(_l("Chức năng"), [Optional()], choices=options([("", "")]))
    correlation = CertificateForm.correlation
    points = FieldList(FormField(PointForm), label=_l("Bảng giá trị"), max_entries=MOST_ROWS)
    note = CertificateForm.note

    def __init__(self, standard: Standard | None = None, wrong: StandardCertificate | None = None,
                 **kwargs: Any) -> None:
        """`wrong`: the entry whose values stand where the body says nothing."""
        super().__init__(data=_before(wrong) if wrong is not None else {}, **kwargs)
        self.functions = {row.name: row.id for row in standard.functions} if standard is not None else {}
        if standard is not None:
            self.function.choices = options([("", ""), *((name, name) for name in self.functions)])
            self.parents.choices = options((number, number) for number in _others(standard))

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        if not len(self.points):
            self.points.errors = [str(_l("Hãy nhập ít nhất một điểm."))]
            return False
        stated, faulty = self.stated(), False
        for point in self.points:
            given = [cell for cell in ("value", "correction") if point.form[cell].data is not None]
            if given != [stated]:
                point.form[stated].errors = [str(_l("Mỗi điểm có value, hoặc mọi điểm có correction."))]
                faulty = True
        if not good or faulty:
            return False
        cells = {"stated": stated, "uncertainty": "expanded_uncertainty", "coverage": "coverage_factor"}
        _rows, faults = read_table(self.rows())
        for fault in faults:
            cell = self.points[fault.row].form[cells.get(fault.cell, fault.cell)]
            cell.errors = [*cell.errors, fault.text.in_language(language())]
        return not faults

    def stated(self) -> Stated:
        """Whether the table gives values or corrections."""
        return "correction" if any(one.form.correction.data is not None for one in self.points) else "value"

    def rows(self) -> list[TypedRow]:
        stated = self.stated()
        return [point.form.typed(stated) for point in self.points]

    def entry(self) -> CertificateEntry:
        """The certificate (after validation)."""
        parents = session().scalars(sa.select(Standard.id).where(Standard.asset_number.in_(self.parents.data or ())))
        return CertificateEntry(
            number=self.number.data, issuer=self.issuer.data, calibrated_on=self.calibrated_on.data,
            valid_to=self.valid_to.data, route=self.route.data, accreditation=self.accreditation.data,
            traceable_to=self.traceable_to.data, parent_ids=list(parents), unit=self.unit.data,
            spread_unit=self.spread_unit.data, stated=self.stated(), rows=self.rows(), coverage="",
            function_id=self.functions.get(self.function.data or ""), correlation=self.correlation.data,
            note=self.note.data or "")


class CorrectionForm(EntryForm):
    """The same in the place of a wrong entry, with the reason."""

    reason = NoteField(_l("Bản trước sai ở đâu"), [REQUIRED])

    def __init__(self, standard: Standard | None = None, wrong: StandardCertificate | None = None,
                 **kwargs: Any) -> None:
        super().__init__(standard, wrong, **kwargs)
        del self.standard


class VoidForm(HouseForm):
    """An entry that does not belong here is taken back."""

    void = BooleanField(_l("Rút"), [REQUIRED])
    reason = NoteField(_l("Lý do rút"), [REQUIRED])


def _typed(field: Any) -> str:
    """What was sent, with every digit."""
    return str(field.raw_data[0]) if field.raw_data else ""


def _others(standard: Standard) -> list[str]:
    """Asset numbers of those that may stand above it."""
    return list(session().scalars(sa.select(Standard.asset_number).where(
        Standard.id != standard.id, Standard.state != "retired").order_by(Standard.asset_number)))


def _before(wrong: StandardCertificate) -> dict[str, Any]:
    return {**{name: getattr(wrong, name) for name in (
        "number", "issuer", "calibrated_on", "valid_to", "route", "accreditation", "traceable_to", "unit",
        "spread_unit", "correlation", "note")},
        "function": wrong.function.name if wrong.function is not None else "",
        "parents": [one.asset_number for one in wrong.parents],
        "points": [{"nominal": one.nominal, "value": one.value, "correction": one.correction,
                    "expanded_uncertainty": one.uncertainty, "coverage_factor": one.coverage_factor}
                   for one in wrong.values]}
