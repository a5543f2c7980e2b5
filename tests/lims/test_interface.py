"""The scripts of every page, in a real Chromium under the strict content policy. No server: pages are made here."""
from __future__ import annotations

import base64
import hashlib
import json
import mimetypes
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import render_template

from certificates import verification
from lims.jobs import procedures
from lims.shared import static_files
from tests.browser.scanner import scan
from tests.lims.people import logged_in, person

pytestmark = pytest.mark.browser
playwright = pytest.importorskip("playwright.sync_api")

STATIC = Path(__file__).parents[2] / "lims" / "static"
CHROMIUM = Path("/usr/bin/chromium")
HOST = "http://localhost:9"  # nothing listens there: every request is answered below; localhost counts as secure
POLICY = "default-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'"
WORDS = """<template id="words" data-draft-restored="kept {time}" data-draft-resend="not sent {time}"
 data-draft-discard="drop" data-date-wrong="no such day, e.g. {example}" data-close="close"></template>"""
FORM = """<form id="f" method="post" action="/arrived" data-draft><input name="csrf_token" type="hidden" value="t">
<span class="field"><input id="maker" name="maker"></span><input id="secret" type="password" name="secret">
<input type="checkbox" id="known" name="known"><select id="kind" name="kind"><option>a<option>b</select>
<button data-key="Ctrl+Enter">send</button></form>"""


class Site:
    """Pages by path, what was asked for, and what the browser complained about."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.pages: dict[str, str] = {}
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.set_default_timeout(5000)
        page.route("**/*", self._answer)
        page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def __setitem__(self, path: str, body: str) -> None:
        self.pages[path] = body

    def open(self, path: str) -> Any:
        self.page.goto(HOST + path)
        return self.page

    def _answer(self, route: Any) -> None:
        path = urlsplit(route.request.url).path
        self.asked.append(f"{route.request.method} {route.request.url.removeprefix(HOST)}")
        if path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/").removeprefix(f"{static_files.mark(STATIC)}/")
            kind = "text/javascript" if file.suffix == ".js" else mimetypes.guess_type(file.name)[0]
            route.fulfill(body=file.read_bytes(), content_type=kind)
            return
        if path not in self.pages:
            route.fulfill(status=204)
            return
        body = self.pages[path]
        if path.endswith(".json") or body.startswith(("[", "{")):
            route.fulfill(body=body, content_type="application/json")
            return
        html = body if body.startswith("<!doctype") else frame(body)
        route.fulfill(body=html, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": POLICY})


def frame(body: str, user: str = "7", attributes: str = "") -> str:
    """A page as base.html frames it, as far as the scripts look."""
    return f"""<!doctype html><html lang="vi"><head><title>t</title>
<link rel="icon" href="data:,"><script type="module" src="/static/app.js"></script></head>
<body data-user="{user}" {attributes}>
<nav class="rail"><a class="rail-link" href="/one">1</a><a class="rail-link" href="/two">2</a></nav>
<form id="scan-form" action="/search" data-suggest="/search.json" data-scan-at="/scan.json"
 data-repeat><input id="scan" name="q">
<div id="scan-list" role="listbox" data-none="none" hidden></div></form>
<div id="toasts"></div><main>{body}</main>{WORDS}</body></html>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip("chromium is not installed")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture
def site(browser: Any) -> Iterator[Site]:
    context = browser.new_context()
    made = Site(context.new_page())
    yield made
    context.close()
    assert made.complaints == []


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


def _typed(page: Any) -> None:
    page.fill("#maker", "Wika")
    page.check("#known")
    page.select_option("#kind", "b")
    page.fill("#secret", "khong luu")


def test_what_was_typed_survives_leaving_the_page(site: Site) -> None:
    site["/"], site["/one"] = FORM, "one"
    _typed(site.open("/"))
    site.open("/one")
    page = site.open("/")
    playwright.expect(page.locator(".draft-notice")).to_contain_text("kept")
    assert (page.input_value("#maker"), page.is_checked("#known"), page.input_value("#kind")) == ("Wika", True, "b")
    assert page.input_value("#secret") == ""
    page.click(".draft-notice button")
    assert (page.input_value("#maker"), page.is_checked("#known"), page.input_value("#kind")) == ("", False, "a")


def test_passwords_and_tokens_are_never_kept(site: Site) -> None:
    site["/"], site["/one"] = FORM, "one"
    _typed(site.open("/"))
    kept = site.open("/one").evaluate("JSON.stringify(Object.values(sessionStorage))")
    assert "Wika" in kept
    assert "khong luu" not in kept
    assert "csrf" not in kept


@pytest.mark.parametrize(("answer", "word"), [
    (frame("login", attributes="data-keep-drafts"), "not sent"),  # the session had expired, or an error page came
])
def test_a_form_that_did_not_arrive_is_offered_again(site: Site, answer: str, word: str) -> None:
    site["/"], site["/arrived"] = FORM, answer
    page = site.open("/")
    _typed(page)
    page.click("#f button")
    page.wait_for_url("**/arrived")
    page = site.open("/")
    playwright.expect(page.locator(".draft-notice")).to_contain_text(word)
    assert page.input_value("#maker") == "Wika"


def test_a_form_that_arrived_is_not_offered_again(site: Site) -> None:
    site["/"], site["/arrived"] = FORM, "thanks"
    page = site.open("/")
    _typed(page)
    page.click("#f button")
    page.wait_for_url("**/arrived")
    page = site.open("/")
    playwright.expect(page.locator("#maker")).to_have_value("")
    assert page.locator(".draft-notice").count() == 0


def test_a_draft_is_not_shown_to_somebody_else(site: Site) -> None:
    site["/"], site["/one"] = FORM, "one"
    _typed(site.open("/"))
    site.open("/one")
    site["/"] = frame(FORM, user="8")
    page = site.open("/")
    playwright.expect(page.locator("#maker")).to_have_value("")


