"""Who may do what: roles and permissions as data, and the mark that every route carries."""
from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import abort, current_app
from flask_login import current_user

Function = TypeVar("Function", bound=Callable[..., Any])

PUBLIC = "public"
LOGIN = "login"

# Permission -> what it allows. A route names exactly one of these (or PUBLIC / LOGIN).
PERMISSIONS: dict[str, str] = {
    "customers.edit": "create and change customers and their instruments",
    "jobs.receive": "receive instruments, print labels and slips, hand over",
    "jobs.assign": "assign items to technicians",
    "jobs.measure": "fill worksheets, correct readings, submit for review",
    "issue.review": "review submitted worksheets, send them back",
    "issue.sign": "approve and issue certificates, amend, withdraw",
    "standards.edit": "register standards, enter their certificates and schedules, change their state",
    "standards.reserve": "keep a standard for some days",
    "standards.check": "enter intermediate checks of standards and readings of rooms",
    "standards.override": "accept a soft reason against a standard",
    "staff.edit": "grant and end authorisations",
    "procedures.edit": "draft procedures, keep the register of capabilities",
    "procedures.publish": "publish a procedure that somebody drafted",
    "surveys.edit": "survey instruments at enterprises, publish the form's versions, note bought equipment",
    "alerts.act": "acknowledge and snooze alerts",
    "legal.confirm": "confirm rows of the legal catalogue",
    "stickers.keep": "receive stickers and seals, hand them out, count them",
    "plans.edit": "write the yearly plan: items, targets, overrides with a reason",
    "plans.enter": "enter what was done for the plan, and what stands in the way",
    "archive.hold": "keep documents beyond their time, and let them go again",
    "archive.dispose": "rules of retention, disposal of documents whose time is over",
    "programmes.edit": "draft measurement-assurance programmes, follow them up",
    "programmes.issue": "issue and close measurement-assurance programmes",
    "audit.read": "read the audit trail",
    "users.manage": "create accounts, give roles, lock accounts",
    "settings.edit": "laboratory's heading, number series, keys",
}

_EVERYBODY_INSIDE = {"alerts.act", "plans.enter"}
ROLES: dict[str, set[str]] = {
    "reception": _EVERYBODY_INSIDE | {"customers.edit", "jobs.receive", "jobs.assign", "surveys.edit",
                                      "stickers.keep"},
    "technician": _EVERYBODY_INSIDE | {"surveys.edit", "standards.check", "standards.reserve", "jobs.measure"},
    "reviewer": _EVERYBODY_INSIDE | {
        "surveys.edit", "standards.check", "jobs.measure", "issue.review", "procedures.edit"},
    "signer": _EVERYBODY_INSIDE | {"issue.review", "issue.sign"},
    "quality_manager": _EVERYBODY_INSIDE | {
        "surveys.edit",
        "standards.edit", "standards.check", "standards.override", "standards.reserve",
        "staff.edit", "audit.read", "issue.review", "stickers.keep",
        "jobs.assign", "procedures.edit", "procedures.publish", "plans.edit", "archive.hold",
        "programmes.edit"},
    "head": _EVERYBODY_INSIDE | {
        "standards.reserve", "jobs.assign", "issue.review", "issue.sign", "audit.read", "staff.edit",
        "procedures.publish", "plans.edit", "archive.hold", "archive.dispose",
        "programmes.edit", "programmes.issue"},
    "administrator": _EVERYBODY_INSIDE | {"users.manage", "settings.edit", "legal.confirm", "audit.read"},
}


def permissions_of(roles: set[str]) -> set[str]:
    """Everything that these roles allow together."""
    return set().union(*(ROLES[role] for role in roles)) if roles else set()


def may(permission: str) -> bool:
    """Whether the person logged in has this permission."""
    return bool(current_user.is_authenticated and permission in current_user.permissions)


def permit(permission: str) -> Callable[[Function], Function]:
    """Mark a view with the permission it needs; anonymous people are sent to the login page, others get 403."""
    if permission not in PERMISSIONS and permission not in (PUBLIC, LOGIN):
        raise ValueError(f"unknown permission {permission!r}")

    def decorate(view: Function) -> Function:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if permission != PUBLIC:
                if not current_user.is_authenticated:
                    return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
                if permission != LOGIN and not may(permission):
                    abort(403)
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate
