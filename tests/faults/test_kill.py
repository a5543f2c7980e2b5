"""P-R1: a number that was shown to anybody is never lost, given twice or changed, whenever the process is killed."""
from __future__ import annotations

import hashlib
import json
import os
import queue
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lims.issue.integrity import verify
from lims.issue.models import Certificate, CertificateDocument
from lims.shared.db import db, session
from tests.faults.issuing_server import SOCKET
from tests.faults.planted import drop_unique
from tests.lims import laboratory
from tests.promises import promise

CLIENTS = 4
ITEMS_PER_KILL = 5  # more than the clients get through between two kills
LONGEST_SECONDS = 240
"""Far more than the test needs: only a server that no longer answers reaches it."""


@dataclass
class Server:
    """The nursery, and the server that lives now."""

    folder: Path
    nursery: subprocess.Popen[str]
    pid: int = 0

    def start(self) -> None:
        assert self.nursery.stdin is not None
        assert self.nursery.stdout is not None
        self.nursery.stdin.write("start\n")
        self.nursery.stdin.flush()
        self.pid = int(self.nursery.stdout.readline())

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


@dataclass
class Clients:
    """Four people who press until they are told the number; `told` is everything that was ever answered.

    Nobody begins another item once `closing` is set; `given_up` ends all at once."""

    folder: Path
    left: queue.Queue[int]
    told: dict[int, set[tuple[str, str]]] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    under_fire: int = 0
    """How many were told their number while the server was being killed."""
    closing: threading.Event = field(default_factory=threading.Event)
    given_up: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while not self.closing.is_set():
            try:
                item_id = self.left.get_nowait()
            except queue.Empty:
                return
            while not self.given_up.is_set():
                answer = self.press(item_id)
                if answer is not None:
                    self.told.setdefault(item_id, set()).add(answer)
                    break

    def press(self, item_id: int) -> tuple[str, str] | None:
        """One request; None when the server died or refused, and it has to be asked again with the same key."""
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(LONGEST_SECONDS)
                line.connect(str(self.folder / SOCKET))
                with line.makefile("rw") as lines:
                    lines.write(f"{item_id} key-{item_id}\n")
                    lines.flush()
                    reply = lines.readline()
        except OSError:
            self.given_up.wait(0.002)
            return None
        if not reply.endswith("\n"):
            return None
        answer = json.loads(reply)
        if "error" in answer:
            self.refused[answer["error"]] += 1
            return None
        return answer["number"], answer["sha256"]


@pytest.fixture
def server(app_on_both: Any, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Server]:
    """The nursery on this test's database; `request.param` says whether the mistake is planted."""
    planted = getattr(request, "param", "")
    if planted:
        drop_unique(db.engine)
    url = db.engine.url.render_as_string(hide_password=False)
    nursery = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.issuing_server", str(tmp_path), url, "giamdoc", planted],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    assert nursery.stdout is not None
    assert nursery.stdout.readline() == "ready\n"
    running = Server(tmp_path, nursery)
    yield running
    running.kill()
    nursery.communicate()


def issued_under_fire(server: Server, kills: int, chance: random.Random) -> Clients:
    """Four clients ask for every item while the server is killed again and again at random moments."""
    laboratory.approver(laboratory.opened())
    items: queue.Queue[int] = queue.Queue()
    for item_id in laboratory.clones(laboratory.waiting(), (kills + 2) * ITEMS_PER_KILL):
        items.put(item_id)
    session().rollback()
    clients = Clients(server.folder, items)
    threads = [threading.Thread(target=clients.run) for _ in range(CLIENTS)]
    begun = time.monotonic()
    server.start()
    for thread in threads:
        thread.start()
    while len(clients.told) < 3 and time.monotonic() - begun < LONGEST_SECONDS:
        clients.closing.wait(0.01)
    for _ in range(kills):
        pace = 3 * (time.monotonic() - begun) / max(len(clients.told), 1)  # three answers, on this machine now
        clients.closing.wait(chance.uniform(0, pace))
        server.kill()
        server.start()
    clients.under_fire = len(clients.told)
    clients.closing.set()
    for thread in threads:
        thread.join(LONGEST_SECONDS)
    clients.given_up.set()
    server.kill()
    return clients


@dataclass(frozen=True)
class Count:
    """What became of the numbers."""

    issued: int
    lost: int
    duplicate: int
    gap: int
    changed: int
    half_pdf: int

    @property
    def faultless(self) -> bool:
        return self.lost == self.duplicate == self.gap == self.changed == self.half_pdf == 0


def counted(clients: Clients) -> Count:
    """Compare what was told with what the archive holds."""
    session().expire_all()
    rows = session().execute(
        sa.select(Certificate.item_id, Certificate.number, Certificate.serial, CertificateDocument.sha256,
                  CertificateDocument.content).join(CertificateDocument).where(CertificateDocument.form == "pdf")).all()
    kept = {(row.item_id, row.number, row.sha256) for row in rows}
    numbers, items = Counter(row.number for row in rows), Counter(row.item_id for row in rows)
    serials = {row.serial for row in rows}
    told = {(item, *answer) for item, answers in clients.told.items() for answer in answers}
    return Count(
        issued=len(rows),
        lost=len({(item, number) for item, number, _ in told} - {(item, number) for item, number, _ in kept}),
        duplicate=sum(count - 1 for count in (*numbers.values(), *items.values())),
        gap=len(set(range(1, max(serials, default=0) + 1)) - serials),
        changed=len({one for one in told if (one[0], one[1]) in {(item, number) for item, number, _ in kept}} - kept)
        + sum(hashlib.sha256(row.content).hexdigest() != row.sha256 for row in rows),
        half_pdf=sum(not row.content.rstrip().endswith(b"%%EOF") for row in rows))


@pytest.mark.fault
@pytest.mark.promise
def test_no_kill_loses_doubles_skips_or_changes_a_number(server: Server, request: pytest.FixtureRequest) -> None:
    kills = request.config.getoption("--kills")
    clients = issued_under_fire(server, kills, random.Random(20261123))
    count = counted(clients)
    faults = verify(session(), render=False).faults
    for message, times in clients.refused.items():
        print(f"refused {times} times: {message}")
    promise(f"P-R1 {db.engine.dialect.name}",
            f"kills={kills} issued={count.issued} told_under_fire={clients.under_fire} lost={count.lost} "
            f"dup={count.duplicate} gap={count.gap} changed={count.changed} half_pdf={count.half_pdf} "
            f"verify_faults={len(faults)} refused={sum(clients.refused.values())}",
            target="lost, dup, gap, changed, half_pdf, verify_faults, refused: 0",
            kept=count.faultless and not faults and not clients.refused and clients.under_fire > CLIENTS)


@pytest.mark.fault
@pytest.mark.parametrize("server", ["planted"], indirect=True)
def test_the_same_test_finds_numbers_taken_by_max_plus_one(server: Server) -> None:
    count = counted(issued_under_fire(server, 2, random.Random(20261123)))
    assert count.duplicate > 0
    assert verify(session(), render=False).faults != []

