"""The scripts of every page, in a real Chromium under the strict content policy. No server: pages are made here."""
from __future__ import annotations

import json
from typing import Any

import pytest

from lims.jobs import procedures
from tests.browser.scanner import scan
from tests.lims.pages_made_here import FORM, Site
from tests.lims.people import logged_in, person

pytestmark = pytest.mark.browser
playwright = pytest.importorskip("playwright.sync_api")


def shown(page: Any, selector: str, text: str) -> None:
    playwright.expect(page.locator(selector)).to_have_text(text)


# ---- reception ----


def test_a_kind_is_found_without_accents_and_another_kind_forgets_the_copied_maker(site: Site, app: Any) -> None:
    procedures.publish_shipped(actor=("", "test"))
    text = logged_in(app, person("reception")).get("/jobs/new").text
    site["/jobs/new"] = text[text.index("<!doctype"):]
    site["/jobs/recognise"] = "[]"
    page = site.open("/jobs/new")
    kind = page.locator("[name=items-0-kind]")
    kind.focus()
    page.keyboard.type("can dong ho")
    assert page.locator(".find-one").all_inner_texts()[0] == "Cân đồng hồ lò xo"
    page.keyboard.press("Enter")
    assert kind.locator("option:checked").inner_text() == "Cân đồng hồ lò xo"
    playwright.expect(kind).to_be_focused()
    playwright.expect(page.locator("[name=items-0-name]")).to_have_value("Cân đồng hồ lò xo")
    for name, text in (("maker", "Nhơn Hòa"), ("model", "NHS-30")):
        page.fill(f"[name=items-0-{name}]", text)
    page.keyboard.press("Control+ArrowDown")
    playwright.expect(page.locator("[name=items-1-maker]")).to_have_value("Nhơn Hòa")
    page.fill("[name=items-1-model]", "NHS-60")
    page.locator("[name=items-1-kind]").focus()
    page.keyboard.type("zzz")
    assert page.locator(".find-one").count() == 0
    page.fill(".find input", "ap ke lo xo")
    page.locator(".find-one").first.click()
    playwright.expect(page.locator("[name=items-1-name]")).to_have_value("Áp kế kiểu lò xo")
    values = [page.input_value(f"[name=items-{line}-{name}]") for line in (0, 1) for name in ("maker", "model")]
    assert values == ["Nhơn Hòa", "NHS-30", "", "NHS-60"]  # what was typed in the second line itself stays


def test_a_customer_is_found_without_accents_and_taken_by_keyboard(site: Site, app: Any) -> None:
    text = logged_in(app, person("reception")).get("/jobs/new").text
    site["/jobs/new"] = text[text.index("<!doctype"):]
    site["/customers/suggest"] = json.dumps(
        [{"id": 7, "code": "KH-0007", "name": "Công ty CP Nồi hơi Tân An", "address": "Lô B4"}])
    page = site.open("/jobs/new")
    page.locator("[name=customer]").press_sequentially("noi hoi")
    playwright.expect(page.locator(".suggestions .find-one")).to_have_text("KH-0007 · Công ty CP Nồi hơi Tân AnLô B4")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert (page.input_value("[name=customer_id]"), page.input_value("[name=customer]")) == (
        "7", "Công ty CP Nồi hơi Tân An")
    playwright.expect(page.locator(".suggestions")).to_be_hidden()


# ---- dates ----


MEANT = {
    "5/3/2026": "05/03/2026", "05032026": "05/03/2026", "5.3.26": "05/03/2026", "2026-03-05": "05/03/2026",
    "5-3": "05/03/2026", "0503": "05/03/2026", "5": "05/11/2026", "+8": "01/12/2026", "-23": "31/10/2026",
    "29/2/2028": "29/02/2028", "29/2/2026": None, "31/4/2026": None, "5/13/2026": None, "0/1/2026": None,
    "mai": None, "": None, "5/3/202": None, "１２/3/2026": None,
}


