"""Standards and their certificates are entered, changed, corrected and taken back through the API."""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from lims.equipment import service
from lims.shared.audit import AuditTransaction
from lims.shared.db import session
from tests.lims.people import person
from tests.lims.programs import Program, conforms, faults
from tests.lims.standards import certified, registered

WRITE = ("standards:read", "standards:write")
GAUGE = {"asset_number": "CH-AS-020", "name": "Áp kế chuẩn", "quantity": "pressure", "unit": "bar", "serial": "9/1",
         "range_low": 0, "range_high": "1.400", "mpe": 0.0005, "interval_count": 24}


def actions() -> list[tuple[str, str]]:
    rows = session().query(AuditTransaction).order_by(AuditTransaction.seq)
    return [(row.action, row.actor) for row in rows if row.action.startswith("standard.")]


class TestStandards:
    def test_one_is_registered_changed_and_taken_out_of_use(self, app_on_both: Any) -> None:
        by = person("quality_manager")
        person("technician", "hanh")
        program = Program(app_on_both, by, *WRITE)
        made = program.post("/standards", {**GAUGE, "custodian_user": "Hanh", "awaits_check": False})
        assert made.status_code == 201, made.text
        conforms(made.json, {"$ref": "#/components/schemas/Standard"})
        assert (made.json["range_high"], made.json["mpe"], made.json["state"]) == ("1.400", "0.0005", "in_use")
        assert (made.json["custodian_user"], made.json["schedules"][0]["interval"]) == ("hanh", 24)
        address, version = made.json["url"], made.json["version"]
        changed = program.patch(address, {"note": "Tủ 3"}, version)
        assert (changed.status_code, changed.json["note"], changed.json["custodian_user"]) == (200, "Tủ 3", "hanh")
        assert (changed.json["range_high"], changed.json["mpe"], changed.json["quantity"]) == (
            "1.400", "0.0005", "pressure")
        assert program.patch(address, {"note": "x"}, version).status_code == 412
        changed = program.patch(address, {"custodian_user": None}, changed.json["version"])
        out = program.patch(address, {"state": "out_of_service", "reason": "rơi"}, changed.json["version"])
        assert (out.status_code, out.json["state"]) == (200, "out_of_service")
        away = program.patch(address, {"state": "out_of_service", "reason": "rơi"}, out.json["version"])
        assert away.status_code == 409
        session().rollback()
        assert service.find_by_code("CH-AS-020").custodian_id is None
        assert actions() == [(f"standard.{one}", by.full_name) for one in ("register", "change", "change", "state")]

    @pytest.mark.parametrize(("body", "at"), [
        ({"quantity": "hope"}, "#/quantity"), ({"range_high": "1,4"}, "#/range_high"), ({"mpe": True}, "#/mpe"),
        ({"custodian_user": "nobody"}, "#/custodian_user"), ({"custodian_id": "1"}, "#/custodian_id"),
        ({"asset_number": "CH-AS-014"}, "#/asset_number"), ({"serial": None}, "#/serial"),
        ({"range_low": 9}, "#/range_high"), ({"interval_count": "24"}, "#/interval_count"),
        ({"interval_unit": "hours"}, "#/interval_unit"), ({"expires_on": "31/12/2026"}, "#/expires_on")])
    def test_what_is_wrong_is_told_at_its_place(self, app: Any, body: dict[str, Any], at: str) -> None:
        by = person("quality_manager")
        registered(by)
        refused = Program(app, by, *WRITE).post("/standards", {**GAUGE, **body})
        assert (refused.status_code, list(faults(refused))) == (422, [at])

    def test_place_and_state_are_not_changed_in_passing(self, app: Any) -> None:
        by = person("quality_manager")
        version = registered(by).version
        program = Program(app, by, *WRITE)
        for body, at in (({"location": "Tủ 9"}, "#/location"), ({"state": "retired"}, "#/reason"),
                         ({"state": "retired", "reason": "cũ", "note": "x"}, "#/note")):
            refused = program.patch("/standards/CH-AS-014", body, version)
            assert (refused.status_code, list(faults(refused))) == (422, [at])

    def test_the_person_needs_the_permission_of_the_page(self, app: Any) -> None:
        program = Program(app, person("technician"), *WRITE)
        registered(person("quality_manager"))
        assert program.post("/standards", GAUGE).status_code == 403
        assert program.patch("/standards/CH-AS-014", {"note": "x"}, 1).status_code == 403


POINTS = [{"nominal": 0, "value": "0.000", "expanded_uncertainty": "0.004", "coverage_factor": 2},
          {"nominal": 8, "value": "8.002", "expanded_uncertainty": 0.004, "coverage_factor": "2.00"}]
PAPER = {"standard": "CH-AS-014", "number": "AS.061.26", "issuer": "Phòng hiệu chuẩn Sông Hồng",
         "accreditation": "VILAS 9001", "calibrated_on": "2026-03-02", "unit": "bar", "points": POINTS}


