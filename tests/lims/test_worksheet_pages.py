"""Pages of measuring, through the client: once per permission and per outcome."""
from __future__ import annotations

import json
import re
from typing import Any

import pytest

from lims.auth.models import User
from lims.jobs import worksheet
from lims.shared import clock
from lims.shared.db import session
from tests.lims import factories as make
from tests.lims.laboratory import waiting
from tests.lims.people import logged_in, person
from uncertainty.calc import calculate

CASES = pytest.mark.parametrize("case", [make.MULTIMETER, make.WEIGHT, make.GAUGE], ids=lambda case: case.procedure)


def post_cells(client: Any, code: str, *cells: dict[str, Any], **other: Any) -> Any:
    return client.post(f"/items/{code}/cells", json={"cells": list(cells), **other})


def cell(key: str, text: str, base: int = 0, **other: Any) -> dict[str, Any]:
    return {"cell": key, "text": text, "base_revision": base, **other}


@CASES
def test_the_sheet_its_budget_and_its_history_open(app: Any, case: make.Case) -> None:
    user = make.technician(case)
    sheet = make.filled(case, user)
    code, client = sheet.item.code, logged_in(app, user)
    for address in ("sheet", "history", "budget/main/1", "budget/main/1.json"):
        reply = client.get(f"/items/{code}/{address}")
        assert reply.status_code == 200, address
        assert "style=" not in reply.get_data(as_text=True)


@CASES
def test_a_budget_exported_and_calculated_again_is_the_same(app: Any, case: make.Case) -> None:
    user = make.technician(case)
    code = make.filled(case, user).item.code
    document = json.loads(logged_in(app, user).get(f"/items/{code}/budget/main/1.json").get_data(as_text=True))
    sheet = worksheet.sheet_of(code)
    row = next(row for row in _rows(sheet) if row["table"] == "main" and row["point"] == 1)
    assert calculate("budget", document)["expanded_uncertainty"] == row["budget"]["expanded_uncertainty"]


def _rows(sheet: Any) -> list[dict[str, Any]]:
    from lims.jobs.results import evaluate_sheet

    return [row for table in evaluate_sheet(sheet).to_json()["tables"] for row in table["rows"]]


class TestTheBench:
    def test_lists_my_items_and_opens_one_by_its_code(self, app: Any) -> None:
        user = make.technician()
        code = make.item(to=user).code
        client = logged_in(app, user)
        assert code in client.get("/bench").get_data(as_text=True)
        opened = client.get("/bench", query_string={"q": code.lower()})
        assert (opened.status_code, opened.location) == (303, f"/items/{code}/sheet")

    def test_says_what_to_do_when_nothing_was_found(self, app: Any) -> None:
        page = logged_in(app, make.technician()).get("/bench?q=xyz").get_data(as_text=True)
        assert "Không tìm thấy mục nào" in page


class TestStarting:
    def test_leads_to_the_sheet(self, app: Any) -> None:
        user = make.technician()
        code = make.item(to=user).code
        client = logged_in(app, user)
        assert "Bắt đầu đo" in client.get(f"/items/{code}/sheet").get_data(as_text=True)
        reply = client.post(f"/items/{code}/start")
        assert (reply.status_code, reply.location) == (303, f"/items/{code}/sheet")

    def test_is_refused_in_words_without_an_authorisation(self, app: Any) -> None:
        user = person("technician")
        code = make.item(to=user).code
        reply = logged_in(app, user).post(f"/items/{code}/start")
        assert reply.status_code == 403
        assert "chưa được giao quyền thực hiện quy trình QT-DI-01" in reply.get_data(as_text=True)

    def test_is_not_offered_to_reception(self, app: Any) -> None:
        code = make.item().code
        client = logged_in(app, person("reception", "lan"))
        assert "Bắt đầu đo" not in client.get(f"/items/{code}/sheet").get_data(as_text=True)
        assert client.post(f"/items/{code}/start").status_code == 403

    def test_of_an_unknown_item_is_not_found(self, app: Any) -> None:
        client = logged_in(app, make.technician())
        for code in ("26-99999/01", "%00", "%E2%80%AE26-00001/01"):
            assert client.get(f"/items/{code}/sheet").status_code == 404


