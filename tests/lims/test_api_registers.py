"""The API lists and reads certificates of standards, stickers and alerts: filters, pages, what is described."""
from __future__ import annotations

from datetime import date
from typing import Any

from lims.alerts import service as alerts
from lims.alerts.models import PersonAlert
from lims.alerts.planning import plan
from lims.equipment import certificates
from lims.legal import stickers
from lims.legal.stickers import NewSeries
from lims.shared import clock
from lims.shared.db import write
from tests.lims.people import person
from tests.lims.programs import Program
from tests.lims.standards import certified, entry, registered


def test_certificates_of_standards_are_found_and_read_with_their_points(app_on_both: Any) -> None:
    by = person("quality_manager")
    standard = registered(by)
    wrong = certified(standard, by, date(2026, 3, 2))
    right = certificates.correct_certificate(standard.id, wrong.id, entry(date(2026, 3, 3)), "sai ngày", by=by)
    gone = certified(registered(by, "CH-AS-015"), by, date(2026, 4, 1))
    certificates.void_certificate(gone.standard_id, gone.id, "nhập nhầm", by=by)
    program = Program(app_on_both, by, "standards:read")

    def ids(asked: str) -> list[int]:
        return [one["id"] for one in program.listed(f"/standard-certificates{asked}", "StandardCertificatePage")]

    assert ids("") == [gone.id + 1, gone.id, right.id, wrong.id]
    assert ids("?state=in_force") == [right.id]
    assert ids("?state=superseded") == [gone.id, wrong.id]
    assert ids("?state=void") == [gone.id + 1]
    assert ids("?standard=ch-as-014") == ids("?q=CH-AS-014") == [right.id, wrong.id]
    assert ids("?q=SONG HỒNG") == ids("")
    assert ids(f"?q={right.number.lower()}") == [right.id]
    assert ids("?q=AS%2526") == []
    assert ids("?since=2026-03-03&until=2026-03-31") == [right.id]
    assert program.get("/standard-certificates?standard=none", 422)["field"] == "standard"
    assert program.get("/standard-certificates?since=2026-02-30", 422)["field"] == "since"
    assert program.get("/standard-certificates?state=good", 422)["field"] == "state"
    read = program.read(f"/standard-certificates/{right.id}", "StandardCertificate")
    assert (read["version"], read["supersedes"], read["reason"]) == (1, wrong.id, "sai ngày")
    assert read["points"][1] == {"nominal": "8", "value": "8.002", "correction": None,
                                 "expanded_uncertainty": "0.004", "coverage_factor": "2"}
    before = program.read(f"/standard-certificates/{wrong.id}", "StandardCertificate")
    assert (before["version"], before["superseded_by"]) == (2, right.id)
    assert program.get("/standard-certificates/999", 404)["status"] == 404
    assert program.read("/standards/CH-AS-014", "Standard")["version"] >= 1
    assert [one["certificate"] for one in program.listed("/standards", "StandardPage")] == [None, right.number]


