"""A set or system on a sheet takes its parts with it, each with its own certificate."""
from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from lims.equipment import functions, service
from lims.equipment.models import Standard
from lims.impact import recomputed_sheets
from lims.impact.touched import Touch
from lims.issue.standards_used import standards_used
from lims.jobs import standards_choice, submission
from lims.jobs.models import Worksheet
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import Invalid
from tests.lims import factories
from tests.lims.factories import MULTIMETER
from tests.lims.people import person
from tests.lims.standards import certified, registered


def a_system() -> tuple[Standard, Standard]:
    """A reference with its readout, and the readout."""
    by = person("quality_manager", "chatluong")
    whole, readout = factories.standard(MULTIMETER, by), registered(by, "CH-DI-001/1")
    certified(readout, by, clock.today() - timedelta(days=40), number="GCN-READOUT")
    functions.add_part(whole.id, readout.asset_number, by=by)
    return whole, readout


def parts(sheet: Worksheet) -> list[tuple[str, str]]:
    session().expire_all()
    return [(part.standard.asset_number, part.certificate.number) for row in sheet.standards for part in row.parts]


def test_parts_stand_on_the_sheet_the_document_and_in_their_trace(app_on_both: Any) -> None:
    whole, readout = a_system()
    sheet = factories.filled(MULTIMETER, served_by=whole)
    assert parts(sheet) == [("CH-DI-001/1", "GCN-READOUT")]
    submission.submit(sheet.item.code, sheet.performed_by)
    printed = [(one.asset_number, one.certificate_number) for one in standards_used(sheet.standards)]
    assert printed[1:] == [("CH-DI-001/1", "GCN-READOUT")]
    since = clock.today() - timedelta(days=30)
    assert [one.code for one in Touch(readout.id, since, clock.today()).results()] == [sheet.item.code]


def test_a_part_that_changed_asks_for_the_choice_again_and_a_bad_one_blocks_the_whole(app: Any) -> None:
    whole, readout = a_system()
    sheet = factories.filled(MULTIMETER, served_by=whole)
    by = person("quality_manager", "khac")
    certified(readout, by, clock.today() - timedelta(days=1), number="GCN-NEW")
    with pytest.raises(submission.NotComplete) as wrong:
        submission.submit(sheet.item.code, sheet.performed_by)
    assert [reason.code for reason in wrong.value.reasons] == ["parts_changed"]
    standards_choice.choose(sheet.item.code, MULTIMETER.slot, whole.id, sheet.performed_by)
    assert parts(sheet) == [("CH-DI-001/1", "GCN-NEW")]
    service.change_state(readout.id, "quarantined", "rơi", expected="in_use", by=by)
    with pytest.raises(submission.NotComplete) as blocked:
        submission.submit(sheet.item.code, sheet.performed_by)
    assert [reason.code for reason in blocked.value.reasons] == ["part"]
    with pytest.raises(Invalid):
        standards_choice.choose(sheet.item.code, MULTIMETER.slot, whole.id, sheet.performed_by)
    standards_choice.remove(sheet.item.code, sheet.standards[0].id, sheet.performed_by)
    assert parts(sheet) == []


def test_a_part_certified_only_after_the_day_blocks_the_whole(app: Any) -> None:
    whole, readout = a_system()
    sheet = factories.started(MULTIMETER, served_by=whole)
    need = standards_choice.slots(sheet)[0].need
    on: date = clock.today() - timedelta(days=60)
    judged = standards_choice.assess([whole.id], need, on)[whole.id]
    assert [reason.code for reason in judged.reasons] == ["part"]
    assert readout.asset_number in judged.reasons[0].text.vi


def test_a_review_of_a_part_leaves_the_results_of_its_whole_to_a_person(app: Any) -> None:
    whole, readout = a_system()
    sheet = factories.filled(MULTIMETER, served_by=whole)
    submission.submit(sheet.item.code, sheet.performed_by)
    plan = recomputed_sheets.Plan(1, 1, readout.id, None, Decimal("0.5"), None)
    (row,), refused = recomputed_sheets.recomputed(plan, [sheet.id])
    assert (row["new_verdict"], row["message"]) == ("incomplete", recomputed_sheets.BY_PART)
    assert refused == [(sheet.item.code, recomputed_sheets.BY_PART)]
    other = recomputed_sheets.Plan(1, 1, whole.id, None, Decimal(0), None)
    assert recomputed_sheets.recomputed(other, [sheet.id])[1] == []
