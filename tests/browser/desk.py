"""One computer of the laboratory at which its people work one after the other, each with an own login."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from playwright.sync_api import Browser, Error, Locator, Route, expect

from tests.browser.person import Person
from tests.browser.site import Site
from tests.browser.watch import Watch

PATIENCE_MS = 20_000
"""Longest wait for anything to appear; only a broken page uses it up."""


class Desk:
    """A window that stays open; `watch` collects what the browser complains about all day."""

    def __init__(self, site: Site, browser: Browser) -> None:
        self.site = site
        self.context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="vi-VN",
                                           timezone_id="Asia/Ho_Chi_Minh")
        self.context.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        self.watch = Watch(self.context)
        self.page = self.context.new_page()

    @contextmanager
    def at_work(self, name: str) -> Iterator[Person]:
        """This person logs in, works, logs out."""
        person = Person(self.page, name)
        self.page.goto(f"{self.site.url}/login")
        person.log_in(self.site.passwords[name])
        try:
            yield person
        except BaseException:
            person.shot(f"{name}-broken-off")
            self.context.clear_cookies()  # the next one finds the desk free
            raise
        person.log_out()

    def open_sheet(self, person: Person, code: str) -> None:
        """Scan the label, start measuring."""
        person.scan(code)
        expect(self.page.get_by_role("button", name="Bắt đầu đo")).to_be_focused()
        person.press("Enter")
        expect(self.page.locator("#sheet")).to_be_visible()
        self.page.wait_for_load_state()

    def cell(self, key: str) -> Locator:
        """A box of the sheet, which tells its state."""
        return self.page.locator(f'#sheet [data-cell="{key}"]')

    def awaits(self, key: str) -> None:
        """The cursor stands in that box of the sheet (its first button, for a check)."""
        expect(self.cell(key).locator("input, select, button").first).to_be_focused()

    def type_in_order(self, person: Person, typed: dict[str, str]) -> None:
        """Each value where the cursor stands by itself."""
        for key, text in typed.items():
            self.awaits(key)
            person.enter(text)

    def type_characteristic(self, person: Person, key: str, text: str) -> None:
        """A characteristic makes points and limits; the sheet draws them while the work goes on."""
        self.awaits(key)
        person.enter(text)

    @contextmanager
    def late_redraw(self) -> Iterator[None]:
        """Meanwhile the page that carries new points and limits is under way and does not arrive."""
        under_way: list[Route] = []

        def hold(route: Route) -> None:
            if route.request.resource_type == "fetch" and route.request.method == "GET":
                under_way.append(route)
            else:
                route.fallback()

        self.page.route("**/*", hold)
        try:
            yield
        finally:
            self.page.unroute("**/*", hold)
            for route in under_way:
                with suppress(Error):  # the page gave up waiting
                    route.continue_()

    def saved(self, *keys: str) -> None:
        """The server has these."""
        for key in keys:
            expect(self.cell(key)).to_have_attribute("data-state", "saved")
