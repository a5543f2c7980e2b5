"""A sheet is started by somebody authorised, takes standards valid on its day, and is submitted when it is complete."""
from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lims.auth.models import User
from lims.equipment import service as register
from lims.equipment.models import Standard
from lims.jobs import standards_choice, submission, worksheet
from lims.jobs.bench import bench_items
from lims.jobs.cells import Change, save_cells
from lims.jobs.models import JobItem, Observation, Result, Worksheet
from lims.jobs.results import evaluate_sheet, evaluation_of, latest_result, performers, previous_result
from lims.jobs.submission import NotComplete, submit
from lims.shared import clock
from lims.shared.audit import AuditTransaction, verify_chain
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound, NotPermitted
from tests.lims import factories as make
from tests.lims.counting import statements_of
from tests.lims.people import person


def state_of(code: str) -> str:
    return session().scalar(sa.select(JobItem.state).where(JobItem.code == code)) or ""


class TestStarting:
    def test_makes_a_sheet_for_today_in_the_name_of_the_starter(self, app_on_both: Any) -> None:
        user = make.technician()
        code = make.item(to=user).code
        sheet = worksheet.start(code, user)
        assert (sheet.performed_on, sheet.performed_by_id) == (clock.today(), user.id)
        assert state_of(code) == "measuring"
        newest = session().scalars(sa.select(AuditTransaction).order_by(AuditTransaction.seq.desc()).limit(1)).one()
        assert (newest.action, newest.actor) == ("worksheet.start", user.full_name)

    def test_twice_gives_the_same_sheet(self, app: Any) -> None:
        user = make.technician()
        code = make.item(to=user).code
        assert worksheet.start(code, user).id == worksheet.start(code, user).id

    @pytest.mark.parametrize("span", [None, (-30, -1), (1, 30)])
    def test_needs_an_authorisation_valid_that_day(self, app: Any, span: tuple[int, int] | None) -> None:
        user = person("technician")
        code = make.item(to=user).code
        if span:
            first, last = (clock.today() + timedelta(days=days) for days in span)
            make.authorise(user, "QT-DI-01", valid_from=first, valid_to=last)
        with pytest.raises(NotPermitted, match="QT-DI-01"):
            worksheet.start(code, user)
        assert state_of(code) == "assigned"

    def test_needs_the_item_to_be_assigned(self, app: Any) -> None:
        user = make.technician()
        code = make.item(to=user, state="received").code
        with pytest.raises(Conflict):
            worksheet.start(code, user)

    def test_takes_over_what_the_instrument_is_known_for(self, app: Any) -> None:
        user = make.technician(make.GAUGE)
        known = make.instrument(make.GAUGE, fields={"range_max": "16", "division": "0,5", "accuracy_class": "nonsense"})
        sheet = worksheet.start(make.item(make.GAUGE, user, of=known).code, user)
        assert sheet.instrument_fields == {"range_max": "16", "division": "0,5"}

    def test_takes_over_what_was_stated_for_a_like_instrument(self, app: Any) -> None:
        user = make.technician(make.WEIGHT)
        make.submitted(make.WEIGHT, user)
        like = worksheet.start(make.item(make.WEIGHT, user).code, user)
        other = make.instrument(make.WEIGHT, fields={"nominal_mass": "5000"})
        unlike = worksheet.start(make.item(make.WEIGHT, user, of=other).code, user)
        assert like.instrument_fields["pooled_s"] == "0.025"
        assert "pooled_s" not in unlike.instrument_fields


