"""Forms of laws, forms and ĐLVN: a new document or edition, the end of one."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import Optional

from lims.equipment.fields import options
from lims.legal import words
from lims.legal.documents import NewDocument
from lims.legal.models import LegalDocument
from lims.shared.forms import REQUIRED, DayField, HouseForm, TextField


class NewDocumentForm(HouseForm):
    """A document, or a new edition of one."""

    kind = SelectField(_l("Loại văn bản"), [REQUIRED])
    number = TextField(_l("Số hiệu"), [REQUIRED], most=80, description=_l("ví dụ 18.GCNKĐ (54/2025/TT-BKHCN)"))
    title_vi = TextField(_l("Tên tiếng Việt"), [REQUIRED], most=300)
    title_en = TextField(_l("Tên tiếng Anh"), most=300)
    issued_on = DayField(_l("Ngày ban hành"), [Optional()])
    in_force_from = DayField(_l("Có hiệu lực từ"), [Optional()])
    in_force_to = DayField(_l("Có hiệu lực đến"), [Optional()], description=_l("để trống nếu không có ngày cuối"))
    replaces = SelectField(_l("Thay cho"), [Optional()])
    status = TextField(_l("Tình trạng"), most=300, description=_l("ví dụ: quy trình tạm thời, QĐ phê duyệt số…, đến…"))
    source = TextField(_l("Nguồn"), [REQUIRED], most=300, description=_l("số công báo, trang, địa chỉ đã đọc"))

    def __init__(self, known: Iterable[LegalDocument] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind.choices = options(words.document_kinds().items())
        self.replaces.choices = options([("", _("không thay văn bản nào")),
                                         *((str(one.id), one.number) for one in known if not one.has_ended)])

    def document(self) -> NewDocument:
        """What the form holds."""
        return NewDocument(
            self.kind.data, self.number.data, self.title_vi.data, self.title_en.data or "", self.issued_on.data,
            self.in_force_from.data, self.status.data or "", self.source.data, self.in_force_to.data,
            int(self.replaces.data) if self.replaces.data else None)