def test_short_dates_mean_day_month_year(site: Site) -> None:
    site["/"] = ""
    found = site.open("/").evaluate("""async (typed) => {
        const { parseDate, showDate } = await import("/static/modules/dates.js");
        const read = (text) => parseDate(text, new Date(2026, 10, 23));
        return typed.map((text) => read(text) && showDate(read(text))); }""", list(MEANT))
    assert dict(zip(MEANT, found, strict=True)) == MEANT


def test_a_wrong_date_is_told_at_its_box_and_forgiven_when_mended(site: Site) -> None:
    site["/"] = '<span class="field"><input id="due" data-date aria-describedby="due-h"></span><button>x</button>'
    page = site.open("/")
    page.fill("#due", "31/2")
    page.press("#due", "Tab")
    playwright.expect(page.locator(".invalid-feedback")).to_contain_text("no such day")
    assert page.get_attribute("#due", "aria-describedby") == "due-h due-date"
    page.fill("#due", "28/2/26")
    page.press("#due", "Tab")
    assert page.input_value("#due") == "28/02/2026"
    assert page.locator(".invalid-feedback").count() == 0
    assert page.get_attribute("#due", "aria-describedby") == "due-h"


# ---- scanning and keys ----


def test_a_scanner_is_led_to_the_scan_bar_from_anywhere(site: Site) -> None:
    site["/"], site["/search"] = "<p>page</p>", "found"
    page = site.open("/")
    scan(page, "CH-AS-009")
    page.wait_for_url("**/search?q=CH-AS-009")


def test_a_page_may_take_a_scanned_code_for_itself(site: Site) -> None:
    site["/"] = "<p>page</p>"
    page = site.open("/")
    page.evaluate("""() => { document.addEventListener("lims:scan", (event) => {
        event.preventDefault(); document.title = event.detail.code; }); }""")
    scan(page, "CH-AS-009")
    playwright.expect(page).to_have_title("CH-AS-009")
    assert page.input_value("#scan") == ""
    assert not any("/search?" in line for line in site.asked)  # suggestions may be asked for


def test_what_is_typed_into_a_field_stays_there(site: Site) -> None:
    site["/"] = '<input id="serial">'
    page = site.open("/")
    page.focus("#serial")
    page.keyboard.type("AK-2291745")
    assert page.input_value("#serial") == "AK-2291745"
    assert page.input_value("#scan") == ""


def test_a_code_scanned_into_a_field_of_another_kind_opens_its_object(site: Site) -> None:
    """The field gets back what stood there, nothing is sent with it; a field that wants the code keeps it."""
    site["/"] = ('<form action="/sent"><input id="name" name="n" value="Tân">'
                 '<input id="serial" data-scan="instrument"></form>')
    site["/scan.json"], site["/standards/9"] = '{"kind": "standard", "url": "/standards/9"}', "standard"
    page = site.open("/")
    page.focus("#serial")
    scan(page, "CH-AS-009")
    assert page.input_value("#serial") == "CH-AS-009"
    site.open("/")
    page.focus("#name")
    page.keyboard.press("End")
    site.asked.clear()
    scan(page, "CH-AS-009")
    page.wait_for_url("**/standards/9")
    assert not any("/sent" in line for line in site.asked)


def test_a_code_that_names_nothing_stays_as_typed_and_is_sent(site: Site) -> None:
    site["/"] = '<form action="/sent"><input id="name" name="n"></form>'
    site["/scan.json"], site["/sent"] = '{"kind": null, "url": null}', "sent"
    page = site.open("/")
    page.focus("#name")
    scan(page, "khongco-1234")
    page.wait_for_url("**/sent?n=khongco-1234")


def test_a_code_pasted_with_its_line_end_is_a_scan(site: Site) -> None:
    site["/"], site["/search"] = "<p>page</p>", "found"
    page = site.open("/")
    page.evaluate("""() => { const data = new DataTransfer(); data.setData("text", "CH-AS-009\\n");
        document.body.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })); }""")
    page.wait_for_url("**/search?q=CH-AS-009")


