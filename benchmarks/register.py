"""CPU time of the register and the due list in the server, and how it grows with the number of rows.

A laboratory is filled by plain inserts: standards with a calibration, a check and a maintenance schedule, one or two
certificates and two values each. Pages are asked through the application, session and template included; what is
measured is the CPU time of this process, so that a busy machine disturbs it little.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

SIZES = (125, 10_000, 125_000)
ROWS_EACH = 8
"""Rows that one standard brings: itself, three schedules, one and a half certificates, the values."""
PAGES = {
    "register": "/standards", "register, one quantity": "/standards?quantity=pressure",
    "register, a common word": "/standards?q=ap+ke", "register, one number": "/standards?q=0000077",
    "due list": "/standards/due?within=60",
    "calendar": "/standards/calendar?month={month}",
    "year plan": "/standards/plan?year={year}",
    "one standard": "/standards/1",
}
QUANTITIES = ("pressure", "mass", "temperature", "length", "dc_voltage", "volume", "time", "humidity")


def measure(sizes: tuple[int, ...] = SIZES, repeats: int = 40) -> tuple[list[dict[str, Any]], str]:
    """Rows (page, standards, median and 95 % CPU milliseconds) and the readable table."""
    rows: list[dict[str, Any]] = []
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="lims-register-") as folder, opened(Path(folder), size) as client:
            ahead = date.today() + timedelta(days=90)
            for page, pattern in PAGES.items():
                address = pattern.format(month=f"{ahead:%Y-%m}", year=ahead.year)
                times = [cpu(lambda address=address: client.get(address)) for _ in range(repeats + 3)][3:]
                shown = len(client.get(address).data) / 1000
                rows.append({"page": page, "standards": size, "rows": ROWS_EACH * size, "page_kb": round(shown, 1),
                             **figures(times)})
    return rows, table(rows, sizes)


def figures(times: list[float]) -> dict[str, float]:
    """Median and 95th percentile in milliseconds."""
    ordered = sorted(times)
    return {"median_ms": round(1000 * ordered[len(ordered) // 2], 1),
            "p95_ms": round(1000 * ordered[int(0.95 * (len(ordered) - 1))], 1)}


def cpu(work: Callable[[], Any]) -> float:
    """CPU seconds of one answer, which must be a page."""
    start = time.process_time()
    answer = work()
    taken = time.process_time() - start
    assert answer.status_code == 200, answer.status
    return taken


@contextmanager
def opened(folder: Path, standards: int) -> Iterator[Any]:
    """A laboratory with that many standards, and a client logged in as its quality manager."""
    import config
    from lims.app import create_app
    from lims.auth.service import create_user
    from lims.shared import schema
    from lims.shared.db import db

    settings = config.load({"LIMS_DATA_DIR": str(folder), "LIMS_SECRET_KEY": "for measuring only"})
    app = create_app(settings, overrides={"TESTING": True, "WTF_CSRF_ENABLED": False})
    client = app.test_client()
    with app.app_context():
        schema.upgrade(db.engine)
        user = create_user(email="q@example.test", username="chatluong", full_name="Phụ trách chất lượng", title="",
                           roles=["quality_manager"], password="mot-cau-dai-de-nho", actor=("", "benchmark"))
        fill(standards)
        with client.session_transaction() as state:
            state.update(_user_id=user.fs_uniquifier, _fresh=True, fs_cc="set", fs_paa=0)
    yield client
    with app.app_context():
        db.engine.dispose()


def fill(standards: int, seed: int = 1, start: int = 1) -> None:
    """Insert that many standards with what belongs to them; no statistics are made, as no laboratory's server does."""
    from lims.equipment import tally
    from lims.equipment.models import Schedule, Standard, StandardCertificate, StandardValue
    from lims.shared.db import db
    from lims.shared.word_index import SearchWord, rows_for

    rng, today = random.Random(seed), date.today()
    tables: dict[type, list[dict[str, Any]]] = {Standard: [], Schedule: [], StandardCertificate: [], StandardValue: []}
    with db.engine.begin() as connection:
        for number in range(start, start + standards):
            for model, values in _standard(number, rng, today):
                tables[model].append(values)
            if number % 5000 == 0 or number == start + standards - 1:
                words = [("standard", row["id"], row["search"]) for row in tables[Standard]]
                connection.execute(sa.insert(SearchWord), list(rows_for(words)))
                for model, rows in tables.items():
                    connection.execute(sa.insert(model), rows)
                    rows.clear()
        tally.rebuild(connection)


def _standard(number: int, rng: random.Random, today: date) -> Iterator[tuple[type, dict[str, Any]]]:
    from lims.equipment.models import Schedule, Standard, StandardCertificate, StandardValue
    from lims.shared.clock import system_clock

    name, now = f"Áp kế chuẩn số {number % 97}", system_clock()
    yield Standard, {
        "id": number, "asset_number": f"CH-{number:07d}", "name": name, "quantity": QUANTITIES[number % 8],
        "serial": f"S{number}", "unit": "bar", "search": f"ch {number:07d} ap ke chuan so {number % 97}",
        "state": "out_for_calibration" if number % 50 == 0 else "in_use", "created_at": now}
    done = today - timedelta(days=rng.randrange(0, 360))
    for duty, days in (("calibration", 366), ("intermediate_check", 372), ("maintenance", 380)):
        yield Schedule, {"standard_id": number, "duty": duty, "interval_count": 12, "last_done_on": done,
                         "due_on": done + timedelta(days=days if rng.random() > 0.002 else 10), "active": True}
    for edition in range(1 + number % 2):
        certificate_id = 2 * number - edition
        yield StandardCertificate, {
            "id": certificate_id, "standard_id": number, "number": f"GCN {certificate_id}", "issuer": "VMI",
            "route": "cipm_mra", "unit": "bar", "calibrated_on": done - timedelta(days=365 * edition),
            "entered_at": now, "entered_by_id": 1}
        for position in (1, 2):
            yield StandardValue, {
                "certificate_id": certificate_id, "position": position, "nominal_text": str(position),
                "stated_text": str(position), "uncertainty_text": "0,1", "coverage_text": "2", "nominal": position,
                "value": position, "uncertainty": 1, "coverage_factor": 2}


def table(rows: list[dict[str, Any]], sizes: tuple[int, ...]) -> str:
    """One line a page: 95 % of the answers by size, growth from the smallest to the largest by the median, and of the
    page itself: a small laboratory's month does not fill what a page shows at most."""
    held = ", ".join(f"{size:,}" for size in sizes)
    lines = [f"CPU ms of 95 % of the answers, {held} standards; growth of the median, and of the page in bytes"]
    for page in PAGES:
        found = [row for row in rows if row["page"] == page]
        growth = found[-1]["median_ms"] / found[0]["median_ms"]
        lines.append(f"  {page:<24}" + "".join(f"{row['p95_ms']:>9.1f}" for row in found)
                     + f"{growth:>9.2f} ×{found[-1]['page_kb'] / found[0]['page_kb']:>7.2f} ×")
    return "\n".join(lines)


if __name__ == "__main__":
    import sys

    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--repeats", type=int, default=40)
    chosen = parser.parse_args()
    print(measure(tuple(chosen.sizes), chosen.repeats)[1])