class TestSaving:
    @pytest.fixture
    def user(self, app: Any) -> User:
        return make.technician()

    @pytest.fixture
    def code(self, user: User) -> str:
        return make.started(make.MULTIMETER, user).item.code

    @pytest.fixture
    def client(self, app: Any, user: User) -> Any:
        return logged_in(app, user)

    def test_answers_with_the_cell_and_the_whole_sheet_evaluated(self, client: Any, code: str) -> None:
        body = post_cells(client, code, cell("main/1/ind/1", "100,1"), seen=0).json
        (outcome,) = body["outcomes"]
        assert (outcome["status"], outcome["now"]["text"], outcome["now"]["revision"]) == ("saved", "100,1", 1)
        assert {key: body["evaluation"]["rows"]["main/1"][key] for key in ("value", "U", "k")} == {
            "value": "+0,10", "U": "0,05", "k": "1,65"}
        assert body["progress"] == {"filled": 1, "wanted": 1}

    def test_gives_each_cell_its_own_outcome(self, client: Any, code: str) -> None:
        body = post_cells(client, code, cell("main/1/ind/1", "abc"), cell("env/temperature/start", "20,4"),
                          cell("env/humidity/start", "1.400")).json
        assert [outcome["status"] for outcome in body["outcomes"]] == ["refused", "saved", "ambiguous"]
        assert "Không phải là số" in body["outcomes"][0]["message"]
        assert body["outcomes"][2]["candidates"] == {"decimal": "1,400", "group": "1400"}

    def test_speaks_english_when_asked(self, client: Any, code: str) -> None:
        client.post("/language", data={"language": "en"})
        body = post_cells(client, code, cell("main/1/ind/1", "abc"), cell("main/1/ind/1", "100.1")).json
        assert "not a number" in body["outcomes"][0]["message"]
        assert body["evaluation"]["rows"]["main/1"]["value"] == "+0.10"

    def test_tells_what_others_wrote_since(self, client: Any, code: str, app: Any) -> None:
        seen = post_cells(client, code, cell("main/1/ind/1", "100,1")).json["seen"]
        other = make.technician(name="ktv2")
        make.type_cells(worksheet.sheet_of(code), other, {"env/temperature/start": "20,4"})
        body = post_cells(client, code, seen=seen).json
        assert {key: value["by"] for key, value in body["cells"].items()} == {"env/temperature/start": other.full_name}

    def test_refuses_what_has_no_shape(self, client: Any, code: str) -> None:
        def cells_of(**one: Any) -> dict[str, Any]:
            return {"cells": [{"cell": "a", "text": "1", "base_revision": 0} | one]}

        bodies: list[tuple[Any, str]] = [
            (None, "cells"), ({}, "cells"), ({"cells": {}}, "cells"), ({"cells": [1]}, "cells[0]"),
            ({"cells": [], "seen": "x"}, "seen"), (cells_of(cell=None), "cells[0].cell"),
            (cells_of(text=1.5), "cells[0].text"), (cells_of(text="1\x00"), "cells[0].text"),
            (cells_of(cell="\ud800"), "cells[0].cell"),
            (cells_of(base_revision=-1), "cells[0].base_revision"),
            (cells_of(base_revision=True), "cells[0].base_revision"),
        ]
        answers = [client.post(f"/items/{code}/cells", data=json.dumps(body), content_type="application/json",
                               headers={"Accept": "application/json"}) for body, _field in bodies]
        assert [(answer.status_code, answer.json["field"]) for answer in answers] == [
            (422, field) for _body, field in bodies]

    def test_is_for_those_who_measure(self, app: Any, code: str) -> None:
        reply = post_cells(logged_in(app, person("reception")), code, cell("main/1/ind/1", "100,1"))
        assert reply.status_code == 403

    def test_asks_for_a_new_drawing_when_a_characteristic_changed(self, client: Any, code: str) -> None:
        assert post_cells(client, code, cell("field/test_points", "20; 100")).json["reload"] is True
        assert post_cells(client, code, cell("main/2/ind/1", "100,1")).json["reload"] is False


class TestStandards:
    def test_come_back_as_panel_with_the_evaluation(self, app: Any) -> None:
        user = make.technician()
        code = make.item(to=user).code
        worksheet.start(code, user)
        make.standard(by=user)
        client, script = logged_in(app, user), {"Accept": "application/json"}
        taken = client.post(f"/items/{code}/standards", data={"number": "CH-DI-001"}, headers=script)
        assert "Dùng được" in taken.json["panel"]
        assert "evaluation" in taken.json
        refused = client.post(f"/items/{code}/standards", data={"number": "CH-NONE"}, headers=script)
        assert (refused.status_code, refused.json["field"]) == (404, "standard")

    def test_work_without_a_script_too(self, app: Any) -> None:
        user = make.technician()
        code = make.item(to=user).code
        worksheet.start(code, user)
        make.standard(by=user)
        client = logged_in(app, user)
        client.post(f"/items/{code}/standards", data={"number": "CH-DI-001"})
        page = client.get(f"/items/{code}/sheet").get_data(as_text=True)
        assert "CH-DI-001" in page
        row = worksheet.sheet_of(code).standards[0].id
        client.post(f"/items/{code}/standards/{row}/remove")
        assert worksheet.sheet_of(code).standards == []

    def test_are_accepted_against_a_soft_reason_by_who_may(self, app: Any) -> None:
        user = make.technician()
        code = make.item(to=user).code
        worksheet.start(code, user)
        coarse = make.standard(by=user, asset_number="CH-1")
        make.certified(coarse, user, worksheet.clock.today(), unit="V", number="coarse",
                       rows=(make.TypedRow("100", "100,0", "0,5", "2"),))
        manager = logged_in(app, person("quality_manager"))
        assert "Chấp nhận" in manager.get(f"/items/{code}/sheet").get_data(as_text=True)
        data = {"slot": "ref", "standard": coarse.id, "reason": "chuẩn khác đang gửi hiệu chuẩn"}
        assert logged_in(app, user).post(f"/items/{code}/standards/override", data=data).status_code == 403
        manager.post(f"/items/{code}/standards/override", data=data)
        session().expire_all()
        assert worksheet.sheet_of(code).standards[0].override_reason == data["reason"]


