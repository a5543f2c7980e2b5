"""Rooms: readings typed and imported, and what gaps and excursions mean for the sheets measured there."""
from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa

from instruments.procedure_model import EnvironmentLimit
from instruments.words import Words
from lims.equipment import environment
from lims.equipment.environment import Bound, RoomDetails
from lims.equipment.room_pairs import pair_of, set_pair
from lims.equipment.rooms import Room, RoomImport, RoomReading
from lims.impact.charts import Mark, draw
from lims.issue import fitness
from lims.issue import record as issue_record
from lims.issue.dossier import Dossier
from lims.jobs import room_record
from lims.jobs.procedures import procedure_of
from lims.shared import clock
from lims.shared.clock import local
from lims.shared.db import session
from lims.shared.errors import Conflict, Invalid
from tests.lims import factories
from tests.lims.people import logged_in, person

LIMITS = {"temperature": (Decimal(18), Decimal(22)), "humidity": (None, Decimal(70)), "pressure": (None, None)}


def made(by: Any, **other: Any) -> Room:
    details = RoomDetails(**({"name": "Phòng Điện", "limits": LIMITS} | other))
    return environment.save_room(None, details, version=0, by=by)


def logged(values: list[str], minutes: int = 30) -> bytes:
    """A file whose last reading is now."""
    end = local(clock.now())
    rows = [f"{end - timedelta(minutes=minutes * (len(values) - 1 - place)):%d/%m/%Y;%H:%M};{value};55"
            for place, value in enumerate(values)]
    return "\n".join(["Ngày;Giờ;Nhiệt độ;Độ ẩm", *rows]).encode()


def test_a_file_is_read_once_and_its_digest_kept(app_on_both: Any) -> None:
    by = person("quality_manager")
    row = made(by)
    found = environment.import_file(row.id, "a.csv", logged(["20,0", "20,1"]), by=by)
    assert (found.added, found.known) == (4, 0)
    again = environment.import_file(row.id, "a.csv", logged(["20,0", "20,1"]), by=by)
    assert (again.added, again.known) == (0, 4)
    assert len(session().scalars(sa.select(RoomImport.sha256)).all()) == 2
    with pytest.raises(Invalid) as refused:
        environment.import_file(row.id, "b.csv", logged(["20,0", "20,9"]), by=by)
    assert refused.value.field == "file"
    assert session().scalar(sa.select(sa.func.count()).select_from(RoomReading)) == 4


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04zip", b"Date;Temp\n05/11/2099 08:00;20\n",
                                     b"Date;Temp\n05/11/2026 08:00;x\n"])
def test_a_file_that_is_none_writes_nothing(app: Any, content: bytes) -> None:
    by = person("quality_manager")
    row = made(by)
    with pytest.raises(Invalid):
        environment.import_file(row.id, "x", content, by=by)
    assert session().scalar(sa.select(sa.func.count()).select_from(RoomReading)) == 0


def test_the_line_of_a_chart_is_parted_where_nothing_was_recorded() -> None:
    marks = [Mark(float(x), 20.0) for x in (0, 1, 2, 9, 10)]
    joined = draw(marks, [], joined=True, breaks=[9.0], x_labels=[], number=str).line
    assert [len(run.split("L")) for run in joined.split("M")[1:]] == [3, 2]
    assert draw(marks, [], joined=True, x_labels=[], number=str).line.count("M") == 1


def test_typed_readings_must_be_possible_and_past(app: Any) -> None:
    by = person("quality_manager")
    row = made(by)
    environment.type_readings(row.id, clock.now(), {"temperature": Decimal("20.5")}, by=by)
    for at, values, field in ((clock.now(), {"temperature": Decimal(21)}, "at"),
                              (clock.now() + timedelta(hours=1), {"temperature": Decimal(21)}, "at"),
                              (clock.now(), {"humidity": Decimal(101)}, "humidity"), (clock.now(), {}, "temperature")):
        with pytest.raises(Invalid) as refused:
            environment.type_readings(row.id, at, values, by=by)
        assert refused.value.field == field