def test_signing_out_forgets_every_draft(site: Site) -> None:
    leaving = '<form id="out" method="post" action="/bye" data-forget><button>x</button></form>'
    site["/"], site["/one"], site["/bye"] = FORM, leaving, frame("login", attributes="data-keep-drafts")
    _typed(site.open("/"))
    page = site.open("/one")
    page.click("#out button")
    page.wait_for_url("**/bye")
    assert page.evaluate("sessionStorage.length") == 0


def test_the_servers_own_answer_beats_a_draft(site: Site) -> None:
    site["/"] = FORM
    site["/arrived"] = FORM.replace('<input id="maker"', '<input id="maker" class="is-invalid" value="server"')
    page = site.open("/")
    _typed(page)
    page.click("#f button")
    page.wait_for_url("**/arrived")
    assert page.input_value("#maker") == "server"
    assert page.evaluate("document.activeElement.id") == "maker"


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


# ---- the public check ----

NUMBER = "4302 - 26 (YB)"
DIGEST = hashlib.sha256(b"record").hexdigest()
ISSUED = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PRIVATE, PUBLIC = verification.generate_key(bytes(range(32)))
OTHER_PRIVATE, _ = verification.generate_key(bytes(32))
PDF = b"%PDF-1.7 the archived bytes"


def seal(private: bytes = PRIVATE, key_id: int = 3, number: str = NUMBER, digest: str = DIGEST) -> str:
    return verification.sign(private, key_id, number, digest, ISSUED).text()


def public_page(app: Any, status: str = "valid") -> str:
    certificate = {
        "number": NUMBER, "kind": "calibration", "status": status, "object_name": "Áp kế", "object_serial": "AK-1",
        "performed_on": date(2026, 11, 20), "issued_on": date(2026, 11, 23), "valid_until": date(2027, 11, 23),
        "conclusion": "", "sticker": "", "superseded_by": "4303 - 26", "superseded_on": date(2026, 12, 1),
        "withdrawn_on": date(2026, 12, 1), "record_digest": DIGEST, "keys": {3: base64.b64encode(PUBLIC).decode()},
        "documents": [{"form": "pdf", "sha256": hashlib.sha256(PDF).hexdigest(), "size": len(PDF)}], "earlier": [],
    }
    with app.test_request_context("/v/x?c=ABC"):
        return render_template("issue/verify.html", certificate=certificate, checked_at="09:00 23/11/2026")


@pytest.mark.parametrize(("fragment", "answer"), [
    (seal(), "signed"),
    (seal(OTHER_PRIVATE), "forged"),
    (seal(number="4303 - 26 (YB)"), "forged"),
    (seal(digest=hashlib.sha256(b"another").hexdigest()), "forged"),
    (seal()[:-2] + "A2", "forged"),
    (seal()[:-1], "forged"),
    (base64.b32encode(int(seal()).to_bytes(102)).decode().rstrip("="), "signed"),
    (seal(key_id=4), "unknown-key"),
    ("", "unsigned"),
], ids=["genuine", "other key", "other number", "other record", "bent", "cut", "as first documents", "unknown key",
        "typed address"])
def test_the_browser_and_the_signer_mean_the_same_seal(site: Site, app: Any, fragment: str, answer: str) -> None:
    site["/v/x"] = public_page(app)
    page = site.open("/v/x?c=ABC#" + fragment)
    playwright.expect(page.locator(f"[data-answer={answer}]")).to_be_visible()
    assert page.locator("[data-answer]:visible").count() == 1


@pytest.mark.parametrize(("private", "answer"), [(PRIVATE, "signed"), (OTHER_PRIVATE, "forged")])
def test_a_browser_without_the_curve_checks_the_signature_itself(site: Site, app: Any, private: bytes,
                                                                 answer: str) -> None:
    site["/v/x"] = public_page(app)
    site.page.add_init_script("crypto.subtle.importKey = () => Promise.reject(new Error('no Ed25519 here'))")
    page = site.open("/v/x?c=ABC#" + seal(private))
    playwright.expect(page.locator(f"[data-answer={answer}]")).to_be_visible()


@pytest.mark.parametrize(("content", "answer"), [(PDF, "same"), (PDF + b" ", "other"), (b"", "other")])
def test_a_file_is_compared_with_the_archive_without_being_sent(
        site: Site, app: Any, content: bytes, answer: str) -> None:
    site["/v/x"] = public_page(app)
    page = site.open("/v/x?c=ABC")
    page.set_input_files("#file", {"name": "giay.pdf", "mimeType": "application/pdf", "buffer": content})
    playwright.expect(page.locator(f"[data-file={answer}]")).to_be_visible()
    playwright.expect(page.locator("[data-file-digest]")).to_contain_text(hashlib.sha256(content).hexdigest())
    assert [line for line in site.asked if line.startswith("POST")] == []


def test_the_other_language_keeps_the_seal(site: Site, app: Any) -> None:
    site["/v/x"] = public_page(app)
    page = site.open("/v/x?c=ABC#" + seal())
    playwright.expect(page.locator("[data-answer=signed]")).to_be_visible()
    assert page.evaluate("document.querySelector('form.lang').action").endswith("#" + seal())


@pytest.mark.parametrize(("status", "headline"), [
    ("valid", "Giấy còn hiệu lực"), ("expired", "Giấy đã hết hạn"), ("superseded", "Giấy đã được thay thế"),
    ("withdrawn", "Giấy đã bị thu hồi")])
def test_the_public_page_says_first_whether_the_certificate_stands(app: Any, status: str, headline: str) -> None:
    assert f"<h1>{headline}</h1>" in public_page(app, status)