class TestCertificates:
    def test_one_is_entered_corrected_and_the_first_stays(self, app_on_both: Any) -> None:
        by = person("quality_manager")
        registered(by)
        program = Program(app_on_both, by, *WRITE)
        made = program.post("/standard-certificates", PAPER)
        assert made.status_code == 201, made.text
        conforms(made.json, {"$ref": "#/components/schemas/StandardCertificate"})
        assert [(one["value"], one["coverage_factor"]) for one in made.json["points"]] == [
            ("0.000", "2"), ("8.002", "2.00")]
        assert program.get("/standards/CH-AS-014")["schedules"][0]["due_on"] == "2027-03-02"
        points = [{"nominal": 8, "correction": "0.002", "expanded_uncertainty": "0.004", "coverage_factor": "2"}]
        right = program.patch(made.json["url"], {"points": points, "calibrated_on": "2026-03-03",
                                                 "reason": "chép nhầm"}, 1)
        assert right.status_code == 200, right.text
        assert right.headers["Content-Location"] == right.json["url"] != made.json["url"]
        assert (right.json["supersedes"], right.json["stated"], right.json["number"]) == (
            made.json["id"], "correction", "AS.061.26")
        assert program.read(made.json["url"], "StandardCertificate")["superseded_by"] == right.json["id"]
        assert program.patch(made.json["url"], {"reason": "lại"}, 1).status_code == 412
        assert program.patch(made.json["url"], {"reason": "lại"}, 2).status_code == 409
        gone = program.patch(right.json["url"], {"void": True, "reason": "của chuẩn khác"}, 1)
        assert (gone.status_code, gone.json["version"]) == (200, 2)
        assert program.listed("/standard-certificates?state=in_force", "StandardCertificatePage") == []
        session().rollback()
        assert [action for action, _actor in actions()][1:] == [
            f"standard.{act}_certificate" for act in ("enter", "correct", "void")]

    def test_what_is_left_out_of_a_correction_stays(self, app: Any) -> None:
        by = person("quality_manager")
        wrong = certified(registered(by), by, date(2026, 3, 2), valid_to=date(2027, 3, 1), note="bản giấy",
                          correlation=Decimal("0.5"))
        before = Program(app, by, *WRITE).read(f"/standard-certificates/{wrong.id}", "StandardCertificate")
        after = Program(app, by, *WRITE).patch(before["url"], {"reason": "sai số", "number": "B"}, 1).json
        differ = {name for name in before if before[name] != after[name]}
        assert differ == {"id", "url", "number", "supersedes", "reason"}

    @pytest.mark.parametrize(("body", "at"), [
        ({"standard": "none"}, "#/standard"), ({"standard": None}, "#/standard"), ({"points": []}, "#/points"),
        ({"points": [{**POINTS[0], "expanded_uncertainty": "-1"}]}, "#/points/0/expanded_uncertainty"),
        ({"points": [POINTS[0], POINTS[0]]}, "#/points/1/nominal"),
        ({"points": [{**POINTS[0], "correction": "0"}]}, "#/points/0/correction"),
        ({"points": [{**POINTS[0], "value": None}]}, "#/points/0/value"),
        ({"points": [{**POINTS[0], "coverage_factor": "0.5"}]}, "#/points/0/coverage_factor"),
        ({"points": [{**POINTS[0], "value": "0,004"}]}, "#/points/0/value"),
        ({"points": [{**POINTS[0], "k": 2}]}, "#/points/0/k"),
        ({"route": "internal"}, "#/parents"), ({"route": "internal", "parents": ["CH-X"]}, "#/parents"),
        ({"accreditation": ""}, "#/accreditation"), ({"calibrated_on": "2027-01-01"}, "#/calibrated_on"),
        ({"function": "volt"}, "#/function"), ({"stored_file_id": "1"}, "#/stored_file_id")])
    def test_what_is_wrong_is_told_at_its_place(self, app: Any, body: dict[str, Any], at: str) -> None:
        by = person("quality_manager")
        registered(by)
        refused = Program(app, by, *WRITE).post("/standard-certificates", {**PAPER, **body})
        assert (refused.status_code, list(faults(refused))) == (422, [at])

    def test_a_circle_of_traceability_and_a_correction_without_reason_are_refused(self, app: Any) -> None:
        by = person("quality_manager")
        registered(by)
        registered(by, "CH-AS-015")
        program = Program(app, by, *WRITE)
        above = {**PAPER, "route": "internal", "parents": ["CH-AS-015"]}
        made = program.post("/standard-certificates", above)
        assert (made.status_code, made.json["parents"]) == (201, ["CH-AS-015"])
        circle = program.post("/standard-certificates", {**above, "standard": "CH-AS-015", "parents": ["CH-AS-014"]})
        assert (circle.status_code, circle.json["field"]) == (422, "parents")
        assert list(faults(program.patch(made.json["url"], {"number": "x"}, 1))) == ["#/reason"]
        assert list(faults(program.patch(made.json["url"], {"void": True}, 1))) == ["#/reason"]
