"""Every package that the product installs has its licence in THIRD_PARTY.md; the lock holds no address."""
from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_locked_package_has_its_licence_stated() -> None:
    listed = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8").partition("| package | licence |")[2]
    stated = {normalised(name) for row in re.findall(r"(?m)^\| (.+?) \|", listed) for name in row.split(", ")}
    locked = re.findall(r"(?m)^([A-Za-z0-9._-]+)==", (ROOT / "requirements.lock").read_text(encoding="utf-8"))
    assert len(locked) > 20
    assert sorted(set(map(normalised, locked)) ^ (stated - {"---"})) == []


def test_locks_hold_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert re.findall(r"https?://|(?m:^--)", text) == []
