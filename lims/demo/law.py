"""The legal catalogue of the demonstration: a few rows confirmed, without any legal value."""
from __future__ import annotations

from datetime import date

from instruments.legal import Reading
from lims.auth.models import User
from lims.legal import catalogue, readings


def confirm_item(item: str, on: date, administrator: User) -> None:
    """The row of the day is read as the row before it, with its own period: invented for the demonstration."""
    basis = catalogue.basis_on(item, on)
    if basis is None or basis.may_carry_verdict:
        return
    before = catalogue.before(basis.row)
    assert before is not None  # every item that the laboratory verifies stood in the earlier list
    readings.confirm(basis.row.key, Reading(bool(before.row.type_approval), before.row.regimes or (),
                                            basis.row.cycle_months),
                     "xác nhận cho bản trình diễn, không có giá trị pháp lý", administrator)
