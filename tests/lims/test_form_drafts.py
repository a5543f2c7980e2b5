"""What is typed into a form outlives the page, in a real Chromium."""
from __future__ import annotations

from typing import Any

import pytest

from tests.lims.pages_made_here import FORM, Site, frame

pytestmark = pytest.mark.browser
playwright = pytest.importorskip("playwright.sync_api")


def _typed(page: Any) -> None:
    page.fill("#maker", "Wika")
    page.check("#known")
    page.select_option("#kind", "b")
    page.fill("#secret", "khong luu")


def test_what_was_typed_survives_leaving_the_page(site: Site) -> None:
    site["/"], site["/one"] = FORM, "one"
    _typed(site.open("/"))
    site.open("/one")
    page = site.open("/")
    playwright.expect(page.locator(".draft-notice")).to_contain_text("kept")
    assert (page.input_value("#maker"), page.is_checked("#known"), page.input_value("#kind")) == ("Wika", True, "b")
    assert page.input_value("#secret") == ""
    page.click(".draft-notice button")
    assert (page.input_value("#maker"), page.is_checked("#known"), page.input_value("#kind")) == ("", False, "a")


def test_passwords_and_tokens_are_never_kept(site: Site) -> None:
    site["/"], site["/one"] = FORM, "one"
    _typed(site.open("/"))
    kept = site.open("/one").evaluate("JSON.stringify(Object.values(sessionStorage))")
    assert "Wika" in kept
    assert "khong luu" not in kept
    assert "csrf" not in kept


@pytest.mark.parametrize(("answer", "word"), [
    (frame("login", attributes="data-keep-drafts"), "not sent"),  # the session had expired, or an error page came
])
def test_a_form_that_did_not_arrive_is_offered_again(site: Site, answer: str, word: str) -> None:
    site["/"], site["/arrived"] = FORM, answer
    page = site.open("/")
    _typed(page)
    page.click("#f button")
    page.wait_for_url("**/arrived")
    page = site.open("/")
    playwright.expect(page.locator(".draft-notice")).to_contain_text(word)
    assert page.input_value("#maker") == "Wika"


def test_a_form_that_arrived_is_not_offered_again(site: Site) -> None:
    site["/"], site["/arrived"] = FORM, "thanks"
    page = site.open("/")
    _typed(page)
    page.click("#f button")
    page.wait_for_url("**/arrived")
    page = site.open("/")
    playwright.expect(page.locator("#maker")).to_have_value("")
    assert page.locator(".draft-notice").count() == 0


def test_a_draft_is_not_shown_to_somebody_else(site: Site) -> None:
    site["/"], site["/one"] = FORM, "one"
    _typed(site.open("/"))
    site.open("/one")
    site["/"] = frame(FORM, user="8")
    page = site.open("/")
    playwright.expect(page.locator("#maker")).to_have_value("")


def test_signing_out_forgets_every_draft(site: Site) -> None:
    leaving = '<form id="out" method="post" action="/bye" data-forget><button>x</button></form>'
    site["/"], site["/one"], site["/bye"] = FORM, leaving, frame("login", attributes="data-keep-drafts")
    _typed(site.open("/"))
    page = site.open("/one")
    page.click("#out button")
    page.wait_for_url("**/bye")
    assert page.evaluate("sessionStorage.length") == 0


def test_the_servers_own_answer_beats_a_draft(site: Site) -> None:
    site["/"] = FORM
    site["/arrived"] = FORM.replace('<input id="maker"', '<input id="maker" class="is-invalid" value="server"')
    page = site.open("/")
    _typed(page)
    page.click("#f button")
    page.wait_for_url("**/arrived")
    assert page.input_value("#maker") == "server"
    assert page.evaluate("document.activeElement.id") == "maker"
