"""The recall list and its command; due dates on the days on which calendars are unkind (promise P-R8)."""
from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from lims.alerts.models import Alert, AlertNotice, OutboxMessage
from lims.alerts.planning import STAGE_DAYS, plan
from lims.cli import main
from lims.equipment.facts import next_due
from lims.equipment.models import Schedule
from lims.equipment.recall import OVERDUE_ONLY, count_overdue, due_list, newest_certificates
from lims.equipment.service import change_state
from lims.issue import service
from lims.shared import clock as lims_clock
from lims.shared.db import session
from tests.conftest import PASSWORD
from tests.lims import factories, laboratory
from tests.lims.counting import statements_of
from tests.lims.people import person
from tests.lims.standards import certified, registered
from tests.promises import promise

TODAY = date(2026, 11, 23)


def three_standards() -> tuple[Any, Any, Any]:
    """Overdue since 22/11/2026; due on 22/01/2027, 60 days from TODAY; due on 23/01/2027, one day later."""
    by = person("quality_manager")
    rows = tuple(registered(by, number, custodian_id=by.id) for number in ("CH-1", "CH-2", "CH-3"))
    for row, day in zip(rows, (date(2025, 11, 22), date(2026, 1, 22), date(2026, 1, 23)), strict=True):
        certified(row, by, day)
    return rows  # type: ignore[return-value]


def listed(on: date = TODAY, within: int = 60) -> list[tuple[str, str, int | None]]:
    return [(line.standard.asset_number, line.due_state, line.days_left) for line in due_list(on, within)]


def test_the_list_holds_what_is_overdue_or_due_within_the_days_most_urgent_first(app_on_both: Any) -> None:
    three_standards()
    assert listed() == [("CH-1", "overdue", -1), ("CH-2", "due_soon", 60)]
    assert listed(within=61)[2] == ("CH-3", "due_soon", 61)


def test_only_what_is_overdue_is_counted_as_it_is_listed(app: Any) -> None:
    three_standards()
    for day, expected in ((date(2026, 11, 22), []), (TODAY, ["CH-1"]), (date(2027, 1, 23), ["CH-1", "CH-2"])):
        assert [number for number, _state, _left in listed(day, OVERDUE_ONLY)] == expected
        assert count_overdue(day) == len(expected)


def test_a_standard_is_in_date_through_its_due_date(app: Any) -> None:
    three_standards()
    assert listed(date(2026, 11, 22), 0) == [("CH-1", "due_soon", 0)]
    assert listed(date(2026, 11, 23), 0) == [("CH-1", "overdue", -1)]


def test_a_standard_never_calibrated_is_overdue_and_comes_first(app: Any) -> None:
    three_standards()
    registered(person("head"), "CH-9")
    assert listed()[0] == ("CH-9", "overdue", None)


def test_a_retired_standard_is_not_listed(app: Any) -> None:
    first, *_ = three_standards()
    change_state(first.id, "retired", "thay bằng chuẩn mới", expected="in_use", by=person("head"))
    assert [line[0] for line in listed()] == ["CH-2"]


def test_the_certificate_shown_is_the_newest_that_stands(app_on_both: Any) -> None:
    first, *_ = three_standards()
    by = person("head")
    newest = certified(first, by, date(2026, 6, 1), number="MỚI")
    certified(first, by, date(2024, 6, 1), number="CŨ")
    assert newest_certificates([first.id])[first.id].id == newest.id


def test_the_list_asks_as_many_questions_for_many_standards_as_for_few(app: Any) -> None:
    by = person("quality_manager")
    for number in range(3):
        certified(registered(by, f"A-{number}"), by, date(2025, 11, 1))
    few = statements_of(lambda: due_list(TODAY, 60))
    by = person("head")
    for number in range(6):
        certified(registered(by, f"B-{number}"), by, date(2025, 11, 1))
    assert statements_of(lambda: due_list(TODAY, 60)) == few


# ---- the command ----

