"""`/instruments`: measuring instruments of customers."""
from __future__ import annotations

from lims.api.form_schema import body_of
from lims.api.instrument_form import NewInstrument
from lims.api.operation import (
    DAY_OR_NULL,
    INSTANT,
    JSON,
    PAGE,
    TEXT,
    WHOLE,
    YES_NO,
    Operation,
    Schema,
    changing,
    creating,
    one_of,
    page_of,
    shape,
)
from lims.customers.forms import InstrumentForm
from lims.customers.service import INSTRUMENT_FIELDS
from lims.customers.words import STATE

OPERATIONS = (
    Operation("get", "/instruments", "customers:read", "Phương tiện đo, hết hạn sớm nhất trước",
              "Instruments, nearest end of validity first", (
        ("q", "words of name, maker, model, serial or tag"), ("customer", "code of a customer"),
        ("kind", "code of a kind"), ("state", ", ".join(STATE)), ("group", "1, 2"),
        ("field", "code of a field of measurement"), ("month", "yyyy-mm in which the validity ends"),
        ("sector", "code of a sector"), ("commune", "name of a commune"), ("in_use", "true (unless asked), false"),
        PAGE[0]), answers=((JSON, "InstrumentPage"),), refusals=(422,)),
    Operation("get", "/instruments/{instrument_id}", "customers:read", "Một phương tiện đo", "One instrument",
              answers=((JSON, "Instrument"),), refusals=(404,), tagged=True),
    creating("/instruments", "customers:write", "Thêm phương tiện đo của một doanh nghiệp",
             "A new instrument of a customer", body="NewInstrument", answer="Instrument",
             permission="customers.edit"),
    changing("/instruments/{instrument_id}", "customers:write", "Sửa phương tiện đo; chỉ gửi những trường thay đổi",
             "Change an instrument; only the fields sent", body="InstrumentChange", answer="Instrument",
             permission="customers.edit"),
)
SCHEMAS: dict[str, Schema] = {
    "Instrument": shape(**{
        "id": WHOLE, "customer": TEXT, **dict.fromkeys(INSTRUMENT_FIELDS, TEXT), "in_use": YES_NO,
        "last_service": TEXT, "last_verdict": TEXT, "last_on": DAY_OR_NULL, "last_body": TEXT, "last_number": TEXT,
        "last_sticker": TEXT, "valid_until": DAY_OR_NULL, "due_on": DAY_OR_NULL, "state": one_of(*STATE),
        "group": WHOLE, "fields": {"type": "object"}, "created_at": INSTANT, "version": WHOLE, "url": TEXT}),
    "InstrumentPage": page_of("Instrument"),
}
BODIES = {"NewInstrument": body_of(NewInstrument), "InstrumentChange": body_of(InstrumentForm, partial=True)}
