"""A laboratory that can issue: its heading, a head who approves, results that wait for a signature."""
from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from instruments.legal import Reading
from lims.auth.models import User
from lims.issue.models import Certificate, Series, SigningKey
from lims.jobs import submission
from lims.jobs.models import JobItem, Observation, Result, Worksheet
from lims.jobs.results import latest_result
from lims.legal import designations, readings
from lims.legal.designations import NewDesignation
from lims.shared import clock, organisation
from lims.shared.db import session, write
from lims.staff.models import OfficerCard
from tests.lims import factories
from tests.lims.factories import MULTIMETER, Case
from tests.lims.people import person

HEADING = {
    "name_vi": "Trung tâm Kỹ thuật Tiêu chuẩn Đo lường Chất lượng Minh Sơn",
    "name_en": "Minh Son Technical Centre for Standards, Metrology and Quality",
    "superior_vi": "Sở Khoa học và Công nghệ tỉnh Minh Sơn", "short_name": "TTKT TĐC Minh Sơn",
    "address": "18 đường Trần Phú, phường Minh Sơn", "phone": "0200 555 0123", "place": "Minh Sơn",
    "registration_code": "ĐK 000", "validity_policy": "same_day", "head_title_vi": "Giám đốc",
    "head_title_en": "Director",
}


def opened() -> User:
    """The laboratory's heading is set; the head who may approve everything is returned."""
    organisation.save(HEADING)
    return person("head", "giamdoc")


def approver(head: User, case: Case = MULTIMETER) -> User:
    """The head, authorised to approve and review the case's procedure."""
    code = factories.published(case.procedure).code
    for activity in ("approve", "review"):
        factories.authorise(head, code, activity)
    return head


def officer(user: User, field: str = "Áp suất") -> User:
    """The person holds a verification officer's card."""
    with write("test.card", actor=factories.ACTOR) as current:
        current.add(OfficerCard(user_id=user.id, number=f"0186-{user.id:02d}", field=field, issued_by="Sở KH&CN",
                                valid_from=date(2024, 1, 1), valid_to=clock.today() + timedelta(days=900)))
    return user


def waiting(case: Case = MULTIMETER, user: User | None = None, **other: Any) -> JobItem:
    """An item whose result was submitted."""
    result = factories.submitted(case, user, **other)
    return item_of(result)


def item_of(result: Result) -> JobItem:
    """The item of a result."""
    return session().get_one(Worksheet, result.worksheet_id).item


def confirmed_gauge(by: User) -> None:
    """The legal row of pressure gauges, compared with its original by somebody; the body is designated for it."""
    today = clock.today()
    designations.record(NewDesignation("475/QĐ-SKHCN", "Sở KH&CN", "N 000", ("pressure",), (), date(2026, 1, 2),
                                       date(2026, 1, 2), today + timedelta(days=800)), by)
    readings.confirm("31@2026-04-15", Reading(False, ("initial", "periodic", "after_repair"), 12),
                     "đối chiếu bản gốc (trình diễn)", by)


def result_of(item: JobItem) -> Result:
    """The newest result of an item."""
    found = latest_result(item)
    assert found is not None
    return found


def submit_again(item: JobItem, user: User) -> Result:
    """Hand the corrected sheet to review once more."""
    return submission.submit(item.code, user)


def reopen(item: JobItem) -> None:
    """The item is measured again without an order to amend, which no page allows."""
    with write("test.reopen", actor=factories.ACTOR):
        item.state = "measuring"


def clones(item: JobItem, count: int, *, start: int = 2) -> list[int]:
    """Items with the same measured result as this one, written at once, at positions from `start`."""
    sheet, result = item.worksheet, result_of(item)
    assert sheet is not None
    cells = session().scalars(sa.select(Observation).where(Observation.worksheet_id == sheet.id)).all()
    made = []
    with write("test.clones", actor=factories.ACTOR) as current:
        for position in range(start, start + count):
            copy = _copy(item, position=position, code=f"{item.job.number}/{position:03d}")
            current.add(copy)
            current.flush()
            own = _copy(sheet, item_id=copy.id)
            current.add(own)
            current.flush()
            current.add_all([_copy(row, worksheet_id=own.id) for row in (*cells, *sheet.standards, result)])
            made.append(copy.id)
    return made


def documented(result: Result, number: str) -> Certificate:
    """The row of a document that states this result, without its pages: for what asks only whether it was issued."""
    item = item_of(result)
    with write("test.documented", actor=factories.ACTOR) as current:
        if current.get(SigningKey, "K") is None:
            current.add_all([SigningKey(key_id="K", public_key="", created_at=clock.now()),
                             Series(kind="verification", year=2001, pattern="{serial}", name="test")])
        series = current.scalars(sa.select(Series).where(Series.name == "test")).one()
        row = Certificate(
            series=series, year=2001, serial=result.id, number=number, number_key=number.lower(), kind="verification",
            item_id=item.id, edition=1, result_id=result.id, object_name="", object_serial="", customer_name="",
            performed_on=clock.today(), issued_on=clock.today(), issued_at=clock.now(), issued_by_id=1, verdict="pass",
            record=b"{}", record_digest="", link="", code="", key_id="K", signature="", verification_url="",
            qr_payload="", search="")
        current.add(row)
    return row


def _copy(row: Any, **other: Any) -> Any:
    columns = {column.key: getattr(row, column.key) for column in sa.inspect(type(row)).column_attrs}
    return type(row)(**{key: value for key, value in columns.items() if key != "id"} | other)
