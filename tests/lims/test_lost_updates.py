"""Of two people who change one thing at once the second is told: every page that takes a post has its rule."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import lims
from lims.auth import service as accounts
from lims.equipment import functions, schedules, service
from lims.equipment.functions import FunctionDetails
from lims.impact import drifting
from lims.jobs import room_record
from lims.programmes import service as programmes
from lims.programmes import template
from lims.shared.errors import Conflict
from lims.shared.freshness import mark, mark_of, require_seen, require_version
from lims.staff import disuse
from tests.lims import factories, laboratory
from tests.lims.people import logged_in, person
from tests.lims.standards import registered
from tests.lims.test_impact_rooms import made

GUARDED = {
    "auth.set_titles": "auth/user.html", "auth.user": "auth/user.html", "auth.settings": "auth/settings.html",
    "customers.edit": "customers/edit.html", "customers.edit_instrument": "customers/instrument.html",
    "equipment.edit": "equipment/edit.html", "equipment.function": "equipment/function.html",
    "equipment.schedule": "equipment/schedule.html", "equipment.state": "equipment/state.html",
    "impact.checks_edit": "impact/check_plan.html", "impact.comparisons_edit": "impact/comparison_edit.html",
    "impact.comparisons_result": "impact/comparison_result.html", "impact.interval": "impact/drift.html",
    "impact.interval_cap": "impact/drift.html", "impact.reviews_close": "impact/review.html",
    "impact.reviews_decide": "impact/review.html", "impact.reviews_recompute": "impact/review.html",
    "impact.rooms_edit": "impact/room_edit.html", "impact.rooms_limits": "impact/room_limits.html",
    "issue.procedures": "issue/procedures.html", "jobs.details": "jobs/worksheet.html",
    "jobs.change": "jobs/show.html", "jobs.room": "jobs/worksheet.html",
    "jobs.end_capability": "jobs/capability.html",
    "jobs.keep_draft": "jobs/draft.html", "legal.read_document": "legal/documents.html",
    "legal.read_row": "legal/row.html", "legal.write_status": "legal/status_record.html",
    "plans.edit": "plans/edit.html", "plans.edit_item": "plans/item_edit.html",
    "plans.edit_target": "plans/target_edit.html", "plans.item_state": "plans/item.html",
    "programmes.action": "programmes/follow_up.html", "programmes.edit": "programmes/edit.html",
    "programmes.edit_template": "programmes/template.html", "programmes.issue": "programmes/show.html",
    "programmes.measurement": "programmes/measurement.html", "programmes.part": "programmes/part.html",
    "reports.deadline": "reports/deadline.html", "staff.limits": "staff/lapses.html",
    "surveys.forms": "surveys/forms.html", "surveys.purchase": "surveys/purchase.html",
}
"""Pages filled from what stands there; the template sends back which it was."""
BY_CELL = {"jobs.cells", "jobs.load_cells_saved", "surveys.save"}
"""Typed box by box while others type: each box says on which revision it rests (tests of the sheet, of surveys)."""
ADDS = {
    "alerts.new_calendar", "auth.create_user", "customers.create", "customers.create_instrument",
    "equipment.add_part", "equipment.correct_certificate", "equipment.create", "equipment.create_certificate",
    "equipment.create_event", "equipment.duty_done", "equipment.read_dcc", "equipment.reserve", "equipment.use_log",
    "impact.checks_create", "impact.checks_run", "impact.comparisons_action", "impact.comparisons_create",
    "impact.reviews_open", "impact.reviews_told", "impact.rooms_create", "impact.rooms_import", "impact.rooms_read",
    "issue.give_opinion", "issue.give_statement", "issue.hold", "issue.new_key", "issue.retention_rule",
    "jobs.choose_standard", "jobs.create", "jobs.keep_photo", "jobs.load_standard", "jobs.look_over",
    "jobs.new_capability", "jobs.new_draft", "jobs.new_load", "jobs.override_standard", "legal.add_designation",
    "legal.add_scan", "legal.count_stickers", "legal.enter_document", "legal.keep", "legal.receive_stickers",
    "legal.strike_mark", "owners.ask", "plans.buy", "plans.carry", "plans.create", "plans.create_item",
    "plans.create_target", "plans.difficulty", "plans.disagreement", "plans.entry", "plans.override",
    "programmes.add_action", "programmes.add_expert", "programmes.add_measurement", "programmes.amend",
    "programmes.create", "programmes.propose", "reports.file", "staff.add_card", "staff.add_certificate",
    "staff.add_event", "staff.add_need", "staff.add_paper", "staff.decide_lapse", "staff.grant", "surveys.create",
    "surveys.keep_photo", "surveys.new_purchase",
}
"""Something more; nothing is replaced."""
STEPS = {
    "equipment.own_values",
    "alerts.acknowledge", "alerts.acknowledge_personal", "auth.set_active", "equipment.commission",
    "equipment.release", "equipment.remove_part", "equipment.void_certificate", "impact.comparisons_action_done",
    "impact.reviews_quarantine", "issue.accept", "issue.amend", "issue.batch", "issue.dispose",
    "issue.dispose_of_work", "issue.retire_key", "issue.send_back", "issue.sign", "issue.signed",
    "issue.take_opinion_back", "issue.take_statement_back", "issue.withdraw", "jobs.cancel", "jobs.hand_on_load",
    "jobs.hand_over", "jobs.load_standard_removed", "jobs.publish_draft", "jobs.remove_standard",
    "jobs.review_request", "jobs.start", "jobs.strike_photo", "jobs.submit_sheet", "legal.draw_load_stickers",
    "legal.draw_seal", "legal.draw_sticker", "legal.end_designation", "legal.end_document", "legal.move_stickers",
    "legal.release_sticker", "legal.remove_mark", "legal.waive_certificate", "legal.waive_sticker",
    "legal.want_certificate", "owners.accept", "owners.refuse", "plans.escalate", "plans.resolve", "plans.settle",
    "plans.state", "plans.strike", "plans.unlink", "programmes.close", "programmes.remove_expert",
    "programmes.remove_measurement", "staff.drop_need", "staff.end", "staff.end_card", "staff.end_certificate",
    "staff.end_paper", "staff.strike_event", "surveys.discard", "surveys.finish", "surveys.go_on", "surveys.job",
    "surveys.strike_photo", "surveys.take_in", "tasks.cancel",
}
"""A step that the state of the thing allows once: who comes second finds it made."""
SAID_ANEW = {
    "alerts.snooze", "alerts.snooze_personal", "issue.choose_series", "issue.paper_settings",
    "issue.series_settings", "jobs.assign", "jobs.load_reason", "equipment.parts_values",
    "programmes.numbers", "web.table_keep",
}
"""Said anew, not corrected from what stood there: the last word counts, the trail keeps both."""
NOTHING_KEPT = {
    "auth.switch_language", "equipment.keep_window", "issue.export_selected", "issue.paper_sample",
    "issue.print_selected", "issue.stickers_selected", "jobs.try_draft", "legal.preview", "reports.make",
    "reports.pack", "security.change_password", "security.login", "security.logout", "security.verify",
    "surveys.make_report", "web.print_labels", "web.table_preview",
}
"""Computes, prints, or concerns one's own session alone."""
TELLS = ("hidden_tag(", ".seen(", ".version", 'name="seen"', 'name="version"', 'name="shown"', ".expected")


