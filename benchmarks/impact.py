"""Reverse trace through five levels and recomputation of an impact review, in a laboratory with half a million results.

One gauge is calibrated and submitted through the services; all other results are copies of its rows in the database,
the measured ones with other readings at every point, so that no two sheets are alike. Figures are CPU seconds of the
process that does the work; growth is the ratio of two sizes in one run.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

LEVELS = 5
STANDARDS = 10_000
RESULTS = (1_000, 500_000)
"""Sizes of the laboratory for the trace; a fiftieth of the results of a year rest on the standard asked about."""
RECOMPUTED = 10_000
TARGETS = {"trace_ms": 100, "recompute_seconds": 10, "growth": 1.5}


def measure(results: tuple[int, ...] = RESULTS, recomputed: int = RECOMPUTED) -> tuple[dict[str, Any], str]:
    """Figures and their readable form."""
    traces = []
    for number in results:
        with tempfile.TemporaryDirectory(prefix="lims-trace-") as folder, opened(Path(folder)) as client:
            traces.append(traced(client, number))
    with tempfile.TemporaryDirectory(prefix="lims-impact-") as folder, opened(Path(folder)):
        work = recompute(recomputed)
    figures = {"trace": traces, "recomputation": work, "targets": TARGETS, "load": os.getloadavg()[0]}
    lines = [f"Reverse trace, {LEVELS} levels, one year, {one['results']:,} results of {one['standards']:,} standards, "
             f"{one['touched']:,} touched: {one['median_ms']:.1f} ms of CPU, p95 {one['p95_ms']:.1f} (target 100); "
             f"page with lists p95 {one['page_p95_ms']:.1f} ms; beside them "
             + ", ".join(f"{name} p95 {found['p95_ms']:.1f} ms" for name, found in one["beside"].items())
             for one in traces]
    lines.append(f"Impact recomputation of {work['results']:,} results ({work['lines']} lines each): "
                 f"{work['seconds']:.1f} s in {work['processes']} processes (target 10), {work['cpu_seconds']:.1f} s "
                 f"of CPU in one; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    return figures, "\n".join(lines) + "\n"


@contextmanager
def opened(folder: Path) -> Iterator[Any]:
    """An empty laboratory and a client of its quality manager."""
    from benchmarks import register

    with register.opened(folder, 0) as client, client.application.app_context():
        yield client


def traced(client: Any, results: int, repeats: int = 30) -> dict[str, Any]:
    """CPU milliseconds of the counts behind a reverse trace."""
    from benchmarks import register
    from lims.impact.touched import Touch, period
    from lims.shared import clock
    from lims.shared.db import session

    standards = min(STANDARDS, max(10, results // 10))
    chain = _chain()
    sample = _measured(chain[-1])
    register.fill(standards, start=100)
    _copies(sample, results, [row.id for row in chain], standards)
    since, until = period(None, None, clock.today())

    def ask() -> Any:
        session().rollback()
        return Touch(chain[0].id, since, until).totals()

    totals = ask()
    assert len(totals.by_level) == LEVELS, totals
    times = [_cpu(ask) for _ in range(repeats)]
    address = f"/standards/{chain[0].id}/touched"
    pages = [register.cpu(lambda: client.get(address)) for _ in range(10)]
    beside = {name: register.figures([register.cpu(lambda at=name: client.get(register.PAGES[at]))
                                      for _ in range(43)][3:])
              for name in ("register", "due list")}
    return {"standards": standards, "results": results, "touched": totals.results, **register.figures(times),
            "page_p95_ms": register.figures(pages)["p95_ms"], "beside": beside}


def recompute(results: int) -> dict[str, Any]:
    """Seconds and CPU of one review of that many results, by the worker's own function."""
    from lims.auth.models import User
    from lims.impact import recomputing, reviews
    from lims.impact.models import ImpactReview
    from lims.jobs.results import evaluation_of
    from lims.shared import clock, task_runner
    from lims.shared.db import session

    standard = _standard()
    measured = _measured(standard)
    lines = sum(len(table["rows"]) for table in evaluation_of(measured)["tables"])
    _copies(measured, results - 1, [standard.id], 0, cells=True)
    by = session().scalars(sa.select(User).limit(1)).unique().one()
    reviews.open_by_hand(standard.id, "đo thử", reviews.Assumption(
        since=clock.today() - timedelta(days=366), until=clock.today(), shift=_tenth()), quarantine=False, by=by)
    alone, begun = recomputing.FEWEST_FOR_PROCESSES, time.perf_counter()
    task_runner.run_one()
    seconds = time.perf_counter() - begun
    row = session().scalars(sa.select(ImpactReview)).one()
    assert row.examined == results, (row.examined, results)
    reviews.recompute(row.id, reviews.Assumption(since=row.since, until=row.until, shift=row.shift),
                      version=row.version, by=by)
    recomputing.FEWEST_FOR_PROCESSES = results + 1
    try:
        cpu = _cpu(task_runner.run_one)
    finally:
        recomputing.FEWEST_FOR_PROCESSES = alone
    return {"results": results, "lines": lines, "seconds": round(seconds, 2), "cpu_seconds": round(cpu, 2),
            "processes": recomputing.PROCESSES, "changed": row.changed}


