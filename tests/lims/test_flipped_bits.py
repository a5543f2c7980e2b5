"""P-S7: a bit that flips in an archived PDF, DCC or record is found, in somebody's hand and in the archive."""
from __future__ import annotations

import random
from typing import Any

import pytest

from certificates.checking import Verdict
from lims.issue import archive, integrity, service
from lims.issue.check import check_file
from lims.issue.models import Certificate
from lims.shared.db import session
from tests.conftest import PASSWORD
from tests.lims import laboratory
from tests.lims.tampering import tamper
from tests.promises import promise

FLIPS = 100
IN_ARCHIVE = 3  # each is verified with everything else: slow, and the digest that finds it is the same
COLUMNS = {"pdf": ("certificate_document", "content", "form = 'pdf'"),
           "dcc": ("certificate_document", "content", "form = 'dcc'"), "record": ("certificate", "record", "1 = 1")}


@pytest.fixture
def certificate(app: Any) -> Certificate:
    head = laboratory.approver(laboratory.opened())
    return service.issue_certificate(laboratory.waiting().id, signer=head, password=PASSWORD)


def flipped(content: bytes, place: int) -> bytes:
    changed = bytearray(content)
    changed[place // 8] ^= 1 << place % 8
    return bytes(changed)


@pytest.mark.promise
def test_a_hundred_flipped_bits_of_each_archived_file_are_found(certificate: Certificate) -> None:
    chance, found, asked = random.Random(26), 0, 0
    digital = archive.dcc_of(certificate)
    assert digital is not None
    contents = {"pdf": archive.pdf_of(certificate).content, "dcc": digital.content, "record": certificate.record}
    for name, content in contents.items():
        assert check_file(content).verdict is Verdict.AUTHENTIC
        places = [chance.randrange(8 * len(content)) for _ in range(FLIPS)]
        found += sum(check_file(flipped(content, place)).verdict in (Verdict.ALTERED, Verdict.UNKNOWN)
                     for place in places)
        asked += FLIPS
        table, column, where = COLUMNS[name]
        for place in places[:IN_ARCHIVE]:
            tamper(f"UPDATE {table} SET {column} = x'{flipped(content, place).hex()}' WHERE {where}")
            found += bool(integrity.verify(session(), render=False).faults)
            asked += 1
        tamper(f"UPDATE {table} SET {column} = x'{content.hex()}' WHERE {where}")
    promise("P-S7 flipped bits", f"flips={asked} found={found}", target=f"found={asked}", kept=found == asked)
    left = [fault for fault in integrity.verify(session()).faults if "trigger" not in fault]
    assert left == []
