"""Processes beside this one for work that computes: each opens the application once and ends with whoever wanted it.

They are nice to people who type: they take what time is left. What is sent and answered is pickled, so plain values.
"""
from __future__ import annotations

import gc
import multiprocessing
import multiprocessing.forkserver
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import current_app

PRELOADED = ["lims.app", "lims.issue.forked"]
NICE = 10
MOST_PROCESSES = 4
_FEW_COLLECTIONS = 100_000
"""Objects between two searches for circles: at the usual 700 they are a tenth of the work."""

_opened: list[Any] = []


@contextmanager
def pool(most: int = MOST_PROCESSES) -> Iterator[Executor]:
    """As many as there are processors (at most `most`), gone at the end; they end too when this process dies."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    with ProcessPoolExecutor(
            min(os.cpu_count() or 1, most), mp_context=_context(), initializer=_begin,
            initargs=(app.extensions["factory"], app.extensions["settings"])) as executor:
        try:
            yield executor
        finally:
            executor.shutdown(wait=True, cancel_futures=True)


def warm() -> None:
    """Have the modules read in, so that the first batch need not wait for them."""
    _context()
    multiprocessing.forkserver.ensure_running()


def at(now: datetime) -> None:
    """In such a process: the clock stands at this instant."""
    _opened[0].extensions["clock"] = lambda: now


def _context() -> Any:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    return context


def _begin(factory: Callable[..., Any], settings: Any) -> None:
    """In the new process: the application, and an end when the process that wanted it is gone."""
    os.nice(NICE)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    app = factory(settings)
    app.app_context().push()
    _opened.append(app)
    gc.freeze()  # the application stays to the end, and what is computed with leaves few circles behind
    gc.set_threshold(_FEW_COLLECTIONS)


def _end_with_parent() -> None:
    """A process that asked and was killed leaves nobody behind."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)
