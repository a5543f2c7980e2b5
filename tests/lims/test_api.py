"""The HTTP API: tokens and scopes, calculations, issued documents, standards, figures for monitoring."""
from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lims.api import tokens
from lims.api.description import openapi
from lims.api.models import ApiToken
from lims.api.operations import OPERATIONS
from lims.auth.service import set_active
from lims.equipment import service
from lims.issue import archive
from lims.issue import service as issuing
from lims.shared.db import session
from lims.shared.errors import Invalid
from tests.conftest import PASSWORD
from tests.lims import laboratory
from tests.lims.people import logged_in, person
from tests.lims.standards import certified, registered

CASES = json.loads((Path(__file__).parents[1] / "uncertainty/cases/calculations.json").read_text())
AGENT = ("", "command line")
ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


def headers(*scopes: str, **other: str) -> dict[str, str]:
    owner = person("technician", "erp")
    return {"Authorization": f"Bearer {tokens.create(owner.username or owner.email, scopes, 30, actor=AGENT)[1]}",
            **other}


class TestTokens:
    def test_nothing_keeps_the_token_itself(self, app: Any) -> None:
        _, text = tokens.create(person("technician").username, ["calc"], 30, actor=AGENT)
        row = session().query(ApiToken).one()
        assert text not in str(vars(row))
        assert tokens.authenticated(text) is row

    @pytest.mark.parametrize(("change", "field"), [({"scopes": ["everything"]}, "scope"), ({"scopes": []}, "scope"),
                                                   ({"days": 0}, "days"), ({"days": 731}, "days"),
                                                   ({"identity": "nobody"}, "user")])
    def test_a_wrong_wish_is_refused_at_its_option(self, app: Any, change: dict[str, Any], field: str) -> None:
        wish = {"identity": person("technician").username, "scopes": ["calc"], "days": 30, **change}
        with pytest.raises(Invalid) as refused:
            tokens.create(wish["identity"], wish["scopes"], wish["days"], actor=AGENT)
        assert refused.value.field == field

    def test_a_token_ends_by_its_day_by_hand_and_with_the_account(self, app: Any, clock: Any) -> None:
        owner = person("technician")
        made = [tokens.create(owner.username, ["calc"], days, actor=AGENT) for days in (1, 30, 30)]
        assert all(tokens.authenticated(text) for _row, text in made)
        clock.advance(days=1)
        assert [bool(tokens.authenticated(text)) for _row, text in made] == [False, True, True]
        tokens.revoke(made[1][0].id, actor=AGENT)
        assert [bool(tokens.authenticated(text)) for _row, text in made] == [False, False, True]
        set_active(owner.id, False, "left")
        assert not any(tokens.authenticated(text) for _row, text in made)


class TestAccess:
    def test_every_route_but_the_description_asks_for_a_token(self, app: Any) -> None:
        client, own = app.test_client(), []
        for rule in app.url_map.iter_rules():
            if not rule.endpoint.startswith(("api.", "monitoring.")) or rule.endpoint in ("api.description",
                                                                                         "api.docs"):
                continue
            address = re.sub(r"<any\(([^,)]*)[^>]*>", r"\1", rule.rule)
            address = re.sub(r"<[^>]*>", "1", address)
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                for wrong in ({}, {"Authorization": "Bearer lims_wrong"}, {"Authorization": "Basic eDp5"}):
                    answer = client.open(address, method=method, headers=wrong, environ_base=ELSEWHERE)
                    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json"), address
                own.append(address)
        assert len(own) > 5

    def test_a_scope_that_is_missing_is_named_in_the_language_asked_for(self, app: Any) -> None:
        client, token = app.test_client(), headers("calc")
        for wanted, word in (("en", "lacks"), ("vi", "không có"), ("fr", "không có")):
            answer = client.get("/api/v1/certificates", headers={**token, "Accept-Language": wanted})
            assert answer.status_code == 403
            assert word in answer.json["detail"]
            assert "certificates:read" in answer.headers["WWW-Authenticate"]

    def test_what_is_not_there_is_told_in_the_language_asked_for(self, app: Any) -> None:
        for wanted, word in (("en", "nothing at"), ("vi", "Không có gì")):
            answer = app.test_client().get("/api/v1/nothing", headers={"Accept-Language": wanted})
            assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
            assert word in answer.json["detail"]
        wrong = app.test_client().delete("/api/v1/customers", headers={"Accept-Language": "en"})
        assert (wrong.status_code, wrong.headers["Allow"]) == (405, "GET, HEAD, OPTIONS, POST")
        assert "Allow" in wrong.json["detail"]

    def test_a_session_of_the_pages_opens_nothing(self, app: Any) -> None:
        assert logged_in(app, person("administrator")).get("/api/v1/certificates").status_code == 401


