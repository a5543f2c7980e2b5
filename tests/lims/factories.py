"""Measurements for the tests: an item, its technician, a standard that serves it, and sheets as far as a test needs.

Each `Case` is one published calibration (EA-4/02 M:2022) or the legal verification of a gauge, with invented people.
`started(case)` gives an empty sheet, `filled(case)` one with all readings, `submitted(case)` one with its result.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from importlib.resources import files
from typing import Any

from lims.auth.models import User
from lims.customers.models import Customer, Instrument
from lims.customers.service import serial_key
from lims.equipment.models import Standard
from lims.equipment.table import TypedRow
from lims.jobs import procedures, standards_choice, submission, worksheet
from lims.jobs.cells import Change, save_cells
from lims.jobs.models import Job, JobItem, ProcedureVersion, Result, Worksheet
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.text import search_key
from lims.staff.models import Authorisation
from lims.surveys import finishing
from lims.surveys import service as surveys
from lims.surveys.service import Entry
from tests.lims.people import person
from tests.lims.standards import certified, registered

ACTOR = ("", "test")


@dataclass(frozen=True)
class Case:
    """What one measurement needs. `cells` are typed in this order; `standard` are particulars of the register."""

    procedure: str
    kind: str
    name: str
    standard: Mapping[str, Any]
    certificate: Mapping[str, Any]
    cells: Mapping[str, str]
    fields: Mapping[str, str] = field(default_factory=dict)
    slot: str = "ref"


CONDITIONS = {"env/temperature/start": "20,4", "env/humidity/start": "55", "env/temperature/end": "20,6",
              "env/humidity/end": "56"}

MULTIMETER = Case(
    procedure="multimeter-dc", kind="multimeter", name="Đồng hồ vạn năng cầm tay", fields={"resolution": "0.1"},
    standard={"asset_number": "CH-DI-001", "name": "Nguồn chuẩn đa năng", "quantity": "dc_voltage", "unit": "V",
              "drift_half_width": Decimal("0.011")},
    certificate={"unit": "V", "rows": (TypedRow("10", "10,0000", "0,0010", "2"),
                                       TypedRow("100", "100,000", "0,002", "2"),
                                       TypedRow("200", "200,000", "0,004", "2"))},
    cells={"check/external": "pass", "main/1/ind/1": "100,1", **CONDITIONS})
"""EA-4/02 S9: E = 0,10 V, U = 0,05 V, k = 1,65."""

WEIGHT = Case(
    procedure="weight-comparison", kind="weight", name="Quả cân 10 kg", fields={"nominal_mass": "10000"},
    standard={"asset_number": "CH-KL-002", "name": "Quả cân chuẩn F2 10 kg", "quantity": "mass", "unit": "g",
              "drift_half_width": Decimal("0.015")},
    certificate={"unit": "g", "rows": (TypedRow("10000", "10000,005", "0,045", "2"),)},
    cells={"field/pooled_s": "0,025", "check/external": "pass", "check/acclimatised": "pass",
           "main/1/diff/1": "0,010", "main/1/diff/2": "0,030", "main/1/diff/3": "0,020", **CONDITIONS})
"""EA-4/02 S2: 10 000,025 g, U = 59 mg, k = 2."""

GAUGE = Case(
    procedure="dial-pressure-gauge", kind="dial_pressure_gauge", name="Áp kế lò xo",
    fields={"range_max": "10", "division": "0.2", "accuracy_class": "1.6"},
    standard={"asset_number": "CH-AS-014", "name": "Áp kế chuẩn hiện số", "quantity": "pressure", "unit": "bar",
              "drift_half_width": Decimal("0.005")},
    certificate={"unit": "bar", "rows": (TypedRow("0", "0,000", "0,004", "2"), TypedRow("8", "8,002", "0,004", "2"),
                                         TypedRow("16", "16,001", "0,004", "2"))},
    cells={"check/external": "pass", "check/technical": "pass", "zero/1/before/1": "0,00",
           "main/1/up/1": "1,985", "main/2/up/1": "3,968", "main/3/up/1": "5,958", "main/4/up/1": "7,941",
           "main/5/up/1": "9,920", "main/5/down/1": "9,914", "main/4/down/1": "7,927", "main/3/down/1": "5,938",
           "main/2/down/1": "3,950", "main/1/down/1": "1,966", "zero/1/after/1": "0,00", **CONDITIONS})
"""A 10 bar gauge of class 1,6, inside its limits."""


def customer(**other: Any) -> Customer:
    """An enterprise."""
    values = {"code": f"KH-{_count(Customer) + 1:04d}", "name": "Công ty CP Nồi hơi Tân An",
              "address": "12 đường Hùng Vương, phường Tân An", "created_at": clock.now()} | other
    with write("test.customer", actor=ACTOR) as current:
        row = Customer(search=search_key(values["code"], values["name"]), **values)
        current.add(row)
    return row


def instrument(case: Case = MULTIMETER, owner: Customer | None = None, **other: Any) -> Instrument:
    """An instrument of the case's kind, with the characteristics that its procedure asks for."""
    owner = owner or customer()
    serial = f"SN-{_count(Instrument) + 1:05d}"
    values = {"kind": case.kind, "name": case.name, "maker": "Wika", "model": "A1", "serial": serial,
              "serial_key": serial_key(serial), "fields": dict(case.fields), "created_at": clock.now()} | other
    with write("test.instrument", actor=ACTOR) as current:
        row = Instrument(customer_id=owner.id, search=search_key(case.name, values["serial"]), **values)
        current.add(row)
    return row


