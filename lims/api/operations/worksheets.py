"""`/worksheets`: sheets of items with every reading as it was typed."""
from __future__ import annotations

from typing import Any

from lims.api.form_schema import body_of
from lims.api.operation import (
    DAY,
    INSTANT,
    INSTANT_OR_NULL,
    JSON,
    PAGE,
    TEXT,
    TEXT_OR_NULL,
    WHOLE,
    YES_NO,
    Operation,
    Schema,
    changing,
    creating,
    many,
    nullable,
    one_of,
    page_of,
    reference,
    shape,
)
from lims.api.sheet_bodies import DOT_MEANS, ChosenStandard, Details, NewWorksheet, Nothing
from lims.jobs.states import STATES


def _act(path: str, vi: str, en: str, body: str) -> Operation:
    return changing(f"/worksheets/{{code}}{path}", "worksheets:write", vi, en, body=body, answer="Worksheet",
                    permission="jobs.measure", method="post")


OPERATIONS = (
    Operation("get", "/worksheets", "worksheets:read", "Bảng đo, mới nhất trước", "Worksheets, newest first", (
        ("q", "beginning of the item's code, or words of the instrument"), ("state", ", ".join(STATES)),
        ("procedure", "code of a procedure"), ("performed_by", "user name"), ("since", "measured from, YYYY-MM-DD"),
        ("until", "measured until, YYYY-MM-DD"), *PAGE), answers=((JSON, "WorksheetPage"),), refusals=(422,)),
    Operation("get", "/worksheets/{code}", "worksheets:read", "Một bảng đo: từng ô, chuẩn, kết quả tính",
              "One sheet: every cell, the standards, what is computed", answers=((JSON, "Worksheet"),),
              refusals=(404, 410), tagged=True),
    Operation("get", "/worksheets/{code}/results", "worksheets:read", "Các kết quả đã chuyển soát xét",
              "Results that were submitted", answers=((JSON, "ResultPage"),), refusals=(404, 410)),
    Operation("get", "/worksheets/{code}/history", "worksheets:read", "Mọi lần ghi, đúng như đã gõ",
              "Every entry as it was typed", answers=((JSON, "EntryPage"),), refusals=(404, 410)),
    creating("/worksheets", "worksheets:write", "Bắt đầu đo một mục", "Begin measuring an item", body="NewWorksheet",
             answer="Worksheet", permission="jobs.measure", refusals=(403,)),
    changing("/worksheets/{code}", "worksheets:write", "Sửa ngày đo, sai khác", "Change measuring day, deviation",
             body="WorksheetChange", answer="Worksheet", permission="jobs.measure"),
    Operation("post", "/worksheets/{code}/cells", "worksheets:write", "Ghi số đọc, đúng như đã gõ",
              "Write readings exactly as typed, each against the revision seen of its cell", body="Readings",
              answers=((JSON, "ReadingsWritten"),), refusals=(400, 404, 409, 413, 415, 422), tagged=True,
              permission="jobs.measure"),
    _act("/standards", "Chọn chuẩn", "Choose a standard", "ChosenStandard"),
    _act("/standards/remove", "Bỏ chuẩn", "Take a standard out", "ChosenStandard"),
    _act("/look", "Người thứ hai xem lại số đọc", "The second pair of eyes", "Nothing"),
    _act("/submit", "Chuyển soát xét", "Submit for review", "Nothing"),
)
_ANY: Schema = {"type": "object"}
_NUMBER_OR_NULL: Schema = {"type": ["number", "null"]}
_LINE: dict[str, Any] = {
    "item": TEXT, "job": TEXT, "procedure": TEXT, "edition": TEXT, "state": one_of(*STATES), "performed_on": DAY,
    "performed_by": TEXT, "performed_by_user": TEXT, "started_at": INSTANT, "submitted_at": INSTANT_OR_NULL,
    "deviation": TEXT, "url": TEXT}
_REASON = shape(code=TEXT, where=TEXT, text=TEXT)
_READING = shape(cell={"type": "string", "description": "table/point/column/repeat, env/…, check/…, field/…"},
                 text={"type": "string", "description": "exactly as typed"},
                 base_revision={"type": "integer", "description": "revision seen of the cell, 0 for an empty one"},
                 reason=TEXT, confirmed=YES_NO) | {"required": ["cell", "text", "base_revision"],
                                                   "additionalProperties": False}
SCHEMAS: dict[str, Schema] = {
    "WorksheetLine": shape(**_LINE),
    "WorksheetPage": page_of("WorksheetLine"),
    "Worksheet": shape(
        **_LINE, open=YES_NO, dot_means=one_of("", *DOT_MEANS), second_pair=YES_NO, looked_over_by=TEXT_OR_NULL,
        cells=many(shape(
            cell=TEXT, kind=one_of("reading", "environment", "check", "field", "timer"), name=TEXT, unit=TEXT,
            optional=YES_NO, expected=TEXT_OR_NULL, resolution=TEXT_OR_NULL, text=TEXT, revision=WHOLE,
            by=TEXT_OR_NULL, at=INSTANT_OR_NULL, reason=TEXT)),
        standards=many(shape(slot=TEXT, label=TEXT, quantity=TEXT, unit=TEXT, least=WHOLE, most=WHOLE, chosen=many(
            shape(standard=TEXT, certificate=TEXT_OR_NULL, override_reason=TEXT, against=many(TEXT))))),
        problems=many(_REASON), evaluation=reference("Evaluation"), version=TEXT),
    "Evaluation": shape(
        verdict=TEXT, decision_rule=TEXT_OR_NULL, reasons=many(_REASON), warnings=many(_REASON),
        checks=many(shape(check=TEXT, state=TEXT)), rows=many(shape(
            row=TEXT, nominal=TEXT, state=one_of("complete", "waiting", "error"), message=TEXT,
            value=_NUMBER_OR_NULL, U=_NUMBER_OR_NULL, k=_NUMBER_OR_NULL, unit=TEXT, value_text=TEXT, U_text=TEXT,
            k_text=TEXT, mpe=TEXT, verdict=TEXT))),
    "Readings": {"type": "object", "required": ["cells"], "additionalProperties": False, "properties": {
        "cells": many(_READING), "dot_means": one_of("", *DOT_MEANS)}},
    "ReadingsWritten": shape(outcomes=many(shape(
        cell=TEXT, status=one_of("saved", "refused", "ambiguous", "guard", "conflict", "reason"), code=TEXT,
        message=TEXT, suggestion=TEXT_OR_NULL, candidates=_ANY, now=nullable(reference("Entry")))),
        version=TEXT, evaluation=reference("Evaluation")),
    "Entry": shape(cell=TEXT, revision=WHOLE, text=TEXT, unit=TEXT, source=TEXT, at=INSTANT, by=TEXT, reason=TEXT),
    "EntryPage": page_of("Entry"),
    "Result": shape(revision=WHOLE, computed_at=INSTANT, engine_version=TEXT, verdict=TEXT, digest=TEXT,
                    evaluation=_ANY),
    "ResultPage": page_of("Result"),
}
BODIES = {"NewWorksheet": body_of(NewWorksheet), "WorksheetChange": body_of(Details, partial=True),
          "ChosenStandard": body_of(ChosenStandard), "Nothing": body_of(Nothing)}
