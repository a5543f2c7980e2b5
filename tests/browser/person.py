"""Somebody at the keyboard: types, presses, scans; every press and scan is counted, no mouse is touched."""
from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser import scanner

SHOTS = Path(__file__).parents[2] / "build" / "screenshots"
IS_FOCUSED = "one => one === document.activeElement"


class Person:
    """One person in one window. `presses` counts keys pressed and codes scanned; the characters of what is typed
    (a reading, a name) are not among them."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name = page, name
        self.presses = 0

    # ---- the keyboard ----

    def press(self, *keys: str) -> None:
        """Keys or chords, one after the other, where the cursor stands."""
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += 1

    def type(self, text: str) -> None:
        """Characters as a keyboard sends them, where the cursor stands."""
        self.page.keyboard.type(text)

    def enter(self, *texts: str) -> None:
        """Values, each with Enter."""
        for text in texts:
            self.type(text)
            self.press("Enter")

    def replace(self, text: str) -> None:
        """Everything in the field anew, and Enter. A text from the clipboard comes at once."""
        self.press("Control+a")
        if len(text) > 200:
            self.page.keyboard.insert_text(text)
        else:
            self.type(text)
        self.press("Enter")

    def scan(self, code: str) -> None:
        """What a keyboard-wedge scanner sends: the code at once, then Enter. One act of the person."""
        scanner.scan(self.page, code)
        self.presses += 1

    # ---- finding the way by Tab ----

    def field(self, label: str, within: Locator | None = None) -> Locator:
        """The visible box of that name, marked as required or not."""
        named = re.compile(rf"^\s*{re.escape(label)}(\s*\*)?\s*$")
        return (within or self.page.locator("main")).get_by_label(named).filter(visible=True)

    def button(self, name: str) -> Locator:
        """The button or link of that name in the page's own part."""
        role = self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name))
        return self.page.locator("main, dialog[open]").locator(role).first

    def go_to(self, target: Locator, most: int = 80) -> None:
        """Tab until the cursor is there."""
        expect(target).to_be_visible()
        for _step in range(most):
            if target.evaluate(IS_FOCUSED):
                return
            self.press("Tab")
        raise AssertionError(f"no way to {target} by Tab")

    def go_and_press(self, name: str) -> None:
        """Tab to the button or link of that name, and Enter."""
        self.go_to(self.button(name))
        self.press("Enter")

    def fill(self, label: str, text: str, within: Locator | None = None) -> None:
        """Tab to the field of that name and type over what stands there."""
        self.go_to(self.field(label, within))
        self.press("Control+a")
        self.type(text)

    def choose(self, label: str, text: str, within: Locator | None = None) -> None:
        """Tab to the list of that name and go down from its top until these words are chosen."""
        box = self.field(label, within)
        self.go_to(box)
        self.press("Home")
        for _step in range(box.locator("option").count()):
            if text in box.evaluate("one => one.selectedOptions[0]?.textContent ?? ''"):
                return
            self.press("ArrowDown")
        raise AssertionError(f"{label}: there is no {text!r} to choose")

    # ---- pages ----

    def arrives(self, heading: str) -> None:
        """A page with these words in its heading is there, and its scripts have run."""
        expect(self.page.locator("h1")).to_contain_text(heading)
        self.page.wait_for_load_state()

    def open(self, name: str, heading: str = "") -> None:
        """Alt and the figure of that entry of the rail, or by Tab when there are more than nine."""
        links = self.page.locator(".rail a.rail-link:visible")
        at = [text.strip() for text in links.all_inner_texts()].index(name)
        if at < 9:
            self.press(f"Alt+{at + 1}")
        else:
            self.go_to(links.nth(at))
            self.press("Enter")
        self.arrives(heading or name)

    def sees(self, text: str) -> None:
        """The page says so."""
        expect(self.page.locator("main, .toasts").get_by_text(text).first).to_be_visible()
        self.page.wait_for_load_state()

    def log_in(self, password: str) -> None:
        """User name, Tab, password, Enter: the cursor stands in the first field by itself."""
        self.arrives("Đăng nhập")
        expect(self.page.get_by_label("Tên đăng nhập hoặc thư điện tử")).to_be_focused()
        self.type(self.name)
        self.press("Tab")
        self.enter(password)
        self.arrives("Hôm nay")

    def log_out(self) -> None:
        """By the menu under the person's name."""
        self.go_to(self.page.locator("summary.who"))
        self.press("Enter")
        self.go_to(self.page.locator(".topbar").get_by_role("button", name="Đăng xuất"))
        self.press("Enter")
        self.arrives("Đăng nhập")

    def shot(self, name: str) -> None:
        """The page as it is now, under build/screenshots."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
