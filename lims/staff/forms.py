"""Forms of competence."""
from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectField
from wtforms.validators import InputRequired, Optional

from lims.shared.forms import DayField, HouseForm, TextField, TicksField

REQUIRED = InputRequired(message=_l("Hãy điền ô này."))


class AuthorisationForm(HouseForm):
    """One person, one procedure, one or more activities, from–to."""

    user_id = SelectField(_l("Người"), [REQUIRED])
    procedure_code = SelectField(_l("Quy trình"), [REQUIRED])
    activities = TicksField(_l("Được làm"), [REQUIRED])
    valid_from = DayField(_l("Từ ngày"), [REQUIRED])
    valid_to = DayField(_l("Đến ngày"), [Optional()])
    basis = TextField(_l("Căn cứ (quyết định, biên bản đánh giá)"), [REQUIRED])


class OfficerCardForm(HouseForm):
    """A verification officer's card."""

    user_id = SelectField(_l("Người"), [REQUIRED])
    number = TextField(_l("Số thẻ"), [REQUIRED], most=40, identifier=True)
    field = TextField(_l("Lĩnh vực"), [REQUIRED])
    issued_by = TextField(_l("Nơi cấp"))
    valid_from = DayField(_l("Từ ngày"), [REQUIRED])
    valid_to = DayField(_l("Đến ngày"), [REQUIRED])


class PersonCertificateForm(HouseForm):
    """The certificate of a person's token."""

    user_id = SelectField(_l("Người"), [REQUIRED])
    file = FileField(_l("Chứng thư trên token (.cer, .crt, .pem)"))


class EndCertificateForm(HouseForm):
    """Why a person's certificate is accepted no longer."""

    reason = TextField(_l("Lý do"), [REQUIRED])


class EndForm(HouseForm):
    """Why and when an authorisation ends."""

    valid_to = DayField(_l("Ngày cuối"), [REQUIRED])
    reason = TextField(_l("Lý do"), [REQUIRED])
