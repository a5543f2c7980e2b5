"""A walk through every page as the laboratory's people see it: on desk and phone, read, measured, photographed."""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

import config
from tests.browser.conftest import DESK, PHONE
from tests.browser.person import SHOTS
from tests.browser.places import NO_PAGE, Places, walker
from tests.browser.site import Site
from tests.browser.watch import Watch
from tests.browser.wording import TEXTS, english_in, vietnamese_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Request

pytestmark = pytest.mark.browser
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
IN_ENGLISH = ("web.home", "jobs.bench", "jobs.show", "jobs.worksheet", "jobs.budget", "issue.review_list",
              "issue.preflight", "issue.show", "equipment.index", "equipment.show", "alerts.index", "legal.index")
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT = """() => [...document.querySelectorAll("main input:not([type=hidden]):not([type=checkbox])")]
    .filter(one => one.checkVisibility() && one.value && one.value.length < 14 && one.scrollWidth > one.clientWidth + 1)
    .map(one => `${one.name || one.getAttribute("aria-label")}: ${one.value}`)"""

JUDGED = """async (rules) => (await axe.run(document, {runOnly: rules, resultTypes: ["violations"]}))
    .violations.map(one => `${one.id}: ${one.nodes[0].target} (${one.nodes.length})`)
    .concat([...document.querySelectorAll("[id]:not([type=hidden])")].map(one => one.id)
        .filter((id, at, all) => all.indexOf(id) !== at).map(id => `id twice: ${id}`))"""


@dataclass
class Findings:
    """What is wrong, by kind; every page that was seen."""

    seen: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)
    wide: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    barred: list[str] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


