"""The form of a standard's certificate: its head, and its table with a message at every wrong cell."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, Optional

from instruments.pasted_table import read_block
from instruments.typed_number import DotMeaning
from instruments.words import Words
from lims.equipment.certificates import CertificateEntry
from lims.equipment.fields import NumberField, options
from lims.equipment.forms import REQUIRED
from lims.equipment.models import Standard, StandardCertificate, StandardValue
from lims.equipment.table import MOST_ROWS, Fault, TypedRow, read_table
from lims.equipment.words import ROUTE, STATED
from lims.shared.db import session
from lims.shared.forms import DayField, HouseForm, NoteField, PartForm, TextField
from lims.shared.i18n import language

FIRST_ROWS = 8
CELLS = ("nominal", "stated", "uncertainty", "coverage")


class RowForm(PartForm):
    """One row of the table, as typed."""

    nominal = StringField(_l("Điểm đo"))
    stated = StringField(_l("Giá trị hoặc số hiệu chính"))
    uncertainty = StringField(_l("U"))
    coverage = StringField(_l("k"))

    def typed(self) -> TypedRow:
        return TypedRow(*(str(self[cell].data or "") for cell in CELLS))


class CertificateForm(HouseForm):
    """A certificate as it lies on the desk."""

    number = TextField(_l("Số giấy"), [REQUIRED], most=80, identifier=True)
    issuer = TextField(_l("Nơi cấp"), [REQUIRED])
    calibrated_on = DayField(_l("Ngày hiệu chuẩn"), [REQUIRED])
    valid_to = DayField(_l("Giấy có hạn đến"), [Optional()], description=_l("Chỉ khi trên giấy có ghi"))
    route = SelectField(_l("Liên kết chuẩn qua"), [REQUIRED], choices=options(ROUTE.items()), default="ilac_mra")
    accreditation = TextField(_l("Mã công nhận, chỉ định"), most=80, description=_l("Ví dụ: VILAS 027"))
    traceable_to = TextField(_l("Nối tới, bằng chứng"), description=_l("Chuẩn quốc gia, giấy của chuẩn cấp trên"))
    parent_ids = SelectMultipleField(_l("Chuẩn của mình đã dùng"), [Optional()],
                                     description=_l("Khi hiệu chuẩn tại đây; giữ Ctrl để chọn nhiều"))
    unit = TextField(_l("Đơn vị của điểm đo"), [REQUIRED], most=20, identifier=True)
    spread_unit = TextField(_l("Đơn vị của U và số hiệu chính"), most=20, identifier=True,
                            description=_l("Để trống nếu cùng đơn vị"))
    function_id = SelectField(_l("Chức năng"), [Optional()])
    correlation = NumberField(_l("Tương quan giữa các điểm, r"), description=_l(
        "Dùng khi nội suy U giữa hai điểm; để trống: r = 1 (an toàn)"))
    stated = SelectField(_l("Bảng ghi"), choices=options(STATED.items()), default="value")
    coverage = StringField(_l("k của các dòng để trống k"), default="2")
    rows = FieldList(FormField(RowForm), label=_l("Bảng giá trị"), min_entries=FIRST_ROWS)
    dot_means = RadioField(_l("Dấu chấm trong bảng này là"), [Optional()], choices=options([
        ("decimal", _l("dấu thập phân: 1.400 là 1,4")), ("group", _l("dấu chia nhóm: 1.400 là 1400"))]))
    file = FileField(_l("Bản PDF của giấy"))
    note = NoteField(_l("Ghi chú"))
    block = TextAreaField(_l("Khối dán từ bảng tính"), [Length(max=200_000)])
    stored_file_id = HiddenField()

    def __init__(self, standard: Standard, wrong: StandardCertificate | None = None,
                 read: Mapping[str, Any] = MappingProxyType({}), parents: Sequence[tuple[str, str]] | None = None,
                 **kwargs: Any) -> None:
        """`read`: what was read from a file, to be confirmed. `parents`: who may stand above, None: every other."""
        super().__init__(data=_typed_before(standard, wrong) | dict(read), **kwargs)
        self.ambiguous = False
        self.function_id.choices = options([("", str(_l("Chức năng chính"))), *(
            (str(row.id), row.name) for row in standard.functions)])
        self.parent_ids.choices = options(other_standards(standard) if parents is None else parents)

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        read, faults = read_table(self.typed_rows(), coverage=str(self.coverage.data or ""), dot_means=self._dot())
        self.ambiguous = any(fault.ambiguous for fault in faults)
        if not read and not faults:
            faults = [Fault(0, "nominal", Words("Hãy nhập ít nhất một dòng giá trị.", "Enter at least one row."))]
        if len(self.rows) > MOST_ROWS:
            faults = [Fault(0, "nominal", Words(f"Bảng có quá {MOST_ROWS} dòng.", f"More than {MOST_ROWS} rows."))]
        self._show(faults)
        return good and not faults

    def typed_rows(self) -> list[TypedRow]:
        return [row.form.typed() for row in self.rows]

    def entry(self) -> CertificateEntry:
        """What was typed, with the file's bytes (after validation)."""
        upload = self.file.data
        name = PurePosixPath((upload.filename or "").replace("\\", "/")).name if upload else ""
        return CertificateEntry(
            number=self.number.data, issuer=self.issuer.data, calibrated_on=self.calibrated_on.data,
            valid_to=self.valid_to.data, route=self.route.data, accreditation=self.accreditation.data,
            traceable_to=self.traceable_to.data, parent_ids=[int(one) for one in self.parent_ids.data or ()],
            unit=self.unit.data, spread_unit=self.spread_unit.data, stated=self.stated.data,
            coverage=str(self.coverage.data or ""), rows=self.typed_rows(), dot_means=self._dot(),
            function_id=int(self.function_id.data) if self.function_id.data else None,
            correlation=self.correlation.data, note=self.note.data or "",
            file=(name, upload.read()) if upload else None, stored_file_id=_whole(self.stored_file_id.data))

    def take_block(self) -> bool:
        """Put the pasted block into the table, to be looked at before it is saved; False with messages at the block."""
        pasted = read_block(str(self.block.data or ""))
        faults = [f"{_l('Dòng')!s} {line}: {text.in_language(language())}" for line, text in pasted.faults]
        if faults or not pasted.rows:
            self.block.errors = [*self.block.errors, *faults[:20]]
            return False
        while len(self.rows):
            self.rows.pop_entry()
        for row in pasted.rows:
            self.rows.append_entry({"nominal": row.nominal, "stated": row.stated, "uncertainty": row.uncertainty,
                                    "coverage": row.coverage})
        self.stated.data = pasted.stated
        self.stated.raw_data = None
        for field, text in ((self.unit, pasted.unit), (self.spread_unit, pasted.spread_unit)):
            if text:
                field.data = text
        self.block.data = ""
        return True

    def _dot(self) -> DotMeaning | None:
        answer: DotMeaning | None = self.dot_means.data or None
        return answer

    def _show(self, faults: Iterable[Fault]) -> None:
        for fault in faults:
            cell = self.rows[fault.row].form[fault.cell]
            cell.errors = [*cell.errors, fault.text.in_language(language())]
        self.rows.errors = [row.errors for row in self.rows] if any(row.errors for row in self.rows) else []


