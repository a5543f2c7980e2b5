"""Time in the server of the plan, the dashboards and the reports over ten years of work: 500,000 results.

A laboratory is filled by plain inserts: jobs, items, worksheets, results and certificates, spread over ten years up to
today. Closed months are then kept as the nightly task keeps them; pages are asked through the application, session and
template included. Wall time is measured, and CPU time beside it, for a busy machine stretches the first.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa

RESULTS, YEARS, CUSTOMERS, EACH = 500_000, 10, 2_000, 5
KINDS = ("dial_pressure_gauge", "platform_scale", "weight", "multimeter", "fuel_dispenser", "water_meter_mechanical",
         "sphygmomanometer", "micropipette", "calliper", "digital_thermometer")
PAGES = {
    "home of the head": "/", "figures, quarter": "/workload", "figures, year": "/workload?period={year}",
    "figures, last year": "/workload?period={last}", "plan": "/plans/1", "list of plans": "/plans",
    "behind a figure": "/plans/targets/1", "list, year": "/workload/list?show=done&period={last}",
    "list, one field": "/workload/list?show=rejected&period={last}&field=pressure",
    "list, one area": "/workload/list?show=done&period={last}&area=X%C3%A3+7",
}
TARGET_MS = 200
"""Of a page; a report of a year may take five seconds in the background."""


def measure(results: int = RESULTS, repeats: int = 21) -> tuple[list[dict[str, Any]], str]:
    """Rows (page, median and 95 % of wall and CPU milliseconds) and the readable table."""
    rows: list[dict[str, Any]] = []
    today = date.today()
    with tempfile.TemporaryDirectory(prefix="lims-workload-") as folder, opened(Path(folder), results) as client:
        for page, address in PAGES.items():
            url = address.format(year=today.year, last=today.year - 1)
            times = [_timed(client, url) for _ in range(repeats + 2)][2:]
            rows.append({"page": page, "results": results, "wall_p95_ms": _p95([one[0] for one in times]),
                         "cpu_p95_ms": _p95([one[1] for one in times])})
        rows += _reports(client.application, results, today)
    return rows, table(rows, results)


def _reports(app: Any, results: int, today: date) -> list[dict[str, Any]]:
    """Statutory reports of the last year and the inspection pack of its days, each with its three (one) files."""
    from certificates.report import render_report
    from lims.reports import service
    from lims.reports.pack import pack

    made, first = [], date(today.year - 1, 1, 1)
    with app.test_request_context():
        for name, build, forms in (
                ("report: activity", lambda: service.BUILDERS["activity"](first.year, today), service.FORMS),
                ("report: group 2", lambda: service.BUILDERS["group2"](first.year, today), service.FORMS),
                ("inspection pack", lambda: pack(today, first, today), {"pdf": (render_report, "")})):
            wall, cpu = time.perf_counter(), time.process_time()
            report = build()
            for make, _media_type in forms.values():
                make(report)
            made.append({"page": name, "results": results,
                         "wall_p95_ms": round(1000 * (time.perf_counter() - wall), 1),
                         "cpu_p95_ms": round(1000 * (time.process_time() - cpu), 1)})
    return made


def _timed(client: Any, url: str) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    answer = client.get(url)
    taken = time.perf_counter() - wall, time.process_time() - cpu
    assert answer.status_code == 200, (url, answer.status)
    return taken


def _p95(times: list[float]) -> float:
    return round(1000 * sorted(times)[int(0.95 * (len(times) - 1))], 1)


@contextmanager
def opened(folder: Path, results: int) -> Iterator[Any]:
    """The filled laboratory, and a client logged in as its head."""
    import config
    from lims.app import create_app
    from lims.auth.service import create_user
    from lims.jobs import procedures
    from lims.shared import clock, organisation, schema
    from lims.shared.db import db
    from lims.workload import counting

    settings = config.load({"LIMS_DATA_DIR": str(folder), "LIMS_SECRET_KEY": "for measuring only"})
    app = create_app(settings, overrides={"TESTING": True, "WTF_CSRF_ENABLED": False})
    client = app.test_client()
    with app.app_context():
        schema.upgrade(db.engine)
        organisation.save({"name_vi": "Trung tâm", "name_en": "Centre", "short_name": "TT", "address": "Minh Sơn"})
        user = create_user(email="h@example.test", username="giamdoc", full_name="Giám đốc", title="", roles=["head"],
                           password="mot-cau-dai-de-nho", actor=("", "benchmark"))
        procedures.publish_shipped(actor=("", "benchmark"))
        fill(results)
        _plan(user)
        start = time.perf_counter()
        kept = counting.keep(counting.to_keep(clock.today()))
        print(f"  kept {kept} closed months in {time.perf_counter() - start:.1f} s")
        with client.session_transaction() as state:
            state.update(_user_id=user.fs_uniquifier, _fresh=True, fs_cc="set", fs_paa=0)
    yield client
    with app.app_context():
        db.engine.dispose()


def _plan(user: Any) -> None:
    """A plan of this year with a target for every measure."""
    from lims.plans import service
    from lims.shared.measures import all_measures

    year = date.today().year
    plan = service.create_plan(service.PlanDetails(year=year, title=f"Kế hoạch {year}"), by=user)
    for measure_ in all_measures():
        item = service.add_item(plan.id, service.ItemDetails(
            text=str(measure_.code), starts_on=date(year, 1, 1), ends_on=date(year, 12, 31)), by=user)
        service.add_target(item.id, service.TargetDetails(title=measure_.code, comparator=">=", quantity=Decimal(100),
                                                          unit="cái", measure=measure_.code), by=user)


def fill(results: int, seed: int = 1) -> None:
    """Insert that many documents with all that stands behind them, five instruments a job."""
    from lims.customers.models import Customer, Instrument
    from lims.issue.models import Certificate, Series, SigningKey
    from lims.jobs.models import Job, JobItem, Result, Worksheet
    from lims.shared.clock import system_clock
    from lims.shared.db import db

    rng, today, now = random.Random(seed), date.today(), system_clock()
    days = YEARS * 365
    with db.engine.begin() as connection:
        connection.execute(sa.insert(SigningKey), [{"key_id": "k", "public_key": "p", "created_at": now}])
        connection.execute(sa.insert(Series), [{"id": 1, "kind": "calibration", "year": 2000, "pattern": "{seq}",
                           "next": 1, "link": "", "name": ""}])
        connection.execute(sa.insert(Customer), [{
            "id": number, "code": f"KH-{number}", "name": f"Doanh nghiệp {number}", "address": f"Xã {number % 40}",
            "commune": f"Xã {number % 40}", "created_at": now, "search": f"kh {number}"}
            for number in range(1, CUSTOMERS + 1)])
        connection.execute(sa.insert(Instrument), [{
            "id": number, "customer_id": (number - 1) // 10 + 1, "kind": KINDS[number % 10], "name": "Phương tiện đo",
            "serial": f"S{number}", "serial_key": f"s{number}", "created_at": now,
            "search": f"s{number}"}
            for number in range(1, 10 * CUSTOMERS + 1)])
        tables: dict[Any, list[dict[str, Any]]] = {
            model: [] for model in (Job, JobItem, Worksheet, Result, Certificate)}
        for number in range(1, results + 1):
            _one(number, results, rng, today, days, now, tables)
            if number % 5000 == 0 or number == results:
                for model, rows in tables.items():
                    if rows:
                        connection.execute(sa.insert(model), rows)
                    rows.clear()


def _one(number: int, results: int, rng: random.Random, today: date, days: int, now: Any,
         tables: dict[Any, list[dict[str, Any]]]) -> None:
    job, position = (number - 1) // EACH + 1, (number - 1) % EACH + 1
    received = today - timedelta(days=days - days * job * EACH // (results + EACH))
    issued = min(today, received + timedelta(days=rng.randrange(1, 12)))
    customer, verification = job % CUSTOMERS + 1, number % 3 > 0
    failed, is_open = number % 29 == 0, number > results - 400
    job_rows, items, sheets, outcomes, certificates = tables.values()
    if position == 1:
        job_rows.append({"id": job, "number": f"J{job}", "customer_id": customer, "place": "laboratory",
                         "received_on": received, "received_by_id": 1, "delivered_by": "", "created_at": now,
                         "promised_on": received + timedelta(days=7), "note": "", "review_note": "", "version": 1,
                         "reviewed_at": now})
    items.append({"id": number, "job_id": job, "position": position, "code": f"J{job}/{position}",
                  "instrument_id": 10 * (customer - 1) + number % 10 + 1, "procedure_id": 1,
                  "service": "verification" if verification else "calibration",
                  "state": "assigned" if is_open else "handed_over", "assigned_to_id": 1, "version": 1})
    if is_open:
        return
    sheets.append({"id": number, "item_id": number, "performed_on": issued, "started_at": now, "performed_by_id": 1,
                   "instrument_fields": {}, "version": 1})
    outcomes.append({"id": number, "worksheet_id": number, "revision": 1, "computed_at": now, "engine_version": "1",
                     "verdict": "fail" if failed else "pass", "evaluation": "{}", "digest": "d"})
    certificates.append({
        "id": number, "series_id": 1, "year": issued.year, "serial": number, "number": f"G{number}",
        "number_key": f"g{number}", "item_id": number, "edition": 1, "result_id": number,
        "object_name": "Phương tiện đo",
        "kind": "calibration" if not verification else "work_record" if failed else "verification",
        "object_serial": f"S{number}", "customer_name": f"Doanh nghiệp {customer}", "performed_on": issued,
        "issued_on": issued, "issued_at": now, "issued_by_id": 1, "verdict": "fail" if failed else "pass",
        "record": b"x" * 600, "record_digest": "d", "link": "l", "code": "c", "key_id": "k", "signature": "s",
        "verification_url": "u", "qr_payload": "q", "search": f"g{number}"})


def table(rows: list[dict[str, Any]], results: int) -> str:
    """One line a page."""
    lines = [f"plan and dashboards over {results:,} results of {YEARS} years: p95 in ms, wall and CPU (target "
             f"{TARGET_MS} wall)"]
    lines += [f"  {row['page']:<22}{row['wall_p95_ms']:>9.1f}{row['cpu_p95_ms']:>9.1f}" for row in rows]
    return "\n".join(lines)


if __name__ == "__main__":
    import sys

    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=int, default=RESULTS)
    parser.add_argument("--repeats", type=int, default=21)
    chosen = parser.parse_args()
    print(measure(chosen.results, chosen.repeats)[1])
