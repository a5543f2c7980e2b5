"""Documents drawn by another edition of the program: untouched ones stay authentic, touched ones are found."""
from __future__ import annotations

import hashlib
from typing import Any

import pytest
import sqlalchemy as sa

from certificates.checking import Verdict
from lims.issue import archive, check, integrity, service
from lims.issue.models import Certificate
from lims.shared.db import session
from tests.conftest import PASSWORD
from tests.lims import factories, laboratory
from tests.lims.test_archive_tampering import tampered

LATER = "Chuẩn LIMS 9.9.9+00000000"


@pytest.fixture
def issued(app: Any, monkeypatch: pytest.MonkeyPatch) -> Certificate:
    """A calibration certificate of before, looked at by a later program."""
    head = laboratory.approver(laboratory.opened())
    item = laboratory.waiting(user=factories.technician())
    made = service.issue_certificate(item.id, signer=head, password=PASSWORD)
    monkeypatch.setattr("lims.issue.check.SOFTWARE", LATER)
    monkeypatch.setattr("lims.issue.integrity.SOFTWARE", LATER)
    return made


def _files(made: Certificate) -> dict[str, bytes]:
    dcc = archive.dcc_of(made)
    assert dcc is not None
    return {"pdf": archive.pdf_of(made).content, "dcc": dcc.content, "record": made.record}


def test_an_untouched_document_of_another_edition_is_authentic_and_in_order(issued: Certificate) -> None:
    assert {form: check.check_file(content).verdict for form, content in _files(issued).items()} == dict.fromkeys(
        ("pdf", "dcc", "record"), Verdict.AUTHENTIC)
    report = integrity.verify(session())
    assert report.faults == []
    assert report.counts["documents of another edition, not rendered again"] == 1


@pytest.mark.parametrize("form", ["pdf", "dcc"])
def test_a_file_swapped_together_with_its_digest_is_found_without_drawing_again(issued: Certificate, form: str) -> None:
    content = _files(issued)[form]
    place = len(content) // 2
    other = content[:place] + bytes([content[place] ^ 1]) + content[place + 1:]

    def swap(connection: sa.Connection) -> None:
        connection.execute(sa.text("UPDATE certificate_document SET content = :content, sha256 = :sha256 "
                                   "WHERE form = :form"),
                           {"content": other, "sha256": hashlib.sha256(other).hexdigest(), "form": form})

    with tampered(swap) as inside:
        faults = integrity.verify(inside).faults
        assert [fault for fault in faults if "is not what was sealed" in fault] != [], faults
