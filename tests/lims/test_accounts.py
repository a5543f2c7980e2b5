"""Accounts on their pages: a position in both languages, for documents signed from now on."""
from __future__ import annotations

from typing import Any

from lims.auth.models import User
from lims.shared.db import session
from tests.lims.people import logged_in, person


def test_the_administrator_gives_a_person_a_position_in_both_languages(app: Any) -> None:
    admin, other = person("administrator"), person("signer")
    page = logged_in(app, admin)
    answer = page.post(f"/users/{other.id}/titles", data={"title": "Phó Giám đốc", "title_en": "Deputy Director"},
                       follow_redirects=True)
    assert answer.status_code == 200
    assert 'value="Deputy Director"' in answer.text
    changed = session().get(User, other.id)
    assert changed is not None
    assert [changed.title_in(language) for language in ("vi", "en")] == ["Phó Giám đốc", "Deputy Director"]


def test_a_title_too_long_is_answered_at_its_field_and_kept(app: Any) -> None:
    admin, other = person("administrator"), person("signer")
    answer = logged_in(app, admin).post(f"/users/{other.id}/titles", data={"title": "x" * 5000, "title_en": "Head"})
    assert answer.status_code == 422
    assert "x" * 5000 in answer.text
    assert 'value="Head"' in answer.text
    assert session().get(User, other.id).title == "signer"  # type: ignore[union-attr]


def test_nobody_else_changes_a_position(app: Any) -> None:
    other = person("signer")
    assert logged_in(app, other).post(f"/users/{other.id}/titles", data={"title": "Giám đốc"}).status_code == 403