@pytest.fixture
def run(app: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings = app.extensions["settings"]
    monkeypatch.setenv("LIMS_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("LIMS_DATABASE_URL", settings.database_url)
    monkeypatch.delenv("LIMS_SMTP_URL", raising=False)

    def command(*arguments: str) -> Result:
        session().rollback()
        return CliRunner().invoke(main, list(arguments))

    return command


@pytest.mark.parametrize("day", ["23/11/2026", "2026-11-23"])
def test_the_command_prints_json_for_either_way_to_write_a_day(run: Any, day: str) -> None:
    three_standards()
    result = run("recall", "--on", day, "--within", "60", "--json")
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["on"], answer["within_days"]) == (0, "2026-11-23", 60)
    assert [(row["asset_number"], row["due_on"], row["days_left"], row["due_state"])
            for row in answer["standards"]] == [("CH-1", "2026-11-22", -1, "overdue"),
                                                ("CH-2", "2027-01-22", 60, "due_soon")]


def test_the_command_prints_a_table_for_people(run: Any) -> None:
    three_standards()
    result = run("recall", "--on", "23/11/2026")
    assert result.exit_code == 0
    assert "overdue 1 d" in result.stdout
    assert "22/01/2027" in result.stdout


WRONG_WORDS = {
    ("--on", "31/02/2026"): 1, ("--on", "2026-13-01"): 1, ("--on", ""): 1, ("--on", "１/1/2026"): 1,
    ("--on", "01/01/99999"): 1, ("--within", "-1"): 1, ("--within", "1.5"): 1, ("--within", "99999"): 1,
    ("--on", "soon", "--within", "many"): 2}


def test_wrong_words_end_with_status_2_and_one_line_each(run: Any) -> None:
    results = {words: run("recall", *words) for words in WRONG_WORDS}
    assert {words: (result.exit_code, result.stdout, len(result.stderr.splitlines()))
            for words, result in results.items()} == {words: (2, "", faults) for words, faults in WRONG_WORDS.items()}
    assert all(line.startswith("--") and "expected" in line
               for result in results.values() for line in result.stderr.splitlines())


def test_instruments_whose_verification_runs_out_are_listed_until_withdrawn(run: Any) -> None:
    head = laboratory.opened()
    user = laboratory.officer(factories.technician(factories.GAUGE, "kdv"))
    item = laboratory.waiting(factories.GAUGE, user)
    laboratory.confirmed_gauge(laboratory.approver(head, factories.GAUGE))
    issued = service.issue_certificate(item.id, signer=head, password=PASSWORD)
    number, serial = issued.number, issued.object_serial
    asked = ("recall", "--on", "23/10/2027", "--within", "31", "--instruments", "--json")
    (row,) = json.loads(run(*asked).stdout)["instruments"]
    assert (row["number"], row["serial"], row["valid_until"], row["days_left"], row["due_state"]) == (
        number, serial, "2027-11-23", 31, "due_soon")
    assert json.loads(run("recall", "--on", "23/10/2027", "--within", "30", "--instruments", "--json").stdout)[
        "instruments"] == []
    assert number in run(*asked[:-1]).stdout
    assert "instruments" not in json.loads(run(*(part for part in asked if part != "--instruments")).stdout)
    service.withdraw(issued.id, signer=head, password=PASSWORD, reason="Khách hàng báo nhầm phương tiện")
    assert json.loads(run(*asked).stdout)["instruments"] == []


def test_sending_without_a_server_says_that_nothing_was_sent(run: Any) -> None:
    three_standards()
    result = run("alerts", "send")
    assert result.exit_code == 0
    assert "LIMS_SMTP_URL is not set: nothing was sent" in result.stdout


def test_a_server_that_cannot_be_read_ends_with_status_2(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIMS_SMTP_URL", "mail.example.test")
    result = run("alerts", "send")
    assert (result.exit_code, "LIMS_SMTP_URL" in result.stderr) == (2, True)


def test_a_server_that_is_away_ends_with_status_1(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    three_standards()
    monkeypatch.setenv("LIMS_SMTP_URL", "smtp://127.0.0.1:1")
    result = run("alerts", "send")
    assert (result.exit_code, "not reached" in result.stderr) == (1, True)


# ---- P-R8 ----

ORIGINS = (
    [date(year, 2, 29) for year in (1996, 2000, 2024, 2028, 2096)]
    + [date(year, 2, 28) for year in (1900, 2023, 2027, 2028, 2100)]
    + [date(2027, month, 31) for month in (1, 3, 5, 7, 8, 10, 12)]
    + [date(2027, month, 30) for month in (1, 4, 6, 9, 11, 12)]
    + [date(2023, 12, 29), date(2023, 8, 29), date(2024, 1, 29), date(2025, 1, 1), date(2027, 12, 31),
       date(2028, 1, 31), date(2028, 3, 1), date(2099, 12, 31), date(2096, 8, 31)]
    + [date(2026, month, 15) for month in (1, 2, 3, 6, 7, 9, 11, 12)])
INTERVALS = ((1, "months"), (6, "months"), (12, "months"), (13, "months"), (1, "years"), (4, "years"),
             (1, "days"), (90, "days"), (365, "days"), (366, "days"))

WRITTEN_OUT = [  # origin, interval, due: read off a wall calendar
    (date(2028, 2, 29), (12, "months"), date(2029, 2, 28)), (date(2028, 2, 29), (48, "months"), date(2032, 2, 29)),
    (date(2028, 2, 29), (4, "years"), date(2032, 2, 29)), (date(2096, 2, 29), (4, "years"), date(2100, 2, 28)),
    (date(2026, 1, 31), (1, "months"), date(2026, 2, 28)), (date(2028, 1, 31), (1, "months"), date(2028, 2, 29)),
    (date(2026, 8, 31), (6, "months"), date(2027, 2, 28)), (date(2026, 12, 31), (2, "months"), date(2027, 2, 28)),
    (date(2026, 12, 31), (1, "days"), date(2027, 1, 1)), (date(2027, 2, 28), (1, "years"), date(2028, 2, 28)),
    (date(2027, 3, 1), (365, "days"), date(2028, 2, 29)), (date(2026, 10, 31), (13, "months"), date(2027, 11, 30)),
]


def due(origin: date, interval: tuple[int, str]) -> date:
    return next_due(Schedule(interval_count=interval[0], interval_unit=interval[1]), origin)


def counted(origin: date, interval: tuple[int, str]) -> date:
    """The same by walking through the calendar: month by month to the month meant, then back to a day it has."""
    count, unit = interval
    if unit == "days":
        return date.fromordinal(origin.toordinal() + count)
    year, month = origin.year, origin.month
    for _ in range(count * (12 if unit == "years" else 1)):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return max(day for last in range(1, origin.day + 1) if (day := _existing(year, month, last)))


def _existing(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@pytest.mark.parametrize(("origin", "interval", "expected"), WRITTEN_OUT)
def test_a_due_date_is_the_one_on_the_wall_calendar(origin: date, interval: tuple[int, str], expected: date) -> None:
    assert due(origin, interval) == expected


@pytest.mark.promise
def test_due_dates_and_alerts_are_right_on_unkind_days_and_when_the_clock_jumps(app: Any, clock: Any) -> None:
    cases = list(product(ORIGINS, INTERVALS))
    wrong = sum(due(*case) != counted(*case) for case in cases)
    missed, double = _alerts_through_jumps(clock)
    promise("P-R8", f"cases={len(cases)} wrong={wrong} alerts_missed={missed} alerts_double={double}",
            target="cases=400,wrong=0,missed=0,double=0",
            kept=(len(cases), wrong, missed, double) == (400, 0, 0, 0))


def _alerts_through_jumps(clock: Any) -> tuple[int, int]:
    """Plan over four months around a leap day, New Year behind, with the clock standing, jumping ahead and back."""
    by = person("quality_manager")
    clock.instant = datetime(2027, 3, 2, 2, 0, tzinfo=UTC)
    for number, day in enumerate((date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 1))):
        certified(registered(by, f"CH-{number}", months=12), by, day)
    clock.instant = datetime(2027, 12, 20, 16, 59, tzinfo=UTC)  # one minute before midnight in Vietnam
    missed = 0
    for hours in (*[6] * 40, 24 * 9, 24, -24 * 5, *[24] * 12, 1 / 60, 24 * 23, -48, *[24] * 20, 24 * 40, 24):
        plan(lims_clock.today())
        missed += _unannounced(lims_clock.today())
        clock.advance(hours=hours)
    told = Counter(row.dedup_key for row in session().scalars(sa.select(OutboxMessage)))
    told += Counter((row.alert_id, row.user_id) for row in session().scalars(sa.select(AlertNotice)))
    stages = Counter((row.standard_id, row.due_on, row.stage) for row in session().scalars(sa.select(Alert)).unique())
    assert len(stages) >= 12
    return missed, sum(count - 1 for count in (told + stages).values())


def _unannounced(today: date) -> int:
    """Due dates whose most urgent stage reached on the day has been announced neither itself nor by a later one."""
    missing = 0
    for row in session().scalars(sa.select(Schedule)):
        assert row.due_on is not None
        left = (row.due_on - today).days
        reached = [stage for stage in STAGE_DAYS.values() if (left < 0 if stage < 0 else left <= stage)]
        announced = session().scalars(sa.select(Alert.stage).where(
            Alert.standard_id == row.standard_id, Alert.due_on == row.due_on)).all()
        missing += bool(reached) and not any(stage <= min(reached) for stage in announced)
    return missing
