"""The list of standards and the due list: filters, counts, pages, how many questions they ask, Excel, paper."""
from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import python_calamine
from pypdf import PdfReader

from lims.alerts.planning import plan
from lims.equipment import listing, schedules, service
from lims.shared.clock import today
from lims.shared.db import write
from lims.shared.organisation import Organisation
from tests.lims.counting import statements_of
from tests.lims.people import logged_in, person
from tests.lims.standards import certified, details, registered


@pytest.fixture
def manager(app: Any) -> Any:
    return logged_in(app, person("quality_manager"))


def listed(client: Any, address: str) -> list[str]:
    text = client.get(address).text
    return [number for number in ("CH-1", "CH-2", "CH-3", "CH-4") if f">{number}</a>" in text]


def four() -> None:
    """Overdue, due soon, in date, away; two of them of a custodian."""
    by, custodian = person("head"), person("technician", "hanh")
    for number, day, own in (("CH-1", date(2025, 11, 1), True), ("CH-2", date(2025, 12, 20), True),
                             ("CH-3", date(2026, 8, 1), False), ("CH-4", date(2025, 12, 1), False)):
        row = registered(by, number, name=f"Cân đồng hồ {number}", quantity="mass" if own else "pressure",
                         custodian_id=custodian.id if own else None)
        certified(row, by, day)
    service.change_state(row.id, "out_for_calibration", "gửi VMI", expected="in_use", by=by)


FILTERS = {
    "": ["CH-1", "CH-2", "CH-3", "CH-4"], "due=overdue": ["CH-1"], "due=due_soon": ["CH-2"], "due=in_date": ["CH-3"],
    "due=away": ["CH-4"], "due=due_soon&window=20": [], "quantity=mass": ["CH-1", "CH-2"],
    "state=out_for_calibration": ["CH-4"], "q=can+dong+ho": ["CH-1", "CH-2", "CH-3", "CH-4"], "q=ch3": ["CH-3"],
    "q=ong+ho+ch": ["CH-1", "CH-2", "CH-3", "CH-4"], "q=ho+can": ["CH-1", "CH-2", "CH-3", "CH-4"],
    "q=can+tay": [], "q=%25": ["CH-1", "CH-2", "CH-3", "CH-4"], "month=2026-12": ["CH-2", "CH-4"],
    "custodian=x&after=x&month=9": ["CH-1", "CH-2", "CH-3", "CH-4"]}


def test_the_list_is_filtered_by_its_address(manager: Any) -> None:
    four()
    assert {query: listed(manager, f"/standards?{query}") for query in FILTERS} == FILTERS


def test_the_list_counts_what_each_light_holds(manager: Any) -> None:
    four()
    text = manager.get("/standards").text
    assert all(f"{word} <b>{count}</b>" in text for word, count in (
        ("Tất cả", 4), ("Quá hạn", 1), ("Sắp đến hạn", 1), ("Còn hạn", 1), ("Đang gửi", 1)))


def test_standards_of_a_common_word_are_listed_but_not_counted(
        app_on_both: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    four()
    registered(person("head", "khac"), "AK-1", name="Áp kế")
    monkeypatch.setattr(listing, "MOST_COUNTED", 3)
    common = listing.read_filter({"q": "dong ho can"}, today(), 60)
    assert (common.found, listing.tally(common).lights, listing.tally(common).months) == (None, {}, [])
    page = listing.page(common, size=3)
    assert [line.standard.asset_number for line in page.lines] == ["CH-1", "CH-4", "CH-2"]
    assert [line.standard.asset_number for line in listing.page(common, after=page.after or "").lines] == ["CH-3"]
    rare = listing.read_filter({"q": "can ch2", "due": "due_soon"}, today(), 60)
    assert listing.tally(rare).lights == {"": 1, "overdue": 0, "due_soon": 1, "in_date": 0, "away": 0}
    assert listing.tally(listing.read_filter({"q": "ân ch"}, today(), 60)).lights[""] == 4
    text = logged_in(app_on_both, person("head", "xem")).get("/standards?q=can").text
    assert "hơn 3 chuẩn khớp" in text
    assert "Quá hạn</a>" in text


def test_pages_follow_each_other_by_key_both_ways(app_on_both: Any) -> None:
    by = person("head")
    for number in range(5):
        row = registered(by, f"CH-{number}")
        if number:
            certified(row, by, date(2026, 3 - number % 2, 1))
    wanted = listing.read_filter({}, today(), 60)
    first = listing.page(wanted, size=2)
    second = listing.page(wanted, after=first.after or "", size=2)
    third = listing.page(wanted, after=second.after or "", size=2)
    numbers = [[line.standard.asset_number for line in page.lines] for page in (first, second, third)]
    assert numbers == [["CH-0", "CH-1"], ["CH-3", "CH-2"], ["CH-4"]]
    assert (first.before, third.after) == (None, None)
    back = listing.page(wanted, before=third.before or "", size=2)
    assert [line.standard.asset_number for line in back.lines] == numbers[1]


def test_the_due_list_answers_for_any_day_and_refuses_what_is_none(manager: Any) -> None:
    four()
    text = manager.get("/standards/due?on=01/12/2026&within=19").text
    assert [number for number in ("CH-1", "CH-2", "CH-3", "CH-4") if f">{number}</a>" in text] == [
        "CH-1", "CH-2", "CH-4"]
    for wrong in ("on=31/02/2026", "on=x", "within=-1", "within=99999"):
        assert manager.get(f"/standards/due?{wrong}").status_code == 422


PAGES = ("/standards", "/standards/due", "/alerts", "/alerts/outbox")


def test_a_list_asks_as_many_questions_for_many_rows_as_for_few(app: Any, manager: Any) -> None:
    def more(prefix: str, count: int) -> None:
        by = person("head", prefix)
        for number in range(count):
            certified(registered(by, f"{prefix}-{number}", custodian_id=by.id), by, date(2025, 11, number + 1))
        plan(today())

    def questions() -> dict[str, int]:
        return {path: statements_of(lambda path=path: manager.get(path)) for path in PAGES}  # type: ignore[misc]

    more("few", 3)
    questions()
    few = questions()
    more("many", 6)
    assert questions() == few


def test_the_list_goes_to_excel_with_its_filters_and_a_name_stays_a_name(manager: Any) -> None:
    four()
    by = person("signer")
    service.register_standard(details("CH-9", name='=HYPERLINK("http://x")'), interval_count=1, interval_unit="years",
                              by=by)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(manager.get("/standards/export.xlsx").data))
    rows = book.get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == ["CH-9", "CH-1", "CH-4", "CH-2", "CH-3"]
    assert rows[1][1] == '=HYPERLINK("http://x")'
    assert (rows[2][9], rows[2][10]) == (date(2026, 11, 1), -22)
    some = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(manager.get("/standards/export.xlsx?quantity=mass").data))
    assert len(some.get_sheet_by_index(0).to_python()) == 3


