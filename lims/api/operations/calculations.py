"""`/calc`: the calculations of `lims calc`."""
from __future__ import annotations

from lims.api.operation import JSON, Operation, Schema
from uncertainty.calc import KINDS

OPERATIONS = (
    Operation("post", "/calc/{kind}", "calc", "Tính một tài liệu (định dạng của lims calc)",
              "Calculate a document (formats of lims calc)", body="Calculation", choices=(("kind", tuple(KINDS)),),
              answers=((JSON, "Calculation"),), refusals=(415, 422)),
)
SCHEMAS: dict[str, Schema] = {"Calculation": {"type": "object", "additionalProperties": True}}
