"""Jobs of the demonstration laboratory in every state, done by its people through the services that the pages use.

The three calibrations issued first are published ones: EA-4/02 M:2022 S2 (weight), S9 (multimeter), S10 (calliper).
"""
from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import sqlalchemy as sa

from lims.auth.models import User
from lims.customers.models import Instrument
from lims.demo import after_issue, bench, laboratory, law, library_work
from lims.demo.clock import MovingClock
from lims.issue import issuing, review, series, statements
from lims.jobs import cells, procedures, service, standards_choice, submission, worksheet
from lims.jobs.models import Job
from lims.shared.audit import acting_as
from lims.shared.db import session

WEIGHT, METER, CALLIPER, GAUGE = "QT-KL-01", "QT-DI-01", "QT-DD-01", "QT-AS-02"
HEAT = "Nhiệt"
"""Calibrations of thermometers are numbered in a series of their own."""

ROOM = {"env/temperature/start": "20,1", "env/temperature/end": "20,3", "env/humidity/start": "52",
        "env/humidity/end": "54"}
S2 = {"field/nominal_mass": "10000", "field/oiml_class": "M1", "field/pooled_s": "0,025", **ROOM,
      "check/external": "pass", "check/acclimatised": "pass",
      "main/1/diff/1": "0,010", "main/1/diff/2": "0,030", "main/1/diff/3": "0,020"}
S9 = {"field/measuring_range": "200 V", "field/resolution": "0,1", "field/test_points": "100", **ROOM,
      "check/external": "pass", "main/1/ind/1": "100,1"}
S10 = {"field/range_max": "150", "field/resolution": "0,05", "field/test_points": "150", **ROOM,
       "check/external": "pass", "check/movement": "pass", "main/1/ind/1": "150,10"}


def gauge(top: int, division: str, up: tuple[str, ...], down: tuple[str, ...]) -> dict[str, str]:
    """Cells of a class 1,6 gauge of 0 to `top` bar."""
    cells_typed = {"field/range_max": str(top), "field/division": division, "field/accuracy_class": "1.6", **ROOM,
                   "check/external": "pass", "check/technical": "pass",
                   "zero/1/before/1": "0,00", "zero/1/after/1": "0,02"}
    for point, (rising, falling) in enumerate(zip(up, down, strict=True), start=1):
        cells_typed |= {f"main/{point}/up/1": rising, f"main/{point}/down/1": falling}
    return cells_typed


PASSES = gauge(10, "0,2", ("1,990", "3,974", "5,948", "7,934", "9,921"), ("1,972", "3,950", "5,928", "7,920", "9,917"))
FAILS = gauge(10, "0,2", ("1,990", "3,974", "5,810", "7,760", "9,700"), ("1,972", "3,950", "5,790", "7,745", "9,695"))
NEAR_ITS_LIMITS = gauge(10, "0,2", ("2,071", "4,088", "6,121", "8,140", "10,148"),
                        ("2,055", "4,070", "6,104", "8,126", "10,141"))
SIXTEEN = gauge(16, "0,5", ("3,190", "6,372", "9,560", "12,741", "15,932"),
                ("3,168", "6,340", "9,528", "12,715", "15,925"))
TWENTY_FIVE = gauge(25, "0,5", ("4,985", "9,960", "14,942", "19,930", "24,905"),
                    ("4,950", "9,915", "14,900", "19,895", "24,890"))