class DccForm(HouseForm):
    """A digital calibration certificate to be read."""

    file = FileField(_l("Tệp DCC"), [FileRequired(message=_l("Hãy chọn tệp."))])


class CorrectionForm(CertificateForm):
    """The same with the reason why the earlier entry was wrong."""

    reason = NoteField(_l("Bản trước sai ở đâu"), [REQUIRED])


class VoidForm(HouseForm):
    """Why an entry is taken back."""

    reason = NoteField(_l("Lý do rút"), [REQUIRED])


def _whole(text: Any) -> int | None:
    return int(text) if text and str(text).isascii() and str(text).isdigit() and len(str(text)) < 10 else None


def other_standards(standard: Standard) -> list[tuple[str, str]]:
    """(id, number and name) of the standards that may stand above this one."""
    query = (sa.select(Standard.id, Standard.asset_number, Standard.name)
             .where(Standard.id != standard.id, Standard.state != "retired").order_by(Standard.asset_number))
    return [(str(row_id), f"{number} · {name}") for row_id, number, name in session().execute(query)]


def _typed_before(standard: Standard, wrong: StandardCertificate | None) -> dict[str, Any]:
    if wrong is None:
        return {"unit": standard.unit, "spread_unit": standard.spread_unit}
    values = {name: getattr(wrong, name) for name in (
        "number", "issuer", "calibrated_on", "valid_to", "route", "accreditation", "traceable_to", "unit",
        "spread_unit", "stated", "note")}
    return values | {"parent_ids": [str(parent.id) for parent in wrong.parents], "rows": _rows(wrong.values),
                     "dot_means": wrong.dot_means or None}


def _rows(values: Sequence[StandardValue]) -> list[dict[str, str]]:
    return [{"nominal": row.nominal_text, "stated": row.stated_text, "uncertainty": row.uncertainty_text,
             "coverage": row.coverage_text} for row in values]
