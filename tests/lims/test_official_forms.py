"""The official form stands on a document of group 2 once it was read in its original, the one of the day."""
from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lims.auth.models import User
from lims.issue import archive, issuing, work_papers
from lims.legal import documents, official_forms, readings
from lims.legal.documents import NewDocument
from lims.legal.models import LegalDocument
from lims.shared.db import session
from tests.conftest import PASSWORD
from tests.lims import factories, laboratory
from tests.lims.factories import GAUGE
from tests.lims.people import person
from tests.lims.test_papers import text_of

TODAY = date(2026, 11, 23)


@pytest.fixture
def keeper(app: Any) -> User:
    return person("administrator")


def shipped() -> LegalDocument:
    return session().scalars(sa.select(LegalDocument).where(LegalDocument.number == "18.GCNKĐ")).one()


def test_a_form_counts_once_read_and_the_newest_of_the_day_is_named(keeper: User) -> None:
    assert official_forms.form_on("verification", TODAY) == ""
    readings.confirm_document(shipped().id, "bản gốc", keeper)
    new = documents.enter(NewDocument("form", "18.GCNKĐ (54/2025/TT-BKHCN)", "Giấy chứng nhận kiểm định", "", None,
                                      TODAY, "", "công báo", replaces=shipped().id), keeper)
    other = documents.enter(NewDocument("form", "118.GCNKĐX", "mẫu khác", "", None, None, "", "công báo"), keeper)
    readings.confirm_document(other.id, "bản gốc", keeper)
    assert official_forms.form_on("verification", TODAY) == ""
    readings.confirm_document(new.id, "bản gốc", keeper)
    assert [official_forms.form_on("verification", on) for on in (TODAY - timedelta(days=1), TODAY)] == [
        "18.GCNKĐ", "18.GCNKĐ (54/2025/TT-BKHCN)"]
    assert [official_forms.form_on(kind, TODAY) for kind in ("work_record", "calibration")] == ["", ""]


def test_it_is_printed_on_the_certificate_and_frozen_with_it(keeper: User) -> None:
    readings.confirm_document(shipped().id, "bản gốc", keeper)
    head = laboratory.approver(laboratory.opened(), GAUGE)
    laboratory.confirmed_gauge(head)
    item = laboratory.waiting(GAUGE, laboratory.officer(factories.technician(GAUGE, "kdv")))
    made = issuing.issue_certificate(item.id, signer=head, password=PASSWORD)
    assert archive.record_of(made).form_code == "18.GCNKĐ"
    assert "Mẫu 18.GCNKĐ" in text_of(archive.pdf_of(made).content)
    assert "Mẫu" not in text_of(work_papers.record_paper(made).content)