class TestTheMeasuringDay:
    def test_may_lie_before_today_and_takes_the_certificate_of_that_day(self, app: Any) -> None:
        user = make.technician()
        sheet = make.started(make.MULTIMETER, user)
        code, standard = sheet.item.code, sheet.standards[0].standard
        newer = make.certified(standard, user, clock.today() - timedelta(days=2), **make.MULTIMETER.certificate)
        day = clock.today() - timedelta(days=10)
        worksheet.set_details(code, performed_on=day, deviation="đo ở 25 °C", user=user)
        sheet = worksheet.sheet_of(code)
        assert (sheet.performed_on, sheet.deviation) == (day, "đo ở 25 °C")
        assert sheet.standards[0].certificate_id != newer.id
        worksheet.set_details(code, performed_on=clock.today(), deviation="", user=user)
        assert worksheet.sheet_of(code).standards[0].certificate_id == newer.id

    def test_is_not_in_the_future_and_not_before_the_standard_was_calibrated(self, app: Any) -> None:
        user = make.technician()
        code = make.started(make.MULTIMETER, user).item.code
        for day in (clock.today() + timedelta(days=1), clock.today() - timedelta(days=200)):
            with pytest.raises(Invalid) as refusal:
                worksheet.set_details(code, performed_on=day, deviation="", user=user)
            assert refusal.value.field == "performed_on"


class TestStandards:
    @pytest.fixture
    def user(self, app: Any) -> User:
        return make.technician()

    @pytest.fixture
    def code(self, user: User) -> str:
        code = make.item(to=user).code
        worksheet.start(code, user)
        return code

    def test_are_offered_with_the_reason_why_others_are_not(self, code: str, user: User) -> None:
        make.standard(by=user, asset_number="CH-1")
        overdue = make.registered(user, **dict(make.MULTIMETER.standard) | {"asset_number": "CH-2"})
        make.certified(overdue, user, clock.today() - timedelta(days=800), **make.MULTIMETER.certificate)
        (slot,) = standards_choice.slots(worksheet.sheet_of(code))
        assert [(one.standard.asset_number, one.selectable) for one in slot.offered] == [
            ("CH-1", True), ("CH-2", False)]
        assert [reason.code for reason in slot.offered[1].reasons] == ["overdue"]

    def test_are_taken_by_scanning_whatever_the_case(self, code: str, user: User) -> None:
        make.standard(by=user, asset_number="CH-1")
        row = standards_choice.choose_scanned(code, " ch-1 ", user)
        assert (row.slot, row.standard.asset_number, row.certificate.unit) == ("ref", "CH-1", "V")

    def test_of_another_quantity_or_unknown_are_refused(self, code: str, user: User) -> None:
        make.standard(make.GAUGE, user)
        with pytest.raises(Invalid, match="another quantity"):
            standards_choice.choose_scanned(code, "CH-AS-014", user)
        with pytest.raises(NotFound):
            standards_choice.choose_scanned(code, "CH-NONE", user)

    def test_replace_each_other_where_one_is_wanted(self, code: str, user: User) -> None:
        for number in ("CH-1", "CH-2", "CH-2"):
            make.standard(by=user, asset_number=number) if not register.find_by_code(number) else None
            standards_choice.choose_scanned(code, number, user)
        assert [row.standard.asset_number for row in worksheet.sheet_of(code).standards] == ["CH-2"]

    def test_with_a_soft_reason_need_somebody_with_the_right_and_a_reason(self, code: str, user: User) -> None:
        coarse = make.standard(by=user, asset_number="CH-1")
        make.certified(coarse, user, clock.today(), unit="V", rows=(make.TypedRow("100", "100,0", "0,5", "2"),),
                       number="coarse")
        with pytest.raises(Invalid, match="override"):
            standards_choice.choose(code, "ref", coarse.id, user)
        with pytest.raises(Invalid) as refusal:
            standards_choice.override(code, "ref", coarse.id, "  ", user)
        assert refusal.value.field == "reason"
        row = standards_choice.override(code, "ref", coarse.id, "không còn chuẩn nào khác", user)
        assert row.override_reason == "không còn chuẩn nào khác"

    def test_may_be_taken_out_again(self, code: str, user: User) -> None:
        make.standard(by=user)
        row = standards_choice.choose_scanned(code, "CH-DI-001", user)
        standards_choice.remove(code, row.id, user)
        assert worksheet.sheet_of(code).standards == []


