"""`/programmes`: measurement-assurance programmes."""
from __future__ import annotations

from typing import Any

from lims.api.operation import (
    DAY,
    DAY_OR_NULL,
    INSTANT,
    JSON,
    PAGE,
    TEXT,
    TEXT_OR_NULL,
    WHOLE,
    WHOLE_OR_NULL,
    Operation,
    Schema,
    many,
    nullable,
    one_of,
    page_of,
    shape,
)
from lims.programmes.models import STATES

OPERATIONS = (
    Operation("get", "/programmes", "programmes:read", "Chương trình bảo đảm đo lường, mới nhất trước",
              "Measurement-assurance programmes, newest first", (
        ("q", "words of title or enterprise"), ("state", ", ".join(STATES)), ("customer", "code of an enterprise"),
        *PAGE), answers=((JSON, "ProgrammePage"),), refusals=(422,)),
    Operation("get", "/programmes/{programme_id}", "programmes:read",
              "Một chương trình: phép đo và thiếu sót, nhiệm vụ, nhóm chuyên gia, văn bản",
              "One programme: measurements and gaps, actions, experts, documents",
              answers=((JSON, "Programme"),), refusals=(404,), tagged=True),
)
_LINE: dict[str, Any] = {
    "id": WHOLE, "customer": TEXT, "customer_name": TEXT, "title": TEXT, "first_on": DAY, "last_on": DAY,
    "state": one_of(*STATES), "edition": WHOLE, "replaces": WHOLE_OR_NULL, "number": TEXT_OR_NULL,
    "actions_open": WHOLE, "created_at": INSTANT, "url": TEXT}
_PAPER = nullable(shape(number=TEXT, issued_on=DAY, by=TEXT, record_sha256=TEXT))
SCHEMAS: dict[str, Schema] = {
    "ProgrammeLine": shape(**_LINE),
    "ProgrammePage": page_of("ProgrammeLine"),
    "Programme": shape(
        **_LINE, version=WHOLE, basis=TEXT, wanted_ratio=TEXT, change_reason=TEXT, closing=TEXT, prepared_by=TEXT,
        prepared_by_user=TEXT,
        parts=many(shape(id=WHOLE, kind=one_of("section", "topic"), title=TEXT, body=TEXT, gap=TEXT, cause=TEXT)),
        measurements=many(shape(
            id=WHOLE, what=TEXT, instrument=WHOLE_OR_NULL, instrument_serial=TEXT_OR_NULL, unit=TEXT,
            lower=TEXT_OR_NULL, upper=TEXT_OR_NULL, expanded=TEXT_OR_NULL, factor=TEXT, permissible=TEXT_OR_NULL,
            source=TEXT, ratio={"type": ["number", "null"]}, gaps=many(TEXT))),
        actions=many(shape(
            id=WHOLE, measurement=WHOLE_OR_NULL, gap=TEXT, kind=TEXT, text=TEXT, owner=TEXT, due_on=DAY,
            cost=TEXT_OR_NULL, state=one_of("open", "done", "dropped"), done_on=DAY_OR_NULL, result=TEXT, effect=TEXT,
            effect_note=TEXT)),
        experts=many(shape(id=WHOLE, name=TEXT, body=TEXT, role=TEXT, decision=TEXT)),
        document=_PAPER, result=_PAPER),
}
