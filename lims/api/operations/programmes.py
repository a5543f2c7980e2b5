"""`/programmes`: measurement-assurance programmes."""
from __future__ import annotations

from typing import Any

from lims.api.form_schema import body_of
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
    changing,
    creating,
    many,
    nullable,
    one_of,
    page_of,
    reference,
    shape,
)
from lims.api.programme_forms import (
    ActionBody,
    ExpertForm,
    FollowUpBody,
    MeasurementBody,
    NewProgramme,
    PartBody,
    ProgrammeChange,
)
from lims.programmes.models import STATES


def _action_change() -> Schema:
    """Fields of a draft's action, or of its following up once the programme is issued."""
    return {"anyOf": [body_of(form, partial=True)() for form in (ActionBody, FollowUpBody)]}


_WRITE, _EDIT = ("programmes:write",), "programmes.edit"
OPERATIONS = (
    Operation("get", "/programmes", "programmes:read", "Chương trình bảo đảm đo lường, mới nhất trước",
              "Measurement-assurance programmes, newest first", (
        ("q", "words of title or enterprise"), ("state", ", ".join(STATES)), ("customer", "code of an enterprise"),
        *PAGE), answers=((JSON, "ProgrammePage"),), refusals=(422,)),
    Operation("get", "/programmes/{programme_id}", "programmes:read",
              "Một chương trình: phép đo và thiếu sót, nhiệm vụ, nhóm chuyên gia, văn bản",
              "One programme: measurements and gaps, actions, experts, documents",
              answers=((JSON, "Programme"),), refusals=(404,), tagged=True),
    creating("/programmes", *_WRITE, "Lập dự thảo chương trình theo mẫu", "A draft by the template",
             body="NewProgramme", answer="Programme", permission=_EDIT),
    changing("/programmes/{programme_id}", *_WRITE, "Sửa dự thảo: tên, kỳ, TUR yêu cầu, căn cứ",
             "Change a draft: title, period, wanted TUR, basis", body="ProgrammeChange", answer="Programme",
             permission=_EDIT),
    Operation("get", "/programmes/parts/{part_id}", "programmes:read", "Một mục của chương trình", "A section or topic",
              answers=((JSON, "ProgrammePart"),), refusals=(404,), tagged=True),
    changing("/programmes/parts/{part_id}", *_WRITE, "Viết một mục, thiếu sót và nguyên nhân",
             "Write a section or topic, what is missing and why", body="ProgrammePartChange", answer="ProgrammePart",
             permission=_EDIT),
    creating("/programmes/{programme_id}/measurements", *_WRITE, "Thêm phép đo", "Something more that is measured",
             body="NewProgrammeMeasurement", answer="ProgrammeMeasurement", permission=_EDIT, refusals=(404,)),
    Operation("get", "/programmes/measurements/{measurement_id}", "programmes:read",
              "Một phép đo và thiếu sót hôm nay", "A measurement and its gaps today",
              answers=((JSON, "ProgrammeMeasurement"),), refusals=(404,), tagged=True),
    changing("/programmes/measurements/{measurement_id}", *_WRITE, "Sửa phép đo", "Change a measurement",
             body="ProgrammeMeasurementChange", answer="ProgrammeMeasurement", permission=_EDIT),
    creating("/programmes/{programme_id}/actions", *_WRITE, "Thêm nhiệm vụ", "Something more to be done",
             body="NewProgrammeAction", answer="ProgrammeAction", permission=_EDIT, refusals=(404,)),
    Operation("get", "/programmes/actions/{action_id}", "programmes:read", "Một nhiệm vụ và kết quả",
              "An action and what came of it", answers=((JSON, "ProgrammeAction"),), refusals=(404,), tagged=True),
    changing("/programmes/actions/{action_id}", *_WRITE,
             "Sửa nhiệm vụ của dự thảo; của chương trình đã ban hành: ghi kết quả, hiệu lực",
             "Change an action of a draft; of an issued programme tell what came of it and whether it worked",
             body="ProgrammeActionChange", answer="ProgrammeAction", permission=_EDIT),
    creating("/programmes/{programme_id}/experts", *_WRITE, "Thêm người vào nhóm chuyên gia",
             "A member of the expert group", body="NewProgrammeExpert", answer="Programme", permission=_EDIT,
             refusals=(404,)),
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
        parts=many(reference("ProgrammePart")), measurements=many(reference("ProgrammeMeasurement")),
        actions=many(reference("ProgrammeAction")),
        experts=many(shape(id=WHOLE, name=TEXT, body=TEXT, role=TEXT, decision=TEXT)),
        document=_PAPER, result=_PAPER),
    "ProgrammePart": shape(
        id=WHOLE, programme=WHOLE, kind=one_of("section", "topic"), title=TEXT, hint=TEXT, body=TEXT, gap=TEXT,
        cause=TEXT, version=WHOLE, url=TEXT),
    "ProgrammeMeasurement": shape(
        id=WHOLE, programme=WHOLE, what=TEXT, instrument=WHOLE_OR_NULL, instrument_serial=TEXT_OR_NULL, unit=TEXT,
        lower=TEXT_OR_NULL, upper=TEXT_OR_NULL, expanded=TEXT_OR_NULL, factor=TEXT, permissible=TEXT_OR_NULL,
        source=TEXT, ratio={"type": ["number", "null"]}, gaps=many(TEXT), version=WHOLE, url=TEXT),
    "ProgrammeAction": shape(
        id=WHOLE, programme=WHOLE, measurement=WHOLE_OR_NULL, part=WHOLE_OR_NULL, gap=TEXT, kind=TEXT, text=TEXT,
        owner=TEXT, due_on=DAY, cost=TEXT_OR_NULL, state=one_of("open", "done", "dropped"), done_on=DAY_OR_NULL,
        result=TEXT, effect=TEXT, effect_note=TEXT, version=WHOLE, url=TEXT),
}
BODIES = {
    "NewProgramme": body_of(NewProgramme), "ProgrammeChange": body_of(ProgrammeChange, partial=True),
    "ProgrammePartChange": body_of(PartBody, partial=True),
    "NewProgrammeMeasurement": body_of(MeasurementBody),
    "ProgrammeMeasurementChange": body_of(MeasurementBody, partial=True),
    "NewProgrammeAction": body_of(ActionBody), "ProgrammeActionChange": _action_change,
    "NewProgrammeExpert": body_of(ExpertForm)}