def test_every_page_that_takes_a_post_has_its_rule(app: Any) -> None:
    taking = {rule.endpoint for rule in app.url_map.iter_rules() if rule.methods & {"POST", "PUT", "PATCH", "DELETE"}}
    rules = [set(GUARDED), BY_CELL, ADDS, STEPS, SAID_ANEW, NOTHING_KEPT]
    # programs send If-Match: see the tests of the API
    assert {one for one in taking if not one.startswith("api.")} ^ set().union(*rules) == set()
    assert sum(map(len, rules)) == len(set().union(*rules))


def test_a_guarded_page_sends_back_what_it_was_filled_from() -> None:
    folder = Path(str(lims.__file__)).parent / "templates"
    assert [name for name in sorted(set(GUARDED.values()))
            if not any(told in (folder / name).read_text(encoding="utf-8") for told in TELLS)] == []


def test_what_was_not_sent_is_not_compared_and_what_was_must_agree() -> None:
    class Row:
        version = 3

    require_version(Row(), 0)
    require_version(Row(), 3)
    require_seen("", mark("a"))
    require_seen(mark("a", None), mark("a", None))
    for stale in (lambda: require_version(Row(), 2, "phòng này", "this room"),
                  lambda: require_seen(mark("a"), mark("b"), "phòng này", "this room")):
        with pytest.raises(Conflict, match="changed this room"):
            stale()
    assert len({mark(), mark(None), mark(""), mark("a", "b"), mark("ab"), mark("a", None, "b")}) == 6