def test_a_sheet_in_a_warm_room_is_flagged_on_the_sheet_and_before_issue(app: Any, clock: Any) -> None:
    by = person("quality_manager")
    row = made(by)
    user = factories.technician()
    sheet = factories.filled(user=user)
    code = sheet.item.code
    room_record.choose_room(code, row.id, user)
    assert [(one.quantity, found.kind) for one, found in room_record.record_of(sheet).findings] == [
        ("temperature", "gap"), ("humidity", "gap")]
    clock.advance(minutes=60)
    environment.import_file(row.id, "a.csv", logged(["20,0", "33,5", "20,2"]), by=by)
    record = room_record.record_of(sheet)
    assert [(one.quantity, found.kind, found.extreme) for one, found in record.findings] == [
        ("temperature", "excursion", Decimal("33.5"))]
    dossier = type("Half", (), {"worksheet": sheet})
    findings = list(fitness.room(dossier))  # type: ignore[arg-type]
    assert [one.code for one in findings] == ["room_excursion"]
    assert Dossier.__name__
    page = logged_in(app, user).get(f"/items/{code}/sheet")
    shown = page if page.status_code == 200 else logged_in(app, user).get(f"/items/{code}")
    assert "33,5" in shown.get_data(as_text=True)
    listed = logged_in(app, user).get(f"/standards/rooms/{row.id}").get_data(as_text=True)
    assert code in listed


def test_the_pair_holds_before_the_procedure_and_the_procedure_before_the_room() -> None:
    own = {"temperature": (Decimal(19), Decimal(21)), "humidity": (None, Decimal(60))}
    procedure = {"temperature": (Decimal(15), Decimal(25)), "humidity": (None, Decimal(80)), "pressure": (None, None)}
    pair = {"temperature": (Decimal(18), None)}
    assert environment.holding(own, {}, {}) == {
        "temperature": (Bound(Decimal(19), "room"), Bound(Decimal(21), "room")),
        "humidity": (None, Bound(Decimal(60), "room"))}
    assert environment.holding(own, {}, procedure) == {
        "temperature": (Bound(Decimal(15), "procedure"), Bound(Decimal(25), "procedure")),
        "humidity": (None, Bound(Decimal(80), "procedure")), "pressure": (None, None)}
    assert environment.holding(own, pair, procedure)["temperature"] == (
        Bound(Decimal(18), "pair"), Bound(Decimal(25), "procedure"))
    undercut = {"temperature": (Decimal("18.5"), Decimal(22))}
    assert environment.holding({}, {"temperature": (Decimal(18), Decimal(23))}, undercut)["temperature"] == (
        Bound(Decimal("18.5"), "procedure"), Bound(Decimal(22), "procedure"))


def test_a_limit_of_the_pair_is_never_wider_than_the_procedure_and_goes_back_to_it(app_on_both: Any) -> None:
    by = person("quality_manager")
    row = made(by)
    asked = {"temperature": (Decimal(15), Decimal(25))}

    def put(lower: str | None, upper: str | None, version: int) -> None:
        limits = {"temperature": (Decimal(lower) if lower else None, Decimal(upper) if upper else None)}
        set_pair(row.id, "CL.X", limits, asked, version=version, by=by)

    for lower, upper, field in (("14.9", "20", "temperature_lower"), ("18", "25.1", "temperature_upper"),
                                ("21", "20", "temperature_upper")):
        with pytest.raises(Invalid) as refused:
            put(lower, upper, row.version)
        assert refused.value.field == field
    seen = row.version
    put("15", "22", seen)
    with pytest.raises(Conflict):
        put("16", "22", seen)
    assert pair_of(environment.room(row.id), "CL.X") == {"temperature": (Decimal(15), Decimal(22))}
    assert pair_of(environment.room(row.id), "CL.Y") == {}
    put(None, None, environment.room(row.id).version)
    assert pair_of(environment.room(row.id), "CL.X") == {}


