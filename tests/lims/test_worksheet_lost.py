"""Nothing typed into the sheet is lost or sent unasked: closed windows, closing questions, cut networks, a restart."""
from __future__ import annotations

from typing import Any

import pytest

from tests.lims import chaos
from tests.lims import factories as make
from tests.lims.sheet_desk import Desk, served, stands, written
from tests.promises import promise

pytestmark = pytest.mark.browser
DRAFT_KEPT = """async () => {
    const kept = () => Object.keys(localStorage).some((key) => key.startsWith("lims-typing:"));
    while (!kept()) await new Promise(requestAnimationFrame);
}"""
# What came back when the tab opened goes out after the page has shown what the server holds.
NOTHING_LEFT = """async () => { while (localStorage.length) await new Promise(requestAnimationFrame); }"""


def test_a_window_that_is_left_or_closed_does_not_send_what_is_half_typed(
        chromium: Any, app: Any, address: str, expect: Any) -> None:
    user = make.technician()
    sheet = make.started(make.MULTIMETER, user)
    desk, code, cell = Desk(chromium, app, address, user), sheet.item.code, "env/temperature/end"
    desk.open(code)
    desk.field(cell).focus()
    desk.page.keyboard.type("2")
    desk.page.evaluate("document.activeElement.dispatchEvent(new FocusEvent('blur'))")  # as another window comes before
    assert desk.page.evaluate("Object.keys(localStorage)") == [f"lims-typing:{user.id}:{code}"]
    desk.reopen(code)
    expect(desk.field(cell)).to_have_value("2")
    desk.page.keyboard.type("21,5")  # the cursor is back, all selected
    desk.page.keyboard.press("Enter")
    expect(desk.box(cell)).to_have_attribute("data-state", "saved")
    desk.close()
    assert [entry.text for entry in written(code) if entry.cell == cell] == ["21,5"]


def test_what_is_typed_while_a_question_closes_is_kept_and_corrects_nothing(
        chromium: Any, app: Any, address: str, expect: Any) -> None:
    """A key may come between the closing of a dialog and the event that tells of it."""
    user = make.technician()
    sheet = make.started(make.MULTIMETER, user)
    make.type_cells(sheet, user, {"field/test_points": "100"})
    desk, code, cell = Desk(chromium, app, address, user), sheet.item.code, "main/1/ind/1"
    desk.open(code)
    desk.field(cell).focus()
    desk.type("1.400")
    expect(desk.page.locator("dialog[open]")).to_contain_text("Một số có hai cách đọc")
    desk.page.evaluate("""() => {
        document.querySelector("dialog[open]").close();
        const input = document.activeElement;
        input.value = "100,7";
        input.dispatchEvent(new InputEvent("input", {bubbles: true}));
        input.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true, cancelable: true}));
    }""")
    expect(desk.box(cell)).to_have_attribute("data-state", "saved")
    expect(desk.field(cell)).to_have_value("100,7")
    desk.close()
    assert [(entry.text, entry.reason) for entry in written(code) if entry.cell == cell] == [("100,7", "")]


@pytest.mark.promise
@pytest.mark.fault
def test_what_was_typed_outlives_cut_networks_closed_tabs_and_lost_answers(
        chromium: Any, app: Any, address: str, expect: Any, request: pytest.FixtureRequest) -> None:
    """P-R11: in turn the request is lost, the answer is lost, and the tab is closed while a cell is half typed."""
    cuts = request.config.getoption("--cuts")
    user = make.technician()
    sheet = make.started(make.MULTIMETER, user)
    make.type_cells(sheet, user, {"field/test_points": "; ".join(str(100 + at) for at in range(cuts))})
    code, lost = sheet.item.code, 0
    desk = Desk(chromium, app, address, user)
    desk.open(code)
    for turn in range(cuts):
        cell, text = f"main/{turn + 1}/ind/1", f"{100 + turn},1"
        if turn % 2:
            desk.context.route("**/cells", lambda route: (route.fetch(), route.abort()))  # it arrived, nobody hears it
        else:
            desk.context.route("**/cells", lambda route: route.abort())
        desk.field(cell).focus()
        desk.type(text)
        expect(desk.box(cell)).to_have_attribute("data-state", "waiting")
        nearly = desk.field("env/temperature/end")
        nearly.focus()
        desk.page.keyboard.type("2")
        desk.page.evaluate(DRAFT_KEPT)
        desk.context.unroute("**/cells")
        desk.reopen(code)
        expect(desk.box(cell)).to_have_attribute("data-state", "saved")
        expect(desk.field("env/temperature/end")).to_have_value("2")
        desk.field("env/temperature/end").focus()
        desk.page.keyboard.press("Escape")
        lost += stands(code, cell) != text
    doubled = sum(entry.revision > 1 for entry in written(code))
    desk.page.evaluate(NOTHING_LEFT)
    desk.close()
    promise("P-R11", f"trials={cuts} readings_lost={lost} written_twice={doubled}",
            target="readings_lost=0 written_twice=0", kept=lost == 0 and doubled == 0)


@pytest.mark.promise
def test_a_real_wire_that_is_cut_and_a_restarted_server_lose_nothing(
        chromium: Any, app: Any, address: str, expect: Any, request: pytest.FixtureRequest) -> None:
    """P-R11 through a proxy: the request is swallowed, its answer is swallowed, its answer is torn; then the server is
    started again while a cell waits."""
    cuts = request.config.getoption("--cuts")
    user = make.technician()
    sheet = make.started(make.MULTIMETER, user)
    make.type_cells(sheet, user, {"field/test_points": "; ".join(str(100 + at) for at in range(cuts + 1))})
    code, port = sheet.item.code, int(address.rsplit(":", 1)[1])
    with chaos.between(port, f"/items/{code}/cells") as wire:
        desk = Desk(chromium, app, wire.address, user)
        desk.open(code)
        for turn in range(cuts):
            wire.cut = ("request", "answer", "half")[turn % 3]
            cell = f"main/{turn + 1}/ind/1"
            desk.field(cell).focus()
            desk.type(f"{100 + turn},1")
            expect(desk.box(cell)).to_have_attribute("data-state", "waiting")
            wire.cut = "none"
            expect(desk.box(cell)).to_have_attribute("data-state", "saved")
        cell = f"main/{cuts + 1}/ind/1"
        wire.cut = "request"
        desk.field(cell).focus()
        desk.type(f"{100 + cuts},1")
        expect(desk.box(cell)).to_have_attribute("data-state", "waiting")
        with served(app) as again:  # the old process is gone; what it held in memory with it
            wire.target, wire.cut = ("127.0.0.1", again), "none"
            expect(desk.box(cell)).to_have_attribute("data-state", "saved")
        assert wire.cuts >= cuts
        desk.close()
    lost = sum(stands(code, f"main/{at + 1}/ind/1") != f"{100 + at},1" for at in range(cuts + 1))
    doubled = sum(entry.revision > 1 for entry in written(code))
    promise("P-R11-wire", f"cuts={wire.cuts} restarts=1 readings_lost={lost} written_twice={doubled}",
            target="readings_lost=0 written_twice=0", kept=lost == 0 and doubled == 0)
