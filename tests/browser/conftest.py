"""The demonstration laboratory on a real server, and a real Chromium whose every complaint fails the test."""
from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.site import Site, copy_of_demonstration, served
from tests.chromium import require_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.desk import Desk

DESK, PHONE = (1366, 768), (390, 844)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A copy of the demonstration laboratory, served."""
    require_browser()
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base  # one folder for all workers of a run
    folder = base / "laboratory"
    copy_of_demonstration(shared / "demonstration", folder)
    with served(folder) as site:
        yield site


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
