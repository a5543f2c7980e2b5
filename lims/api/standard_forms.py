"""Bodies of standards: the forms of the pages, with people by their user name in the place of a list to choose from."""
from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField

from lims.api.named import account_named
from lims.api.values import account
from lims.equipment.fields import options
from lims.equipment.forms import NewStandardForm, StandardForm
from lims.equipment.models import Standard
from lims.equipment.words import STATE
from lims.shared.forms import REQUIRED, HouseForm, NoteField, TextField


class _Kept(StandardForm):
    """A standard kept by the person with this user name or address."""

    custodian_user = TextField(_l("Người giữ"))

    def __init__(self, obj: Standard | None = None, **kwargs: Any) -> None:
        super().__init__(obj, **kwargs)
        del self.custodian_id
        if kwargs.get("formdata") is None:
            self.custodian_user.data = account(obj.custodian if obj is not None else None) or ""

    def keeper_id(self) -> int | None:
        given = self.custodian_user.data
        return account_named(given, "custodian_user").id if given else None


class StandardChange(_Kept):
    """What may be changed of a standard's particulars; it moves to another place by an entry in its record."""


class NewStandard(_Kept, NewStandardForm):
    """A new standard; `awaits_check` false: it was in use before it was entered here."""

    awaits_check = BooleanField(_l("Chờ kiểm tra trước khi đưa vào sử dụng"), default=True)


class StandardState(HouseForm):
    """The next state and why."""

    state = SelectField(_l("Chuyển sang"), [REQUIRED], choices=options(STATE.items()))
    reason = NoteField(_l("Lý do"), [REQUIRED])
