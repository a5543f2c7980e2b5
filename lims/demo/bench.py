"""Twelve like gauges of one customer on the bench, partly measured: the demonstration of a bench load."""
from __future__ import annotations

from datetime import timedelta

from lims.auth.models import User
from lims.demo.clock import MovingClock
from lims.jobs import load_cells, loads, procedures, service
from lims.jobs.cells import Change
from lims.shared import clock
from lims.shared.audit import acting_as

SERIALS = tuple(f"KL26-{number:05d}" for number in range(40118, 40130))
RANGE = {"*:field/range_max": "10", "*:field/division": "0,2", "*:field/accuracy_class": "1.6"}
COMMON = {"check/external": "pass", "check/technical": "pass", "env/temperature/start": "20,2",
          "env/humidity/start": "54", "zero/1/before/1": "0,00"}
UP = ("1,98", "3,97", "5,96", "7,95", "9,94")
DOWN = ("1,96", "3,95", "5,94", "7,93", "9,93")
SPREAD = (0, 2, -1, 1, 3, -2, 0, 24, 1, -1, 2)
"""Hundredths of a bar by which each position differs; one is beyond its limits."""


def put_on_the_bench(users: dict[str, User], customer_id: int, standard: str, at: MovingClock) -> None:
    """Receive, assign and measure them, all but the last position."""
    at.move_to(days_ago=0, hour=8, minute=20)
    codes = _received(users, customer_id)
    person = users["ktv1"]
    with acting_as(person.id, person.full_name):
        load = loads.create("\n".join(codes), ("zero/before", "zero/after"), person)
        loads.choose_standard(load.id, "", standard, 0, person)
        load_cells.save_cells(load.id, [Change(cell, text, 0) for cell, text in RANGE.items()], person)
        texts = {f"*:{cell}": text for cell, text in COMMON.items()}
        for position, by in enumerate(SPREAD, start=1):
            for way, readings in (("up", UP), ("down", DOWN)):
                texts |= {f"{position}:main/{point}/{way}/1": _moved(text, by)
                          for point, text in enumerate(readings, start=1)}
        load_cells.save_cells(load.id, [Change(cell, text, 0) for cell, text in texts.items()], person)


def _received(users: dict[str, User], customer_id: int) -> list[str]:
    procedure = next(row.id for row, _procedure in procedures.current() if row.code == "QT-AS-02")
    reception, person = users["tiepnhan"], users["ktv1"]
    with acting_as(reception.id, reception.full_name):
        job = service.receive(service.Reception(
            customer_id=customer_id, received_on=clock.today(), promised_on=clock.today() + timedelta(days=5),
            delivered_by="Trịnh Văn Khoa", items=[service.ReceivedItem(
                procedure_id=procedure, kind="dial_pressure_gauge", name="Áp kế lò xo 0–10 bar", maker="Kim Long",
                model="KL-63", serial=serial, regime="periodic", condition="Mới, nguyên vẹn")
                for serial in SERIALS]), reception)
        service.review_request(job.id, rules={item.id: "simple" for item in job.items}, intervals={}, note="",
                               user=reception)
        service.assign([item.id for item in job.items], person.id)
    return [item.code for item in service.get_job(job.id).items]


def _moved(text: str, hundredths: int) -> str:
    """The reading moved by so many hundredths, with the comma of the place."""
    return f"{float(text.replace(',', '.')) + hundredths / 100:.2f}".replace(".", ",")
