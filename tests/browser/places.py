"""Where the walk through the pages goes: an address for every GET route, from what the demonstration laboratory holds.

A new page route needs no line here when its parameters are known by name; otherwise the walk fails and says so.
"""
from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lims.owners.sticker_code import address_part

PARAMETERS = {
    "customer_id": "select id from customer order by id limit 1",
    "instrument_id": "select id from instrument order by id limit 1",
    "job_id": "select job_id from job_item where state = 'received' order by id limit 1",
    "standard_id": "select standard_id from standard_certificate order by id limit 1",
    "certificate_id": "select id from standard_certificate order by id limit 1",
    "authorisation_id": "select id from authorisation order by id limit 1",
    "user_id": "select id from user_account order by id limit 1",
    "task_id": "select task.id from background_task task join user_account own on own.id = task.requested_by_id"
               " where own.username = 'chatluong' order by task.id limit 1",
    "file_id": "select id from task_file order by id limit 1",
    "number": "select number from certificate order by id limit 1",
    "code": "select code from job_item where state = 'reviewed' order by id limit 1",
    "duty": "select duty from schedule where standard_id ="
            " (select standard_id from standard_certificate order by id limit 1) limit 1",
    "line_id": "select id from capability order by id limit 1",
    "load_id": "select id from bench_load order by id limit 1",
    "position": "select 1", "table": "select 'main'", "point": "select 1",
    "draft_id": "select id from procedure_draft order by id limit 1",
    "mark": "select fingerprint from person_certificate order by fingerprint limit 1",
    "event_id": "select id from standard_event where file_id is not null order by id limit 1",
    "function_id": "select id from standard_function order by id limit 1",
    "review_id": "select id from impact_review order by id limit 1",
    "plan_id": "select id from check_plan order by id limit 1",
    "comparison_id": "select id from comparison order by id limit 1",
    "room_id": "select id from room order by id limit 1",
    "purchase_id": "select id from coverage_purchase order by id limit 1",
    "survey_id": "select id from survey where state = 'draft' order by id limit 1",
    "kind": "select 'activity'", "year": "select 2026",
    "programme_id": "select id from programme order by id limit 1",
    "part_id": "select id from programme_part order by id limit 1",
    "measurement_id": "select id from programme_measurement order by id limit 1",
    "action_id": "select id from programme_action order by id limit 1",
    "expert_id": "select id from programme_expert order by id limit 1",
    "yearly_id": "select id from plan order by id limit 1", "form": "select 'pdf'",
    "item_id": "select item_id from plan_target order by id limit 1",
    "target_id": "select id from plan_target order by id limit 1",
    "entry_id": "select id from plan_entry where file_id is not null order by id limit 1",
    "row_key": "select '8b@2026-04-15'", "edition_id": "select max(id) from legal_edition", "item": "select '31'",
    "series_id": "select id from sticker_series order by id limit 1",
    "name": "select 'standards'", "ending": "select 'xlsx'",
}
"""Name of a parameter of a route -> the query that gives its value."""

_POINT = {"code": "select item.code from job_item item join worksheet on worksheet.item_id = item.id"
                  " join result on result.worksheet_id = worksheet.id order by result.id limit 1",
          "table": "select 'main'", "point": "select 1"}
_PHOTO = {"code": "select item.code from job_item item join worksheet on worksheet.item_id = item.id"
                  " join worksheet_photo photo on photo.worksheet_id = worksheet.id order by photo.id limit 1",
          "photo_id": "select id from worksheet_photo order by id limit 1"}
_FUNCTION = {"standard_id": "select standard_id from standard_function order by id limit 1",
             "function_id": "select id from standard_function order by id limit 1"}
_WAITING_SURVEY = ("select survey_id from survey_row where advice in ('verify', 'calibrate') and outcome <> ''"
                   " and id not in (select row_id from survey_follow_up) order by id limit 1")
_STATUS = {"code": "select item.code from job_item item join status_record on status_record.item_id = item.id"
                   " order by item.id desc limit 1"}
OF_ENDPOINT = {"equipment.function": _FUNCTION, "jobs.budget": _POINT, "jobs.budget_document": _POINT,
               "jobs.photo": _PHOTO,
               "surveys.photo": {"survey_id": "select survey_id from survey_photo order by id limit 1",
                                 "photo_id": "select id from survey_photo order by id limit 1"},
               "surveys.job": {"survey_id": _WAITING_SURVEY},
               "staff.person": {"user_id": "select user_id from person_paper order by id limit 1"},
               "staff.document": {"file_id": "select file_id from person_paper where file_id is not null limit 1"},
               "jobs.procedure": {"code": "select code from procedure_version order by id limit 1"},
               "legal.status_record": _STATUS, "legal.status_paper": _STATUS,
               "issue.dcc": {"number": "select number from certificate where kind = 'calibration' limit 1"},
               "impact.reviews_letter": {
                   "review_id": "select review_id from impact_notice order by id limit 1",
                   "customer_id": "select customer_id from impact_notice order by id limit 1"}}
"""What only one route names, or names differently."""

BESIDE = {
    "jobs.worksheet": "select code from job_item where state in ('assigned', 'measuring', 'submitted', 'cancelled')"
                      " group by state, service",
    "jobs.show": "select job_id from job_item where state in ('issued', 'measuring', 'handed_over') group by state",
    "issue.show": "select number from certificate group by kind",
    "issue.preflight": "select code from job_item where state in ('submitted')",
    "legal.item_sticker": "select code from job_item where state in ('measuring', 'issued')"
                          " and service = 'verification' group by state",
    "legal.row": "select substr(subject, 5) from legal_reading where subject like 'row:%' limit 1",
    "legal.edition": "select id from legal_edition order by id limit 1",
    "surveys.show": "select id from survey where state = 'finished' order by id limit 1",
    "customers.show": "select customer_id from instrument group by customer_id order by count(*) desc limit 1",
}
"""Pages that look different with other data: one parameter -> further values."""