class Desk:
    """The people at work, one after the other; each act carries the person's name in the audit trail."""

    def __init__(self, users: dict[str, User], customers: dict[str, int], standards: dict[str, int],
                 clock: MovingClock, passwords: dict[str, str]) -> None:
        self.users, self.customers, self.standards = users, customers, standards
        self.clock, self.passwords = clock, passwords
        self.versions = {row.code: row.id for row, _procedure in procedures.current()}

    def receive(self, owner: str, items: list[tuple[str, str]], *, days_ago: int, promise: int = 7,
                reviewed: bool = True) -> Job:
        """Take in (serial, procedure) of one enterprise; the request is reviewed at once unless told otherwise."""
        self.clock.move_to(days_ago=days_ago, hour=8, minute=10)
        reception = self.users["tiepnhan"]
        with acting_as(reception.id, reception.full_name):
            today = self.clock.local_day()
            job = service.receive(service.Reception(
                customer_id=self.customers[owner], received_on=today, promised_on=today + timedelta(days=promise),
                delivered_by="", items=[service.ReceivedItem(
                    procedure_id=self.versions[code], instrument_id=self._instrument(serial), serial=serial,
                    regime="periodic", condition="Hoạt động bình thường") for serial, code in items]), reception)
            if reviewed:
                service.review_request(job.id, rules={item.id: item.decision_rule for item in job.items},
                                       intervals={}, note="", user=reception)
        return job

    def assign(self, job: Job, username: str) -> None:
        reception = self.users["tiepnhan"]
        with acting_as(reception.id, reception.full_name):
            service.assign([item.id for item in job.items if item.state == "received"], self.users[username].id)

    def measure(self, code: str, username: str, standard: str, typed: Mapping[str, str], *, submit: bool = True,
                days_ago: int | None = None) -> None:
        """Fill a sheet (its fields first, for they make the points) and hand it to review."""
        if days_ago is not None:
            self.clock.move_to(days_ago=days_ago, hour=9, minute=30)
        person = self.users[username]
        with acting_as(person.id, person.full_name):
            worksheet.start(code, person)
            fields = {cell: text for cell, text in typed.items() if cell.startswith("field/")}
            self._type(code, person, fields)
            standards_choice.choose(code, "ref", self.standards[standard], person)
            self._type(code, person, {cell: text for cell, text in typed.items() if cell not in fields})
            if submit:
                submission.submit(code, person)
                law.give_sticker(service.item_by_code(code), person)

    def state(self, code: str, username: str, said: statements.Said) -> None:
        """What stands on the document beside the results."""
        person = self.users[username]
        with acting_as(person.id, person.full_name):
            statements.give(code, said, person)

    def review(self, code: str) -> None:
        person = self.users["soatxet"]
        with acting_as(person.id, person.full_name):
            review.review_item(service.item_by_code(code).id, reviewer=person, password=self.passwords["soatxet"])

    def issue(self, code: str) -> None:
        person = self.users["ky"]
        with acting_as(person.id, person.full_name):
            issuing.issue_certificate(service.item_by_code(code).id, signer=person, password=self.passwords["ky"])

    def hand_over(self, job: Job, to: str) -> None:
        reception = self.users["tiepnhan"]
        with acting_as(reception.id, reception.full_name):
            service.hand_over([item.id for item in service.get_job(job.id).items if item.state == "issued"], to)

    def _instrument(self, serial: str) -> int:
        return session().scalars(sa.select(Instrument.id).where(Instrument.serial == serial)).one()

    def _type(self, code: str, person: User, typed: Mapping[str, str]) -> None:
        for outcome in cells.save_cells(code, [cells.Change(cell, text, 0) for cell, text in typed.items()], person):
            if outcome.status != "saved":
                raise AssertionError(f"{code} {outcome.cell}: {outcome.message}")


def do_the_work(users: dict[str, User], customers: dict[str, int], standards: dict[str, int], clock: MovingClock,
                passwords: dict[str, str]) -> None:
    """Every job of the demonstration, oldest first."""
    desk = Desk(users, customers, standards, clock, passwords)
    _prepare(desk)
    _with_a_standard_soon_suspected(desk)
    _dispensers(desk, days_ago=30)
    _published_calibrations(desk)
    _verifications(desk)
    _under_way(desk)
    library_work.do_the_work(desk)
    _dispensers(desk, days_ago=0, seal="NP26-0009")
    law.ask_for_visits(desk.users)
    after_issue.follow(desk)


def _prepare(desk: Desk) -> None:
    """Own number series, and the gauge's legal row confirmed for the demonstration only."""
    desk.clock.move_to(days_ago=34, hour=7)
    administrator = desk.users["quantri"]
    with acting_as(administrator.id, administrator.full_name):
        for year in {desk.clock.day_ago(days).year for days in (34, 0)}:
            for kind, letter in (("calibration", "HC"), ("verification", "KD"), ("test", "TN"), ("work_record", "BB")):
                series.set_pattern(kind, year, f"TD-{letter}{{yy}}-{{seq:04d}}")
            series.set_pattern("calibration", year, "TD-NH{yy}-{seq:04d}", name=HEAT)
        series.choose("calibration", "QT-ND-02", HEAT)
        law.confirm_item("31", desk.clock.day_ago(0), administrator)
        law.designate(desk.clock.day_ago(0), administrator)
        law.confirm_form("18.GCNKĐ", administrator)
    law.fill_the_ledger(desk.users)


def _with_a_standard_soon_suspected(desk: Desk) -> None:
    """A gauge near its limits, verified with a standard that fails its check a month later."""
    gauge_job = desk.receive("water", [("CN-10-3301", GAUGE)], days_ago=33)
    desk.assign(gauge_job, "ktv1")
    desk.measure(f"{gauge_job.number}/01", "ktv1", "CH-AS-009", NEAR_ITS_LIMITS, days_ago=32)
    desk.review(f"{gauge_job.number}/01")
    desk.issue(f"{gauge_job.number}/01")
    desk.hand_over(gauge_job, "Ngô Thị Hạnh")


def _dispensers(desk: Desk, *, days_ago: int, seal: str = "") -> None:
    """A fuel dispenser whose parts are recorded: once, and again after a repair of its meter."""
    job = desk.receive("fuel", [("SX-20117", "QT-DT-02")], days_ago=days_ago)
    desk.assign(job, "ktv1")
    officer = desk.users["ktv1"]
    with acting_as(officer.id, officer.full_name):
        law.record_dispenser(service.get_job(job.id).items[0], officer, seal=seal)