class Walk:
    """One browser window per person, logged in once."""

    def __init__(self, site: Site, browser: Browser, found: Findings) -> None:
        self.site, self.browser, self.found = site, browser, found
        self.windows: dict[str, Page] = {}
        self.own = _typed_by_people(site)
        self.sample: list[tuple[str, str, str]] = []

    def window(self, name: str) -> Page:
        if name not in self.windows:
            context = self.browser.new_context(viewport=_size(DESK), locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
            context.add_init_script(path=AXE)
            self._listen(context)
            page = context.new_page()
            if name:
                page.goto(f"{self.site.url}/login")
                page.locator("#identity, #username, [name=username]").first.fill(name)
                page.locator("[name=password]").fill(self.site.passwords[name])
                page.locator("[name=password]").press("Enter")
                page.wait_for_url(re.compile(r"/(\?.*)?$"))
            self.windows[name] = page
        return self.windows[name]

    def _listen(self, context: BrowserContext) -> None:
        Watch(context).complaints = self.found.complaints  # one list for every window
        host = urlsplit(self.site.url).netloc

        def asked(request: Request) -> None:
            asked_for = urlsplit(request.url)  # the browser's own PDF viewer is part of the browser, not a host
            if asked_for.netloc not in ("", host) and asked_for.scheme not in ("chrome-extension", "chrome"):
                self.found.foreign.append(request.url)

        context.on("request", asked)

    def visit(self, name: str, endpoint: str, address: str) -> None:
        """One page: on the desk, then on the phone; in English too where it is among the samples."""
        page = self.window(name)
        status = self._opened(page, address)
        if status is None:
            return
        self._look(page, endpoint, address, status)
        if endpoint in IN_ENGLISH:
            self.sample.append((name, endpoint, address))

    def _opened(self, page: Page, address: str) -> int | None:
        """Its status where it is a page; files are fetched only, and must be there."""
        from playwright.sync_api import Error

        try:
            answer = page.goto(self.site.url + address)
        except Error as error:
            if not any(sign in str(error) for sign in ("Download is starting", "ERR_ABORTED")):
                raise
            answer = None
        if answer is not None and (answer.header_value("content-type") or "").startswith("text/html"):
            return answer.status
        status = page.context.request.get(self.site.url + address).status if answer is None else answer.status
        if status != 200:
            self.found.unreached.append(f"{status} {address}")
        return None

    def in_english(self) -> None:
        """The sample again, after each person has pressed the switch."""
        for name in sorted({name for name, _endpoint, _address in self.sample}):
            page = self.window(name)
            page.goto(self.site.url + "/")  # the last address may have been a file
            page.locator('form[action$="/language"] button[value="en"]').first.dispatch_event("click")
            page.wait_for_selector('html[lang="en"]')
            for whose, endpoint, address in self.sample:
                if whose == name:
                    page.goto(self.site.url + address)
                    self.found.mixed += [f"en {address}: {text}"
                                         for text in vietnamese_in(page.evaluate(TEXTS), self.own)]
                    page.screenshot(path=SHOTS / f"{_name(endpoint, address)}-english.png", full_page=True)

    def _look(self, page: Page, endpoint: str, address: str, status: int) -> None:
        self.found.seen.append(endpoint)
        if status != 200:
            self.found.unreached.append(f"{status} {address}")
        self.found.mixed += [f"{address}: {text}" for text in english_in(page.evaluate(TEXTS), self.own)]
        barred = page.evaluate(JUDGED, RULES)
        self.found.barred += [f"{address}: {one}" for one in barred]
        for size, sign in ((DESK, "desk"), (PHONE, "phone")):
            page.set_viewport_size(_size(size))
            if page.evaluate(TOO_WIDE) > 0:
                self.found.wide.append(f"{size[0]} px: {address}")
            self.found.cut += [f"{size[0]} px: {address}: {one}" for one in page.evaluate(CUT)]
            page.screenshot(path=SHOTS / f"{_name(endpoint, address)}-{sign}.png", full_page=True)
        page.set_viewport_size(_size(DESK))


def _name(endpoint: str, address: str) -> str:
    return f"page-{endpoint}-{re.sub(r'[^0-9A-Za-z]+', '-', address).strip('-')[-24:]}"


def _size(size: tuple[int, int]) -> Any:
    return {"width": size[0], "height": size[1]}


def _typed_by_people(site: Site) -> frozenset[str]:
    """Texts of the laboratory's own data: they stay in the language in which they were typed."""
    places = Places(site.folder / "lims.db")
    columns = [("standard", ("name", "name_en", "maker", "model", "accuracy", "location", "range_text", "note")),
               ("instrument", ("name", "maker", "model", "note")), ("customer", ("name", "address", "note")),
               ("standard_certificate", ("issuer", "traceable_to", "accreditation")),
               ("job_item", ("condition", "accessories", "return_reason")), ("officer_card", ("issued_by", "field")),
               ("seal_key", ("subject",)), ("person_certificate", ("subject", "issuer"))]
    return frozenset(text for table, names in columns for name in names
                     for text in places.values(f"select distinct {name} from {table} where {name} <> ''"))


@pytest.fixture(scope="module")
def found(site: Site, chromium: Browser) -> Iterator[Findings]:
    """Every page seen once; the tests read what was found."""
    from lims.app import create_app

    SHOTS.mkdir(parents=True, exist_ok=True)
    findings, places = Findings(), Places(site.folder / "lims.db")
    walk = Walk(site, chromium, findings)
    app = create_app(config.load({"LIMS_DATA_DIR": str(site.folder)}))
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        if "GET" not in rule.methods or rule.endpoint in NO_PAGE:
            continue
        try:
            addresses = places.addresses(rule)
        except (KeyError, IndexError) as missing:
            findings.unknown.append(f"{rule.rule} ({rule.endpoint}): no value for {missing}")
            continue
        for address in addresses:
            walk.visit(walker(app, rule.endpoint), rule.endpoint, address)
    for address in places.public():
        walk.visit("", "public", address)
    walk.in_english()
    yield findings
    for page in walk.windows.values():
        page.context.close()


def test_the_walk_knows_a_way_to_every_page(found: Findings) -> None:
    assert found.unknown == []
    assert len(set(found.seen)) > 40


def test_every_page_opens_for_the_person_whose_work_it_is(found: Findings) -> None:
    assert found.unreached == []


def test_no_page_scrolls_sideways_on_a_desk_or_a_phone(found: Findings) -> None:
    assert found.wide == []


def test_no_box_cuts_what_stands_in_it(found: Findings) -> None:
    assert found.cut == []


def test_no_page_bars_anybody(found: Findings) -> None:
    assert found.barred == []


def test_a_page_speaks_one_language(found: Findings) -> None:
    assert found.mixed == []


def test_no_script_fails_and_no_policy_is_broken(found: Findings) -> None:
    assert found.complaints == []


def test_no_page_asks_another_host(found: Findings) -> None:
    assert found.foreign == []