def laboratory() -> None:
    with write("test", actor=("", "test")) as current:
        current.add(Organisation(id=1, name_vi="Trung tâm Đo lường", name_en="Metrology Centre", short_name="TTĐL",
                                 address="12 Trần Phú"))


def test_the_due_list_and_the_status_label_are_printed(manager: Any) -> None:
    laboratory()
    four()
    registered(person("signer"), "CH-ĐN-9")
    for path in ("/standards/due.pdf?on=01/12/2026&within=60", "/standards/due.pdf", "/standards/1/label.pdf",
                 "/standards/4/label.pdf", "/standards/5/label.pdf"):
        response = manager.get(path)
        assert (response.status_code, response.mimetype, response.data[:5]) == (200, "application/pdf", b"%PDF-"), path
    assert manager.get("/standards/due.pdf?on=31/02/2026").status_code == 422


def test_the_printed_list_says_who_acts_where_it_goes_and_when_it_was_sent(manager: Any) -> None:
    laboratory()
    by, other = person("head"), person("technician", "ktv2")
    row = registered(by, "CH-ĐN-9", custodian_id=by.id)
    schedules.set_schedule(row.id, "calibration", interval_count=12, interval_unit="months",
                           terms=schedules.Terms(responsible_id=other.id, provider="VMI", cost=Decimal(1)))
    schedules.set_schedule(row.id, "maintenance", label="thay dầu", interval_count=6, interval_unit="months")
    service.change_state(row.id, "out_for_calibration", "gửi đi", expected="in_use", by=by)
    printed = manager.get("/standards/due.pdf?on=31/12/2026").data
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(printed)).pages)
    for expected in (other.full_name, "VMI", "(thay dầu)", f"Lập ngày {today():%d/%m/%Y}", "tính đến 31/12/2026",
                     "BẢO DƯỠNG"):
        assert expected in text, expected
    assert text.count(f"{today():%d/%m/%Y}") >= 2


def test_without_the_laboratorys_particulars_paper_says_what_is_missing(manager: Any) -> None:
    response = manager.get("/standards/due.pdf")
    assert (response.status_code, "Cài đặt" in response.text) == (409, True)


def test_counts_without_filters_agree_with_counting_one_by_one(app_on_both: Any) -> None:
    by = person("quality_manager")
    days = [date(2025, 1, 1), date(2025, 12, 1), date(2026, 11, 1), None]
    for number in range(12):
        row = registered(by, f"CH-{number}", quantity=("mass", "length")[number % 2])
        calibrated = days[number % 4]
        if calibrated is not None:
            certified(row, by, calibrated)
        if number in (1, 5, 7):
            service.change_state(row.id, ("out_for_calibration", "retired", "quarantined")[number % 3], "vì thế",
                                 expected="in_use", by=by)
    wanted = listing.read_filter({}, today(), 60)
    lines = listing.everything(wanted)
    told = listing.tally(wanted).lights
    assert told == {"": len(lines), **{light: sum(line.light == light for line in lines) for light in told if light}}
    assert set(listing.quantities()) == {"mass", "length"}
