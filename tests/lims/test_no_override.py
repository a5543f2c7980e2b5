"""Overdue, quarantined, uncertified or out of range: no page, service or role gets such a standard onto a sheet."""
from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from lims.auth.models import User
from lims.equipment.models import Standard
from lims.equipment.service import change_state
from lims.jobs import standards_choice, worksheet
from lims.jobs.models import WorksheetStandard
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import DomainError
from lims.shared.permissions import ROLES
from tests.lims import factories as make
from tests.lims.people import logged_in, person
from tests.lims.standards import certified, registered

CASE = make.MULTIMETER


def unfit(kind: str, by: User) -> Standard:
    row = registered(by, "CH-XX-1", **{key: value for key, value in CASE.standard.items() if key != "asset_number"},
                     **({"range_high": Decimal(1)} if kind == "out_of_range" else {}))
    if kind == "uncertified":
        return row
    old = timedelta(days=400 if kind == "overdue" else 30)
    certified(row, by, clock.today() - old, **CASE.certificate)
    if kind in ("quarantined", "out_of_service", "out_for_calibration", "retired"):
        change_state(row.id, kind, "thử", expected="in_use", by=by)
    return row


@pytest.mark.parametrize("kind", ["overdue", "uncertified", "out_of_range", "quarantined", "out_of_service",
                                  "out_for_calibration", "retired"])
def test_no_way_leads_around_a_hard_reason(app: Any, kind: str) -> None:
    everything = person("+".join(ROLES), "toanquyen")
    make.authorise(everything, make.published(CASE.procedure).code)
    row = unfit(kind, everything)
    code = make.item(CASE, everything).code
    worksheet.start(code, everything)
    for way in (lambda: standards_choice.choose(code, CASE.slot, row.id, everything),
                lambda: standards_choice.override(code, CASE.slot, row.id, "cứ dùng", everything),
                lambda: standards_choice.choose_scanned(code, "CH-XX-1", everything)):
        with pytest.raises(DomainError):
            way()
    client = logged_in(app, everything)
    for path, data in (("standards", {"slot": CASE.slot, "standard": row.id}), ("standards", {"code": "CH-XX-1"}),
                       ("standards/override", {"slot": CASE.slot, "standard": row.id, "reason": "cứ dùng"})):
        reply = client.post(f"/items/{code}/{path}", data=data, headers={"Accept": "application/json"})
        assert 400 <= reply.status_code < 500, (path, reply.status_code)
    assert session().scalar(sa.select(sa.func.count()).select_from(WorksheetStandard)) == 0