def test_the_search_field_lists_while_it_is_typed_into_and_opens_by_keyboard(site: Site) -> None:
    site["/search.json"] = """{"exact": null, "hits": [
        {"group": "A", "code": "1", "text": "one", "url": "/one"},
        {"group": "B", "code": "2", "text": "<b>two</b>", "url": "/two"}]}"""
    site["/"], site["/two"] = "", "two"
    page = site.open("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("on")
    playwright.expect(page.locator('[role="option"]')).to_have_count(2)
    assert page.locator('[aria-selected="true"] b').inner_text() == "1"
    page.keyboard.press("ArrowDown")
    assert page.locator('[aria-selected="true"] span').inner_text() == "<b>two</b>"
    assert page.get_attribute("#scan", "aria-activedescendant") == "hit-1"
    page.keyboard.press("Escape")
    playwright.expect(page.locator("#scan-list")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    playwright.expect(page.locator('[role="option"]')).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/two")


def test_keys_reach_the_rail_the_scan_bar_and_the_main_button(site: Site) -> None:
    site["/"], site["/two"], site["/arrived"] = FORM, "two", "thanks"
    page = site.open("/")
    page.keyboard.press("Control+k")
    assert page.evaluate("document.activeElement.id") == "scan"
    page.keyboard.press("Alt+2")
    page.wait_for_url("**/two")
    page = site.open("/")
    page.focus("#maker")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/arrived")


def test_arrows_move_between_tabs(site: Site) -> None:
    site["/"] = """<div role="tablist"><button role="tab" id="a" aria-controls="pa" aria-selected="true">a</button>
        <button role="tab" id="b" aria-controls="pb" aria-selected="false">b</button></div>
        <p id="pa">A</p><p id="pb" hidden>B</p>"""
    page = site.open("/")
    page.focus("#a")
    page.keyboard.press("ArrowRight")
    playwright.expect(page.locator("#pb")).to_be_visible()
    playwright.expect(page.locator("#pa")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    playwright.expect(page.locator("#pa")).to_be_visible()


# ---- forms ----


def test_a_form_is_sent_once_however_often_it_is_pressed(site: Site) -> None:
    site["/"] = FORM
    page = site.open("/")  # /arrived answers 204: the page stays, as while a slow server works
    for _ in range(3):
        page.click("#f button")
    playwright.expect(page.locator("#f")).to_have_attribute("aria-busy", "true")
    assert site.asked.count("POST /arrived") == 1


def test_a_row_opens_its_page_but_its_links_keep_their_own(site: Site) -> None:
    site["/"] = """<table><tr data-href="/one"><td id="cell">x</td><td><a href="/two">y</a></td></tr></table>"""
    site["/one"], site["/two"] = "one", "two"
    page = site.open("/")
    page.click("#cell")
    page.wait_for_url("**/one")
    page = site.open("/")
    page.click("td a")
    page.wait_for_url("**/two")


# ---- notices ----


def test_a_dialog_opens_and_closes_by_its_buttons(site: Site) -> None:
    site["/"] = '<button id="o" data-open="d">o</button><dialog id="d"><button id="c" data-close>c</button></dialog>'
    page = site.open("/")
    page.click("#o")
    playwright.expect(page.locator("#d")).to_be_visible()
    page.click("#c")
    playwright.expect(page.locator("#d")).to_be_hidden()


def test_a_script_says_something_in_a_toast_as_text(site: Site) -> None:
    site["/"] = ""
    page = site.open("/")
    page.evaluate("""async () => (await import("/static/modules/toasts.js")).toast("<b>3 nhãn</b>")""")
    shown(page, ".toast span", "<b>3 nhãn</b>")


def test_a_sheet_can_tell_how_many_cells_wait(site: Site) -> None:
    site["/"] = """<span id="net" data-state="online" data-offline="cut" data-waiting="{count} wait" data-online="on"
        data-saved="on {time}" data-ping="/healthz"><span class="long">on</span></span>"""
    page = site.open("/")
    page.evaluate("""() => document.dispatchEvent(
        new CustomEvent("lims:network", {detail: {state: "waiting", waiting: 4}}))""")
    shown(page, "#net .long", "4 wait")
    assert page.get_attribute("#net", "data-state") == "waiting"
