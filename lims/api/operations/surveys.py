"""`/surveys`: surveys of instruments at enterprises."""
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
    WHOLE_OR_NULL,
    Operation,
    Schema,
    changing,
    creating,
    many,
    one_of,
    page_of,
    shape,
)
from lims.api.survey_forms import BeginForm, SurveyChange
from lims.surveys.row_fields import FIELDS

_STATES = ("draft", "finished")
OPERATIONS = (
    Operation("get", "/surveys", "surveys:read", "Phiếu khảo sát, mới nhất trước", "Surveys, newest first", (
        ("q", "words of the enterprise"), ("state", ", ".join(_STATES)), ("year", "year of the visit"),
        ("customer", "code of an enterprise"), *PAGE), answers=((JSON, "SurveyPage"),), refusals=(422,)),
    Operation("get", "/surveys/{number}", "surveys:read", "Một phiếu khảo sát với từng phương tiện đo",
              "One survey with its rows", answers=((JSON, "Survey"),), refusals=(404,), tagged=True),
    creating("/surveys", "surveys:write", "Mở phiếu khảo sát một doanh nghiệp", "Begin a survey of an enterprise",
             body="NewSurvey", answer="Survey", permission="surveys.edit"),
    changing("/surveys/{number}", "surveys:write",
             "Ghi đầu phiếu, câu trả lời, các dòng của phiếu đang làm; hoặc kết thúc phiếu (state)",
             "Head, answers and rows of a draft, all or none; or its end (state)", body="SurveyChange",
             answer="Survey", permission="surveys.edit"),
)
_LINE: dict[str, Any] = {
    "number": TEXT, "customer": TEXT, "customer_name": TEXT, "visited_on": DAY, "team": TEXT,
    "state": one_of(*_STATES), "row_count": WHOLE, "created_at": INSTANT, "finished_at": INSTANT_OR_NULL, "url": TEXT}
SCHEMAS: dict[str, Schema] = {
    "SurveyLine": shape(**_LINE),
    "SurveyPage": page_of("SurveyLine"),
    "Survey": shape(
        **_LINE, version=WHOLE, findings=TEXT, recommendations=TEXT,
        questions=many(shape(key=TEXT, kind=TEXT, question=TEXT, answer=TEXT)),
        rows=many(shape(key=TEXT, revision=WHOLE, fields=shape(**dict.fromkeys(FIELDS, TEXT)),
                        faults=many(shape(field=TEXT, detail=TEXT)), outcome=TEXT, advice=TEXT,
                        instrument=WHOLE_OR_NULL)),
        photos=WHOLE, record_sha256=TEXT_OR_NULL),
}
BODIES = {"NewSurvey": body_of(BeginForm), "SurveyChange": body_of(
    SurveyChange, partial=True, answers={"type": "object", "additionalProperties": TEXT_OR_NULL},
    state={"const": "finished"}, keep=many(TEXT), out_of_use=many(WHOLE))}
