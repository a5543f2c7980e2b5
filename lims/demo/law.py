"""The law of the demonstration: a few rows confirmed without any legal value, stickers and seals in two hands."""
from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa

from instruments.legal import Reading
from instruments.recall import add_months
from lims.auth.models import User
from lims.issue.models import Certificate
from lims.jobs.models import JobItem
from lims.jobs.results import latest_result
from lims.legal import catalogue, designations, marks, readings, status, sticker_reports, stickers
from lims.legal.designations import NewDesignation
from lims.legal.marks import NewMark
from lims.legal.models import LegalDocument
from lims.legal.stickers import NewSeries
from lims.owners import requests
from lims.owners.requests import Asked
from lims.shared import clock
from lims.shared.audit import acting_as
from lims.shared.db import session


def confirm_item(item: str, on: date, administrator: User) -> None:
    """The row of the day is read as the row before it, with its own period: invented for the demonstration."""
    basis = catalogue.basis_on(item, on)
    if basis is None or basis.may_carry_verdict:
        return
    before = catalogue.before(basis.row)
    assert before is not None  # every item that the laboratory verifies stood in the earlier list
    readings.confirm(basis.row.key, Reading(bool(before.row.type_approval), before.row.regimes or (),
                                            basis.row.cycle_months),
                     "xác nhận cho bản trình diễn, không có giá trị pháp lý", administrator)


def designate(on: date, administrator: User) -> None:
    """Two decisions of the demonstration: the one in force for all its fields, and one that ended before it."""
    for number, first, last, fields in (
            ("TD-0211/QĐ-TĐC", add_months(on, -70), add_months(on, -11), ("mass", "pressure", "length")),
            ("TD-0475/QĐ-SKHCN", add_months(on, -11), add_months(on, 40),
             ("mass", "pressure", "length", "volume", "flow", "volume/flow", "temperature", "electrical", "phys-chem",
              "force", "optics"))):
        designations.record(NewDesignation(number, "Sở Khoa học và Công nghệ tỉnh Minh Sơn (trình diễn)", "N 000",
                                           fields, (), first, first, last), administrator)


def confirm_form(number: str, administrator: User) -> None:
    """The official form is printed on certificates: taken as read, for the demonstration."""
    form = session().scalars(sa.select(LegalDocument).where(LegalDocument.kind == "form",
                                                            LegalDocument.number == number)).one()
    readings.confirm_document(form.id, "xác nhận cho bản trình diễn, không có giá trị pháp lý", administrator)


def fill_the_ledger(users: dict[str, User]) -> None:
    """A hundred stickers and forty seals came in; the officer holds forty and ten, the reviewer five."""
    keeper, today = users["chatluong"], clock.today()
    year = f"{today.year % 100:02d}"
    with acting_as(keeper.id, keeper.full_name):
        tags = stickers.receive(NewSeries("verification", f"{year}V.00401", f"{year}V.00500", today,
                                          "Ủy ban Tiêu chuẩn Đo lường Chất lượng Quốc gia"), keeper)
        seals = stickers.receive(NewSeries("seal", f"NP{year}-0001", f"NP{year}-0040", today, "Xưởng Cơ khí Minh Sơn"),
                                 keeper)
        for series, first, last, holder in ((tags, "401", "440", "ktv1"), (tags, "441", "445", "soatxet"),
                                            (seals, "1", "10", "ktv1")):
            stickers.move(series.id, first, last, "assign", keeper, holder_id=users[holder].id)
        stickers.move(tags.id, "445", "", "spoil", keeper, reason="in lệch khung")


FOUND = {"meter": {"type": "FM-1022", "serial": "M-55120", "seal": "NP25-0211"},
         "pulser": {"type": "EK-1042", "serial": "PX-90871", "seal": "NP25-0212"},
         "board": {"type": "EB-2000", "serial": "B-31177", "seal": "NP25-0213"},
         "program": {"type": "v3.12", "serial": "CRC 7F2A"}, "hose": {"serial": "V-1"}}
"""Parts of a dispenser as they were found the first time."""


def record_dispenser(item: JobItem, officer: User, *, seal: str = "") -> None:
    """Its status record; with another seal on the meter, explained."""
    found = FOUND if not seal else {**FOUND, "meter": {**FOUND["meter"], "seal": seal}}
    status.record(item.id, found, "0184523.7" if not seal else "0191846.2",
                  "thay niêm phong bộ đo sau khi thay vòng bi, biên bản sửa chữa ngày 12" if seal else "", officer)


def give_sticker(item: JobItem, officer: User) -> None:
    """The next sticker of the officer's hand for a verification that passed; on the first one a mark too."""
    result = latest_result(item)
    if item.service == "verification" and result is not None and result.verdict == "pass":
        stickers.draw(item.id, officer)
        if not marks.dies(officer.id) and item.worksheet is not None:
            marks.strike(item.id, NewMark("TD-07", 1, "nút chì ốc mặt sau vỏ", "clamped", item.worksheet.performed_on),
                         officer)


def ask_for_visits(users: dict[str, User]) -> None:
    """Three owners asked behind their stickers: one waits, one was accepted, one refused."""
    issued = session().scalars(sa.select(Certificate.id).where(Certificate.kind == "verification")
                               .order_by(Certificate.id).limit(3)).all()
    reception = users["tiepnhan"]
    asked = [requests.ask(key, Asked(name, phone, clock.today() + timedelta(days=9), note)).id
             for key, name, phone, note in zip(issued, ("Tạ Đình Quân", "Trịnh Văn Khoa", "Phạm Thị Tuyết"),
                                               ("0200 360 0707", "0200 360 0101", "0200 360 0808"),
                                               ("Kiểm định lại tại nhà máy nước", "", "Sáng thứ Bảy"), strict=False)]
    with acting_as(reception.id, reception.full_name):
        if len(asked) > 1:
            requests.accept(asked[1], reception)
        if len(asked) > 2:
            requests.refuse(asked[2], "phòng không làm việc thứ Bảy, đã gọi hẹn ngày khác", reception)


def count_the_hands(users: dict[str, User], on: date) -> None:
    """The evening's count of a day: one hand agrees, in the other a sticker is missing."""
    keeper = users["chatluong"]
    with acting_as(keeper.id, keeper.full_name):
        for line in sticker_reports.day(on):
            if line.kind == "verification":
                missing = line.person.username == "soatxet"
                sticker_reports.count(on, line.person.id, line.kind, line.hand.closing - missing,
                                      "một tem để quên ở hiện trường, sẽ mang về" if missing else "", keeper)
