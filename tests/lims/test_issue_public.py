"""P-R9: the page behind the QR code tells the live status to whoever holds the code, and nothing to anybody else."""
from __future__ import annotations

import re
from typing import Any

import pytest

from certificates.verification import read_address
from lims.auth.models import User
from lims.issue import public, service
from lims.issue.models import Certificate
from tests.conftest import PASSWORD
from tests.lims import factories, laboratory
from tests.lims.counting import statements_of
from tests.promises import promise


@pytest.fixture(autouse=True)
def _fresh_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "misses", public.Misses())


@pytest.fixture
def head(app: Any) -> User:
    return laboratory.approver(laboratory.opened())


@pytest.fixture
def certificate(head: User) -> Certificate:
    return service.issue_certificate(laboratory.waiting().id, signer=head, password=PASSWORD)


def page(app: Any, number: str, code: str | None) -> Any:
    return app.test_client().get(f"/v/{number}" + (f"?c={code}" if code is not None else ""))


def test_the_printed_address_finds_the_document_without_a_login(app: Any, certificate: Certificate) -> None:
    address = read_address(certificate.qr_payload)
    found = page(app, address.number, address.code)
    assert found.status_code == 200
    for words in ("C26-00001", "SN-00001", "Giấy còn hiệu lực", certificate.record_digest,
                  certificate.documents[0].sha256):
        assert words in found.text


@pytest.mark.parametrize("number", ["c26-00001", "C26 - 00001", " C26-00001 "])
def test_number_and_code_are_read_without_case_and_spaces(app: Any, certificate: Certificate, number: str) -> None:
    code = certificate.code
    assert page(app, number, f"{code[:4].lower()} {code[4:8]}-{code[8:]}").status_code == 200


@pytest.mark.parametrize("code", [None, "", "A" * 16, "x", "É" * 16, "0" * 400])
def test_a_wrong_or_missing_code_answers_like_an_unknown_number(app: Any, certificate: Certificate,
                                                                code: str | None) -> None:
    refused, unknown = page(app, certificate.number, code), page(app, "C26-99999", "A" * 16)
    assert (refused.status_code, unknown.status_code) == (404, 404)
    assert masked(refused.text) == masked(unknown.text)


@pytest.mark.promise
def test_both_refusals_ask_the_database_the_same(app: Any, certificate: Certificate) -> None:
    number, code = certificate.number, certificate.code
    wrong = statements_of(lambda: page(app, number, "A" * 16))
    others = [statements_of(lambda number=number, code=code: page(app, number, code)) - wrong
              for number, code in (("C26-99999", "A" * 16), (number, None), ("C26-99999", None))]
    promise("P-R9 enumeration", f"attempts={1 + len(others)} enumerable={sum(map(bool, others))}",
            target="enumerable=0", kept=not any(others))
    assert statements_of(lambda: page(app, number, code)) > wrong


def test_the_status_is_live(app: Any, head: User) -> None:
    user = factories.technician()
    item = laboratory.waiting(user=user)
    first = service.issue_certificate(item.id, signer=head, password=PASSWORD)
    service.amend(first.id, signer=head, password=PASSWORD, changes="tên", reason="sai tên")
    assert "Giấy còn hiệu lực" in page(app, first.number, first.code).text
    laboratory.submit_again(item, user)
    second = service.issue_certificate(item.id, signer=head, password=PASSWORD)
    replaced = page(app, first.number, first.code).text
    assert "Giấy đã được thay thế" in replaced
    assert second.number in replaced
    service.withdraw(second.id, signer=head, password=PASSWORD, reason="giao nhầm")
    withdrawn = page(app, second.number, second.code).text
    assert "Giấy đã bị thu hồi" in withdrawn
    assert "giao nhầm" not in withdrawn


def test_customer_and_people_are_not_told(app: Any, certificate: Certificate, head: User) -> None:
    told = page(app, certificate.number, certificate.code).text
    for private in ("Công ty CP Nồi hơi Tân An", head.full_name, certificate.item.code):
        assert private not in told


def test_a_record_of_a_failure_has_no_public_page(app: Any, head: User) -> None:
    user = laboratory.officer(factories.technician(factories.GAUGE, "kdv"))
    item = laboratory.waiting(factories.GAUGE, user, cells={"main/3/up/1": "5,700", "main/3/down/1": "5,690"})
    laboratory.confirmed_gauge(laboratory.approver(head, factories.GAUGE))
    record = service.issue_certificate(item.id, signer=head, password=PASSWORD)
    assert page(app, record.number, record.code).status_code == 404


def test_guessing_is_slowed_and_right_answers_are_not(app: Any, certificate: Certificate,
                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "misses", public.Misses(most=3))
    answers = [page(app, f"C26-9999{turn}", "A" * 16).status_code for turn in range(5)]
    assert answers == [404, 404, 404, 429, 429]
    monkeypatch.setattr(public, "misses", public.Misses(most=3))
    assert [page(app, certificate.number, certificate.code).status_code for _ in range(6)] == [200] * 6


def test_misses_of_the_last_minute_and_of_others_do_not_count() -> None:
    misses = public.Misses(most=1)
    misses.add("a", now=30.0)
    assert misses.too_many("a", now=59.0)
    assert not misses.too_many("b", now=59.0)
    assert not misses.too_many("a", now=60.0)


def masked(text: str) -> str:
    """The page without what differs between any two requests."""
    return re.sub(r'(nonce|value)="[^"]*"', "", text)
