"""Procedures in the browser: drafted, tried on their cases, published by somebody else, never changed."""
from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lims.jobs import drafts, procedures
from lims.jobs.text_changes import changed_lines
from lims.shared.errors import Conflict, Invalid, NotPermitted
from tests.lims import factories as make
from tests.lims.people import logged_in, person

FOLDER = files("instruments") / "procedures"
TOML = (FOLDER / "multimeter-dc.toml").read_text(encoding="utf-8")
CASES = (FOLDER / "cases" / "multimeter-dc.json").read_text(encoding="utf-8")
NEXT = TOML.replace("version = 1\n", "version = 9\n", 1)


def a_draft(toml: str = NEXT, cases: str = CASES) -> tuple[int, Any, Any]:
    """A draft with these texts, its writer, and somebody who may publish it."""
    writer, other = person("reviewer"), person("quality_manager")
    draft = drafts.begin(make.published("multimeter-dc"), writer)
    drafts.keep(draft.id, toml=toml, cases=cases, version=1, user=writer)
    return draft.id, writer, other


class TestTheGate:
    def test_a_draft_whose_cases_hold_is_published_by_somebody_else(self, app_on_both: Any) -> None:
        draft_id, _writer, other = a_draft()
        row = drafts.publish(draft_id, other)
        assert (row.code, row.version, row.toml) == ("QT-DI-01", 9, NEXT)
        assert drafts.cases_of(row) == CASES
        assert drafts.get(draft_id).published_as_id == row.id

    def test_never_by_its_writer(self, app: Any) -> None:
        draft_id, _writer, other = a_draft()
        drafts.keep(draft_id, toml=NEXT, cases=CASES, version=2, user=other)
        with pytest.raises(NotPermitted):
            drafts.publish(draft_id, other)

    @pytest.mark.parametrize(("toml", "cases", "field"), [
        ("[procedure\n", CASES, "toml"), (NEXT.replace('model = "', 'model = "1 + '), CASES, "cases"),
        (NEXT, drafts.NO_CASES, "cases"), (NEXT, "{", "cases"),
        (NEXT, '{"reference_cases": 1, "cases": [{}]}', "cases"),
        (NEXT, CASES.replace('"0.05"', '"0.06"'), "cases")])
    def test_not_with_a_fault_without_a_case_or_with_one_that_fails(self, app: Any, toml: str, cases: str,
                                                                     field: str) -> None:
        draft_id, _writer, other = a_draft(toml, cases)
        with pytest.raises(Invalid) as refusal:
            drafts.publish(draft_id, other)
        assert refusal.value.field == field
        assert len(drafts.publications("QT-DI-01")) == 1

    def test_not_over_a_version_that_stands_already(self, app: Any) -> None:
        draft_id, _writer, other = a_draft(TOML + "# một câu khác\n")
        with pytest.raises(Conflict):
            drafts.publish(draft_id, other)

    def test_what_is_published_changes_no_more_and_old_jobs_keep_theirs(self, app: Any) -> None:
        item = make.item(make.MULTIMETER)
        draft_id, writer, other = a_draft()
        row = drafts.publish(draft_id, other)
        with pytest.raises(Conflict):
            drafts.keep(draft_id, toml="x", cases="", version=3, user=writer)
        assert procedures.procedure_of(item).version == 1
        assert [one.version for one in drafts.publications("QT-DI-01")] == [9, 1]
        assert {version.code: version.id for version, _procedure in procedures.current()}["QT-DI-01"] == row.id

    def test_two_writers_do_not_overwrite_each_other(self, app: Any) -> None:
        draft_id, _writer, other = a_draft()
        with pytest.raises(Conflict) as conflict:
            drafts.keep(draft_id, toml="mine", cases="", version=1, user=other)
        assert conflict.value.field == "toml"
        assert drafts.get(draft_id).toml == NEXT