ASKED = {"impact.rooms_limits": "procedure=QT-AS-02"}
"""What a page is asked beside its address."""

_OF_PROGRAMS = ("api.customers", "api.customer", "api.instruments", "api.instrument", "api.jobs", "api.job",
                "api.job_items", "api.job_item", "api.worksheets", "api.worksheet", "api.worksheet_results",
                "api.worksheet_history", "api.preflight", "api.procedures",
                "api.certificates", "api.certificate", "api.standards", "api.standard", "api.standard_certificates",
                "api.standard_certificate", "api.stickers", "api.sticker", "api.sticker_series",
                "api.one_sticker_series", "api.alerts", "api.alert", "api.personal_alerts", "api.personal_alert",
                "api.surveys", "api.survey", "api.programmes", "api.programme", "api.programme_part",
                "api.programme_measurement", "api.programme_action", "api.plan_items", "api.plan_item")
NO_PAGE = {
    "static": "files of the pages", "static_earlier": "files of the pages", "security.static": "files of the pages",
    "security.verify": "not used by any page",
    "alerts.calendar_feed": "a calendar; its token is shown once",
    "equipment.certificate_file": "the demonstration holds no scanned certificate",
    "issue.paper_image": "a picture; the demonstration has none", "web.sticker": "leads to the public page",
    "owners.short": "leads to the owner's page", "owners.page": "walked without login",
    "owners.reminder": "a calendar file",
    "impact.comparisons_report": "a file; the demonstration has none",
    "legal.scan": "a file; the demonstration has none",
    "security.login": "walked without login", "issue.verify": "walked without login",
    **dict.fromkeys(_OF_PROGRAMS, "for programs"),
}
"""Routes that the walk leaves out, and why."""

MAY_BE_EMPTY = {"entry_id", "task_id", "file_id", "line_id", "load_id", "draft_id", "mark", "event_id", "function_id",
                "review_id", "plan_id", "comparison_id", "room_id", "photo_id"}
"""Parameters that the demonstration may have no row for; the route is then left out."""


WALKERS = {"customers.edit": "tiepnhan", "jobs.receive": "tiepnhan", "jobs.assign": "tiepnhan", "jobs.measure": "ktv1",
           "standards.edit": "chatluong", "standards.override": "chatluong", "staff.edit": "chatluong",
           "issue.review": "soatxet", "issue.sign": "ky", "legal.confirm": "quantri", "users.manage": "quantri",
           "settings.edit": "quantri", "audit.read": "giamdoc", "alerts.act": "chatluong",
           "procedures.edit": "chatluong", "procedures.publish": "chatluong", "standards.reserve": "chatluong",
           "standards.check": "chatluong", "surveys.edit": "tiepnhan", "plans.edit": "chatluong",
           "plans.enter": "chatluong", "stickers.keep": "chatluong",
           "archive.hold": "chatluong", "archive.dispose": "giamdoc",
           "programmes.edit": "chatluong", "programmes.issue": "giamdoc"}
"""Permission -> whose page it is. A page for everybody is walked by those whose work it is (OF_FEATURE)."""
OF_FEATURE = {"web": "giamdoc", "jobs": "ktv1", "issue": "ky", "legal": "quantri",
              "equipment": "chatluong", "alerts": "chatluong",
              "tasks": "chatluong", "plans": "chatluong", "workload": "giamdoc", "reports": "chatluong",
              "programmes": "chatluong",
              "customers": "tiepnhan",
              "surveys": "tiepnhan",
              "staff": "chatluong", "auth": "quantri", "security": "ktv2"}


def walker(app: Any, endpoint: str) -> str:
    """The account of the demonstration whose page it is."""
    permission = getattr(app.view_functions[endpoint], "permission", "login")
    return WALKERS.get(permission) or OF_FEATURE.get(endpoint.split(".")[0], "giamdoc")


class Places:
    """Addresses, asked from the database of a loaded demonstration."""

    def __init__(self, database: Path) -> None:
        self.database = sqlite3.connect(f"file:{database}?mode=ro", uri=True)

    def values(self, query: str) -> list[str]:
        """First column of the answer."""
        return [str(row[0]) for row in self.database.execute(query)]

    def addresses(self, rule: Any) -> list[str]:
        """Addresses of one route; KeyError when a parameter is unknown."""
        queries = PARAMETERS | OF_ENDPOINT.get(rule.endpoint, {})
        found = {name: self.values(queries[name]) for name in rule.arguments}
        if any(not values and name in MAY_BE_EMPTY for name, values in found.items()):
            return []
        named = [{name: values[0] for name, values in found.items()}]
        if rule.endpoint in BESIDE:
            (name,) = rule.arguments
            named += [{name: value} for value in self.values(BESIDE[rule.endpoint]) if value != named[0][name]]
        asked = f"?{ASKED[rule.endpoint]}" if rule.endpoint in ASKED else ""
        return list(dict.fromkeys(_built(rule.rule, values) + asked for values in named))

    def public(self) -> list[str]:
        """Pages that need no login: the entrance, and the public page of a valid document."""
        number, code = self.database.execute("select number, code from certificate order by id limit 1").fetchone()
        return ["/login", f"/v/{quote(number)}?c={code}", f"/t/{quote(address_part(number, code))}"]


def _built(rule: str, values: dict[str, str]) -> str:
    """The rule with its parameters filled in."""
    parts = []
    for part in rule.split("<"):
        name, closed, rest = part.partition(">")
        parts.append(quote(values[name.split(":")[-1]]) + rest if closed else part)
    return "".join(parts)
