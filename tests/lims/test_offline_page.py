"""The page that checks QR codes while the laboratory's server is away: from a disk, from a server without HTTPS."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from certificates.verification import read_address
from lims.cli import main
from lims.issue import keys, service
from lims.issue.models import Certificate
from tests.conftest import PASSWORD
from tests.lims import laboratory

pytestmark = pytest.mark.browser
playwright = pytest.importorskip("playwright.sync_api")
ELSEWHERE = "http://checks.example/"  # another origin, and no secure context: the browser offers no WebCrypto there


@pytest.fixture
def certificate(app: Any) -> Certificate:
    head = laboratory.approver(laboratory.opened())
    return service.issue_certificate(laboratory.waiting().id, signer=head, password=PASSWORD)


@pytest.fixture
def written(app: Any, certificate: Certificate, tmp_path: Path) -> Path:
    """The page as the command writes it, in English."""
    settings, file = app.extensions["settings"], tmp_path / "check.html"
    environment = {"LIMS_DATA_DIR": str(settings.data_dir), "LIMS_DATABASE_URL": settings.database_url,
                   "LIMS_SECRET_KEY": "for tests only"}
    told = CliRunner().invoke(main, ["keys", "export", "--page", str(file), "--language", "en"], env=environment)
    assert told.exit_code == 0, told.output
    return file


def test_a_code_is_checked_without_the_server_and_nothing_is_asked_for(
        chromium: Any, certificate: Certificate, written: Path, app: Any) -> None:
    complaints: list[str] = []
    for place in (written.as_uri(), ELSEWHERE):
        context = chromium.new_context()
        context.route(ELSEWHERE + "**", lambda route: route.fulfill(
            body=written.read_text(encoding="utf-8"), content_type="text/html; charset=utf-8"))
        page = context.new_page()
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(place)
        assert page.evaluate("isSecureContext") is (place != ELSEWHERE)
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        for text, answer in addresses(certificate):
            page.fill("#address", "")
            page.locator("#address").focus()
            page.keyboard.insert_text(text)
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
            playwright.expect(page.locator(f"[data-answer='{answer}']")).to_be_visible()
            assert page.locator("[data-answer]:visible").count() == 1
        playwright.expect(page.locator("#number")).to_have_text(certificate.number)
        assert page.locator("#digest").text_content() == certificate.record_digest
        if place != ELSEWHERE:
            for content, said in ((certificate.record, "same"), (certificate.record + b" ", "other")):
                page.set_input_files("#file", {"name": "r.json", "mimeType": "application/json", "buffer": content})
                playwright.expect(page.locator(f"[data-file={said}]")).to_be_visible()
        assert asked == []
        context.close()
    assert complaints == []


def addresses(certificate: Certificate) -> list[tuple[str, str]]:
    """What somebody may paste, the genuine one last."""
    good = certificate.qr_payload
    seal = read_address(good).seal
    assert seal is not None
    other = str(int(seal.text()) + 2)
    unknown = str(int(seal.text()) + (1 << 800))
    return [("something", "no-address"), (good.split("#")[0], "unsigned"), (good.replace("C26", "C27"), "forged"),
            (f"{good.split('#')[0]}#{other}", "forged"), (f"{good.split('#')[0]}#{unknown}", "unknown-key"),
            (good, "signed")]


def test_the_page_in_the_place_of_the_laboratorys_own_reads_its_address(chromium: Any, certificate: Certificate,
                                                                        written: Path) -> None:
    page = chromium.new_page()
    page.route("**/v/**", lambda route: route.fulfill(body=written.read_text(encoding="utf-8"),
                                                      content_type="text/html; charset=utf-8"))
    page.goto(certificate.qr_payload)
    playwright.expect(page.locator("[data-answer=signed]")).to_be_visible()
    page.close()


def test_the_page_holds_public_keys_only(app: Any, written: Path) -> None:
    text = written.read_text(encoding="utf-8")
    private = next((app.extensions["settings"].data_dir / "keys").glob("seal-*.key")).read_text()
    assert private.strip() not in text
    assert all(public in text for public in keys.public_keys().values())
    assert "http://" not in text.replace("https://", "")
