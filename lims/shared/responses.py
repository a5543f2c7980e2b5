"""What every response has in common: security headers, and errors of the domain as pages, fragments or problems."""
from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping, Sequence

from flask import Flask, Response, g, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from lims.shared.db import session
from lims.shared.errors import Conflict, DomainError
from lims.shared.i18n import language

log = logging.getLogger("lims.responses")
PAGES = {400, 403, 404, 405, 413, 429, 500}
_SAID = {404: ("Không có gì ở địa chỉ này.", "There is nothing at this address."),
         405: ("Địa chỉ này không nhận phương thức đó; Allow nêu các phương thức.",
               "This address does not take that method; Allow names those that it takes.")}
"""What a program is told beside the status, in Vietnamese and English."""


def init_app(app: Flask) -> None:
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    app.after_request(_security_headers)
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(500, _crash)


def csp_nonce() -> str:
    """The nonce of this response, for the rare inline script."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def wants_json() -> bool:
    """Whether the caller is a script: the API, or a page's own fetch()."""
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def problem(status: int, title: str, detail: str = "", field: str = "",
            errors: Sequence[Mapping[str, str]] = ()) -> Response:
    """RFC 9457 problem document; `errors` are the faults of a body, each with its field and detail."""
    body: dict[str, object] = {"type": "about:blank", "status": status, "title": title}
    if detail:
        body["detail"] = detail
    if field:
        body["field"] = field
    if errors:
        body["errors"] = list(errors)
    response = jsonify(body)
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response


def _security_headers(response: Response) -> Response:
    nonce = f" 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else ""
    response.headers.setdefault("Content-Security-Policy", (
        f"default-src 'self'; script-src 'self'{nonce}; style-src 'self'; img-src 'self' data:; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"))
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("X-Frame-Options", "DENY")
    if request.endpoint not in ("static", "static_earlier"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _page(status: int, message: str = "") -> tuple[str, int]:
    template = f"errors/{status}.html" if status in PAGES else "errors/error.html"
    return render_template(template, message=message, status=status), status


def _domain_error(error: DomainError) -> Response | tuple[str, int]:
    session().rollback()
    text = error.message(language())
    return problem(error.status, text, field=error.field) if wants_json() else _page(error.status, text)


def _stale(_error: StaleDataError) -> Response | tuple[str, int]:
    return _domain_error(Conflict("Người khác vừa sửa mục này; hãy tải lại và làm lại.",
                                  "Somebody else has just changed this; reload and try again."))


def _database_away(error: OperationalError) -> Response | tuple[str, int]:
    log.error("database not available: %s", error.orig)
    session().rollback()
    return _domain_error(DomainError("Cơ sở dữ liệu tạm thời không sẵn sàng; hãy thử lại sau ít giây.",
                                     "The database is not available for a moment; try again in a few seconds.",
                                     status=503))


def _csrf(error: CSRFError) -> Response | tuple[str, int]:
    if wants_json():
        return problem(400, error.description or "CSRF")
    return render_template("errors/csrf.html", message="", status=400), 400


def _http_error(error: HTTPException) -> Response | tuple[str, int] | HTTPException:
    code = error.code or 500
    if code < 400:
        return error
    if not wants_json():
        return _page(code)
    vi, en = _SAID.get(code, ("", ""))
    answer = problem(code, error.name, vi if language() == "vi" else en)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))  # RFC 9110, 15.5.6
    return answer


def _crash(error: Exception) -> Response | tuple[str, int]:
    log.exception("unexpected error at %s %s", request.method, request.path, exc_info=error)
    session().rollback()
    return problem(500, "Internal Server Error") if wants_json() else _page(500)
