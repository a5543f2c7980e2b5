"""Who asks: a bearer token, its scopes, the language. The mark `scoped` says what a route of the API needs."""
from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address
from typing import Any, TypeVar

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from lims.api import asked
from lims.api.models import ApiToken
from lims.api.tokens import authenticated
from lims.shared.i18n import LANGUAGES, language
from lims.shared.permissions import PERMISSIONS, PUBLIC, permit
from lims.shared.responses import problem
from lims.shared.scopes import SCOPES

Function = TypeVar("Function", bound=Callable[..., Any])


def install(blueprint: Blueprint) -> None:
    """Programs are answered in the language of `Accept-Language`, Vietnamese where it names neither; also where they
    ask for an address that is none."""
    blueprint.before_app_request(_choose_language)


def scoped(scope: str, permission: str = "", *, on_this_machine: bool = False) -> Callable[[Function], Function]:
    """Mark a route of the API: it answers to a token with this scope, of a person who has the permission (where one is
    named) that the page asks for. No page's session opens it, so no form of another site can. `on_this_machine`: a
    program on the server itself needs no token."""
    if scope not in SCOPES or (permission and permission not in PERMISSIONS):
        raise ValueError(f"unknown scope {scope!r} or permission {permission!r}")

    def decorate(view: Function) -> Function:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            refused = None if on_this_machine and _asked_from_here() else _refusal(scope, permission)
            if refused is not None:
                return refused
            asked.only_described()
            return view(*args, **kwargs)

        guarded.scope, guarded.needs = scope, permission  # type: ignore[attr-defined]
        return permit(PUBLIC)(guarded)  # type: ignore[return-value]

    return decorate


def bearer() -> ApiToken | None:
    """The valid token of this request."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    return authenticated(text.strip()) if scheme.casefold() == "bearer" else None


def _refusal(scope: str, permission: str) -> Response | None:
    vietnamese = language() == "vi"
    token = bearer()
    if token is None:
        answer = problem(401, "Unauthorized",
                         "Cần mã truy cập còn hiệu lực: Authorization: Bearer …" if vietnamese
                         else "a valid token is needed: Authorization: Bearer …")
        answer.headers["WWW-Authenticate"] = 'Bearer realm="Chuan LIMS"'
        return answer
    if scope not in token.scope_names:
        answer = problem(403, "Forbidden",
                         f"Mã truy cập không có phạm vi {scope}" if vietnamese
                         else f"the token lacks the scope {scope}")
        answer.headers["WWW-Authenticate"] = f'Bearer error="insufficient_scope", scope="{scope}"'
        return answer
    if permission and permission not in token.user.permissions:
        return problem(403, "Forbidden",
                       f"{token.user.full_name} không có quyền làm việc này ({permission})" if vietnamese
                       else f"{token.user.full_name} may not do this ({permission})")
    g._login_user = token.user  # whoever the token belongs to acts, and stands in the trail
    return None


def _asked_from_here() -> bool:
    """From this machine, and not by a proxy that passes on what others ask."""
    passed_on = any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"))
    try:
        return not passed_on and ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _choose_language() -> None:
    if request.path.startswith("/api/") and request.endpoint != "api.docs":  # a page, with the switch of the pages
        g.language = request.accept_languages.best_match(LANGUAGES) or "vi"
