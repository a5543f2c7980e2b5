"""`/jobs`, `/job-items`: what was taken in, and what becomes of it."""
from __future__ import annotations

from typing import Any

from lims.api.form_schema import body_of
from lims.api.job_forms import HandOverForm, ItemChange, JobForm, JobReview, NewJob, ReasonForm
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
    WHOLE_OR_NULL,
    YES_NO,
    Operation,
    Schema,
    changing,
    creating,
    many,
    one_of,
    page_of,
    reference,
    shape,
)
from lims.jobs.listing import SHOWN
from lims.jobs.models import PLACES, SERVICES
from lims.jobs.service import DECISION_RULES
from lims.jobs.states import STATES

OPERATIONS = (
    Operation("get", "/jobs", "jobs:read", "Phiếu tiếp nhận, mới nhất trước", "Jobs, newest first", (
        ("q", "words of the customer or signs of the number"), ("show", ", ".join(SHOWN) + " (unless asked)"),
        ("customer", "code of a customer"), *PAGE), answers=((JSON, "JobPage"),), refusals=(422,)),
    Operation("get", "/jobs/{number}", "jobs:read", "Một phiếu với các mục", "One job with its items",
              answers=((JSON, "Job"),), refusals=(404,), tagged=True),
    creating("/jobs", "jobs:write", "Tiếp nhận một hay nhiều phương tiện đo",
             "Take in one or several instruments", body="NewJob", answer="Job", permission="jobs.receive"),
    changing("/jobs/{number}", "jobs:write", "Sửa ngày hẹn, người giao, ghi chú",
             "Change the promised day, who brought it, the note", body="JobChange", answer="Job",
             permission="jobs.receive"),
    changing("/jobs/{number}/review", "jobs:write", "Ghi xem xét yêu cầu (ISO/IEC 17025 7.1)",
             "Record the review of the request (ISO/IEC 17025 7.1)", body="JobReview", answer="Job",
             permission="jobs.receive", method="post"),
    Operation("get", "/procedures", "jobs:read", "Quy trình đang dùng, theo mã", "Procedures in force, by code",
              answers=((JSON, "ProcedurePage"),)),
    Operation("get", "/job-items", "jobs:read", "Các mục, mới nhất trước", "Items, newest first", (
        ("q", "beginning of the code, or words of the instrument"), ("state", ", ".join(STATES)),
        ("service", ", ".join(SERVICES)), ("procedure", "code of a procedure"), ("assigned_to", "user name"),
        ("customer", "code of a customer"), ("job", "number of a job"), *PAGE),
              answers=((JSON, "JobItemPage"),), refusals=(422,)),
    Operation("get", "/job-items/{code}", "jobs:read", "Một mục", "One item", answers=((JSON, "JobItem"),),
              refusals=(404,), tagged=True),
    changing("/job-items/{code}", "jobs:write", "Giao việc cho người được ủy quyền",
             "Assign to somebody who is authorised", body="ItemChange", answer="JobItem", permission="jobs.assign"),
    changing("/job-items/{code}/cancel", "jobs:write", "Hủy mục trước khi đo", "Cancel before measuring",
             body="Reason", answer="JobItem", permission="jobs.receive", method="post"),
    changing("/job-items/{code}/hand-over", "jobs:write", "Giao trả mục đã cấp giấy", "Hand over an issued item",
             body="HandOver", answer="JobItem", permission="jobs.receive", method="post"),
)
_LINE: dict[str, Any] = {
    "number": TEXT, "customer": TEXT, "customer_name": TEXT, "place": one_of(*PLACES), "received_on": DAY,
    "received_by": TEXT, "received_by_user": TEXT, "delivered_by": TEXT, "promised_on": DAY_OR_NULL, "note": TEXT,
    "created_at": INSTANT, "reviewed_at": INSTANT_OR_NULL, "reviewed_by": TEXT_OR_NULL, "review_note": TEXT,
    "url": TEXT}
SCHEMAS: dict[str, Schema] = {
    "Procedure": shape(code=TEXT, edition=TEXT, version=WHOLE, title=TEXT, service=one_of(*SERVICES),
                       kinds=many(TEXT)),
    "ProcedurePage": page_of("Procedure"),
    "JobLine": shape(**_LINE, states={"type": "object", "description": "items by state"}),
    "JobPage": page_of("JobLine"),
    "Job": shape(**_LINE, items=many(reference("JobItem")), version=WHOLE),
    "JobItem": shape(
        code=TEXT, job=TEXT, position=WHOLE, customer=TEXT, instrument=WHOLE, kind=TEXT, name=TEXT, maker=TEXT,
        model=TEXT, serial=TEXT, procedure=TEXT, edition=TEXT, service=one_of(*SERVICES), regime=TEXT,
        regime_reason=TEXT, regime_note=TEXT, decision_rule=one_of(*DECISION_RULES),
        interval_agreed_months=WHOLE_OR_NULL, condition=TEXT, accessories=TEXT, state=one_of(*STATES),
        assigned_to=TEXT_OR_NULL, assigned_to_user=TEXT_OR_NULL, return_reason=TEXT, sticker=TEXT,
        certificate=TEXT_OR_NULL, handed_over_at=INSTANT_OR_NULL, handed_over_to=TEXT, has_worksheet=YES_NO,
        version=WHOLE, url=TEXT),
    "JobItemPage": page_of("JobItem"),
}
BODIES = {"NewJob": body_of(NewJob), "JobChange": body_of(JobForm, partial=True), "JobReview": body_of(JobReview),
          "ItemChange": body_of(ItemChange), "Reason": body_of(ReasonForm), "HandOver": body_of(HandOverForm)}