class TestSubmitting:
    def test_leads_back_to_the_bench(self, app: Any) -> None:
        user = make.technician(make.GAUGE)
        code = make.filled(make.GAUGE, user).item.code
        client = logged_in(app, user)
        reply = client.post(f"/items/{code}/submit")
        assert (reply.status_code, reply.location) == (303, "/bench")
        assert f"Đã chuyển soát xét {code}: đạt." in client.get("/bench").get_data(as_text=True)
        assert "readonly" in client.get(f"/items/{code}/sheet").get_data(as_text=True)

    def test_lists_what_is_missing_each_leading_to_its_cell(self, app: Any) -> None:
        user = make.technician()
        code = make.started(make.MULTIMETER, user).item.code
        reply = logged_in(app, user).post(f"/items/{code}/submit")
        page = reply.get_data(as_text=True)
        assert reply.status_code == 422
        assert 'data-to="main/1/ind/1"' in page

    def test_a_wrong_day_is_told_at_its_field_and_what_was_typed_stays(self, app: Any) -> None:
        user = make.technician()
        code = make.started(make.MULTIMETER, user).item.code
        reply = logged_in(app, user).post(f"/items/{code}/details",
                                          data={"performed_on": "31/12/2026", "deviation": "đo ở 25 °C"})
        page = reply.get_data(as_text=True)
        assert reply.status_code == 422
        assert "Ngày đo ở tương lai." in page
        assert "31/12/2026" in page
        assert "đo ở 25 °C" in page

    def test_a_deviation_that_another_wrote_meanwhile_is_shown_before_it_is_replaced(self, app: Any) -> None:
        user = make.technician()
        code = make.started(make.MULTIMETER, user).item.code
        client, address = logged_in(app, user), f"/items/{code}/details"
        mine = {"performed_on": f"{clock.today():%d/%m/%Y}", "deviation": "của tôi", "seen": seen_in(client, code)}
        assert client.post(address, data={**mine, "deviation": "của bạn"}).status_code == 303
        refused = client.post(address, data=mine)
        page = refused.get_data(as_text=True)
        assert refused.status_code == 422
        assert "«của bạn»" in page
        assert "của tôi" in page
        assert client.post(address, data={**mine, "seen": mark_in(page)}).status_code == 303
        assert worksheet.sheet_of(code).deviation == "của tôi"


def seen_in(client: Any, code: str) -> str:
    return mark_in(client.get(f"/items/{code}/sheet").get_data(as_text=True))


def mark_in(page: str) -> str:
    found = re.search(r'name="seen"[^>]*value="([0-9a-f]{16})"', page)
    assert found is not None
    return found[1]


def test_a_point_without_a_result_has_no_budget_yet(app: Any) -> None:
    user = make.technician()
    code = make.started(make.MULTIMETER, user).item.code
    client = logged_in(app, user)
    assert client.get(f"/items/{code}/budget/main/1").status_code == 409
    assert client.get(f"/items/{code}/budget/main/9").status_code == 404


def test_the_last_visit_stands_beside_its_point(app: Any) -> None:
    user, mine = make.technician(), make.instrument()
    standard = make.standard(by=user)
    make.submitted(make.MULTIMETER, user, {"main/1/ind/1": "100,3"}, of=mine, served_by=standard)
    code = make.started(make.MULTIMETER, user, of=mine, served_by=standard).item.code
    page = logged_in(app, user).get(f"/items/{code}/sheet").get_data(as_text=True)
    assert "Lần trước" in page
    assert '<td class="num prev wide">+0,30</td>' in page


def test_who_reviews_or_signs_is_led_from_the_sheet_to_the_review(app: Any) -> None:
    user = make.technician()
    code = waiting(user=user).code
    for whose, led in ((person("reviewer", "sx"), True), (person("signer", "ky"), True), (user, False)):
        page = logged_in(app, whose).get(f"/items/{code}/sheet").get_data(as_text=True)
        assert (f'href="/review/{code}"' in page) is led, whose.username