class TestTheTrial:
    def test_names_the_line_of_each_fault(self, app: Any) -> None:
        wrong = TOML.replace('service = "calibration"', 'service = "calibratio"', 1)
        line = next(at for at, text in enumerate(wrong.splitlines(), start=1) if "calibratio" in text)
        assert line in [fault.line for fault in drafts.tried_out(wrong, CASES).faults]

    def test_of_every_shipped_procedure_passes(self) -> None:
        from instruments.library import shipped_cases_text, shipped_names, shipped_text
        from instruments.procedure import procedure_digest
        for name in shipped_names():
            text = shipped_text(name)
            assert drafts.tried_out(text, shipped_cases_text(procedure_digest(text))).passes, name


class TestPages:
    def test_a_procedure_is_shown_with_its_case_and_its_changes(self, app: Any) -> None:
        draft_id, _writer, other = a_draft()
        drafts.publish(draft_id, other)
        client = logged_in(app, person("technician"))
        assert "QT-DI-01" in client.get("/procedures").get_data(as_text=True)
        page = client.get("/procedures/QT-DI-01").get_data(as_text=True)
        assert "version = 9" in page
        assert "Đã đổi so với bản 1" in page
        assert "giá trị mong đợi" in page
        assert client.get("/procedures/QT-KHONG").status_code == 404

    def test_a_draft_is_written_tried_and_published(self, app: Any) -> None:
        make.published("multimeter-dc")
        writer, publisher = logged_in(app, person("reviewer")), person("quality_manager")
        first = procedures.current()[0][0].id
        address = writer.post("/procedures/drafts", data={"based_on": first}).location
        assert "QT-DI-01" in writer.get(address).get_data(as_text=True)
        kept = writer.post(address, data={"toml": NEXT, "cases": CASES, "version": "1"})
        assert kept.status_code == 303
        tried = writer.post(f"{address}/try", json={"toml": NEXT.replace("[method]", "[methodd]"), "cases": CASES}).json
        assert tried["passes"] is False
        assert tried["faults"] != []
        assert writer.post(f"{address}/publish").status_code == 403
        published = logged_in(app, publisher).post(f"{address}/publish")
        assert published.location == "/procedures/QT-DI-01"

    def test_what_was_typed_stays_when_somebody_else_was_faster(self, app: Any) -> None:
        draft_id, writer, _other = a_draft()
        reply = logged_in(app, writer).post(f"/procedures/drafts/{draft_id}", data={
            "toml": "my words <b>", "cases": "", "version": "1"})
        assert reply.status_code == 422
        assert "my words &lt;b&gt;" in reply.get_data(as_text=True)

    def test_only_who_keeps_procedures_drafts(self, app: Any) -> None:
        client = logged_in(app, person("technician"))
        assert client.post("/procedures/drafts").status_code == 403
        assert client.get("/procedures/drafts/9").status_code == 404

    @pytest.mark.parametrize("body", [None, [], {}, {"toml": 1, "cases": ""}, {"toml": "x" * 200_001, "cases": ""}])
    def test_a_malformed_trial_is_refused(self, app: Any, body: Any) -> None:
        draft_id, writer, _other = a_draft()
        reply = logged_in(app, writer).post(f"/procedures/drafts/{draft_id}/try", json=body)
        assert reply.status_code == 422


TEXTS = st.text(alphabet="ab\n", max_size=24)


@given(TEXTS, TEXTS)
def test_the_changed_lines_lead_from_one_text_to_the_other(before: str, after: str) -> None:
    found = changed_lines(before, after)
    old, new = before.splitlines(), after.splitlines()
    gone = {line.before for line in found if line.kind == "gone"}
    added = {line.after: line.text for line in found if line.kind == "new"}
    kept = [text for at, text in enumerate(old, start=1) if at not in gone]
    assert kept == [text for at, text in enumerate(new, start=1) if at not in added]
    assert all(new[at - 1] == text for at, text in added.items() if at is not None)
