"""Accounts on their pages: a position in both languages, for documents signed from now on."""
from __future__ import annotations

import re
from typing import Any

from lims.auth.forms import OrganisationForm
from lims.auth.models import User
from lims.shared import organisation
from lims.shared.db import session
from tests.lims import laboratory
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


def test_the_particulars_of_the_laboratory_are_not_overwritten_unseen(app: Any) -> None:
    organisation.save(laboratory.HEADING)
    client = logged_in(app, person("administrator"))
    page = client.get("/settings").text
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert version is not None
    typed = {**organisation_values(), "version": version[1]}
    assert client.post("/settings", data={**typed, "phone": "0200 1"}).status_code == 303
    refused = client.post("/settings", data={**typed, "address": "45 Lê Lợi"})
    assert (refused.status_code, "45 Lê Lợi" in refused.text, "Người khác vừa sửa" in refused.text) == (422, True, True)
    assert organisation.organisation(session()).phone == "0200 1"


def organisation_values() -> dict[str, str]:
    """What the form holds of the laboratory."""
    row = organisation.organisation(session())
    return {name: getattr(row, name) for name in vars(OrganisationForm) if hasattr(row, name) and name != "version"}
