"""One person at one window of the sheet in a real Chromium, the application served on a port of its own."""
from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from werkzeug.serving import make_server

from lims.auth.models import User
from lims.jobs.observations import Entry, entries, latest
from lims.jobs.worksheet import sheet_of
from lims.shared.db import db
from tests.lims.people import logged_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page


@contextmanager
def served(app: Any) -> Iterator[int]:
    """The application on a free port, on the test's own database."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Desk:
    """One person at one window."""

    def __init__(self, chromium: Browser, app: Any, address: str, user: User) -> None:
        self.address = address
        self.context: BrowserContext = chromium.new_context(
            viewport={"width": 1366, "height": 768}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
        name = app.config["SESSION_COOKIE_NAME"]
        cookie = logged_in(app, user).get_cookie(name)
        assert cookie is not None
        self.context.add_cookies([{"name": name, "value": cookie.value, "url": address}])
        self.complaints: list[str] = []
        self.page: Page = self._new_page()

    def _new_page(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(20000)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: self.complaints.append(line.text)
                if line.type == "error" and "Failed to load resource" not in line.text else None)
        return page

    def open(self, code: str) -> None:
        self.page.goto(f"{self.address}/items/{code}/sheet")

    def reopen(self, code: str) -> None:
        """The tab is closed and another one opened."""
        self.page.close()
        self.page = self._new_page()
        self.open(code)

    def box(self, cell: str) -> Locator:
        return self.page.locator(f'[data-cell="{cell}"]')

    def field(self, cell: str) -> Locator:
        return self.box(cell).locator("input")

    def type(self, text: str, key: str = "Enter") -> None:
        self.page.keyboard.type(text)
        self.page.keyboard.press(key)

    def close(self) -> None:
        self.context.close()
        assert self.complaints == []


def written(code: str) -> list[Entry]:
    """Every entry of the sheet, as the database holds them now."""
    db.session.rollback()
    return entries(sheet_of(code).id)


def stands(code: str, cell: str) -> str:
    """What stands in a cell now."""
    entry = latest(written(code)).get(cell)
    return entry.text if entry else ""
