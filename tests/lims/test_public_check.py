"""The public page of a certificate in a real Chromium: its seal, its files, its words."""
from __future__ import annotations

import base64
import hashlib
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import render_template

from certificates import verification
from tests.lims.pages_made_here import Site

pytestmark = pytest.mark.browser
playwright = pytest.importorskip("playwright.sync_api")

NUMBER = "4302 - 26 (YB)"
DIGEST = hashlib.sha256(b"record").hexdigest()
ISSUED = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PRIVATE, PUBLIC = verification.generate_key(bytes(range(32)))
OTHER_PRIVATE, _ = verification.generate_key(bytes(32))
PDF = b"%PDF-1.7 the archived bytes"


def seal(private: bytes = PRIVATE, key_id: int = 3, number: str = NUMBER, digest: str = DIGEST) -> str:
    return verification.sign(private, key_id, number, digest, ISSUED).text()


def public_page(app: Any, status: str = "valid") -> str:
    certificate = {
        "number": NUMBER, "kind": "calibration", "status": status, "object_name": "Áp kế", "object_serial": "AK-1",
        "performed_on": date(2026, 11, 20), "issued_on": date(2026, 11, 23), "valid_until": date(2027, 11, 23),
        "conclusion": "", "sticker": "", "superseded_by": "4303 - 26", "superseded_on": date(2026, 12, 1),
        "withdrawn_on": date(2026, 12, 1), "record_digest": DIGEST, "keys": {3: base64.b64encode(PUBLIC).decode()},
        "documents": [{"form": "pdf", "sha256": hashlib.sha256(PDF).hexdigest(), "size": len(PDF)}], "earlier": [],
    }
    with app.test_request_context("/v/x?c=ABC"):
        return render_template("issue/verify.html", certificate=certificate, checked_at="09:00 23/11/2026")


@pytest.mark.parametrize(("fragment", "answer"), [
    (seal(), "signed"),
    (seal(OTHER_PRIVATE), "forged"),
    (seal(number="4303 - 26 (YB)"), "forged"),
    (seal(digest=hashlib.sha256(b"another").hexdigest()), "forged"),
    (seal()[:-2] + "A2", "forged"),
    (seal()[:-1], "forged"),
    (base64.b32encode(int(seal()).to_bytes(102)).decode().rstrip("="), "signed"),
    (seal(key_id=4), "unknown-key"),
    ("", "unsigned"),
], ids=["genuine", "other key", "other number", "other record", "bent", "cut", "as first documents", "unknown key",
        "typed address"])
def test_the_browser_and_the_signer_mean_the_same_seal(site: Site, app: Any, fragment: str, answer: str) -> None:
    site["/v/x"] = public_page(app)
    page = site.open("/v/x?c=ABC#" + fragment)
    playwright.expect(page.locator(f"[data-answer={answer}]")).to_be_visible()
    assert page.locator("[data-answer]:visible").count() == 1


@pytest.mark.parametrize(("private", "answer"), [(PRIVATE, "signed"), (OTHER_PRIVATE, "forged")])
def test_a_browser_without_the_curve_checks_the_signature_itself(site: Site, app: Any, private: bytes,
                                                                 answer: str) -> None:
    site["/v/x"] = public_page(app)
    site.page.add_init_script("crypto.subtle.importKey = () => Promise.reject(new Error('no Ed25519 here'))")
    page = site.open("/v/x?c=ABC#" + seal(private))
    playwright.expect(page.locator(f"[data-answer={answer}]")).to_be_visible()


@pytest.mark.parametrize(("content", "answer"), [(PDF, "same"), (PDF + b" ", "other"), (b"", "other")])
def test_a_file_is_compared_with_the_archive_without_being_sent(
        site: Site, app: Any, content: bytes, answer: str) -> None:
    site["/v/x"] = public_page(app)
    page = site.open("/v/x?c=ABC")
    page.set_input_files("#file", {"name": "giay.pdf", "mimeType": "application/pdf", "buffer": content})
    playwright.expect(page.locator(f"[data-file={answer}]")).to_be_visible()
    playwright.expect(page.locator("[data-file-digest]")).to_contain_text(hashlib.sha256(content).hexdigest())
    assert [line for line in site.asked if line.startswith("POST")] == []


def test_the_other_language_keeps_the_seal(site: Site, app: Any) -> None:
    site["/v/x"] = public_page(app)
    page = site.open("/v/x?c=ABC#" + seal())
    playwright.expect(page.locator("[data-answer=signed]")).to_be_visible()
    assert page.evaluate("document.querySelector('form.lang').action").endswith("#" + seal())


@pytest.mark.parametrize(("status", "headline"), [
    ("valid", "Giấy còn hiệu lực"), ("expired", "Giấy đã hết hạn"), ("superseded", "Giấy đã được thay thế"),
    ("withdrawn", "Giấy đã bị thu hồi")])
def test_the_public_page_says_first_whether_the_certificate_stands(app: Any, status: str, headline: str) -> None:
    assert f"<h1>{headline}</h1>" in public_page(app, status)
