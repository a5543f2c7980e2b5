"""A real Chromium for the tests that need one."""
from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = os.environ.get("LIMS_TEST_CHROMIUM", "/usr/bin/chromium")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser; of a module, because its driver keeps an event loop that others must not meet."""
    require_browser()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def require_browser() -> None:
    """Skips, or fails where a browser is required, when there is none."""
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
