"""Bench loads: like items on one screen, some readings typed once, each with a sheet of its own."""
from __future__ import annotations

import time
from typing import Any

import pytest

from lims.auth.models import User
from lims.jobs import load_cells, loads
from lims.jobs.cells import Change
from lims.jobs.load_models import BenchLoad
from lims.jobs.load_page import state_of, view_of
from lims.jobs.models import JobItem
from lims.jobs.observations import entries, latest
from lims.jobs.service import item_by_code
from lims.jobs.submission import submit
from lims.jobs.worksheet import sheet_of
from lims.shared.errors import Conflict, Invalid, NotPermitted
from tests.lims import factories as make
from tests.lims.counting import statements_of
from tests.lims.people import logged_in, person

SHARED = {"*:check/external": "pass", "*:check/technical": "pass", "*:env/temperature/start": "20,4",
          "*:env/humidity/start": "55", "*:env/temperature/end": "20,6", "*:env/humidity/end": "56",
          "*:zero/1/before/1": "0,00", "*:zero/1/after/1": "0,00"}
UP = ("1,985", "3,968", "5,958", "7,941", "9,920")
DOWN = ("1,966", "3,950", "5,938", "7,927", "9,914")


def meters(user: User, count: int) -> list[JobItem]:
    """So many gauges of one customer, assigned to the person."""
    owner = make.customer()
    return [make.item(make.GAUGE, user, of=make.instrument(make.GAUGE, owner)) for _ in range(count)]


def a_load(count: int = 3, shared: tuple[str, ...] = ("zero/before", "zero/after")) -> tuple[BenchLoad, User]:
    user = make.technician(make.GAUGE)
    standard = make.standard(make.GAUGE, user)
    items = meters(user, count)
    load = loads.create("\n".join(item.instrument.serial for item in items), shared, user)
    loads.choose_standard(load.id, "", standard.asset_number, 0, user)
    return load, user


def type_in(load: BenchLoad, user: User, texts: dict[str, str]) -> load_cells.Saved:
    saved = load_cells.save_cells(load.id, [Change(cell, text, 0) for cell, text in texts.items()], user)
    assert {outcome.status for outcome in saved.outcomes} == {"saved"}, saved.outcomes
    return saved


def readings(position: int) -> dict[str, str]:
    return {f"{position}:main/{at}/{way}/1": text for way, texts in (("up", UP), ("down", DOWN))
            for at, text in enumerate(texts, start=1)}


class TestPuttingTogether:
    def test_follows_the_order_of_scanning_and_begins_the_sheets(self, app_on_both: Any) -> None:
        user = make.technician(make.GAUGE)
        items = meters(user, 3)
        codes = [items[2].instrument.serial, items[0].code.lower(), items[1].instrument.serial]
        load = loads.create("\n".join(codes), [], user)
        assert [row.item.code for row in loads.get(load.id).positions] == [items[2].code, items[0].code, items[1].code]
        assert {item_by_code(item.code).state for item in items} == {"measuring"}
        assert sheet_of(items[0].code).instrument_fields == dict(make.GAUGE.fields)

    def test_takes_the_whole_job_by_its_number(self, app: Any) -> None:
        user = make.technician(make.GAUGE)
        item = meters(user, 1)[0]
        assert [one.code for line in loads.resolve(item.job.number) for one in line.items] == [item.code]

    @pytest.mark.parametrize("case", ["unknown", "twice", "other procedure", "other range", "not assigned", "issued"])
    def test_says_at_its_line_what_is_wrong(self, app: Any, case: str) -> None:
        user = make.technician(make.GAUGE)
        first = meters(user, 1)[0]
        other = {
            "unknown": lambda: "KHONG-CO-1", "twice": lambda: first.code,
            "other procedure": lambda: make.item(make.MULTIMETER, user).code,
            "other range": lambda: make.item(make.GAUGE, user, of=make.instrument(
                make.GAUGE, fields={**make.GAUGE.fields, "range_max": "16"})).code,
            "not assigned": lambda: make.item(make.GAUGE, state="received").code,
            "issued": lambda: make.item(make.GAUGE, user, state="issued").code}[case]()
        lines = loads.resolve(f"{first.code}\n{other}")
        assert [line.fault is None for line in lines] == [True, False]
        with pytest.raises(Invalid) as refusal:
            loads.create(f"{first.code}\n{other}", [], user)
        assert refusal.value.field == "codes"
        assert item_by_code(first.code).worksheet is None

    def test_needs_an_authorisation_and_two_to_forty(self, app: Any) -> None:
        user = make.technician(make.GAUGE)
        items = meters(user, 2)
        with pytest.raises(Invalid):
            loads.create(items[0].code, [], user)
        with pytest.raises(NotPermitted):
            loads.create("\n".join(item.code for item in items), [], person("technician", "khac"))
        assert item_by_code(items[0].code).state == "assigned"