def test_a_pair_is_set_on_the_page_and_judges_what_is_typed_and_recorded(app: Any, clock: Any) -> None:
    by, user = person("quality_manager"), factories.technician()
    row = made(by)
    sheet = factories.filled(user=user)
    code = sheet.item.code
    room_record.choose_room(code, row.id, user)
    procedure = procedure_of(sheet.item)
    lower, upper = room_record.asked_by(procedure)["temperature"]
    assert lower is not None
    assert upper is not None
    clock.advance(minutes=60)
    low = f"{upper - 2:f}".replace(".", ",")
    environment.import_file(row.id, "a.csv", logged([low, f"{upper:f}".replace(".", ","), low]), by=by)
    assert room_record.record_of(sheet).findings == []
    typed = next(one for one in procedure.environment if one.key == "temperature")
    assert room_record.held_conditions(sheet, [typed]) == [typed]
    manager = logged_in(app, by)
    address = f"/standards/rooms/{row.id}/limits?procedure={procedure.code}"
    wide = manager.post(address, data={"temperature_upper": f"{upper + 1:f}".replace(".", ","), "version": row.version})
    assert wide.status_code == 422
    assert manager.post(address, data={
        "temperature_upper": f"{upper - 1:f}".replace(".", ","), "version": row.version}).status_code == 303
    session().expire_all()
    assert [(one.quantity, found.kind, found.extreme) for one, found in room_record.record_of(sheet).findings] == [
        ("temperature", "excursion", upper)]
    held = room_record.held_conditions(sheet, [typed])
    assert [(one.lower, one.upper) for one in held] == [(typed.lower, float(upper - 1))]
    half = type("Half", (), {"worksheet": sheet, "procedure": procedure, "cells": {
        "env/temperature/start": type("Typed", (), {"value": upper})}})
    assert [cell for cell, _vi, _en in fitness._outside(half)] == ["env/temperature/start"]  # type: ignore[arg-type]
    assert procedure.code in manager.get(f"/standards/rooms/{row.id}").text
    assert logged_in(app, user).get(address).status_code == 403
    assert manager.get(f"/standards/rooms/{row.id}/limits?procedure=none").status_code == 404


def test_a_document_states_what_the_room_recorded_beyond_what_was_typed(app: Any, clock: Any) -> None:
    by, user = person("quality_manager"), factories.technician()
    row = made(by)
    sheet = factories.filled(user=user)
    procedure = procedure_of(sheet.item)
    half: Any = type("Half", (), {"worksheet": sheet, "procedure": procedure, "cells": {
        "env/temperature/start": type("Typed", (), {"value": Decimal("20.4")}),
        "env/temperature/end": type("Typed", (), {"value": Decimal("20.1")})}})

    def stated() -> dict[str, tuple[str, str]]:
        return {one.label.vi: (one.start, one.end) for one in issue_record._environment(half)}

    temperature, humidity = (next(one.label.vi for one in procedure.environment if one.key == key)
                             for key in ("temperature", "humidity"))
    assert stated() == {temperature: ("20.4", "20.1")}
    room_record.choose_room(sheet.item.code, row.id, user)
    clock.advance(minutes=60)
    environment.import_file(row.id, "a.csv", logged(["20,2", "20,3", "20,2"]), by=by)
    assert stated() == {temperature: ("20.4", "20.1"), humidity: ("55", "55")}
    clock.advance(minutes=30)
    environment.import_file(row.id, "b.csv", logged(["21,7"]), by=by)
    assert stated()[temperature] == ("20.1", "21.7")
    sheet.performed_on -= timedelta(days=1)
    assert stated() == {temperature: ("20.4", "20.1")}
    session().rollback()


def limit(key: str, unit: str, lower: float | None, upper: float | None) -> EnvironmentLimit:
    return EnvironmentLimit(key, Words(key, key), unit, lower, upper, False)


@pytest.mark.parametrize(("stated", "asked", "unlike"), [
    (("pressure", "kPa", 86.0, 106.0), (Decimal(860), Decimal(1060)), False),
    (("pressure", "hPa", 860.0, None), (Decimal(860), None), False),
    (("pressure", "mbar", None, 1060.0), (None, Decimal(1060)), False),
    (("pressure", "kPa(g)", 86.0, 106.0), None, True),
    (("temperature", "°C", 15.0, 25.0), (Decimal(15), Decimal(25)), False),
    (("temperature", "K", 288.15, 298.15), None, True),
    (("humidity", "%", None, 80.0), (None, Decimal(80)), False),
    (("humidity", "g/m³", None, 12.0), None, True),
    (("water_temperature", "K", 1.0, 2.0), None, False)])
def test_limits_are_compared_in_the_unit_of_the_record_or_not_at_all(
        stated: Any, asked: Any, unlike: bool) -> None:
    procedure: Any = type("Half", (), {"environment": (limit(*stated),)})
    assert room_record.asked_by(procedure).get(stated[0]) == asked
    assert bool(room_record.unlike_limits(procedure)) is unlike


