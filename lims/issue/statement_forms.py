"""Forms of what a document states beside its results; Vietnamese is required, English optional."""
from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField

from lims.shared.forms import REQUIRED, HouseForm, NoteField, TextField


class StatementForm(HouseForm):
    """What every kind has; `replaces` is the row that is corrected."""

    replaces = HiddenField()


class SamplingForm(StatementForm):
    """Plan and method of sampling (7.8.2.1 k)."""

    text_vi = NoteField(_l("Lấy mẫu (tiếng Việt)"), [REQUIRED],
                        description=_l("kế hoạch và phương pháp lấy mẫu, ví dụ: theo biên bản LM-12, ngày 05/09/2026"))
    text_en = NoteField(_l("Lấy mẫu (tiếng Anh)"))


class ExternalForm(StatementForm):
    """A result of an external provider (7.8.2.1 p)."""

    text_vi = NoteField(_l("Kết quả nào (tiếng Việt)"), [REQUIRED])
    text_en = NoteField(_l("Kết quả nào (tiếng Anh)"))
    source_vi = TextField(_l("Nhà cung cấp"), [REQUIRED], description=_l("tên tổ chức, số phiếu kết quả của họ"))


class CustomerDataForm(StatementForm):
    """Data supplied by the customer (7.8.2.2)."""

    text_vi = NoteField(_l("Dữ liệu do khách hàng cung cấp (tiếng Việt)"), [REQUIRED])
    text_en = NoteField(_l("Dữ liệu do khách hàng cung cấp (tiếng Anh)"))
    affects_results = BooleanField(_l("Có thể ảnh hưởng đến giá trị sử dụng của kết quả: in lời miễn trừ trách nhiệm"))


class OpinionForm(StatementForm):
    """An opinion or interpretation with its basis (7.8.7)."""

    text_vi = NoteField(_l("Nhận xét, diễn giải (tiếng Việt)"), [REQUIRED])
    text_en = NoteField(_l("Nhận xét, diễn giải (tiếng Anh)"))
    source_vi = TextField(_l("Cơ sở (tiếng Việt)"), [REQUIRED], description=_l("kết quả, tài liệu mà nhận xét dựa vào"))
    source_en = TextField(_l("Cơ sở (tiếng Anh)"))


FORMS: dict[str, type[StatementForm]] = {
    "sampling": SamplingForm, "external": ExternalForm, "customer_data": CustomerDataForm, "opinion": OpinionForm}
