"""Where documents are prepared and rendered: here, one after the other, or in processes beside this one for a batch.

Preparing is preflight and the dry render, outside every lock; rendering makes the pages of records that have their
numbers. Both give the same in either place. The processes are nice to people who type: they take what time is left.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from certificates.document import Anchors, Record
from lims.auth.models import User
from lims.issue import preparing
from lims.issue.planning import Ready, Rendered, Request, rendered
from lims.shared import clock
from lims.shared import processes as shared_processes
from lims.shared.db import session
from lims.shared.errors import DomainError

Prepared = Ready | DomainError
"""The document, all but its number, or why it cannot be issued."""
Group = list[tuple[Request, "Future[Prepared]"]]
TOGETHER = 5
"""So many are prepared by one process in a row: what they share is read once, and each processor has a share."""


class Press(Protocol):
    """What issuing asks for."""

    def preparing(self, requests: Sequence[Request]) -> list[Callable[[], Prepared]]:
        """Begin to prepare; each is waited for by calling it."""

    def rendered(self, wanted: Sequence[tuple[Record, Anchors]]) -> list[Rendered | DomainError]:
        """The pages, in this order."""


class Here:
    """In this thread."""

    def preparing(self, requests: Sequence[Request]) -> list[Callable[[], Prepared]]:
        return [lambda request=request: _prepared(request) for request in requests]  # type: ignore[misc]

    def rendered(self, wanted: Sequence[tuple[Record, Anchors]]) -> list[Rendered | DomainError]:
        return [_rendered(*one) for one in wanted]


class Beside:
    """In processes. What is prepared for later is sent after the pages that are waited for now."""

    def __init__(self, pool: Executor) -> None:
        self._pool = pool
        self._later: list[Group] = []

    def preparing(self, requests: Sequence[Request]) -> list[Callable[[], Prepared]]:
        group: Group = [(request, Future()) for request in requests]
        self._later.append(group)
        return [lambda promise=promise: self._waited(group, promise) for _request, promise in group]  # type: ignore[misc]

    def rendered(self, wanted: Sequence[tuple[Record, Anchors]]) -> list[Rendered | DomainError]:
        made = [self._pool.submit(_rendered_there, *one) for one in wanted]
        while self._later:
            self._send(self._later.pop(0))
        return [_domain(one.result()) for one in made]

    def _waited(self, group: Group, promise: Future[Prepared]) -> Prepared:
        while group in self._later:
            self._send(self._later.pop(0))
        return promise.result()

    def _send(self, group: Group) -> None:
        now = clock.now()
        for start in range(0, len(group), TOGETHER):
            part = group[start:start + TOGETHER]
            plain = [replace(request, signer=request.signer.id) for request, _promise in part]  # type: ignore[arg-type]
            sent = self._pool.submit(_prepared_there, plain, now)
            sent.add_done_callback(lambda done, part=part: _keep(part, done))  # type: ignore[misc]


@contextmanager
def processes() -> Iterator[Beside]:
    """Processes of `lims.shared.processes`, gone at the end."""
    with shared_processes.pool() as pool:
        yield Beside(pool)


def _prepared(request: Request) -> Prepared:
    try:
        return preparing.prepare(request)
    except DomainError as error:
        return error


def _rendered(record: Record, anchors: Anchors) -> Rendered | DomainError:
    try:
        return rendered(record, anchors)
    except ValueError as error:
        return DomainError(f"Lỗi khi in giấy: {error}", f"The document cannot be rendered: {error}", status=422)


def _prepared_there(requests: Sequence[Any], now: datetime) -> Any:
    shared_processes.at(now)
    try:
        session().rollback()
        whole = [replace(request, signer=session().get_one(User, request.signer)) for request in requests]
        return [_portable(one) for one in preparing.prepare_together(whole)]
    finally:
        session().rollback()


def _rendered_there(record: Record, anchors: Anchors) -> Any:
    return _portable(_rendered(record, anchors))


def _portable(answer: Any) -> Any:
    """An error as plain values: those of named errors are made by other arguments than they keep."""
    return (answer.vi, answer.en, answer.field, answer.status) if isinstance(answer, DomainError) else answer


def _domain(answer: Any) -> Any:
    return DomainError(*answer) if isinstance(answer, tuple) else answer


def _keep(group: Group, done: Future[Any]) -> None:
    for place, (_request, promise) in enumerate(group):
        if done.cancelled():
            promise.cancel()
        elif (fault := done.exception()) is not None:
            promise.set_exception(fault)
        else:
            promise.set_result(_domain(done.result()[place]))
