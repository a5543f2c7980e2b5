"""The register of capabilities: entered, ended, and no U on a calibration certificate below it."""
from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from lims.issue import dossier, fitness
from lims.jobs import capabilities
from lims.jobs.capabilities import NewLine
from lims.jobs.capability_comparison import budgets, compared
from lims.jobs.models import Worksheet
from lims.jobs.results import evaluate_sheet, evaluation_of
from lims.shared.db import session
from lims.shared.errors import Conflict, Invalid
from tests.lims import factories as make
from tests.lims import laboratory
from tests.lims.people import logged_in, person

LINE = NewLine(field="Điện", quantity="dc_voltage", lower=Decimal("10"), upper=Decimal("200"), unit="V", form="linear",
               a=Decimal("0.06"), b=Decimal("0.0001"), cmc_unit="V", reference="VILAS 000, dòng 3",
               valid_from=date(2026, 1, 1))
FORM = {"field": "Điện", "quantity": "dc_voltage", "lower": "10", "upper": "200", "unit": "V", "form": "linear",
        "a": "0,06", "b": "0,0001", "cmc_unit": "V", "reference": "VILAS 000, dòng 3", "valid_from": "01/01/2026"}


def stated(sheet: Any) -> tuple[str, list[str]]:
    evaluation = evaluate_sheet(sheet)
    return evaluation.tables[0].rows[0].U_text, [one.code for one in evaluation.warnings]


class TestTheRegister:
    def test_raises_u_to_the_cmc_of_the_measuring_day(self, app_on_both: Any) -> None:
        """EA-4/02 S9 gives U = 0,05 V at 100 V; the scope says 0,06 V + 0,0001·100 V = 0,07 V."""
        sheet = make.filled(make.MULTIMETER)
        assert stated(sheet) == ("0.05", [])
        capabilities.add(LINE, sheet.performed_by)
        assert stated(sheet) == ("0.07", ["cmc_raised"])

    @pytest.mark.parametrize("other", [
        {"valid_from": date(2026, 11, 24)}, {"valid_to": date(2026, 11, 22)}, {"upper": Decimal("99")},
        {"quantity": "mass"}, {"procedures": ("QT-KHAC",)}])
    def test_says_nothing_beyond_its_days_range_quantity_and_procedures(self, app: Any, other: dict[str, Any]) -> None:
        sheet = make.filled(make.MULTIMETER)
        capabilities.add(replace(LINE, **other), sheet.performed_by)
        assert stated(sheet) == ("0.05", [])

    def test_both_ends_of_its_days_belong_to_it(self, app: Any) -> None:
        sheet = make.filled(make.MULTIMETER)
        capabilities.add(replace(LINE, valid_from=sheet.performed_on, valid_to=sheet.performed_on), sheet.performed_by)
        assert stated(sheet)[0] == "0.07"

    def test_leaves_a_legal_verification_alone(self, app: Any) -> None:
        sheet = make.filled(make.GAUGE)
        before = stated(sheet)
        capabilities.add(replace(LINE, quantity="pressure", lower=Decimal(0), unit="bar", cmc_unit="bar"),
                         sheet.performed_by)
        assert stated(sheet) == before

    @pytest.mark.parametrize(("other", "field"), [
        ({"lower": Decimal(300)}, "upper"), ({"a": Decimal(-1)}, "a"), ({"valid_to": date(2025, 1, 1)}, "valid_to"),
        ({"form": "points", "points": ((Decimal(10), Decimal(1)),)}, "points")])
    def test_refuses_a_line_that_says_nothing(self, app: Any, other: dict[str, Any], field: str) -> None:
        with pytest.raises(Invalid) as refusal:
            capabilities.add(replace(LINE, **other), person("quality_manager"))
        assert refusal.value.field == field
        assert list(capabilities.lines()) == []

    def test_a_line_is_ended_with_a_reason_and_never_changed(self, app: Any) -> None:
        user = person("quality_manager")
        line = capabilities.add(LINE, user)
        with pytest.raises(Invalid):
            capabilities.end(line.id, valid_to=date(2026, 6, 30), reason=" ", version=1)
        capabilities.end(line.id, valid_to=date(2026, 6, 30), reason="phạm vi mới", version=1)
        with pytest.raises(Conflict):
            capabilities.end(line.id, valid_to=date(2026, 7, 30), reason="lại", version=1)
        assert capabilities.in_force(date(2026, 6, 30)) != []
        assert capabilities.in_force(date(2026, 7, 1)) == []