def test_a_procedure_in_kilopascals_and_a_room_in_hectopascals(app: Any, monkeypatch: Any) -> None:
    by, user = person("quality_manager"), factories.technician()
    row = made(by)
    sheet = factories.filled(user=user)
    room_record.choose_room(sheet.item.code, row.id, user)
    kilo, kelvin = limit("pressure", "kPa", 86.0, 106.0), limit("temperature", "K", 288.15, 298.15)
    procedure: Any = type("Half", (), {"environment": (kilo, kelvin), "code": "CL.X"})
    monkeypatch.setattr(room_record, "procedure_of", lambda item: procedure)
    environment.type_readings(row.id, clock.now(), {"pressure": Decimal(1013)}, by=by)
    record = room_record.record_of(sheet)
    assert record is not None
    assert ("pressure", "excursion") not in [(one.quantity, found.kind) for one, found in record.findings]
    assert record.unlike == (kelvin,)
    assert room_record.held_conditions(sheet, [kilo, kelvin]) == [kilo, kelvin]
    set_pair(row.id, "CL.X", {"pressure": (Decimal(980), None)}, room_record.asked_by(procedure), version=row.version,
             by=by)
    session().expire_all()
    held = room_record.held_conditions(sheet, [kilo, kelvin])
    assert [(one.unit, one.lower, one.upper) for one in held] == [("kPa", 98.0, 106.0), ("K", 288.15, 298.15)]
    half: Any = type("Half", (), {"worksheet": sheet})
    assert "room_unit" in [one.code for one in fitness.room(half)]


def test_limits_of_a_procedure_that_is_no_longer_published_are_read_and_taken_away(app: Any) -> None:
    by = person("quality_manager")
    row = made(by)
    set_pair(row.id, "CL.CU", {"humidity": (None, Decimal("61.5"))}, {}, version=row.version, by=by)
    manager = logged_in(app, by)
    assert "≤ 61,5" in manager.get("/standards/rooms").text
    address = f"/standards/rooms/{row.id}/limits?procedure=CL.CU"
    assert "không còn được ban hành" in manager.get(f"/standards/rooms/{row.id}").text
    page = manager.get(address)
    assert page.status_code == 200
    assert "61,5" in page.text
    assert manager.post(address, data={"version": environment.room(row.id).version}).status_code == 303
    assert manager.get(address).status_code == 404


def test_pages_of_rooms_by_role_and_with_what_was_typed(app: Any) -> None:
    keeper = person("quality_manager")
    row = made(keeper)
    manager, technician = logged_in(app, keeper), logged_in(app, person("technician", "khac"))
    assert app.test_client().get("/standards/rooms").status_code == 302
    assert technician.get("/standards/rooms").status_code == 200
    assert technician.get("/standards/rooms/new").status_code == 403
    assert technician.get("/standards/rooms/999999").status_code == 404
    good = technician.post(f"/standards/rooms/{row.id}/import", content_type="multipart/form-data",
                           data={"file": (BytesIO(logged(["20,0", "23,5", "20,2"])), "a.csv")})
    assert good.status_code == 303
    page = technician.get(f"/standards/rooms/{row.id}").get_data(as_text=True)
    assert "<svg" in page
    assert "23,5" in page
    bad = technician.post(f"/standards/rooms/{row.id}/import", content_type="multipart/form-data",
                          data={"file": (BytesIO(b"PK\x03\x04"), "a.xlsx")})
    assert bad.status_code == 422
    wrong = technician.post(f"/standards/rooms/{row.id}/readings", data={"day": "20/11/2026", "at": "25:00",
                                                                         "temperature": "20,5"})
    assert wrong.status_code == 422
    assert "20,5" in wrong.get_data(as_text=True)
    saved = manager.post(f"/standards/rooms/{row.id}/edit", data={
        "name": "Phòng Điện", "logger_id": "", "longest_gap_minutes": "30", "temperature_lower": "19",
        "temperature_upper": "21", "active": "y"})
    assert saved.status_code == 303
    limits = environment.limits_of(environment.room(row.id))
    assert limits == {"temperature": (Decimal(19), Decimal(21))}
