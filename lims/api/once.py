"""`Idempotency-Key`: a request sent twice is done once, and both times answered alike.

The answer is kept in the transaction that makes the row: either both stand or neither, whenever the server stops. Of
two requests with one key at the same time the second breaks the unique key of (person, key), is undone as a whole and
answered with what the first one kept.
"""
from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Response, g, has_request_context, request
from flask_login import current_user
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from lims.api.bodies import json_body
from lims.api.models import KeptAnswer
from lims.api.problems import refused
from lims.shared import clock
from lims.shared.db import Base, session, write
from lims.shared.errors import Conflict, DomainError
from lims.shared.task_runner import RunningTask
from lims.shared.tasks import periodic, task

KEPT_DAYS = 30
TASK = "api.forget_answers"
_KEY = re.compile(r'"?([!#-\[\]-~ ]{1,200})"?', re.ASCII)  # printable, as a string of a structured field or bare


@dataclass
class _Claim:
    """What the transaction of this request keeps once it has made a row of `model`."""

    model: type[Base]
    show: Callable[[Any], dict[str, Any]]
    values: dict[str, Any]
    written: dict[str, Any] = field(default_factory=dict)
    """The answer as it stands in the open transaction; `answer` once that is committed."""
    answer: dict[str, Any] = field(default_factory=dict)


def created(model: type[Base], act: Callable[[dict[str, Any]], object],
            show: Callable[[Any], dict[str, Any]]) -> Response:
    """Do once what makes a row of `model`, and answer 201 with `show(row)`: its `url` is the Location, its `version`
    (if it has one) the ETag. `act` takes the body, judges it, and is a use case with a transaction of its own.

    Raises DomainError: 400 without a key, 422 where the key was used for another request, 409 where the use case found
    the row there already, and what a body may lack."""
    key, body = _key(), json_body()
    digest = _digest(body)
    if (kept := _kept(key)) is not None:
        return _again(kept, digest)
    claim = _Claim(model, show, {"user_id": current_user.id, "key": key, "request_digest": digest,
                                 "created_at": clock.now()})
    g.api_claim = claim
    try:
        act(body)
        if not claim.answer:  # the use case found it there
            raise Conflict("Đã có từ trước; không làm gì thêm.", "It was there already; nothing was done.")
    except (DomainError, IntegrityError, StaleDataError):
        session().rollback()
        if (kept := _kept(key)) is not None:  # the same request was faster
            return _again(kept, digest)
        raise
    finally:
        g.pop("api_claim", None)
    return _answer(**claim.answer)


def install(session_class: Any) -> None:
    """Keep answers before the trail ends the transaction."""
    event.listen(session_class, "before_commit", _keep, insert=True)
    event.listen(session_class, "after_commit", _committed)
    event.listen(session_class, "after_rollback", _undone)


def _claim() -> _Claim | None:
    return g.get("api_claim") if has_request_context() else None


def _committed(_current: Session) -> None:
    if (claim := _claim()) is not None and claim.written:
        claim.answer = claim.written


def _undone(_current: Session) -> None:  # a use case may try again
    if (claim := _claim()) is not None:
        claim.written = {}


def _keep(current: Session) -> None:
    claim = _claim()
    if claim is None or claim.answer or current.in_nested_transaction():
        return
    current.flush()
    made = next((change.entity_id for change in current.info.get("audit_changes", ())
                 if change.operation == "insert" and change.entity == claim.model.__tablename__), None)
    if made is None:
        return
    shown = claim.show(current.get(claim.model, int(made)))
    answer = {"status": 201, "location": shown["url"], "etag": str(shown.get("version", "")),
              "body": json.dumps(shown, ensure_ascii=False)}
    current.execute(sa.insert(KeptAnswer).values(**claim.values, **answer))
    claim.written = answer


def key_of_request() -> str:
    """The key of this request as a use case keeps it itself: it belongs to the person."""
    return f"api/{current_user.id}/{_key()}"


def _key() -> str:
    sent = request.headers.get("Idempotency-Key")
    match = _KEY.fullmatch(sent.strip()) if sent is not None else None
    if match is None:
        raise refused(400, "Cần tiêu đề Idempotency-Key: một chuỗi riêng của yêu cầu này, 1 đến 200 ký tự ASCII.",
                      "The header Idempotency-Key is needed: a text of this request's own, 1 to 200 ASCII characters.",
                      "Idempotency-Key")
    return match[1]


def _digest(body: dict[str, Any]) -> str:
    """SHA-256 of what is asked for: the same values in another order or spacing are the same request."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(f"{request.method} {request.path}\n{text}".encode()).hexdigest()


def _kept(key: str) -> KeptAnswer | None:
    return session().scalar(sa.select(KeptAnswer).where(
        KeptAnswer.user_id == current_user.id, KeptAnswer.key == key))


def _again(kept: KeptAnswer, digest: str) -> Response:
    if kept.request_digest != digest:
        raise refused(422, "Idempotency-Key này đã dùng cho một yêu cầu khác.",
                      "This Idempotency-Key was used for another request.", "Idempotency-Key")
    answer = _answer(kept.status, kept.location, kept.etag, kept.body)
    answer.headers["Idempotency-Replayed"] = "true"
    return answer


def _answer(status: int, location: str, etag: str, body: str) -> Response:
    answer = Response(body + "\n", status, mimetype="application/json")
    answer.headers["Location"] = location
    if etag:
        answer.set_etag(etag)
    return answer


def forget_answers() -> int:
    """Drop the answers that are older than KEPT_DAYS; how many."""
    with write("api.forget_answers") as current:
        gone = current.execute(sa.delete(KeptAnswer).where(
            KeptAnswer.created_at < clock.now() - timedelta(days=KEPT_DAYS)))
    return int(gone.rowcount)  # type: ignore[attr-defined]


@task(TASK)
def _every_night(work: RunningTask, payload: Any) -> None:
    work.result({"forgotten": forget_answers()})


periodic(TASK, ("Bỏ câu trả lời đã giữ cho API", "Forget answers kept for the API"), time(1, 30))
