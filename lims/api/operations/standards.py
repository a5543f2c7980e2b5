"""`/standards`: the register of reference standards."""
from __future__ import annotations

from typing import Any

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
    many,
    page_of,
    shape,
)

OPERATIONS = (
    Operation("get", "/standards", "standards:read", "Chuẩn đo lường, hạn gần nhất trước",
              "Reference standards, nearest calibration date first", (
        ("q", "words of number, name, maker, serial"), ("state", "in_use, out_for_calibration, quarantined, "
         "out_of_service, retired"), ("due", "overdue, due_soon, in_date, away"), ("quantity", "code of a quantity"),
        ("month", "yyyy-mm"), ("window", "days that count as soon"), *PAGE), answers=((JSON, "StandardPage"),)),
    Operation("get", "/standards/{asset_number}", "standards:read", "Một chuẩn, các giấy và lịch của nó",
              "One standard, its certificates and schedules",
              answers=((JSON, "Standard"),), refusals=(404,), tagged=True),
)
_PLAIN: dict[str, Any] = {
    "asset_number": TEXT, "name": TEXT, "quantity": TEXT, "maker": TEXT, "model": TEXT, "serial": TEXT,
    "accuracy": TEXT, "unit": TEXT, "range_low": TEXT_OR_NULL, "range_high": TEXT_OR_NULL, "level": TEXT,
    "state": TEXT, "location": TEXT, "custodian": TEXT_OR_NULL, "url": TEXT}
SCHEMAS: dict[str, Schema] = {
    "StandardLine": shape(**_PLAIN, due_on=DAY_OR_NULL, due=TEXT, certificate=TEXT_OR_NULL),
    "StandardPage": page_of("StandardLine"),
    "Standard": shape(
        **_PLAIN, version=WHOLE,
        certificates=many(shape(number=TEXT, issuer=TEXT, calibrated_on=DAY, traceability=TEXT, void=YES_NO)),
        schedules=many(shape(duty=TEXT, label=TEXT, interval=WHOLE, unit=TEXT, due_on=DAY_OR_NULL))),
}
