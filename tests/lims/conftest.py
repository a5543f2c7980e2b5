"""What several files of these tests share: windows of a browser, a person who surveys."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from lims.auth.models import User
from tests.lims.pages_made_here import Site
from tests.lims.people import person
from tests.lims.sheet_desk import served


@pytest.fixture
def site(chromium: Any) -> Iterator[Site]:
    """Pages made in the test; whatever the browser complains about fails it."""
    context = chromium.new_context()
    made = Site(context.new_page())
    yield made
    context.close()
    assert made.complaints == []


@pytest.fixture
def address(app: Any) -> Iterator[str]:
    """The application served on a free port, on the test's own database."""
    with served(app) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def expect() -> Any:
    return pytest.importorskip("playwright.sync_api").expect


@pytest.fixture
def surveyor(app: Any) -> User:
    return person("reception")
