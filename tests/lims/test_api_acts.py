"""Stickers are received and moved, alerts acknowledged and put off, through the API."""
from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lims.alerts.models import Alert, PersonAlert
from lims.alerts.planning import plan
from lims.legal import stickers
from lims.legal.stickers import NewSeries
from lims.shared import clock
from lims.shared.audit import AuditTransaction
from lims.shared.db import session, write
from tests.lims.people import person
from tests.lims.programs import Program, conforms, faults
from tests.lims.standards import certified, registered

SERIES = {"kind": "verification", "first": "26V.00001", "last": "26V.00020", "received_on": "2026-11-20"}


def test_a_series_is_received_once_and_its_numbers_go_from_hand_to_hand(app_on_both: Any) -> None:
    keeper = person("quality_manager")
    person("technician", "ktv")
    program = Program(app_on_both, keeper, "stickers:read", "stickers:write")
    made = program.post("/stickers", SERIES, key="s-1")
    assert (made.status_code, made.json["left"], made.json["counts"]["stock"]) == (201, 20, 20)
    conforms(made.json, {"$ref": "#/components/schemas/StickerSeries"})
    assert program.post("/stickers", SERIES, key="s-1").data == made.data
    assert list(faults(program.post("/stickers", SERIES))) == ["#/first"]
    third = program.listed("/stickers?q=00003", "StickerPage")[0]["url"]
    out = program.patch(third, {"act": "assign", "last": "26V.00006", "holder_user": "KTV"}, 1)
    assert (out.status_code, out.json["holder_user"], out.json["version"]) == (200, "ktv", 2)
    assert len(program.listed("/stickers?holder=ktv", "StickerPage")) == 4
    assert program.patch(third, {"act": "spoil", "reason": "rách"}, 1).status_code == 412
    spoiled = program.patch(third, {"act": "spoil", "reason": "rách"}, 2)
    assert (spoiled.json["state"], spoiled.json["moves"][-1]["reason"]) == ("spoiled", "rách")
    again = program.patch(third, {"act": "return"}, 3)
    assert (again.status_code, program.get(third)["version"]) == (409, 3)
    back = program.listed("/stickers?q=00004", "StickerPage")[0]["url"]
    assert program.patch(back, {"act": "return", "last": "26V.00006"}, 2).json["holder"] is None
    session().rollback()
    acts = [row.action for row in session().query(AuditTransaction) if row.action.startswith("sticker.")]
    assert acts == ["sticker.receive", "sticker.assign", "sticker.spoil", "sticker.return"]


@pytest.mark.parametrize(("body", "at"), [
    ({"act": "draw"}, "#/act"), ({"act": "spoil"}, "#/reason"), ({"act": "assign"}, "#/holder_user"),
    ({"act": "assign", "holder_user": "nobody"}, "#/holder_user"), ({"act": "lose", "reason": "x", "first": "1"},
                                                                    "#/first"),
    ({"act": "assign", "holder_user": "qualitymanager", "job": "26-99999"}, "#/job"),
    ({"act": "return", "last": "27V.00001"}, "#/last")])
def test_a_move_that_cannot_be_is_refused_at_its_place(app: Any, body: dict[str, Any], at: str) -> None:
    keeper = person("quality_manager")
    stickers.receive(NewSeries("verification", "26V.00001", "26V.00020", date(2026, 11, 20)), keeper)
    refused = Program(app, keeper, "stickers:write").patch("/stickers/1", body, 1)
    assert (refused.status_code, list(faults(refused))) == (422, [at])


def test_only_who_keeps_stickers_moves_them(app: Any) -> None:
    program = Program(app, person("technician"), "stickers:write")
    assert program.post("/stickers", SERIES).status_code == program.patch("/stickers/1", {}, 1).status_code == 403


def test_an_alert_is_put_off_taken_and_never_made(app_on_both: Any) -> None:
    manager, hanh = person("quality_manager"), person("technician", "hanh")
    certified(registered(manager, custodian_id=hanh.id), manager, date(2025, 11, 22))
    plan(clock.today())
    program = Program(app_on_both, hanh, "alerts:read", "alerts:write")
    late = program.patch("/alerts/1", {"snoozed_until": "2027-11-23", "snooze_reason": "x"}, 1)
    assert (late.status_code, list(faults(late))) == (422, ["#/snoozed_until"])
    assert list(faults(program.patch("/alerts/1", {"snoozed_until": "2026-12-01"}, 1))) == ["#/snooze_reason"]
    assert list(faults(program.patch("/alerts/1", {"acknowledged": False}, 1))) == ["#/acknowledged"]
    off = program.patch("/alerts/1", {"snoozed_until": "2026-12-01", "snooze_reason": "chờ VMI"}, 1)
    assert (off.json["snoozed_by"], off.json["version"]) == (hanh.full_name, 2)
    assert program.patch("/alerts/1", {"acknowledged": True}, 1).status_code == 412
    taken = program.patch("/alerts/1", {"acknowledged": True}, 2)
    conforms(taken.json, {"$ref": "#/components/schemas/Alert"})
    assert (taken.status_code, taken.json["acknowledged_by"]) == (200, hanh.full_name)
    assert program.patch("/alerts/1", {"acknowledged": True}, 3).status_code == 409
    for address in ("/alerts", "/alerts/people"):
        made = program.post(address, {})
        assert (made.status_code, made.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    session().rollback()
    assert session().query(Alert).one().snooze_reason == "chờ VMI"


def test_an_alert_about_a_person_is_that_person_s(app: Any) -> None:
    manager, hanh = person("quality_manager"), person("technician", "hanh")
    with write("alerts.plan", actor=("", "test")) as current:
        current.add_all(PersonAlert(user_id=one.id, kind="need", subject_id=one.id, label="An toàn", stage=30,
                                    due_on=date(2026, 12, 20), created_at=clock.now()) for one in (manager, hanh))
    program = Program(app, hanh, "alerts:write")
    assert program.patch("/alerts/people/1", {"acknowledged": True}, 1).status_code == 404
    assert program.patch("/alerts/people/2", {"acknowledged": True}, 1).json["acknowledged_by"] == hanh.full_name
    session().rollback()
    assert [row.acknowledged_at is None for row in session().query(PersonAlert).order_by(PersonAlert.id)] == [
        True, False]