class TestCalculations:
    @pytest.mark.parametrize("kind", ["budget", "conformity", "interval", "fit", "anova", "comparison"])
    def test_published_cases_come_out_as_on_the_command_line(self, app: Any, kind: str) -> None:
        case = next(one for one in CASES if one["calculation"] == kind)
        answer = app.test_client().post(f"/api/v1/calc/{kind}", json=case["input"], headers=headers("calc"))
        assert answer.status_code == 200
        for expected in case["expect"]:
            found: Any = answer.json
            for part in expected["field"].split("."):
                found = found[int(part)] if isinstance(found, list) else found[part]
            assert found == pytest.approx(expected["equals"], abs=expected["tolerance"]), expected["field"]

    def test_every_fault_is_told_at_its_path(self, app: Any) -> None:
        wrong = {"budget": 1, "model": "x", "inputs": {"x": {"value": 1, "half_width": -1}}}
        answer = app.test_client().post("/api/v1/calc/budget", json=wrong, headers=headers("calc"))
        assert answer.status_code == 422
        assert [one["field"] for one in answer.json["errors"]] == ["inputs.x.half_width"]
        assert answer.json["field"] == "inputs.x.half_width"

    @pytest.mark.parametrize(("body", "kind", "status"), [
        (b"{", "application/json", 422), (b"[]", "application/json", 422), (b"\xff", "application/json", 422),
        (b"{}", "text/plain", 415)])
    def test_what_is_no_document_is_refused(self, app: Any, body: bytes, kind: str, status: int) -> None:
        answer = app.test_client().post("/api/v1/calc/budget", data=body, content_type=kind, headers=headers("calc"))
        assert answer.status_code == status

    def test_a_run_that_would_hold_the_server_is_refused(self, app: Any) -> None:
        long = {"budget": 1, "model": "x", "inputs": {"x": {"value": 1, "standard_uncertainty": 1}},
                "monte_carlo": {"trials": 10_000_001}}
        answer = app.test_client().post("/api/v1/calc/budget", json=long, headers=headers("calc"))
        assert (answer.status_code, answer.json["field"]) == (422, "monte_carlo.trials")


class TestDocuments:
    def test_an_issued_document_is_listed_read_and_fetched_byte_for_byte(self, app_on_both: Any) -> None:
        number = _issued()
        client, token = app_on_both.test_client(), headers("certificates:read")
        listed = client.get("/api/v1/certificates?q=" + number, headers=token).json
        assert [one["number"] for one in listed["items"]] == [number]
        assert (listed["prev"], listed["next"]) == (None, None)
        shown = client.get(listed["items"][0]["url"], headers=token).json
        assert shown["status"] == "valid"
        by_form = {one["form"]: one["sha256"] for one in shown["documents"]}
        for ending, form, media in (("pdf", "pdf", "application/pdf"), ("xml", "dcc", "application/xml")):
            answer = client.get(f"/api/v1/certificates/{number}.{ending}", headers=token)
            assert (answer.mimetype, hashlib.sha256(answer.data).hexdigest()) == (media, by_form[form])
        record = client.get(f"/api/v1/certificates/{number}.json", headers=token).data
        assert record == archive.record_bytes(archive.by_number(number))

    def test_a_number_that_nobody_gave_is_a_problem_not_a_page(self, app: Any) -> None:
        token = headers("certificates:read")
        for ending in ("", ".pdf", ".xml", ".json"):
            answer = app.test_client().get(f"/api/v1/certificates/None-1{ending}", headers=token)
            assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")

    def test_a_document_without_dcc_says_so(self, app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        number = _issued()
        monkeypatch.setattr(archive, "dcc_of", lambda _found: None)
        answer = app.test_client().get(f"/api/v1/certificates/{number}.xml",
                                       headers=headers("certificates:read", **{"Accept-Language": "en"}))
        assert (answer.status_code, "has no DCC" in answer.json["detail"]) == (404, True)

    def test_pages_of_a_list_follow_each_other_without_a_gap(self, app: Any) -> None:
        token, seen, address = headers("standards:read"), [], "/api/v1/standards"
        by = person("quality_manager")
        wanted = {registered(by, f"CH-{at:03}").asset_number for at in range(53)}
        certified(service.find_by_code("CH-000"), by, date(2026, 3, 2))
        while address:
            answer = app.test_client().get(address, headers=token).json
            seen += [one["asset_number"] for one in answer["items"]]
            address = answer["next"]
        assert len(seen) == len(set(seen))
        assert set(seen) == wanted
        one = app.test_client().get("/api/v1/standards/CH-000", headers=token).json
        assert one["certificates"][0]["void"] is False
        assert app.test_client().get("/api/v1/standards/none", headers=token).status_code == 404


def test_monitoring_reads_numbers_alone(app: Any) -> None:
    number = _issued()
    answer = app.test_client().get("/metrics", headers=headers("metrics:read"), environ_base=ELSEWHERE)
    assert answer.mimetype == "text/plain"
    told = answer.get_data(as_text=True)
    assert 'lims_documents_issued{kind="calibration"} 1.0' in told
    assert number not in told
    assert 'lims_standards{due="in_date"}' in told


@pytest.mark.parametrize(("passed_on", "status"), [({}, 200), ({"X-Forwarded-For": "192.0.2.7"}, 401)])
def test_a_monitor_on_the_server_itself_needs_no_token_but_nobody_behind_a_proxy(app: Any, passed_on: dict[str, str],
                                                                                status: int) -> None:
    assert app.test_client().get("/metrics", headers=passed_on).status_code == status


def test_the_description_names_every_route_and_nothing_else(app: Any) -> None:
    described = {(one.method.upper(), re.sub(r"\{[^}]*\}(\.\w+)?", "*", one.path)) for one in OPERATIONS}
    there = {(method, re.sub(r"<[^>]*>", "*", rule.rule.removeprefix("/api/v1")))
             for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")
             for method in rule.methods - {"HEAD", "OPTIONS"}}
    assert described == there - {("GET", "/openapi.json"), ("GET", "/docs")}
    document = app.test_client().get("/api/v1/openapi.json").json
    assert document == json.loads(json.dumps(openapi("http://localhost/api/v1")))
    assert app.test_client().get("/api/v1/docs").status_code == 200


def _issued() -> str:
    head = laboratory.approver(laboratory.opened())
    return issuing.issue_certificate(laboratory.waiting().id, signer=head, password=PASSWORD).number