def test_stickers_are_found_by_hand_and_state_and_tell_what_happened(app_on_both: Any) -> None:
    keeper, holder = person("quality_manager"), person("technician", "ktv")
    series = stickers.receive(NewSeries("verification", "26V.00001", "26V.00060", date(2026, 11, 20), "Ủy ban"), keeper)
    other = stickers.receive(NewSeries("seal", "C1", "C2", date(2026, 11, 20)), keeper)
    stickers.move(series.id, "26V.00003", "26V.00004", "assign", keeper, holder_id=holder.id)
    stickers.move(series.id, "26V.00004", "", "spoil", keeper, reason="rách")
    program = Program(app_on_both, holder, "stickers:read")

    def numbers(asked: str) -> list[str]:
        return [one["number"] for one in program.listed(f"/stickers{asked}", "StickerPage")]

    assert numbers("?kind=seal") == numbers(f"?series={other.id}") == ["C1", "C2"]
    assert numbers("?holder=KTV&state=assigned") == ["26V.00003"]
    assert numbers("?q=.0005&kind=verification")[0] == "26V.00050"
    assert numbers("?item=J26-0001/1") == []
    assert (len(numbers("")), len(numbers("?after=50"))) == (50, 12)
    assert program.get("/stickers?holder=nobody", 422)["field"] == "holder"
    assert program.get("/stickers?series=x", 422)["field"] == "series"
    spoiled = program.listed("/stickers?state=spoiled", "StickerPage")[0]
    read = program.read(spoiled["url"], "Sticker")
    assert [(one["act"], one["reason"]) for one in read["moves"]] == [
        ("receive", "Ủy ban"), ("assign", ""), ("spoil", "rách")]
    assert read["version"] == 3
    last = program.listed("/stickers?q=00060", "StickerPage")[0]
    assert [one["act"] for one in program.read(last["url"], "Sticker")["moves"]] == ["receive"]
    assert program.listed("/sticker-series?kind=seal", "StickerSeriesPage")[0]["left"] == 2
    counts = program.get(f"/sticker-series/{series.id}")["counts"]
    assert (counts["stock"], counts["assigned"], counts["spoiled"]) == (58, 1, 1)
    assert program.get("/stickers/999", 404)["status"] == program.get("/sticker-series/999", 404)["status"] == 404


def test_alerts_are_those_that_the_page_shows(app_on_both: Any) -> None:
    manager, hanh = person("quality_manager"), person("technician", "hanh")
    for number, keeper in (("CH-1", hanh), ("CH-2", manager), ("CH-3", manager)):
        name = "Cân chuẩn" if number == "CH-2" else "Áp kế"
        certified(registered(manager, number, name=name, custodian_id=keeper.id), manager, date(2025, 11, 22))
    plan(clock.today())
    alerts.acknowledge(2, by=manager)
    alerts.snooze(3, date(2026, 12, 1), reason="chờ VMI", by=manager)
    mine, all_ = (Program(app_on_both, one, "alerts:read") for one in (hanh, manager))

    def standards(program: Program, asked: str) -> list[str]:
        return [one["standard"] for one in program.listed(f"/alerts{asked}", "AlertPage")]

    assert standards(mine, "") == standards(all_, "") == ["CH-1"]
    assert standards(mine, "?state=all") == ["CH-1"]
    assert standards(mine, "?whose=all&state=acknowledged") == ["CH-2"]
    assert standards(all_, "?state=snoozed") == ["CH-3"]
    assert standards(all_, "?state=all&standard=CH-2") == standards(all_, "?state=all&q=CAN chuẩn") == ["CH-2"]
    assert standards(all_, "?duty=maintenance") == []
    put_off = all_.read("/alerts/3", "Alert")
    assert (put_off["version"], put_off["snoozed_until"], put_off["snooze_reason"]) == (2, "2026-12-01", "chờ VMI")
    assert all_.get("/alerts?state=closed", 422)["field"] == "state"
    assert all_.get("/alerts/999", 404)["status"] == 404


def test_alerts_about_people_are_for_the_person_and_for_who_answers_for_competence(app: Any) -> None:
    manager, hanh = person("quality_manager"), person("technician", "hanh")
    with write("alerts.plan", actor=("", "test")) as current:
        current.add_all(PersonAlert(user_id=one.id, kind="need", subject_id=one.id, label="An toàn", stage=30,
                                    due_on=date(2026, 12, 20), created_at=clock.now()) for one in (manager, hanh))
    mine, all_ = (Program(app, one, "alerts:read") for one in (hanh, manager))

    def people(program: Program, asked: str) -> list[str]:
        return [one["person_user"] for one in program.listed(f"/alerts/people{asked}", "PersonAlertPage")]

    assert people(mine, "?state=all&whose=all") == ["hanh"]
    assert people(all_, "?state=all") == ["hanh", "qualitymanager"]
    assert people(all_, "?state=all&kind=card") == people(all_, "?state=acknowledged") == []
    assert people(all_, "") == []  # there is no such need any more
    assert mine.get("/alerts/people/1", 404)["status"] == 404
    assert mine.read("/alerts/people/2", "PersonAlert")["version"] == 1
