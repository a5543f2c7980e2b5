"""One printed line for each promise that a test measures, collected into build/promises.json."""
from __future__ import annotations

import json
from pathlib import Path

COLLECTED = Path(__file__).parents[1] / "build" / "promises.json"


def promise(identifier: str, figure: str, *, target: str, kept: bool) -> None:
    """Print and collect the line, then fail the test when the promise is not kept."""
    line = f"PROMISE {identifier} {figure} target={target} {'PASS' if kept else 'FAIL'}"
    print(f"\n{line}")
    COLLECTED.parent.mkdir(exist_ok=True)
    lines = json.loads(COLLECTED.read_text()) if COLLECTED.exists() else {}
    lines[identifier] = line
    COLLECTED.write_text(json.dumps(dict(sorted(lines.items())), ensure_ascii=False, indent=1) + "\n")
    assert kept, line
