"""The demonstration laboratory on a real server, and a real Chromium whose every complaint fails the test."""
from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.site import Site, copy_of_demonstration, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.desk import Desk

CHROMIUM = os.environ.get("LIMS_TEST_CHROMIUM", "/usr/bin/chromium")
DESK, PHONE = (1366, 768), (390, 844)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A copy of the demonstration laboratory, served."""
    _require_browser()
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base  # one folder for all workers of a run
    folder = base / "laboratory"
    copy_of_demonstration(shared / "demonstration", folder)
    with served(folder) as site:
        yield site


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser; of a module, because its driver keeps an event loop that others must not meet."""
    _require_browser()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def desk(site: Site, chromium: Browser) -> Iterator[Desk]:
    """One window in which the laboratory's people work one after another."""
    from tests.browser.desk import Desk

    desk = Desk(site, chromium)
    yield desk
    desk.context.close()


@pytest.fixture
def nothing_to_complain_about(desk: Desk) -> Iterator[None]:
    """After each test: no script failed, no policy was broken."""
    yield
    assert desk.watch.complaints == []


def _require_browser() -> None:
    missing = "" if shutil.which(CHROMIUM) else f"{CHROMIUM} is not installed"
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        missing = "playwright is not installed"
    if not missing:
        return
    if os.environ.get("LIMS_TEST_REQUIRE_BROWSER"):
        pytest.fail(f"{missing}, and LIMS_TEST_REQUIRE_BROWSER is set")
    pytest.skip(missing)