def test_who_saves_from_an_old_page_is_told(app_on_both: Any) -> None:
    head = laboratory.opened()
    user, standard = factories.technician(), registered(head)
    room = made(head)
    code = factories.started(user=user).item.code
    functions.save_function(standard.id, FunctionDetails(name="Điện trở", quantity="resistance", unit="Ω"), by=head)
    function_id = service.standard(standard.id).functions[0].id
    gauge = factories.instrument(factories.GAUGE)
    draft = programmes.create({"title": "Chương trình", "first_on": date(2026, 6, 1), "last_on": date(2028, 5, 31),
                               "basis": "", "wanted_ratio": 4, "customer_id": gauge.customer_id}, by=head)
    part_id = draft.parts[0].id
    schedule = drifting.main_schedule(standard)
    saves: dict[str, tuple[Callable[[], str], Callable[[str, str], object]]] = {
        "titles": (lambda: accounts.mark_of_titles(accounts.user(user.id)),
                   lambda text, seen: accounts.set_titles(user.id, text, "", seen)),
        "roles": (lambda: accounts.mark_of_roles(accounts.user(user.id)),
                  lambda text, seen: accounts.set_roles(
                      user.id, ["technician", "reviewer"] if text == "một" else ["technician", "signer"], seen)),
        "limits": (disuse.mark_of_limits, lambda text, seen: disuse.set_limits(12 + len(text), 2, by=head, seen=seen)),
        "cap": (lambda: drifting.mark_of_cap(standard.id),
                lambda text, seen: drifting.set_cap(standard.id, 24, text, by=head, seen=seen)),
        "interval": (lambda: drifting.mark_of_interval(standard), lambda text, seen: drifting.decide_interval(
            standard.id, count=5 + len(text), unit="months", method="judgement", reason="vì", shown=None, by=head,
            seen=seen)),
        "schedule": (lambda: schedules.mark_of_terms(schedule), lambda text, seen: schedules.set_schedule(
            standard.id, "calibration", interval_count=13 + len(text), interval_unit="months", seen=seen)),
        "function": (lambda: str(functions.function(standard.id, function_id).version),
                     lambda text, seen: functions.save_function(
                         standard.id, FunctionDetails(name=text, quantity="resistance", unit="Ω"), by=head,
                         function_id=function_id, version=int(seen))),
        "room": (lambda: "0", lambda text, seen: room_record.choose_room(code, room.id, user, seen=seen)),
        "part": (lambda: str(programmes.programme(draft.id).parts[0].version),
                 lambda text, seen: programmes.write_part(part_id, {"body": text}, by=head, version=int(seen))),
        "template": (lambda: mark_of(template.newest()),
                     lambda text, seen: template.change(f"mục | {text} | gợi ý", by=head, seen=seen)),
    }
    overwritten = []
    for name, (now, save) in saves.items():
        opened_by_both = now()
        save("một", opened_by_both)
        try:
            save("hai hai", opened_by_both)
        except Conflict:
            pass
        else:
            overwritten.append(name)
        if name != "room":
            save("hai hai", now())  # looked again, and meant it
    assert overwritten == []


def test_the_second_administrator_sees_what_they_typed_and_why_it_is_not_kept(app: Any) -> None:
    user = person("technician")
    client = logged_in(app, person("administrator"))
    seen = accounts.mark_of_titles(user)
    page = client.get(f"/users/{user.id}").text
    assert f'value="{seen}"' in page
    assert client.post(f"/users/{user.id}/titles", data={"title": "Trưởng phòng", "seen": seen}).status_code == 303
    refused = client.post(f"/users/{user.id}/titles", data={"title": "Phó phòng", "seen": seen})
    assert (refused.status_code, "Phó phòng" in refused.text, "Người khác vừa sửa chức danh" in refused.text) == (
        422, True, True)
    assert accounts.user(user.id).title == "Trưởng phòng"