class TestPreflight:
    def test_says_that_u_keeps_to_the_cmc(self, app: Any) -> None:
        laboratory.opened()
        capabilities.add(LINE, person("quality_manager"))
        found = list(fitness.capability(dossier.load(laboratory.waiting().id)))
        assert [(one.code, one.state) for one in found] == [("cmc", "ok")]

    def test_stops_a_result_that_was_stated_before_the_line_was_entered(self, app: Any) -> None:
        """The register at issue counts, not the one that stood when the sheet was submitted."""
        laboratory.opened()
        item = laboratory.waiting()
        capabilities.add(LINE, person("quality_manager"))
        (found,) = fitness.capability(dossier.load(item.id))
        assert (found.code, found.state) == ("cmc", "stop")

    def test_a_u_raised_to_an_uneven_cmc_is_rounded_upwards_and_accepted(self, app: Any) -> None:
        """√(0,002² + (0,0005·100)²) V = 0,05004 V is stated by one digit as 0,06 V, never as 0,05 V."""
        laboratory.opened()
        user = person("quality_manager")
        capabilities.add(replace(LINE, form="quadratic", a=Decimal("0.002"), b=Decimal("0.0005")), user)
        found = dossier.load(laboratory.waiting().id)
        assert evaluation_of(found.result)["tables"][0]["rows"][0]["U_text"] == "0.06"
        assert [one.state for one in (*fitness.rounding(found), *fitness.capability(found))] == ["ok", "ok"]


class TestPages:
    def test_a_line_is_entered_shown_and_ended(self, app: Any) -> None:
        client = logged_in(app, person("quality_manager"))
        reply = client.post("/capabilities/new", data=FORM)
        assert reply.status_code == 303
        page = client.get(reply.location).get_data(as_text=True)
        assert "0,06 + 0,0001·|x|" in page
        assert "10 … 200 V" in page
        assert "VILAS 000, dòng 3" in client.get("/capabilities").get_data(as_text=True)
        ended = client.post(f"{reply.location}/end", data={
            "valid_to": "31/12/2026", "reason": "mở rộng phạm vi", "version": "1"})
        assert ended.status_code == 303
        assert "mở rộng phạm vi" in client.get(reply.location).get_data(as_text=True)

    @pytest.mark.parametrize(("wrong", "field"), [
        ({"a": ""}, "a"), ({"lower": "abc"}, "lower"), ({"upper": "1"}, "upper"), ({"valid_from": "31/2/2026"},
                                                                                   "valid_from"),
        ({"form": "points", "points": "10 0,1"}, "points"), ({"quantity": "?"}, "quantity")])
    def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(self, app: Any, wrong: dict[str, str],
                                                                          field: str) -> None:
        client = logged_in(app, person("quality_manager"))
        reply = client.post("/capabilities/new", data=FORM | wrong)
        page = reply.get_data(as_text=True)
        assert (reply.status_code, f'id="{field}-e"' in page, "VILAS 000, dòng 3" in page) == (422, True, True)

    def test_the_line_shows_what_results_came_to_beside_it(self, app: Any) -> None:
        result = make.submitted(make.MULTIMETER)
        user = person("quality_manager")
        line = capabilities.add(LINE, user)
        (one,) = compared(line)
        assert (one.procedure, one.nominal, one.raised, one.count) == ("QT-DI-01", "100", 1, 1)
        assert one.cmc == pytest.approx(0.07)
        budget = evaluation_of(result)["tables"][0]["rows"][0]["budget"]
        assert one.least == one.greatest == pytest.approx(budget["expanded_uncertainty"])
        assert "1 lần nâng lên bằng CMC" in logged_in(app, user).get(f"/capabilities/{line.id}").get_data(as_text=True)

    def test_only_who_keeps_procedures_may_write(self, app: Any) -> None:
        client = logged_in(app, person("technician"))
        assert client.get("/capabilities").status_code == 200
        assert client.get("/capabilities/new").status_code == 403
        assert client.get("/capabilities/999").status_code == 404

    def test_every_point_of_a_procedure_stands_beside_the_line_that_counts_there(self, app: Any) -> None:
        result = make.submitted(make.MULTIMETER)
        user = person("quality_manager")
        (alone,) = budgets()
        assert (alone.procedure, alone.nominal, alone.cmc, alone.line, alone.raised) == ("QT-DI-01", "100", None, None,
                                                                                         False)
        capabilities.add(replace(LINE, a=Decimal("0.01")), user)
        line = capabilities.add(LINE, user)  # where lines meet the largest CMC counts
        (one,) = budgets("QT-DI-01")
        assert (one.line, one.raised, one.count) == (line, True, 1)
        assert one.cmc == pytest.approx(0.07)
        assert budgets("QT-KL-01") == []
        client = logged_in(app, user)
        assert f'href="/capabilities/{line.id}"' in client.get("/capabilities/budgets").get_data(as_text=True)
        sheet = session().get_one(Worksheet, result.worksheet_id)
        page = client.get(f"/items/{sheet.item.code}/budget/main/1").get_data(as_text=True)
        assert f'href="/capabilities/{line.id}">0,07 V' in page
        assert "U ghi bằng CMC" in page
