"""Refusals as problem documents (RFC 9457): what is wrong in detail, and each fault of a body at its place."""
from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, request
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from lims.shared.db import session
from lims.shared.errors import Conflict, DomainError
from lims.shared.i18n import language
from lims.shared.responses import problem

log = logging.getLogger("lims.api")
Path = tuple[str | int, ...]
MOST_BYTES = 1_000_000
"""The largest body that a route reads as JSON."""


@dataclass(frozen=True)
class Fault:
    """One fault of a body; `path` leads to the value by names and positions, `detail` is in the asker's language."""

    path: Path
    detail: str
    in_body: bool = True

    @property
    def field(self) -> str:
        """The path with dots."""
        return ".".join(map(str, self.path))

    def plain(self, *, of_body: bool) -> dict[str, str]:
        """As `errors` tell it; the place in a body also as a JSON Pointer in a fragment (RFC 6901, 6)."""
        parts = (str(part).replace("~", "~0").replace("/", "~1") for part in self.path)
        pointer = {"pointer": "#" + "".join(f"/{part}" for part in parts)} if of_body and self.in_body else {}
        return {"field": self.field, **pointer, "detail": self.detail}


class Faulty(DomainError):
    """A body with faults; all of them are told at once."""

    def __init__(self, faults: Sequence[Fault], status: int = 422) -> None:
        first = faults[0]
        super().__init__(first.detail, first.detail, first.field, status)
        self.faults = tuple(faults)


def title_of(status: int) -> str:
    """The phrase of a status by RFC 9110, which Python 3.11 does not know yet."""
    return {413: "Content Too Large", 422: "Unprocessable Content"}.get(status) or HTTPStatus(status).phrase


class Refused(DomainError):
    """The request itself is refused, not a value of its body; `field` names a header. `challenge` says in the answer's
    WWW-Authenticate what is asked for."""

    challenge = ""


def refused(status: int, vi: str, en: str, field: str = "") -> Refused:
    """A refusal of the request with its status."""
    return Refused(vi, en, field, status)


def path_of(field: str) -> Path:
    """The path that a rule's field names: "items.0.serial", "cells[0].text"."""
    parts = re.sub(r"\[(\d+)\]", r".\1", field).split(".")
    return tuple(int(part) if part.isdigit() else part for part in parts) if field else ()


def install(blueprint: Blueprint) -> None:
    """Every refusal of these routes is a problem document."""
    blueprint.register_error_handler(DomainError, _told)
    blueprint.register_error_handler(StaleDataError, lambda _error: _told(Conflict(
        "Người khác vừa sửa mục này; hãy đọc lại và làm lại.",
        "Somebody else has just changed this; read it again and retry.")))
    blueprint.register_error_handler(IntegrityError, _clash)
    blueprint.register_error_handler(RequestEntityTooLarge, lambda _error: _told(refused(
        413, f"Nội dung gửi quá lớn: nhiều nhất {MOST_BYTES} byte.",
        f"The body is too large: at most {MOST_BYTES} bytes.")))


def _clash(error: IntegrityError) -> Response:
    # The rules look before they write; what breaks a key of the database came from somebody else in between.
    log.warning("refused by a key of the database: %s", error.orig)
    return _told(Conflict("Vừa có người ghi cùng thứ này; hãy đọc lại và làm lại.",
                          "Somebody has just written the same; read it again and retry."))


def _told(error: DomainError) -> Response:
    session().rollback()
    text = error.message(language())
    faults = error.faults if isinstance(error, Faulty) else (
        [Fault(path_of(error.field), text)] if error.field and not isinstance(error, Refused) else [])
    answer = problem(error.status, title_of(error.status), text, error.field,
                   [fault.plain(of_body=request.method != "GET") for fault in faults])
    if isinstance(error, Refused) and error.challenge:
        answer.headers["WWW-Authenticate"] = error.challenge
    return answer
