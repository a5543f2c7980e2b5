"""`/alerts`: what is due, for standards and for people."""
from __future__ import annotations

from typing import Any

from lims.api.alert_forms import SnoozeForm
from lims.api.form_schema import body_of
from lims.api.operation import (
    DAY,
    DAY_OR_NULL,
    INSTANT,
    INSTANT_OR_NULL,
    JSON,
    PAGE,
    TEXT,
    TEXT_OR_NULL,
    WHOLE,
    Operation,
    Schema,
    changing,
    one_of,
    page_of,
    shape,
)
from lims.equipment.models import DUTIES

_COMMON = (("state", "open (unless asked), snoozed, acknowledged, all"),
           ("whose", "mine, all; unless asked all for who answers for all standards"))
OPERATIONS = (
    Operation("get", "/alerts", "alerts:read", "Nhắc hạn của chuẩn, mới nhất trước",
              "Alerts of standards, newest first", (
        *_COMMON, ("duty", ", ".join(DUTIES)), ("standard", "asset number of a standard"),
        ("q", "words of the standard"), *PAGE), answers=((JSON, "AlertPage"),), refusals=(422,)),
    Operation("get", "/alerts/{alert_id}", "alerts:read", "Một nhắc hạn của chuẩn", "One alert of a standard",
              answers=((JSON, "Alert"),), refusals=(404,), tagged=True),
    Operation("get", "/alerts/people", "alerts:read", "Nhắc hạn của người: thẻ, giấy tờ, ủy quyền, đào tạo, báo cáo",
              "Alerts about people: cards, papers, authorisations, training, reports", (
        *_COMMON, ("kind", "card, paper, authorisation, need, …"), *PAGE),
              answers=((JSON, "PersonAlertPage"),), refusals=(422,)),
    Operation("get", "/alerts/people/{alert_id}", "alerts:read", "Một nhắc hạn của người", "One alert about a person",
              answers=((JSON, "PersonAlert"),), refusals=(404,), tagged=True),
    changing("/alerts/{alert_id}", "alerts:write", "Nhận nhắc hạn (acknowledged), hoặc hoãn có lý do",
             "Acknowledge an alert, or put it off with a reason", body="AlertChange", answer="Alert",
             permission="alerts.act"),
    changing("/alerts/people/{alert_id}", "alerts:write", "Nhận hoặc hoãn nhắc hạn của người",
             "Acknowledge or put off an alert about a person", body="AlertChange", answer="PersonAlert",
             permission="alerts.act"),
)
_STAGE: Schema = {"type": "integer", "description": "days before the due date; -1 overdue, -2 told to those above"}
_HANDLING: dict[str, Any] = {
    "due_on": DAY, "stage": _STAGE, "created_at": INSTANT, "acknowledged_at": INSTANT_OR_NULL,
    "acknowledged_by": TEXT_OR_NULL, "snoozed_until": DAY_OR_NULL, "snoozed_by": TEXT_OR_NULL, "snooze_reason": TEXT}
_ALERT: dict[str, Any] = {"id": WHOLE, "standard": TEXT, "standard_name": TEXT, "duty": one_of(*DUTIES),
                          "label": TEXT, **_HANDLING, "url": TEXT}
_PERSONAL: dict[str, Any] = {"id": WHOLE, "person": TEXT, "person_user": TEXT, "kind": TEXT, "label": TEXT,
                             **_HANDLING, "url": TEXT}
SCHEMAS: dict[str, Schema] = {
    "AlertLine": shape(**_ALERT), "AlertPage": page_of("AlertLine"), "Alert": shape(**_ALERT, version=WHOLE),
    "PersonAlertLine": shape(**_PERSONAL), "PersonAlertPage": page_of("PersonAlertLine"),
    "PersonAlert": shape(**_PERSONAL, version=WHOLE),
}
BODIES = {"AlertChange": body_of(SnoozeForm, partial=True, acknowledged={"const": True})}
