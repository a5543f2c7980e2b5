"""Every route says who may use it, and is refused to everybody else."""
from __future__ import annotations

import re
from typing import Any

import pytest

from lims.shared.permissions import LOGIN, PERMISSIONS, PUBLIC, ROLES
from tests.lims.people import logged_in, person

OTHERS = {"static", "static_earlier"}  # served to anybody; the pages of Flask-Security guard themselves


def routes(app: Any) -> list[Any]:
    return [rule for rule in app.url_map.iter_rules()
            if rule.endpoint not in OTHERS and not rule.endpoint.startswith("security.")]


def address(rule: Any) -> str:
    """The rule with values that name nothing; of given words the first."""
    return re.sub(r"<(?:(\w+)(?:\((\w*)[^)]*\))?:)?\w+>",
                  lambda m: m[2] if m[1] == "any" else "999999" if m[1] == "int" else "none-1", rule.rule)


def test_every_route_declares_its_permission(app: Any) -> None:
    unlisted = [rule.endpoint for rule in routes(app) if not hasattr(app.view_functions[rule.endpoint], "permission")]
    assert unlisted == []


def test_nobody_gets_in_without_logging_in(app: Any) -> None:
    client, open_ones = app.test_client(), []
    for rule in routes(app):
        if app.view_functions[rule.endpoint].permission == PUBLIC:
            continue
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            response = client.open(address(rule), method=method)
            if response.status_code not in (302, 303, 401):
                open_ones.append((method, rule.rule, response.status_code))
    assert open_ones == []


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_is_refused_exactly_where_its_permission_is_missing(app: Any, role: str) -> None:
    client, wrong = logged_in(app, person(role)), []
    for rule in routes(app):
        permission = app.view_functions[rule.endpoint].permission
        if permission == PUBLIC:
            continue
        allowed = permission == LOGIN or permission in ROLES[role]
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            refused = client.open(address(rule), method=method).status_code == 403
            if refused == allowed:
                wrong.append((method, rule.rule, permission))
    assert wrong == []


def test_every_permission_is_held_by_some_role() -> None:
    assert set().union(*ROLES.values()) == set(PERMISSIONS)