class TestSaving:
    def test_what_is_read_once_stands_in_every_sheet(self, app_on_both: Any) -> None:
        load, user = a_load()
        type_in(load, user, SHARED)
        for row in loads.get(load.id).positions:
            stands = latest(entries(sheet_of(row.item.code).id))
            assert {cell: entry.text for cell, entry in stands.items()} == {
                cell.removeprefix("*:"): text for cell, text in SHARED.items()}
            assert {entry.source for entry in stands.values()} == {"load"}

    def test_each_position_has_its_own_result_like_a_single_sheet(self, app: Any) -> None:
        load, user = a_load()
        type_in(load, user, SHARED | readings(1) | readings(3))
        state = state_of(load.id)
        assert [state["positions"][at]["verdict"] for at in ("1", "2", "3")] == ["pass", "incomplete", "pass"]
        alone = make.filled(make.GAUGE, user, served_by=sheet_of(load.positions[0].item.code).standards[0].standard)
        from lims.jobs.results import evaluate_sheet
        row = evaluate_sheet(alone).tables[1].rows[2]
        shown = state["evaluation"]["rows"]["3:main/3"]
        assert (shown["value"].lstrip("+").replace("\u2212", "-"), shown["U"]) == (
            row.value_text.replace(".", ","), row.U_text.replace(".", ","))

    def test_a_correction_of_a_shared_reading_is_a_correction_in_each_sheet(self, app: Any) -> None:
        load, user = a_load()
        type_in(load, user, SHARED)
        change = Change("*:env/temperature/start", "20,9", 1, reason="Đọc lại")
        assert load_cells.save_cells(load.id, [change], user).outcomes[0].status == "saved"
        for row in loads.get(load.id).positions:
            entry = latest(entries(sheet_of(row.item.code).id))["env/temperature/start"]
            assert (entry.revision, entry.text, entry.reason) == (2, "20,9", "Đọc lại")

    def test_a_conflict_shows_both_values(self, app: Any) -> None:
        load, user = a_load()
        type_in(load, user, {"2:main/1/up/1": "1,985"})
        other = make.technician(make.GAUGE, "ktv2")
        (outcome,) = load_cells.save_cells(load.id, [Change("2:main/1/up/1", "1,990", 0)], other).outcomes
        assert (outcome.status, outcome.cell) == ("conflict", "2:main/1/up/1")
        assert outcome.now is not None
        assert outcome.now.text == "1,985"

    def test_a_shared_text_that_one_sheet_refuses_is_written_nowhere(self, app: Any) -> None:
        """Fewer points would take the place of readings of position 2."""
        load, user = a_load()
        type_in(load, user, SHARED | {"2:main/5/up/1": "9,920"})
        (outcome,) = load_cells.save_cells(load.id, [Change("*:field/range_max", "abc", 0)], user).outcomes
        assert outcome.status == "refused"
        before = [sheet.instrument_fields for sheet in loads.sheets_of(load.id).values()]
        assert before == [dict(make.GAUGE.fields)] * 3

    @pytest.mark.parametrize("cell", ["main/1/up/1", "x:main/1/up/1", "-1:main/1/up/1", "１:main/1/up/1"])
    def test_a_cell_without_its_position_is_refused(self, app: Any, cell: str) -> None:
        load, user = a_load(2)
        with pytest.raises(Invalid):
            load_cells.save_cells(load.id, [Change(cell, "1", 0)], user)
        with pytest.raises(Conflict):
            load_cells.save_cells(load.id, [Change("9:main/1/up/1", "1", 0)], user)

    def test_a_bench_is_entered_and_evaluated_and_its_machine_time_told(self, app: Any) -> None:
        """Shared readings one by one, then every position's up and down readings, each row in a request of its own."""
        count = 10
        load, user = a_load(count)
        client = logged_in(app, user)
        address = f"/loads/{load.id}/cells"
        began, requests = time.process_time(), 0

        def send(texts: dict[str, str]) -> Any:
            nonlocal requests
            requests += 1
            reply = client.post(address, json={"seen": 0, "cells": [
                {"cell": cell, "text": text, "base_revision": 0} for cell, text in texts.items()]})
            assert {one["status"] for one in reply.json["outcomes"]} == {"saved"}
            return reply

        for cell, text in SHARED.items():
            send({cell: text})
        for position in range(1, count + 1):
            last = send(readings(position))
        spent = time.process_time() - began
        assert last.json["positions"][str(count)]["verdict"] == "pass"
        print(f"\n{count} on the bench, {requests} requests: {spent:.2f} s of machine time, "
              f"for 40 {spent * 40 / count:.2f} s")

    def test_statements_do_not_grow_with_the_positions(self, app: Any) -> None:
        small, user = a_load(2)
        big = loads.create("\n".join(item.code for item in meters(user, 6)), [], user)
        few, many = [statements_of(lambda one=one: view_of(loads.get(one))) for one in (small.id, big.id)]
        assert many <= few


class TestHandingOn:
    def test_complete_ones_go_to_review_the_others_stay(self, app: Any) -> None:
        load, user = a_load()
        type_in(load, user, SHARED | readings(1) | readings(3))
        handed = loads.hand_on(load.id, user)
        assert len(handed.done) == 2
        assert [(position, error.field != "") for position, _code, error in handed.refused] == [(2, True)]
        assert [row.item.state for row in loads.get(load.id).positions] == ["submitted", "measuring", "submitted"]

    def test_a_failed_one_needs_its_reason(self, app: Any) -> None:
        load, user = a_load(2)
        type_in(load, user, SHARED | readings(1))
        changes = [Change(cell, "5,300" if "/3/" in cell else text, 0, reason="đúng vậy", confirmed=True)
                   for cell, text in readings(2).items()]
        load_cells.save_cells(load.id, changes, user)
        assert state_of(load.id)["positions"]["2"]["verdict"] == "fail"
        handed = loads.hand_on(load.id, user)
        assert [(position, error.field) for position, _code, error in handed.refused] == [(2, "reason")]
        with pytest.raises(Invalid):
            loads.set_reason(load.id, 2, "  ", user)
        loads.set_reason(load.id, 2, "Sai số vượt giới hạn", user)
        assert loads.hand_on(load.id, user).refused == []
        assert loads.get(load.id).positions[1].reason == "Sai số vượt giới hạn"

    def test_a_sheet_handed_on_takes_nothing_more_from_the_bench(self, app: Any) -> None:
        load, user = a_load(2)
        type_in(load, user, SHARED | readings(1))
        submit(load.positions[0].item.code, user)
        saved = load_cells.save_cells(load.id, [Change("*:env/temperature/end", "20,7", 0, reason="x")], user)
        assert saved.touched == [2]


class TestPages:
    def test_a_load_is_put_together_and_shown(self, app: Any) -> None:
        user = make.technician(make.GAUGE)
        items = meters(user, 12)
        client, codes = logged_in(app, user), "\n".join(item.instrument.serial for item in items)
        assert 'value="zero/before"' in client.get("/loads/new", query_string={"codes": codes}).get_data(as_text=True)
        looked = client.post("/loads/new", data={"codes": codes, "look": "1"})
        assert looked.status_code == 200
        begun = client.post("/loads/new", data={"codes": codes, "shared": ["zero/before"], "begin": "1"})
        assert begun.status_code == 303
        page = client.get(begun.location).get_data(as_text=True)
        assert all(item.instrument.serial in page for item in items)
        assert 'data-cell="*:zero/1/before/1"' in page
        assert 'data-cell="12:main/1/up/1"' in page
        assert "ME-0001" in client.get("/loads").get_data(as_text=True)

    def test_what_is_wrong_stands_beside_what_was_scanned(self, app: Any) -> None:
        client = logged_in(app, make.technician(make.GAUGE))
        page = client.post("/loads/new", data={"codes": "KHONG-CO-1\nKHONG-CO-2", "begin": "1"})
        assert page.status_code == 422
        assert "chưa tiếp nhận" in page.get_data(as_text=True)
        assert "KHONG-CO-2" in page.get_data(as_text=True)

    def test_only_who_measures_may_type_and_everybody_may_look(self, app: Any) -> None:
        load, _user = a_load(2)
        client = logged_in(app, person("reception", "lan"))
        assert client.get(f"/loads/{load.id}").status_code == 200
        assert client.post(f"/loads/{load.id}/cells", json={"cells": []}).status_code == 403
        assert client.get("/loads/999").status_code == 404

    def test_the_budget_of_a_position_is_that_of_its_sheet(self, app: Any) -> None:
        load, user = a_load(2)
        reply = logged_in(app, user).get(f"/loads/{load.id}/budget/2:main/3")
        assert reply.location == f"/items/{load.positions[1].item.code}/budget/main/3"
