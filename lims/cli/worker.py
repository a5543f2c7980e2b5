"""`lims worker`, and the same process beside `lims serve`."""
from __future__ import annotations

import multiprocessing
import os
import signal
import threading

import click
from flask import Flask

from lims.cli.context import application, database
from lims.shared import task_worker

FIRST_SECONDS = 2.0
"""The processes that serve pages start first; the worker beside them loads the same modules a little later."""
LATER_SECONDS = 10.0
ALERTS_SECONDS = 600.0
RESTART_SECONDS = 1.0


@click.command()
@click.option("--once", is_flag=True, help="Do what waits now, then end.")
@click.option("--lanes", default=task_worker.LANES, show_default=True, type=click.IntRange(1, 64),
              help="How many tasks side by side.")
def worker(once: bool, lanes: int) -> None:
    """Do background work: batches, prints, exports, nightly checks. `lims serve` runs one worker by itself.

    More workers may run, also on other machines (PostgreSQL); each task is done by one of them.

    Example: lims worker --once
    """
    with database() as app:
        pass
    if once:
        click.echo(f"{task_worker.run_waiting(app)} tasks done")
        return
    task_worker.run_forever(app, _stop_on_signal(), lanes)


class WorkerBeside:
    """The worker process of `lims serve`; another is started when it dies, none is left when the server ends."""

    def __init__(self) -> None:
        self._closing = threading.Event()
        self._process: multiprocessing.process.BaseProcess | None = None
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._closing.set()
        if self._process is not None:
            self._process.terminate()
        self._thread.join(15)

    def _watch(self) -> None:
        self._closing.wait(FIRST_SECONDS)
        while not self._closing.is_set():
            self._process = multiprocessing.get_context("spawn").Process(target=_beside, args=(os.getpid(),))
            self._process.start()
            self._process.join()
            self._closing.wait(RESTART_SECONDS)


def _beside(server: int) -> None:
    """Tasks and alerts until told to stop, or until the server that started this is gone."""
    stop = _stop_on_signal()
    threading.Thread(target=_stop_with, args=(server, stop), daemon=True).start()
    app = application()
    threading.Thread(target=_later, args=(app, stop), daemon=True).start()
    task_worker.run_forever(app, stop)


def _later(app: Flask, stop: threading.Event) -> None:
    """What may wait until the server has started: alerts, and the modules that batches need."""
    from lims.alerts.worker import run_forever
    from lims.shared import processes

    if not stop.wait(LATER_SECONDS):
        processes.warm()
        run_forever(app, stop, interval=ALERTS_SECONDS)


def _stop_with(server: int, stop: threading.Event) -> None:
    while not stop.wait(1):
        if os.getppid() != server:
            stop.set()


def _stop_on_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
