"""Logging in: one field, one answer for every wrong guess, and a limit on guessing."""
from __future__ import annotations

from typing import Any

import pytest

from lims.auth.service import set_active
from tests.conftest import PASSWORD, StoppedClock
from tests.lims.people import logged_in, person


def log_in(client: Any, identity: str, password: str, address: str = "127.0.0.1") -> Any:
    return client.post("/login", data={"identity": identity, "password": password},
                       environ_base={"REMOTE_ADDR": address})


@pytest.mark.parametrize("identity", ["reception", "RECEPTION", "reception@example.test", " reception "])
def test_a_person_logs_in_by_name_or_mail(app: Any, identity: str) -> None:
    person("reception")
    assert log_in(app.test_client(), identity, PASSWORD).status_code == 302


def test_a_wrong_password_and_an_unknown_name_read_the_same(app: Any) -> None:
    person("reception")
    pages = [log_in(app.test_client(), name, "sai-mat-khau").get_data(as_text=True) for name in ("reception", "nobody")]
    assert all("Tên đăng nhập hoặc mật khẩu không đúng." in page for page in pages)


def test_guessing_is_slowed_and_the_owner_elsewhere_is_not_locked_out(app: Any, clock: StoppedClock) -> None:
    person("reception")
    for _ in range(5):
        log_in(app.test_client(), "reception", "guess", "203.0.113.9")
    assert "Sai quá nhiều lần" in log_in(app.test_client(), "reception", PASSWORD, "203.0.113.9").get_data(as_text=True)
    assert log_in(app.test_client(), "reception", PASSWORD, "198.51.100.1").status_code == 302
    clock.advance(minutes=16)
    assert log_in(app.test_client(), "reception", PASSWORD, "203.0.113.9").status_code == 302


def test_a_page_that_asks_for_a_password_is_kept_by_no_browser(app: Any) -> None:
    assert app.test_client().get("/login").headers["Cache-Control"] == "no-store"


def test_a_link_that_leads_elsewhere_neither_leads_there_nor_counts_as_a_guess(app: Any) -> None:
    person("reception")
    for _ in range(6):
        client = app.test_client()
        answer = client.post("/login?next=//evil.example", data={
            "identity": "reception", "password": PASSWORD, "next": "//evil.example"})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_whoever_signs_out_is_out_with_every_copy_of_the_cookie(app: Any) -> None:
    person("reception")
    client, thief = app.test_client(), app.test_client()
    client.post("/login", data={"identity": "reception", "password": PASSWORD, "remember": "y"})
    for name in ("lims", "remember_token"):
        cookie = client.get_cookie(name)
        assert cookie is not None
        thief.set_cookie(name, cookie.value)
    assert thief.get("/").status_code == 200
    client.post("/logout")
    assert thief.get("/").status_code == 302


def test_locking_an_account_ends_its_open_session(app: Any) -> None:
    user = person("reception")
    client = logged_in(app, user)
    assert client.get("/customers").status_code == 200
    set_active(user.id, False, "nghỉ việc")
    assert client.get("/customers").status_code in (302, 401)


@pytest.mark.parametrize("target", ["//evil.test/", "https://evil.test/", "/\\evil.test"])
def test_the_language_switch_never_leads_elsewhere(app: Any, target: str) -> None:
    response = app.test_client().post("/language", data={"language": "en", "next": target})
    assert response.headers["Location"] == "/"