def _tenth() -> Any:
    from decimal import Decimal

    return Decimal("0.01")


def _cpu(work: Any) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _standard() -> Any:
    from tests.lims import factories

    return factories.standard(factories.GAUGE)


def _chain() -> list[Any]:
    """Five standards, each calibrated with the one before."""
    from lims.shared import clock
    from tests.lims.people import person
    from tests.lims.standards import certified, registered

    by = person("quality_manager", "chuoi")
    rows: list[Any] = []
    for level in range(LEVELS):
        row = registered(by, f"CHUOI-{level}")
        certified(row, by, clock.today() - timedelta(days=300 - level), number=f"CHUOI.{level}",
                  **({"route": "internal", "parent_ids": [rows[-1].id]} if rows else {}))
        rows.append(row)
    return rows


def _measured(standard: Any) -> Any:
    from tests.lims import factories

    return factories.submitted(factories.GAUGE, factories.technician(factories.GAUGE), served_by=standard)


def _copies(result: Any, number: int, chain: list[int], others: int, *, cells: bool = False) -> None:
    """That many sheets like this one, a fiftieth by the standards of the chain in turn, the rest by other standards."""
    from lims.jobs.models import JobItem, Observation, Result, Worksheet, WorksheetStandard
    from lims.shared.db import db, session

    sheet = session().get_one(Worksheet, result.worksheet_id)
    values = {"number": number, "item": sheet.item_id, "sheet": sheet.id, "job": sheet.item.job_id,
              "chain": json.dumps(chain), "levels": len(chain), "others": max(1, others), "every": 50 if others else 1}
    session().rollback()
    sheet_id, item_id = ":sheet + n.i", ":item + n.i"
    own = "n.i % :every = 0"
    standard = (f"CASE WHEN {own} THEN json_extract(:chain, '$[' || (n.i / :every % :levels) || ']') "
                "ELSE 100 + n.i % :others END")
    certificate = (f"CASE WHEN {own} THEN (SELECT max(c.id) FROM standard_certificate c WHERE c.standard_id = "
                   "json_extract(:chain, '$[' || (n.i / :every % :levels) || ']')) "
                   "ELSE 2 * (100 + n.i % :others) END")
    with db.engine.begin() as connection:
        _insert(connection, JobItem, values, "row.id = :item", id=item_id, position="n.i + 1",
                code="row.code || '-' || n.i")
        _insert(connection, Worksheet, values, "row.id = :sheet", id=sheet_id, item_id=item_id,
                performed_on=f"CASE WHEN {own} THEN row.performed_on ELSE date(row.performed_on, '-' || (n.i % 900) "
                             "|| ' days') END")
        _insert(connection, WorksheetStandard, values, "row.worksheet_id = :sheet", id=None, worksheet_id=sheet_id,
                standard_id=standard, certificate_id=certificate)
        _insert(connection, Result, values, "row.worksheet_id = :sheet", id=None, worksheet_id=sheet_id,
                **({} if cells else {"evaluation": "'{}'"}))
        if cells:
            step = "(n.i * n.i % 10007 + row.id * 7919) * (n.i % 9973 + row.id) % 41 - 20"
            moved = ("CASE WHEN row.cell LIKE 'main/%' THEN replace(printf('%.3f', CAST(row.value AS REAL) + "
                     f"({step}) * 0.001), '.', '{{}}') ELSE row.{{}} END")
            _insert(connection, Observation, values, "row.worksheet_id = :sheet", id=None, worksheet_id=sheet_id,
                    text=moved.format(",", "text"), value=moved.format(".", "value"))


def _insert(connection: Any, model: Any, values: dict[str, Any], where: str, **other: str | None) -> None:
    """Copies of the rows that match, with some columns computed; `None` leaves a column to the database."""
    table = model.__table__
    columns = {column.name: other.get(column.name, f"row.{column.name}") for column in table.columns}
    kept = {name: text for name, text in columns.items() if text is not None}
    connection.execute(sa.text(
        f"INSERT INTO {table.name} ({', '.join(kept)}) "
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :number) "
        f"SELECT {', '.join(kept.values())} FROM n, {table.name} row WHERE {where}"), values)


if __name__ == "__main__":
    import sys

    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=int, nargs="+", default=list(RESULTS))
    parser.add_argument("--recomputed", type=int, default=RECOMPUTED)
    chosen = parser.parse_args()
    print(measure(tuple(chosen.results), chosen.recomputed)[1])
