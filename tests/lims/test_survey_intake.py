"""Surveys taken in from Excel: lists of enterprises, tables of surveys."""
from __future__ import annotations

import io
import json
from typing import Any

import pytest
import sqlalchemy as sa
import xlsxwriter
from flask import current_app

from lims.auth.models import User
from lims.shared import exchange
from lims.shared.db import session
from lims.shared.errors import Invalid
from lims.surveys import intake, service
from lims.surveys.models import Survey, SurveyRow
from tests.lims.people import logged_in, person
from tests.lims.surveying import SCALE, begun, enterprise, sheet


def test_every_fault_of_a_sheet_names_its_row_and_column_and_nothing_is_written(app: Any, surveyor: User) -> None:
    survey = begun(surveyor, None, SCALE)
    content = sheet({"kind": "Cân bàn", "serial": "A1"}, {"kind": "Cân voi", "serial": "A2"},
                    {"kind": "Cân bàn", "serial": "A1"}, {"kind": "Cân bàn", "serial": "0915077"},
                    {"kind": "Cân bàn", "serial": "A5", "last_service": "Kiểm định", "last_on": "32/01/2026"})
    browser = logged_in(app, surveyor)
    answer = browser.post(f"/surveys/{survey.id}/intake", data={"file": (io.BytesIO(content), "a.xlsx")})
    assert answer.status_code == 422
    _rows, faults = intake.rows_of_survey(service.get(survey.id), intake.texts_of_workbook(content).lines)
    assert [(one.row, one.column) for one in faults] == [
        (3, "kind"), (4, "serial"), (5, "serial"), (6, "last_on")]
    assert len(service.get(survey.id).rows) == 1


def test_a_right_sheet_is_checked_first_and_written_when_somebody_says_so(app: Any, surveyor: User) -> None:
    survey = begun(surveyor)
    content = sheet(*({"kind": "Cân bàn", "serial": f"A{number}", "last_service": "kiểm định",
                       "last_on": "02/03/2026"} for number in range(30)))
    browser = logged_in(app, surveyor)
    page = browser.post(f"/surveys/{survey.id}/intake", data={"file": (io.BytesIO(content), "a.xlsx")})
    assert page.status_code == 200
    assert service.get(survey.id).rows == []
    lines = intake.texts_of_workbook(content).lines
    assert browser.post(f"/surveys/{survey.id}/intake", data={"lines": json.dumps(lines)}).status_code == 303
    assert len(service.get(survey.id).rows) == 30


def test_a_list_of_the_enterprise_s_own_is_read_below_its_title_and_no_column_is_passed_over_unsaid(
        app: Any, surveyor: User) -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet()
    heads = ("STT", "Loại", "Số máy", "Verification or calibration", "Ngày kiểm định", "Số tem KĐ", "Số máy")
    kept = (1, "CAN BAN", "A1", "kiem dinh", "2.3.2026", "T1", "B9")
    for row, cells in enumerate((("Danh sách phương tiện đo",), (), heads, kept, (), (*kept[:2], "A2", "", "30/2/26"))):
        page.write_row(row + 1, 0, cells)
    book.close()
    found = intake.texts_of_workbook(out.getvalue())
    assert found.unread == ["STT", "Số tem KĐ", "Số máy"]
    survey = begun(surveyor)
    rows, faults = intake.rows_of_survey(survey, found.lines)
    assert [(one.row, one.column) for one in faults] == [(7, "last_on")]
    assert rows[0] == {"kind": "platform_scale", "serial": "A1", "last_service": "verification",
                       "last_on": "02/03/2026"}
    answer = logged_in(app, surveyor).post(f"/surveys/{survey.id}/intake",
                                           data={"file": (io.BytesIO(out.getvalue()), "a.xlsx")})
    assert "STT; Số tem KĐ; Số máy" in answer.text


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04broken"])
def test_what_is_no_workbook_is_refused_at_the_file(content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        intake.texts_of_workbook(content)
    assert refused.value.field == "file"


def test_a_table_of_surveys_goes_out_and_comes_in_again_once(app_on_both: Any) -> None:
    """What goes out comes in; the same file a second time changes nothing; one wrong line stops all."""
    user, owner = person("reception"), enterprise()
    with current_app.test_request_context():
        kind = exchange.kind_of("surveys")
        begun(user, owner, SCALE, SCALE | {"serial": "A2", "last_service": "verification", "last_on": "02/03/2026"})
        content = exchange.put_out(kind, "a.xlsx")
        assert dict(exchange.take_in(kind, content, user).counts) == {"same": 2}
        csv = exchange.put_out(kind, "a.csv").decode("utf-8-sig").replace("20/11/2026", "19/11/2026")
        assert dict(exchange.take_in(kind, csv.encode(), user, dry_run=True).counts) == {"new": 2}
        assert session().scalar(sa.select(sa.func.count()).select_from(Survey)) == 1
        assert dict(exchange.take_in(kind, csv.encode(), user).counts) == {"new": 2}
        assert session().scalar(sa.select(sa.func.count()).select_from(SurveyRow)) == 4
        wrong = csv.replace("02/03/2026", "32/03/2026").replace("19/11/2026", "18/11/2026")
        outcome = exchange.take_in(kind, wrong.encode(), user)
        assert [(fault.line, fault.head) for fault in outcome.faults] == [(3, "Ngày làm")]
        assert session().scalar(sa.select(sa.func.count()).select_from(Survey)) == 2
