"""`/standards`: the register of reference standards."""
from __future__ import annotations

from typing import Any

from lims.api.form_schema import body_of
from lims.api.operation import (
    DAY,
    DAY_OR_NULL,
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
    one_of,
    page_of,
    shape,
)
from lims.api.standard_forms import NewStandard, StandardChange
from lims.equipment.models import STATES

OPERATIONS = (
    Operation("get", "/standards", "standards:read", "Chuẩn đo lường, hạn gần nhất trước",
              "Reference standards, nearest calibration date first", (
        ("q", "words of number, name, maker, serial"), ("state", "in_use, out_for_calibration, quarantined, "
         "out_of_service, retired"), ("due", "overdue, due_soon, in_date, away"), ("quantity", "code of a quantity"),
        ("month", "yyyy-mm"), ("window", "days that count as soon"), *PAGE), answers=((JSON, "StandardPage"),)),
    Operation("get", "/standards/{asset_number}", "standards:read", "Một chuẩn, các giấy và lịch của nó",
              "One standard, its certificates and schedules",
              answers=((JSON, "Standard"),), refusals=(404,), tagged=True),
    creating("/standards", "standards:write", "Đưa một chuẩn vào sổ, kèm chu kỳ hiệu chuẩn",
             "A new standard with its calibration interval", body="NewStandard", answer="Standard",
             permission="standards.edit"),
    changing("/standards/{asset_number}", "standards:write",
             "Sửa chuẩn (chỉ gửi những trường thay đổi), hoặc đổi state kèm reason",
             "Change a standard (only the fields sent), or its state with a reason", body="StandardChange",
             answer="Standard", permission="standards.edit"),
)
_PLAIN: dict[str, Any] = {
    "asset_number": TEXT, "name": TEXT, "quantity": TEXT, "maker": TEXT, "model": TEXT, "serial": TEXT,
    "accuracy": TEXT, "unit": TEXT, "range_low": TEXT_OR_NULL, "range_high": TEXT_OR_NULL, "level": TEXT,
    "state": TEXT, "location": TEXT, "custodian": TEXT_OR_NULL, "url": TEXT}
SCHEMAS: dict[str, Schema] = {
    "StandardLine": shape(**_PLAIN, due_on=DAY_OR_NULL, due=TEXT, certificate=TEXT_OR_NULL),
    "StandardPage": page_of("StandardLine"),
    "Standard": shape(
        **_PLAIN, version=WHOLE, custodian_user=TEXT_OR_NULL, awaits_check=YES_NO, name_en=TEXT, range_text=TEXT,
        spread_unit=TEXT, note=TEXT, software=TEXT, lot=TEXT, drift_half_width=TEXT_OR_NULL,
        resolution=TEXT_OR_NULL, mpe=TEXT_OR_NULL, price=TEXT_OR_NULL, temperature_low=TEXT_OR_NULL,
        temperature_high=TEXT_OR_NULL, humidity_low=TEXT_OR_NULL, humidity_high=TEXT_OR_NULL,
        expires_on=DAY_OR_NULL, acquired_on=DAY_OR_NULL,
        certificates=many(shape(id=WHOLE, number=TEXT, issuer=TEXT, calibrated_on=DAY, traceability=TEXT, void=YES_NO)),
        schedules=many(shape(duty=TEXT, label=TEXT, interval=WHOLE, unit=TEXT, due_on=DAY_OR_NULL))),
}
BODIES = {"NewStandard": body_of(NewStandard), "StandardChange": body_of(
    StandardChange, partial=True, state=one_of(*STATES), reason=TEXT)}
