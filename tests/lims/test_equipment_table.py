"""The table of a certificate in a real Chromium: a block is pasted, rows grow, what is typed arrives as typed."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from lims.equipment.models import StandardValue
from lims.shared.db import session
from tests.lims.people import logged_in, person
from tests.lims.standards import registered

playwright = pytest.importorskip("playwright.sync_api")

HOST = "http://localhost:9"
PASTE = """(input, text) => { const data = new DataTransfer(); data.setData("text/plain", text);
    input.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})); }"""
POINTS = 20
BLOCK = "\r\n".join(f"{point}\t{point},00{point % 10}\t0,004\t2" for point in range(POINTS)) + "\r\n"
HEADED = "STT\tĐiểm đo (bar)\tSố hiệu chính (mbar)\tU (k = 2) (mbar)\n1\t0\t0,5\t4"


@pytest.fixture
def page(app: Any, chromium: Any) -> Iterator[Any]:
    """A page whose every request the application answers in this process, logged in as quality manager."""
    client = logged_in(app, person("quality_manager"))
    complaints: list[str] = []

    def answer(route: Any) -> None:
        asked = route.request
        with client.open(asked.url.removeprefix(HOST), method=asked.method, data=asked.post_data_buffer,
                         headers={"Content-Type": asked.headers.get("content-type", "")}) as response:
            route.fulfill(status=response.status_code, headers=dict(response.headers), body=response.data)

    opened = chromium.new_page()
    opened.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    opened.route("**/*", answer)
    yield opened
    opened.close()
    assert complaints == []


def test_a_block_from_a_spreadsheet_fills_the_table_and_is_kept_as_pasted(page: Any) -> None:
    row = registered(person("head"))
    page.goto(f"{HOST}/standards/{row.id}/certificates/new")
    page.locator("#rows-0-nominal").evaluate(PASTE, BLOCK)
    assert page.locator("#values tbody tr").count() == POINTS
    page.locator("#rows-0-nominal").evaluate(PASTE, HEADED)
    playwright.expect(page.locator("#spread_unit")).to_have_value("mbar")
    cells = [page.input_value(f"#rows-0-{name}") for name in ("nominal", "stated", "uncertainty", "coverage")]
    assert cells == ["0", "0,5", "4", "2"]
    page.goto(page.url)
    page.locator("#rows-0-nominal").evaluate(PASTE, BLOCK)
    assert page.get_attribute(f"#rows-{POINTS - 1}-stated", "aria-label").startswith(f"Dòng {POINTS}, ")
    page.fill("#number", "AS.0417.26")
    page.fill("#issuer", "Phòng hiệu chuẩn Sông Hồng")
    page.fill("#calibrated_on", "14/8/26")
    page.fill("#accreditation", "VILAS 9001")
    page.press("#accreditation", "Control+Enter")
    playwright.expect(page.locator("h1")).to_contain_text("Áp kế chuẩn hiện số")
    session().rollback()
    kept = session().scalars(sa.select(StandardValue).order_by(StandardValue.position)).all()
    assert [(one.nominal_text, one.stated_text) for one in kept] == [
        (str(point), f"{point},00{point % 10}") for point in range(POINTS)]


def test_enter_and_arrows_move_in_the_table_and_the_last_row_makes_another(page: Any) -> None:
    row = registered(person("head"))
    page.goto(f"{HOST}/standards/{row.id}/certificates/new")
    page.press("#rows-7-uncertainty", "Enter")
    assert page.evaluate("document.activeElement.id") == "rows-8-uncertainty"
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "rows-7-uncertainty"
