"""The product's own server (`lims serve`, two workers) on a folder of its own, while a benchmark runs."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SECRET = "for the benchmark only"


def settings(folder: Path) -> dict[str, str]:
    """What the application reads from its environment."""
    return {"LIMS_DATA_DIR": str(folder), "LIMS_SECRET_KEY": SECRET}


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """The port on which it answers until the block ends."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = int(one.getsockname()[1])
    environment = {**os.environ, **settings(folder), "LIMS_BASE_URL": f"http://127.0.0.1:{port}"}
    command = [sys.executable, "-c", "from lims.cli import main; raise SystemExit(main())", "serve", "--port",
               str(port)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        yield port
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait(port: int) -> None:
    for _attempt in range(1200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")
