"""`/standard-certificates`: certificates of the laboratory's own standards."""
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
    YES_NO,
    Operation,
    Schema,
    changing,
    creating,
    many,
    nullable,
    one_of,
    page_of,
    shape,
)
from lims.api.standard_certificate_forms import CorrectionForm, EntryForm
from lims.equipment.certificate_listing import STATES
from lims.equipment.models import ROUTES, STATED

OPERATIONS = (
    Operation("get", "/standard-certificates", "standards:read", "Giấy chứng nhận của chuẩn, nhập sau đứng trước",
              "Certificates of standards, newest entry first", (
        ("q", "words of number, issuer or standard"), ("standard", "asset number of a standard"),
        ("state", ", ".join(STATES)), ("since", "calibrated from, yyyy-mm-dd"),
        ("until", "calibrated until, yyyy-mm-dd"), *PAGE),
              answers=((JSON, "StandardCertificatePage"),), refusals=(422,)),
    Operation("get", "/standard-certificates/{certificate_id}", "standards:read",
              "Một giấy của chuẩn với bảng giá trị, U và k",
              "One certificate of a standard with its points, U and k",
              answers=((JSON, "StandardCertificate"),), refusals=(404,), tagged=True),
    creating("/standard-certificates", "standards:write", "Nhập giấy chứng nhận của một chuẩn với bảng giá trị, U và k",
             "Enter a certificate of a standard with its points, U and k", body="NewStandardCertificate",
             answer="StandardCertificate", permission="standards.edit"),
    changing("/standard-certificates/{certificate_id}", "standards:write",
             "Nhập bản sửa thay bản sai (kèm reason), hoặc rút bản nhập nhầm (void, reason); bản trước được giữ",
             "A corrected entry in the place of a wrong one (with a reason), or take it back (void, reason); what was "
             "entered before stays", body="StandardCertificateChange", answer="StandardCertificate",
             permission="standards.edit"),
)
_LINE: dict[str, Any] = {
    "id": WHOLE, "standard": TEXT, "number": TEXT, "issuer": TEXT, "route": one_of(*ROUTES),
    "calibrated_on": DAY, "valid_to": DAY_OR_NULL, "function": TEXT_OR_NULL, "entered_at": INSTANT, "void": YES_NO,
    "supersedes": WHOLE_OR_NULL, "superseded_by": WHOLE_OR_NULL, "url": TEXT}
SCHEMAS: dict[str, Schema] = {
    "StandardCertificateLine": shape(**_LINE),
    "StandardCertificatePage": page_of("StandardCertificateLine"),
    "StandardCertificate": shape(
        **_LINE, version=WHOLE, accreditation=TEXT, traceable_to=TEXT, unit=TEXT, spread_unit=TEXT,
        stated=one_of(*STATED), correlation=TEXT_OR_NULL, parents=many(TEXT),
        points=many(shape(nominal=TEXT, value=TEXT_OR_NULL, correction=TEXT_OR_NULL, expanded_uncertainty=TEXT,
                          coverage_factor=TEXT)),
        note=TEXT, reason=TEXT, entered_by=TEXT, entered_by_user=TEXT,
        file=nullable(shape(name=TEXT, size=WHOLE, sha256=TEXT))),
}
BODIES = {"NewStandardCertificate": body_of(EntryForm),
          "StandardCertificateChange": body_of(CorrectionForm, partial=True, void=YES_NO)}
