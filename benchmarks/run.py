"""Runs the benchmarks, writes `build/benchmarks.json` and prints the readable table."""

from __future__ import annotations

import json
import os
import platform
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import browser_cell, engine, impact, issuing, paper, register, saved_cell, sheet, technicians, workload  # noqa: E402

OUTPUT = ROOT / "build" / "benchmarks.json"


def main() -> None:
    rows, text = engine.measure()
    print(text)
    sheet_rows, text = sheet.measure()
    print(text)
    saved, text = saved_cell.measure()
    print(text)
    printed, words = paper.measure()
    print(words)
    batch_rows, text = issuing.measure()
    print(text)
    single_row, text = issuing.single()
    print(text)
    memory_rows, text = issuing.memory()
    print(text)
    pages, text = workload.measure()
    print(text)
    leaving, text = browser_cell.measure()
    print(text)
    typing, text = technicians.measure()
    print(text)
    held, text = register.measure()
    print(text)
    traced, text = impact.measure()
    print(text)
    document = {
        "machine": platform.platform(),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "load": os.getloadavg(),
        "engine": rows,
        "sheet": sheet_rows,
        "saved_cell": saved,
        "browser_cell": leaving,
        "technicians": typing,
        "workload": pages,
        "certificates": printed,
        "batch": batch_rows,
        "single": single_row,
        "memory": memory_rows,
        "register": held,
        "impact": traced,
    }
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"written to {OUTPUT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
