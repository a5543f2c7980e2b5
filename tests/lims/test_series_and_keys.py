"""Series of numbers and keys as the administrator sets them: several series of a kind, each gapless; keys in turn."""
from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from certificates.checking import Verdict
from lims.auth.models import User
from lims.issue import archive, check, integrity, keys, sealing, series, service
from lims.issue.models import Certificate
from lims.jobs.models import JobItem
from lims.shared.audit import AuditTransaction
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid
from tests.conftest import PASSWORD
from tests.lims import factories, laboratory
from tests.lims.people import logged_in, person
from tests.lims.test_sealing import laboratory_key

ACTOR = ("", "test")


@pytest.fixture
def head(app: Any) -> User:
    return laboratory.approver(laboratory.opened())


@pytest.fixture
def items(head: User) -> list[int]:
    first = laboratory.waiting(user=factories.technician(), served_by=factories.standard())
    return [first.id, *laboratory.clones(first, 3)]


def issue(item_id: int, head: User) -> Certificate:
    return service.issue_certificate(item_id, signer=head, password=PASSWORD)


def test_a_procedure_numbered_in_its_own_series_leaves_the_common_one_gapless(
        app: Any, head: User, items: list[int]) -> None:
    code = session().get_one(JobItem, items[0]).procedure.code
    first = issue(items[0], head)
    series.set_pattern("calibration", 2026, "{seq:03d}/{yyyy}/ĐL", name="Điện", actor=ACTOR)
    series.choose("calibration", code, "Điện", actor=ACTOR)
    own = [issue(item, head).number for item in items[1:3]]
    series.choose("calibration", code, "", actor=ACTOR)
    last = issue(items[3], head)
    assert [first.number, *own, last.number] == ["C26-00001", "001/2026/ĐL", "002/2026/ĐL", "C26-00002"]
    assert integrity.verify(session()).faults == []


def test_a_pattern_that_would_give_a_number_twice_is_refused(app: Any) -> None:
    series.series_for("calibration", 2026, actor=ACTOR)
    for kind, name, year, pattern in (
            ("test", "", 2026, "C{yy}-{seq:05d}"), ("calibration", "Khối lượng", 2026, "C{yy}-{seq}"),
            ("calibration", "", 2027, "V{yy}-{seq:05d}"), ("test", "", 2027, "c {yy} - {seq:03d}")):
        with pytest.raises(Invalid) as told:
            series.set_pattern(kind, year, pattern, name=name, actor=ACTOR)
        assert told.value.field == "pattern"
    series.set_pattern("calibration", 2027, "HC-{yyyy}-{seq:05d}", actor=ACTOR)
    with pytest.raises(Invalid):
        series.choose("calibration", "x", "không có", actor=ACTOR)
    with pytest.raises(Invalid):
        series.set_pattern("test", 2027, "K{seq}", name="a/b", actor=ACTOR)


def test_a_series_that_has_given_numbers_keeps_its_pattern(head: User, items: list[int]) -> None:
    issue(items[0], head)
    with pytest.raises(Conflict):
        series.set_pattern("calibration", 2026, "X{yy}-{seq}", actor=ACTOR)


def test_the_page_opens_series_and_shows_withdrawn_numbers(app: Any, head: User, items: list[int]) -> None:
    gone = issue(items[0], head)
    service.withdraw(gone.id, signer=head, password=PASSWORD, reason="giao nhầm")
    administrator = logged_in(app, person("administrator"))
    shown = administrator.get("/settings/series").text
    assert f'href="/certificates/{gone.number}"' in shown
    assert "C26-00002" in shown
    code = session().get_one(JobItem, items[0]).procedure.code
    for typed, field in (({"year": "27"}, "year"), ({"pattern": "C{yy}"}, "pattern"), ({"name": "a/b"}, "name"),
                         ({"pattern": "C{yy}-{seq:05d}"}, "pattern")):
        values = {"kind": "calibration", "name": "Điện", "year": "2026", "pattern": "Đ{yy}-{seq:04d}"} | typed
        answer = administrator.post("/settings/series", data=values)
        assert (answer.status_code, f'id="{field}-e"' in answer.text) == (422, True), field
        assert values["pattern"] in answer.text.replace("&#123;", "{")
    good = {"kind": "calibration", "name": "Điện", "year": "2026", "pattern": "Đ{yy}-{seq:04d}"}
    assert administrator.post("/settings/series", data=good).status_code == 303
    administrator.post("/settings/series/choose", data={"kind": "calibration", "procedure": code, "name": "Điện"})
    assert series.choices() == {("calibration", code): "Điện"}
    assert issue(items[1], head).number == "Đ26-0001"
    actions = {row.action for row in session().query(AuditTransaction)}
    assert {"series.set_pattern", "series.choose"} <= actions


@pytest.mark.parametrize("address", ["/settings/series", "/settings/keys"])
def test_only_the_administrator_sees_series_and_keys(app: Any, head: User, address: str) -> None:
    assert app.test_client().get(address).status_code == 302
    assert logged_in(app, head).get(address).status_code == 403
    assert logged_in(app, person("administrator")).get(address).status_code == 200


def test_documents_of_every_key_stay_checkable_also_after_the_keys_are_lost(
        app: Any, head: User, items: list[int], tmp_path: Path, clock: Any) -> None:
    """Trial, another trial, the laboratory's own; codes of two keys; then the folder of the keys is gone."""
    administrator = logged_in(app, person("administrator"))
    made = [issue(items[0], head)]
    first = sealing.all_keys()[0].fingerprint
    clock.advance(seconds=1)
    assert administrator.post("/settings/keys/new", data={"kind": "seal"}).status_code == 303
    assert administrator.post("/settings/keys/new", data={"kind": "code"}).status_code == 303
    for mark, status in ((first, 303), ("1", 303), ("1", 422), ("nonsense", 422)):
        answer = administrator.post("/settings/keys/retire", data={"key_id": mark, "reason": "đổi khóa"})
        assert answer.status_code == status, mark
    assert administrator.post("/settings/keys/retire", data={"key_id": "2", "reason": ""}).status_code == 422
    made.append(issue(items[1], head))
    own = laboratory_key(tmp_path)
    app.extensions["settings"] = replace(app.extensions["settings"], **own)
    made.append(issue(items[2], head))
    for path in (app.extensions["settings"].data_dir / "keys").glob("*.key"):
        path.unlink()
    own["seal_pkcs12"].unlink()
    assert len(sealing.all_keys()) == 3
    assert [one.key_id for one in made] == ["1", "2", "2"]
    for one in made:
        assert check.check_file(archive.pdf_of(one).content).verdict is Verdict.AUTHENTIC
    assert integrity.verify(session()).faults == []
    shown = administrator.get("/settings/keys").text
    assert "Trung tâm Minh Sơn" in shown
    assert "Chưa đóng dấu được" in shown
    assert all(public in shown for public in keys.public_keys().values())


def test_clean_results_are_ticked_and_others_are_not(app: Any, head: User, items: list[int]) -> None:
    with write("test.deviation", actor=ACTOR):
        sheet = session().get_one(JobItem, items[1]).worksheet
        assert sheet is not None
        sheet.deviation = "đo ở 24 °C"
    page = logged_in(app, head).get("/review").text
    ticked = [item for item in items if f'name="item" value="{item}" checked' in page]
    assert ticked == [items[0], *items[2:]]
