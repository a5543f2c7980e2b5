"""The sheet in a real Chromium, by keyboard alone: speed of the hand, doubtful readings, two people, a phone."""
from __future__ import annotations

from typing import Any

import pytest

from lims.jobs.worksheet import sheet_of
from lims.shared.db import db
from tests.lims import factories as make
from tests.lims.sheet_desk import Desk, stands, written

pytestmark = pytest.mark.browser


def test_one_multimeter_from_label_to_review_by_keyboard(chromium: Any, app: Any, address: str, expect: Any) -> None:
    """EA-4/02 S9 typed with its comma forgotten; every press beyond the readings is counted."""
    user = make.technician()
    make.standard(by=user)
    code = make.item(to=user).code
    desk = Desk(chromium, app, address, user)
    page, beyond = desk.page, 0
    page.goto(f"{address}/bench")
    desk.type(code)  # the label is scanned
    expect(page.get_by_text("Bắt đầu đo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#standard-number")).to_be_focused()
    desk.type("CH-DI-001")  # so is the standard
    expect(page.locator('[data-cell="check/external"] button[value="pass"]')).to_be_focused()
    page.keyboard.press("Enter")
    beyond += 4
    for cell, text in (("env/temperature/start", "20,4"), ("env/humidity/start", "55")):
        expect(desk.field(cell)).to_be_focused()
        desk.type(text)
    expect(desk.field("main/1/ind/1")).to_be_focused()
    desk.type("1001")
    expect(desk.box("main/1/ind/1")).to_have_attribute("data-state", "guard")
    expect(page.get_by_text("Nhận 100,1")).to_be_visible()
    page.keyboard.press("Enter")  # the guard's suggestion is taken
    for cell, text in (("env/temperature/end", "20,6"), ("env/humidity/end", "56")):
        expect(desk.field(cell)).to_be_focused()
        desk.type(text)
    row = page.locator('tr[data-row="main/1"]')
    expect(row.locator("[data-value]")).to_have_text("+0,10")
    expect(row.locator("[data-u]")).to_have_text("0,05")
    expect(row.locator("[data-k]")).to_have_text("1,65")
    expect(desk.box("env/humidity/end")).to_have_attribute("data-state", "saved")
    page.keyboard.press("F8")
    expect(page.get_by_text("95,3 %").first).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("Escape")
    expect(page.locator("#submit")).to_be_focused()
    page.keyboard.press("Control+Enter")
    beyond += 1
    expect(page.get_by_text(f"Đã chuyển soát xét {code}")).to_be_visible()
    desk.close()
    print(f"\npresses and scans beyond the readings: {beyond} (at most 10)")
    assert beyond <= 10
    assert stands(code, "main/1/ind/1") == "100,1"


def test_the_cursor_follows_the_order_of_measuring_and_the_arrows(chromium: Any, app: Any, address: str,
                                                                  expect: Any) -> None:
    user = make.technician(make.GAUGE)
    sheet = make.started(make.GAUGE, user)
    code = sheet.item.code
    make.type_cells(sheet, user, {"check/external": "pass", "check/technical": "pass", "zero/1/before/1": "0",
                                  "zero/1/after/1": "0", "env/temperature/start": "20", "env/humidity/start": "50"})
    desk = Desk(chromium, app, address, user)
    desk.open(code)
    expect(desk.field("main/1/up/1")).to_be_focused()
    up, down = ["1,985", "3,968", "5,958", "7,941", "9,920"], ["9,914", "7,927", "5,938", "3,950", "1,966"]
    for text in up + down:  # up the scale, then down again
        desk.type(text)
    expect(desk.page.locator("#verdict")).to_have_text("Đạt")
    expect(desk.page.locator("#count")).to_have_text("12 / 12 số đọc")
    desk.field("main/2/up/1").focus()
    desk.page.keyboard.press("ArrowRight")
    expect(desk.field("main/2/down/1")).to_be_focused()
    desk.page.keyboard.press("ArrowDown")
    expect(desk.field("main/3/down/1")).to_be_focused()
    desk.page.keyboard.press("F2")
    desk.page.keyboard.press("Backspace")
    desk.type("9")  # 5,938 becomes 5,939: a slip corrected in the same visit
    expect(desk.box("main/3/down/1")).to_have_attribute("data-state", "saved")
    desk.close()
    assert [(one.text, one.reason) for one in written(code) if one.cell == "main/3/down/1"] == [
        ("5,938", ""), ("5,939", "Gõ nhầm")]