class TestSubmitting:
    def test_stores_the_evaluation_with_its_digest_and_hands_the_item_on(self, app_on_both: Any) -> None:
        user = make.technician()
        result = make.submitted(make.MULTIMETER, user)
        sheet = session().get_one(Worksheet, result.worksheet_id)
        assert (sheet.item.state, result.revision, sheet.submitted_at) == ("submitted", 1, clock.now())
        assert latest_result(sheet.item) == result
        assert evaluation_of(result) == json.loads(json.dumps(evaluate_sheet(sheet).to_json()))
        assert result.digest == hashlib.sha256(result.evaluation.encode()).hexdigest()
        assert list(verify_chain(session())) == []

    @pytest.mark.parametrize(("cell", "where"), [
        ("main/1/ind/1", "main/1/ind/1"), ("check/external", "external"), ("env/temperature/start", "")])
    def test_is_refused_while_something_is_missing_and_says_where(self, app: Any, cell: str, where: str) -> None:
        user = make.technician()
        sheet = make.filled(make.MULTIMETER, user, {cell: ""})
        if cell.startswith("env"):
            make.type_cells(sheet, user, [Change("env/temperature/end", "", 1, "nhầm")])
        with pytest.raises(NotComplete) as refusal:
            submit(sheet.item.code, user)
        assert where in [reason.where for reason in refusal.value.reasons] or not where
        assert state_of(sheet.item.code) == "measuring"

    def test_is_refused_without_a_standard(self, app: Any) -> None:
        user = make.technician()
        sheet = make.filled(make.MULTIMETER, user)
        standards_choice.remove(sheet.item.code, sheet.standards[0].id, user)
        with pytest.raises(NotComplete) as refusal:
            submit(sheet.item.code, user)
        assert "standard_missing" in {reason.code for reason in refusal.value.reasons}

    def test_is_refused_when_the_standard_was_taken_out_of_service_meanwhile(self, app: Any) -> None:
        user = make.technician()
        sheet = make.filled(make.MULTIMETER, user)
        code, standard = sheet.item.code, sheet.standards[0].standard
        register.change_state(standard.id, "quarantined", "rơi", expected="in_use", by=user)
        with pytest.raises(NotComplete, match="CH-DI-001"):
            submit(code, user)

    def test_is_refused_when_the_certificate_was_replaced_meanwhile(self, app: Any) -> None:
        user = make.technician()
        sheet = make.filled(make.MULTIMETER, user)
        code = sheet.item.code
        make.certified(sheet.standards[0].standard, user, clock.today(), **make.MULTIMETER.certificate)
        with pytest.raises(NotComplete) as refusal:
            submit(code, user)
        assert [reason.code for reason in refusal.value.reasons] == ["certificate_changed"]
        standards_choice.choose_scanned(code, "CH-DI-001", user)
        assert submit(code, user).verdict == "not_stated"

    def test_of_a_verification_may_stop_at_the_first_failed_check(self, app: Any) -> None:
        """A fail gives a record: nothing after the failed step is asked for."""
        user = make.technician(make.GAUGE)
        sheet = make.started(make.GAUGE, user)
        make.type_cells(sheet, user, [Change("check/external", "fail", 0, "Kính vỡ")])
        result = submit(sheet.item.code, user)
        assert result.verdict == "fail"
        assert [check["state"] for check in evaluation_of(result)["checks"]] == ["fail", *["not_done"] * 3]

    def test_states_a_fail_by_the_readings(self, app: Any) -> None:
        user = make.technician(make.GAUGE)
        sheet = make.filled(make.GAUGE, user)
        make.type_cells(sheet, user, [Change("main/5/up/1", "9,60", 1, "Đọc lại", confirmed=True)])
        assert submit(sheet.item.code, user).verdict == "fail"

    def test_again_after_it_was_sent_back_is_the_next_revision(self, app: Any) -> None:
        user = make.technician()
        first = make.submitted(make.MULTIMETER, user)
        sheet = session().get_one(Worksheet, first.worksheet_id)
        code = sheet.item.code
        with write("test.send_back", actor=make.ACTOR):
            worksheet.sheet_of(code).item.state = "measuring"
        (corrected,) = save_cells(code, [Change("main/1/ind/1", "100,2", 1, "Đọc lại")], user)
        assert corrected.status == "saved"
        second = submit(code, user)
        assert (first.revision, second.revision) == (1, 2)
        assert evaluation_of(second)["tables"][0]["rows"][0]["value_text"] == "0.20"
        assert evaluation_of(session().get_one(Result, first.id))["tables"][0]["rows"][0]["value_text"] == "0.10"

    def test_stores_nothing_when_somebody_typed_meanwhile(self, app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        user = make.technician()
        code = make.filled(make.MULTIMETER, user).item.code
        evaluated = submission.evaluate_sheet

        def evaluate_while_somebody_types(sheet: Worksheet) -> Any:
            done = evaluated(sheet)
            save_cells(code, [Change("main/1/ind/1", "100,2", 1, "Đọc lại")], user)
            return done

        monkeypatch.setattr(submission, "evaluate_sheet", evaluate_while_somebody_types)
        with pytest.raises(Conflict):
            submit(code, user)
        assert session().scalar(sa.select(sa.func.count()).select_from(Result)) == 0


def test_everybody_who_typed_counts_as_having_measured(app: Any) -> None:
    one, two = make.technician(), make.technician(name="ktv2")
    sheet = make.started(make.MULTIMETER, one)
    make.type_cells(sheet, two, {"main/1/ind/1": "100,1"})
    assert performers(worksheet.sheet_of(sheet.item.code)) == {one.id, two.id}


def test_the_last_visit_is_the_newest_earlier_result_of_the_same_instrument(app: Any) -> None:
    user, mine = make.technician(), make.instrument()
    standard = make.standard(by=user)
    make.submitted(make.MULTIMETER, user, of=mine, served_by=standard)
    last = make.submitted(make.MULTIMETER, user, {"main/1/ind/1": "100,2"}, of=mine, served_by=standard)
    make.submitted(make.MULTIMETER, user, served_by=standard)
    now = make.item(to=user, of=mine)
    found = previous_result(now)
    assert found is not None
    assert found[1].id == last.id


def test_the_bench_shows_how_far_each_item_has_come(app: Any) -> None:
    user = make.technician(make.WEIGHT)
    sheet = make.started(make.WEIGHT, user)
    make.type_cells(sheet, user, {"field/pooled_s": "0,025", "main/1/diff/1": "0,01", "main/1/diff/2": "0,02"})
    make.type_cells(sheet, user, [Change("main/1/diff/2", "", 1, "nhầm")])
    (mine,) = bench_items(user.id)
    assert (mine.item.code, mine.filled, mine.wanted) == (sheet.item.code, 1, 3)
    assert bench_items(user.id, "tan an")
    assert bench_items(user.id, "không có") == []


def test_the_bench_asks_the_database_as_often_for_many_items_as_for_few(app: Any) -> None:
    user = make.technician()
    mine, standard_id = user.id, make.standard(by=user).id

    def measure_another() -> None:
        person, standard = session().get_one(User, mine), session().get_one(Standard, standard_id)
        sheet = make.started(make.MULTIMETER, person, served_by=standard)
        make.type_cells(sheet, person, {"main/1/ind/1": "100,1"})

    measure_another()
    few = statements_of(lambda: bench_items(mine))
    for _more in range(3):
        measure_another()
    assert statements_of(lambda: bench_items(mine)) == few


def test_an_entry_says_when_it_was_written(app: Any) -> None:
    user = make.technician()
    make.filled(make.MULTIMETER, user)
    assert {row.at for row in session().scalars(sa.select(Observation))} == {clock.now()}
