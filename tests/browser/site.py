"""The demonstration laboratory behind a real server: loaded once, copied for each process of tests, served, stopped."""
from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

ROOT = Path(__file__).parents[2]
LIMS = [sys.executable, "-c", "from lims.cli import main; main()"]
LOADED = "demonstration-accounts.json"  # written last
PATIENCE = 600
"""Tries to reach the server, a tenth of a second each; a server that ends is noticed at once."""


@dataclass(frozen=True)
class Site:
    """Where it answers, the folder of its data, and the password of every account."""

    url: str
    folder: Path
    passwords: dict[str, str]


def copy_of_demonstration(shared: Path, folder: Path) -> None:
    """The loaded demonstration in `folder`. Of several test processes one loads it into `shared`, the others wait."""
    shared.mkdir(parents=True, exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "data" / LOADED).exists():
            shutil.rmtree(shared / "data", ignore_errors=True)
            subprocess.run([*LIMS, "demo"], cwd=ROOT, env=_environment(shared / "data"), check=True,
                           capture_output=True)
    shutil.copytree(shared / "data", folder)


@contextmanager
def served(folder: Path) -> Iterator[Site]:
    """`lims serve` on a free port, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen([*LIMS, "serve", "--port", str(port)], cwd=ROOT, stdout=log, stderr=log,
                                   env=_environment(folder) | {"LIMS_BASE_URL": url}, start_new_session=True)
        try:
            _wait_until_ready(process, url, folder / "server.log")
            yield Site(url, folder, json.loads((folder / LOADED).read_text()))
        finally:
            _stop(process)


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIMS_")}
    return kept | {"LIMS_DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1"}


def _wait_until_ready(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    for _try in range(PATIENCE):
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=10):
                return
        except (URLError, OSError):
            pass
        try:
            process.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
        break
    raise AssertionError(f"the server did not start:\n{log.read_text()}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end; what is left of its process group is killed."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(10)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