def _published_calibrations(desk: Desk) -> None:
    weight = desk.receive("rice", [("QC-10-2291", WEIGHT)], days_ago=21)
    desk.assign(weight, "ktv1")
    desk.measure(f"{weight.number}/01", "ktv1", "CH-KL-001", S2, days_ago=20)
    desk.review(f"{weight.number}/01")
    desk.issue(f"{weight.number}/01")
    meters = desk.receive("power", [("38120441", METER), ("40250733", METER)], days_ago=18)
    desk.assign(meters, "ktv2")
    desk.measure(f"{meters.number}/01", "ktv2", "CH-DA-001", S9, days_ago=17)
    desk.issue(f"{meters.number}/01")
    desk.measure(f"{meters.number}/02", "ktv2", "CH-DA-001", {
        **S9, "field/measuring_range": "600 V", "field/test_points": "10; 100; 500", "main/1/ind/1": "10,0",
        "main/2/ind/1": "100,1", "main/3/ind/1": "500,3"})
    desk.issue(f"{meters.number}/02")
    calliper = desk.receive("mould", [("05188231", CALLIPER)], days_ago=15)
    desk.assign(calliper, "ktv1")
    desk.measure(f"{calliper.number}/01", "ktv1", "CH-DD-001", S10, days_ago=14)
    desk.state(f"{calliper.number}/01", "soatxet", statements.Said(
        "opinion", "Sai số ở 150 mm bằng hai vạch chia; nên đối chiếu lại điểm 0 trước mỗi ca đo",
        "The error at 150 mm equals two divisions; check the zero before each shift",
        "kết quả điểm 150 mm và giá trị độ chia 0,05 mm", "result at 150 mm and the division of 0.05 mm"))
    desk.review(f"{calliper.number}/01")
    desk.issue(f"{calliper.number}/01")
    desk.hand_over(weight, "Cao Văn Phúc")
    desk.hand_over(meters, "Đỗ Thị Lan")


def _verifications(desk: Desk) -> None:
    gauges = desk.receive("boiler", [("AK-2291745", GAUGE), ("AK-2291746", GAUGE)], days_ago=12)
    desk.assign(gauges, "ktv1")
    desk.measure(f"{gauges.number}/01", "ktv1", "CH-AS-014", PASSES, days_ago=11)
    desk.review(f"{gauges.number}/01")
    desk.issue(f"{gauges.number}/01")
    desk.measure(f"{gauges.number}/02", "ktv1", "CH-AS-014", FAILS)
    desk.review(f"{gauges.number}/02")
    desk.issue(f"{gauges.number}/02")
    desk.hand_over(gauges, "Trịnh Văn Khoa")


def _under_way(desk: Desk) -> None:
    laboratory.set_schedules(desk.users, desk.standards, desk.clock)
    laboratory.fill_records(desk.users, desk.standards, desk.clock)
    laboratory.take_out_of_use(desk.users, desk.standards)
    waiting = desk.receive("boiler", [("AK-2300118", GAUGE), ("W25-88120", GAUGE), ("S10-70551", GAUGE)], days_ago=6)
    desk.assign(waiting, "ktv1")
    desk.measure(f"{waiting.number}/01", "ktv1", "CH-AS-014", SIXTEEN, days_ago=5)
    desk.measure(f"{waiting.number}/02", "ktv1", "CH-AS-014", TWENTY_FIVE)
    desk.review(f"{waiting.number}/02")
    half = {cell: text for cell, text in PASSES.items() if "/down/" not in cell and not cell.endswith("/end")}
    desk.measure(f"{waiting.number}/03", "ktv1", "CH-AS-014", half, submit=False, days_ago=2)
    desk.state(f"{waiting.number}/03", "ktv1", statements.Said(
        "customer_data", "áp kế lắp trên bình chứa ở 60 °C trong 6 tháng qua",
        "the gauge was mounted on a vessel at 60 °C for the last 6 months"))
    meters = desk.receive("power", [("W0512210", METER), ("210938811", METER)], days_ago=3)
    desk.assign(meters, "ktv2")
    gas = desk.receive("gas", [("G-118801", GAUGE), ("G-118802", GAUGE), ("G-060914", GAUGE)], days_ago=1)
    reception = desk.users["tiepnhan"]
    with acting_as(reception.id, reception.full_name):
        service.cancel(gas.items[2].id, "Khách hàng mang về sửa trước")
    desk.receive("rice", [("QC-10-2292", WEIGHT), ("QC-05-1187", WEIGHT)], days_ago=9, promise=5)
    law.count_the_hands(desk.users, desk.clock.local_day())
    bench.put_on_the_bench(desk.users, desk.customers["gas"], "CH-AS-014", desk.clock)
    desk.receive("cement", [("XM-16-0087", GAUGE), ("29870145", METER)], days_ago=0, reviewed=False)