def test_what_is_no_number_and_what_may_be_two_numbers_is_told_at_the_cell(chromium: Any, app: Any, address: str,
                                                                           expect: Any) -> None:
    user = make.technician()
    code = make.started(make.MULTIMETER, user).item.code
    desk = Desk(chromium, app, address, user)
    desk.open(code)
    desk.field("env/temperature/start").focus()
    desk.type("hai mươi")
    expect(desk.box("env/temperature/start")).to_have_attribute("data-state", "refused")
    expect(desk.page.get_by_text("Không phải là số.")).to_be_visible()
    expect(desk.field("env/temperature/start")).to_be_focused()
    desk.page.keyboard.press("Escape")
    expect(desk.field("env/temperature/start")).to_have_value("")
    desk.type("20,4")
    expect(desk.box("env/temperature/start")).to_have_attribute("data-state", "saved")
    desk.field("env/humidity/start").focus()
    desk.type("1.400")
    expect(desk.page.get_by_text("Dấu chấm trong «1.400» nghĩa là gì?")).to_be_visible()
    desk.page.keyboard.press("1")
    expect(desk.box("env/humidity/start")).to_have_attribute("data-state", "saved")
    desk.close()
    db.session.rollback()
    assert (sheet_of(code).dot_means, stands(code, "env/humidity/start")) == ("decimal", "1.400")


def test_a_block_is_pasted_and_the_last_entry_taken_back_as_a_recorded_correction(
        chromium: Any, app: Any, address: str, expect: Any) -> None:
    user = make.technician(make.GAUGE)
    code = make.started(make.GAUGE, user).item.code
    desk = Desk(chromium, app, address, user)
    desk.open(code)
    desk.field("main/1/up/1").focus()
    desk.page.evaluate("""() => {
        const data = new DataTransfer();
        data.setData("text", "1,985\\t1,966\\r\\n3,968\\t3,950\\r\\n");
        const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
        document.activeElement.dispatchEvent(event);
    }""")
    for cell in ("main/1/up/1", "main/1/down/1", "main/2/up/1", "main/2/down/1"):
        expect(desk.box(cell)).to_have_attribute("data-state", "saved")
    desk.field("main/3/up/1").focus()
    desk.page.keyboard.press("Control+z")
    expect(desk.field("main/2/down/1")).to_have_value("")
    expect(desk.box("main/2/down/1")).to_have_attribute("data-revision", "2")
    desk.close()
    last = written(code)[-1]
    assert (last.cell, last.text, last.source, last.reason) == ("main/2/down/1", "", "undo", "Rút lại")


def test_a_failed_check_stops_the_work_with_one_key_and_a_reason(chromium: Any, app: Any, address: str,
                                                                 expect: Any) -> None:
    user = make.technician(make.GAUGE)
    code = make.started(make.GAUGE, user).item.code
    desk = Desk(chromium, app, address, user)
    desk.open(code)
    desk.page.keyboard.press("F9")
    expect(desk.page.get_by_text("Dừng vì không đạt: Kiểm tra bên ngoài")).to_be_visible()
    desk.page.keyboard.press("1")
    expect(desk.page.locator("#verdict")).to_have_text("Không đạt")
    desk.page.keyboard.press("Control+Enter")
    expect(desk.page.get_by_text("không đạt.")).to_be_visible()
    desk.close()
    assert [one.reason for one in written(code)] == ["Hư hỏng nhìn thấy được"]


def test_two_people_see_both_values_and_settle_on_one(chromium: Any, app: Any, address: str, expect: Any) -> None:
    one, two = make.technician(name="hanh"), make.technician(name="bao")
    code = make.started(make.MULTIMETER, one).item.code
    first, second = Desk(chromium, app, address, one), Desk(chromium, app, address, two)
    for desk in (first, second):
        desk.open(code)
    first.field("main/1/ind/1").focus()
    first.type("100,1")
    expect(first.box("main/1/ind/1")).to_have_attribute("data-state", "saved")
    second.field("main/1/ind/1").focus()
    second.type("100,3")
    expect(second.box("main/1/ind/1")).to_have_attribute("data-state", "conflict")
    expect(second.page.get_by_text("Hai giá trị: 100,3 và 100,1")).to_be_visible()
    assert stands(code, "main/1/ind/1") == "100,1"
    second.page.get_by_role("button", name="Chọn giá trị").click()
    second.page.keyboard.press("Enter")
    expect(second.box("main/1/ind/1")).to_have_attribute("data-state", "saved")
    for desk in (first, second):
        desk.close()
    assert [(entry.text, entry.reason) for entry in written(code)] == [
        ("100,1", ""), ("100,3", "Chọn 100,3; giá trị kia: 100,1")]


def test_a_phone_shows_the_sheet_without_scrolling_sideways(chromium: Any, app: Any, address: str, expect: Any) -> None:
    user = make.technician(make.GAUGE)
    code = make.filled(make.GAUGE, user).item.code
    desk = Desk(chromium, app, address, user)
    desk.page.set_viewport_size({"width": 390, "height": 844})
    for page in (f"items/{code}/sheet", f"items/{code}/budget/main/1", f"items/{code}/history", "bench"):
        desk.page.goto(f"{address}/{page}")
        assert desk.page.evaluate("document.documentElement.scrollWidth") == 390
    desk.page.set_viewport_size({"width": 1366, "height": 768})
    desk.page.goto(f"{address}/items/{code}/sheet")
    assert desk.page.evaluate("document.documentElement.scrollWidth") == 1366
    desk.close()
