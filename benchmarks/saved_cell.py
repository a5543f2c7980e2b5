"""One reading typed into a sheet of forty points with full budgets, and a bench of forty meters: the whole requests.

A request is the product's own: session, permission, one committed and audited transaction, the sheet evaluated, the
answer as JSON. CPU time, which the machine's other work changes little; the laboratory is that of the tests, on SQLite
with every commit on the disk.
"""

from __future__ import annotations

import platform
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask import Flask
from flask.testing import FlaskClient

import config
from benchmarks.sheet import POINTS, PROCEDURE, sheet_of_points
from instruments.library import reference_cases
from instruments.observations import Observations
from instruments.typed_number import TypedNumber
from lims.app import create_app
from lims.equipment.table import TypedRow
from lims.jobs import loads
from lims.shared import schema
from lims.shared.db import db
from tests.lims import factories as make
from tests.lims.people import logged_in

ROUNDS = 60
METERS = 40
TARGET_CELL_MS, TARGET_LOAD_S = 20.0, 3.0
BATH = make.Case(
    procedure=PROCEDURE, kind="thermometer_digital", name="Nhiệt kế hiện số", fields={"division": "0.1"},
    standard={"asset_number": "CH-ND-001", "name": "Nhiệt kế chuẩn", "quantity": "temperature", "unit": "°C"},
    certificate={"unit": "°C", "rows": tuple(TypedRow(at, f"{at},004", "0,012", "2") for at in ("0", "50", "100"))},
    cells={})
METER = make.Case(
    procedure="water-meter", kind="water_meter_mechanical", name="Đồng hồ đo nước lạnh",
    fields={"q3": "2.5", "ratio": "80"},
    standard={"asset_number": "CH-DT-010", "name": "Bình chuẩn", "quantity": "volume", "unit": "L"},
    certificate={"unit": "L", "rows": (TypedRow("10", "10,004", "0,01", "2"), TypedRow("100", "99,98", "0,08", "2"))},
    cells={})


def measure() -> tuple[dict[str, Any], str]:
    """The figures and their readable form."""
    with tempfile.TemporaryDirectory(prefix="lims-benchmark-") as folder:
        app = create_app(config.load({"LIMS_DATA_DIR": folder, "LIMS_SECRET_KEY": "for the benchmark only"}),
                         clock_source=lambda: datetime.now(UTC))
        with app.app_context():
            schema.upgrade(db.engine)
        cell, size = _cell(app)
        load, requests = _load(app)
        with app.app_context():
            db.engine.dispose()
    found = {
        "machine": platform.processor() or platform.machine(), "points": POINTS, "cell_cpu_ms": round(cell, 1),
        "answer_bytes": size, "target_cell_ms": TARGET_CELL_MS, "meters": METERS, "load_requests": requests,
        "load_cpu_s": round(load, 2), "target_load_s": TARGET_LOAD_S}
    return found, (
        f"A reading saved in a sheet of {POINTS} points and {POINTS * 8} readings, CPU of the whole request: "
        f"{cell:.1f} ms (at most {TARGET_CELL_MS:g}), its answer {size} bytes\n"
        f"{METERS} water meters entered one reading a request and evaluated, {requests} requests: "
        f"{load:.2f} s of machine time (at most {TARGET_LOAD_S:g})")


def _cell(app: Flask) -> tuple[float, int]:
    """(median CPU milliseconds of a saved reading, bytes of an answer)."""
    seen = sheet_of_points()
    with app.app_context():
        user = make.technician(BATH)
        sheet = make.started(BATH, user)
        make.type_cells(sheet, user, {"field/test_points": str(seen.instrument["test_points"]), **typed_of(seen)})
        client, code = logged_in(app, user), sheet.item.code
    desk = _Desk(client, f"/items/{code}/sheet", f"/items/{code}/cells")
    desk.send({})
    taken = []
    for at in range(1, ROUNDS + 1):
        key = f"main/{at % POINTS + 1}/ind/{at // POINTS + 1}"
        text = f"{(at % POINTS) * 2.5 + 0.1 + at / 1000:.3f}".replace(".", ",")
        began = time.process_time()
        size = desk.send({key: text}, base=1, reason="đọc lại")
        taken.append((time.process_time() - began) * 1000)
    return statistics.median(taken), size


def _load(app: Flask) -> tuple[float, int]:
    """(CPU seconds, requests) of a bench, as the page sends it: shared readings once, the others one by one."""
    with app.app_context():
        user = make.technician(METER, "ktv-bench")
        owner, standard = make.customer(), make.standard(METER, user)
        items = [make.item(METER, user, of=make.instrument(METER, owner)) for _ in range(METERS)]
        load = loads.create("\n".join(item.code for item in items), ["main/tank"], user)
        loads.choose_standard(load.id, "", standard.asset_number, 0, user)
        client, page = logged_in(app, user), f"/loads/{load.id}"
    typed = typed_of(reference_cases(METER.procedure)[0].observations)
    tanks = {cell: text for cell, text in typed.items() if "/tank/" in cell or not cell.startswith("main/")}
    readings = {cell: text for cell, text in typed.items() if cell not in tanks}
    desk = _Desk(client, page, f"{page}/cells")
    began = time.process_time()
    for cell, text in tanks.items():
        desk.send({f"*:{cell}": text})
    for cell, text in readings.items():
        for position in range(1, METERS + 1):
            desk.send({f"{position}:{cell}": text})
    return time.process_time() - began, desk.requests


def typed_of(seen: Observations) -> dict[str, str]:
    """What a person types of these observations, beside the characteristics."""
    numbers = {**{f"env/{key}": number for key, number in seen.environment.items()}, **seen.readings}
    return {f"check/{key}": str(result) for key, result in seen.checks.items()} | {
        cell: (number.text if isinstance(number, TypedNumber) else f"{number}").replace(".", ",")
        for cell, number in numbers.items()}


class _Desk:
    """One person's window: sends cells and knows what it has seen."""

    def __init__(self, client: FlaskClient, page: str, address: str) -> None:
        self.client, self.address, self.seen, self.requests = client, address, 0, 0
        found = re.search(r'"token": ?"([^"]+)"', client.get(page).text)
        self.headers = {"X-CSRFToken": found[1] if found else "", "Accept": "application/json"}

    def send(self, cells: Mapping[str, str], *, base: int = 0, reason: str = "") -> int:
        """Save these cells; the bytes of the answer."""
        self.requests += 1
        reply = self.client.post(self.address, headers=self.headers, json={"seen": self.seen, "cells": [
            {"cell": cell, "text": text, "base_revision": base, "reason": reason, "confirmed": bool(reason)}
            for cell, text in cells.items()]})
        answer = reply.get_json()
        if reply.status_code != 200 or any(one["status"] != "saved" for one in answer["outcomes"]):
            raise RuntimeError(answer)
        self.seen = answer["seen"]
        return len(reply.data)


if __name__ == "__main__":
    print(measure()[1])
