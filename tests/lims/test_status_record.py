"""The status record of a fuel dispenser: written part by part, compared with the last one, asked for at the issue."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instruments.status_record import DISPENSER, FIELDS, differences
from lims.issue import legality
from lims.issue.dossier import load
from lims.jobs.models import JobItem
from lims.legal import status
from lims.shared.errors import Conflict, Invalid
from tests.lims import factories, laboratory
from tests.lims.factories import GAUGE, Case
from tests.lims.people import logged_in

PUMP = Case(procedure="fuel-dispenser", kind="fuel_dispenser", name="Cột đo xăng dầu", standard={}, certificate={},
            cells={})
FOUND = {"meter": {"type": "T-T-2", "serial": "M-881", "seal": "NP-01"}, "pulser": {"serial": "P 20-7"}}
ENTRIES = st.dictionaries(st.sampled_from([part.key for part in DISPENSER]),
                          st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(["", "A1", "a 1", "B"])))


@settings(deadline=None)
@given(ENTRIES, ENTRIES)
def test_differences_are_what_a_reader_would_see(before: Any, now: Any) -> None:
    def seen(entries: Any, part: str, field: str) -> str:
        return str(entries.get(part, {}).get(field, "")).replace(" ", "").lower()

    found = {(one.part, one.field) for one in differences(before, now)}
    assert found == {(part.key, field) for part in DISPENSER for field in FIELDS
                     if seen(before, part.key, field) != seen(now, part.key, field)}
    assert not differences(now, now)


def dispenser(user: Any, like: JobItem | None = None) -> JobItem:
    return factories.item(PUMP, user, of=like.instrument if like else factories.instrument(PUMP))


def test_a_change_since_the_last_verification_is_explained(app: Any) -> None:
    laboratory.opened()
    user = factories.technician(PUMP, "kdv")
    first = dispenser(user)
    with pytest.raises(Invalid):
        status.record(first.id, {}, "", "", user)
    status.record(first.id, FOUND, "0123456", "", user)
    second = dispenser(user, first)
    same = {part: {name: text.upper() for name, text in texts.items()} for part, texts in FOUND.items()}
    status.record(second.id, same, "0200000", "", user)
    found = status.status_of(second)
    assert found is not None
    assert (found.before.item_id, found.differences) == (first.id, ())  # type: ignore[union-attr]
    changed = {**FOUND, "meter": {**FOUND["meter"], "seal": "NP-77"}}
    with pytest.raises(Invalid) as refusal:
        status.record(second.id, changed, "", "", user)
    assert refusal.value.field == "explanation"
    status.record(second.id, changed, "", "thay niêm phong khi sửa bộ đo", user)
    found = status.status_of(second)
    assert found is not None
    assert [(one.part, one.field, one.before, one.now) for one in found.differences] == [
        ("meter", "seal", "NP-01", "NP-77")]
    with pytest.raises(Conflict):
        status.record(factories.item(GAUGE, user).id, FOUND, "", "", user)


def test_the_preflight_asks_for_it(app: Any) -> None:
    laboratory.opened()
    item = laboratory.waiting(GAUGE, laboratory.officer(factories.technician(GAUGE, "kdv")))
    user = factories.technician(PUMP, "kdv2")
    other = dispenser(user)
    bare = replace(load(item.id), status=status.status_of(other))
    states = {one.code: one.state for one in legality.verification(bare)}
    assert states["status"] == "stop"
    status.record(other.id, FOUND, "", "", user)
    written = replace(bare, status=status.status_of(other))
    assert {one.code: one.state for one in legality.verification(written)}["status"] == "ok"


def test_the_page_writes_and_prints_it(app: Any) -> None:
    laboratory.opened()
    user = factories.technician(PUMP, "kdv")
    item, client = dispenser(user), logged_in(app, user)
    address = f"/status-record/{item.code}"
    assert client.get(address).status_code == 200
    assert client.get(f"{address}/print.pdf").status_code == 404
    assert client.post(address, data={"meter-type": "<b>x"}).status_code == 422
    assert client.post(address, data={"meter-serial": "M-1", "hose-seal": "x" * 200}).status_code == 422
    assert client.post(address, data={"meter-serial": "M-1", "totaliser": "001"}).status_code == 303
    again = dispenser(user, item)
    assert client.post(f"/status-record/{again.code}", data={"same": "1"}).status_code == 303
    assert client.get(f"{address}/print.pdf").data.startswith(b"%PDF")
    assert client.get(f"/status-record/{factories.item(GAUGE, user).code}").status_code == 404