def published(name: str) -> ProcedureVersion:
    """A shipped procedure, published."""
    text = (files("instruments") / "procedures" / f"{name}.toml").read_text(encoding="utf-8")
    return procedures.publish(text, name, actor=ACTOR)


def technician(case: Case = MULTIMETER, name: str = "ktv", role: str = "technician") -> User:
    """Somebody authorised to perform the case's procedure from a year before today."""
    user = person(role, name)
    authorise(user, published(case.procedure).code)
    return user


def authorise(user: User, procedure_code: str, activity: str = "perform", *, valid_from: date | None = None,
              valid_to: date | None = None) -> None:
    """Authorise a person, by default since a year ago without an end."""
    with write("test.authorise", actor=ACTOR) as current:
        current.add(Authorisation(user_id=user.id, procedure_code=procedure_code, activity=activity,
                                  valid_from=valid_from or clock.today() - timedelta(days=365), valid_to=valid_to))


def standard(case: Case = MULTIMETER, by: User | None = None, **other: Any) -> Standard:
    """A standard that serves the case, calibrated three months ago."""
    by = by or person("quality_manager", f"qlcl{_count(User)}")
    row = registered(by, **(dict(case.standard) | other))
    certified(row, by, clock.today() - timedelta(days=90), **case.certificate)
    return row


def item(case: Case = MULTIMETER, to: User | None = None, *, of: Instrument | None = None, state: str = "assigned",
         **other: Any) -> JobItem:
    """An item of a new job, its request reviewed, assigned to the technician."""
    version, of = published(case.procedure), of or instrument(case)
    procedure = procedures.parsed(version)
    receiver = to or person("reception", f"tn{_count(User)}")
    number = f"26-{_count(Job) + 1:05d}"
    values = {"service": procedure.service, "decision_rule": procedure.decision.rule or "",
              "regime": "periodic" if procedure.service == "verification" else "", "state": state,
              "assigned_to_id": to.id if to else None} | other
    with write("test.item", actor=ACTOR) as current:
        job = Job(number=number, customer_id=of.customer_id, received_on=clock.today(), received_by_id=receiver.id,
                  promised_on=clock.today() + timedelta(days=5), created_at=clock.now(), reviewed_at=clock.now(),
                  reviewed_by_id=receiver.id)
        current.add(job)
        current.flush()
        row = JobItem(job_id=job.id, position=1, code=f"{number}/01", instrument_id=of.id, procedure_id=version.id,
                      **values)
        current.add(row)
    return row


def started(case: Case = MULTIMETER, user: User | None = None, *, of: Instrument | None = None,
            served_by: Standard | None = None, **other: Any) -> Worksheet:
    """A sheet on which measuring has begun, its standard chosen, nothing typed yet."""
    user = user or technician(case)
    served_by = served_by or standard(case, user)
    code = item(case, user, of=of, **other).code
    worksheet.start(code, user)
    standards_choice.choose(code, case.slot, served_by.id, user)
    return worksheet.sheet_of(code)


def type_cells(sheet: Worksheet, user: User, cells: Mapping[str, str] | Sequence[Change]) -> None:
    """Type these cells, each empty before; fails when one is not saved."""
    changes = [Change(cell, text, 0) for cell, text in cells.items()] if isinstance(cells, Mapping) else cells
    outcomes = save_cells(sheet.item.code, changes, user)
    assert {outcome.status for outcome in outcomes} <= {"saved"}, outcomes


def filled(case: Case = MULTIMETER, user: User | None = None, cells: Mapping[str, str] | None = None,
           **other: Any) -> Worksheet:
    """A sheet with everything typed; `cells` replace those of the case."""
    user = user or technician(case)
    sheet = started(case, user, **other)
    type_cells(sheet, user, dict(case.cells) | dict(cells or {}))
    return sheet


def submitted(case: Case = MULTIMETER, user: User | None = None, cells: Mapping[str, str] | None = None,
              **other: Any) -> Result:
    """A sheet handed to review; its result."""
    user = user or technician(case)
    return submission.submit(filled(case, user, cells, **other).item.code, user)


def _count(model: Any) -> int:
    return session().query(model).count()


def finished_survey(user: User, owner: Customer, visited_on: date, serial: str) -> None:
    """A visit with one scale, frozen."""
    made = surveys.begin(owner.id, visited_on, "Minh, Hà", user)
    surveys.save(made.id, [Entry("head", made.version, surveys.head_of(made) | {"findings": "Cân đặt không phẳng."}),
                           Entry("row-1", 0, {"kind": "platform_scale", "serial": serial})], user)
    finishing.finish(made.id, keep=(), out_of_use=(), user=user)
