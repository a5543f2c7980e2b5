"""A small procedure that uses every part of the format, and what was typed on its sheet."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from instruments.evaluate import evaluate
from instruments.evaluation import Evaluation
from instruments.observations import Observations, StandardData, StandardPoint
from instruments.procedure import Procedure, load_procedure

TEXT = """\
[procedure]
code = "QT-TEST"
edition = "1"
version = 3
title = { vi = "Thử", en = "Trial" }
service = "calibration"
quantity = "length"
kinds = ["micrometer"]

[method]
document = "QT-TEST"
title = { vi = "Thử", en = "Trial" }
confirmation = "confirmed"

[[fields]]
key = "range_max"
label = { vi = "Phạm vi", en = "Range" }
unit = "mm"
type = "number"

[[fields]]
key = "grade"
label = { vi = "Cấp", en = "Grade" }
type = "choice"
choices = ["0.5", "1"]
required = false

[[fields]]
key = "s_dof"
label = { vi = "Bậc tự do", en = "Degrees of freedom" }
type = "number"
required = false

[[constants]]
key = "alpha"
value = 11.5e-6
unit = "1/K"
label = { vi = "Hệ số nở", en = "Expansion" }
source = "sổ tay"

[[lookups]]
key = "factor"
field = "grade"
source = "bảng A"
confirmation = "confirmed"
values = { "0.5" = 0.5, "1" = 1 }

[[lookups]]
key = "limit"
at = "nominal"
match = "up_to"
source = "bảng B"
confirmation = "unconfirmed"
rows = [
  { at = 25, value = 0.004 },
  { at = 50, value = 0.006 },
]

[[standards]]
key = "ref"
label = { vi = "Chuẩn", en = "Standard" }
quantity = "length"
unit = "mm"
needs = { from = 0, to = "range_max" }
u_at_most = "mpe/3"

[[environment]]
key = "temperature"
label = { vi = "Nhiệt độ", en = "Temperature" }
unit = "°C"
lower = 18
upper = 22

[[checks]]
key = "external"
label = { vi = "Bên ngoài", en = "External" }

[[tables]]
key = "rep"
title = { vi = "Độ lặp lại", en = "Repeatability" }
[tables.points]
label = { vi = "Điểm", en = "Point" }
unit = "mm"
values = ["range_max/2"]
[[tables.readings]]
key = "r"
label = { vi = "Số đọc", en = "Reading" }
unit = "mm"
repeat = 4
at_least = 3
[[tables.summary]]
key = "s_rep"
label = { vi = "s", en = "s" }
unit = "mm"
of = "r_s"
take = "max"

[[tables]]
key = "main"
title = { vi = "Sai số", en = "Error" }
[tables.points]
label = { vi = "Kích thước", en = "Length" }
unit = "mm"
percent = [0, 50, 100]
from = 0
to = "range_max"
[[tables.readings]]
key = "up"
label = { vi = "Tăng", en = "Rising" }
unit = "mm"
direction = "up"
resolution = 0.001
expected = "nominal"
within = "max(0.1, 0.01*nominal)"
[[tables.readings]]
key = "down"
label = { vi = "Giảm", en = "Falling" }
unit = "mm"
direction = "down"
[[tables.derived]]
key = "mean"
label = { vi = "Trung bình", en = "Mean" }
unit = "mm"
formula = "(up + down)/2"
[tables.mpe]
lower = "-limit*factor"
upper = "2*limit*factor"
u_at_most = "mpe/3"
source = "bảng B"
confirmation = "confirmed"
[tables.result]
name = "E"
label = { vi = "Sai số", en = "Error" }
unit = "µm"
report_unit = "mm"
factor = 0.001
model = "I - S + a*dt + d"
[[tables.result.inputs]]
name = "I"
label = { vi = "Số chỉ", en = "Indication" }
value = "1000*mean"
standard_uncertainty = "1000*s_rep"
dof = "s_dof"
[[tables.result.inputs]]
name = "S"
label = { vi = "Chuẩn", en = "Standard" }
value = "1000*ref_value"
expanded_uncertainty = "1000*ref_U"
coverage_factor = "ref_k"
standard = "ref"
[[tables.result.inputs]]
name = "a"
label = { vi = "Nở nhiệt", en = "Expansion" }
value = "1000*nominal*alpha"
[[tables.result.inputs]]
name = "dt"
label = { vi = "Nhiệt độ", en = "Temperature" }
value = "temperature - 20"
half_width = "temperature_half + 0.1"
[[tables.result.inputs]]
name = "d"
label = { vi = "Trôi", en = "Drift" }
value = 0
half_width = "1000*ref_drift"
[[tables.columns]]
key = "nominal"
head = { vi = "Kích thước", en = "Length" }
unit = "mm"
show = "nominal"
decimals = "point"
[[tables.columns]]
key = "error"
head = { vi = "Sai số", en = "Error" }
unit = "mm"
show = "result"
signed = true
[[tables.columns]]
key = "mean"
head = { vi = "Trung bình", en = "Mean" }
unit = "mm"
show = "mean"
decimals = 4
[[tables.columns]]
key = "limits"
head = { vi = "Cho phép", en = "Permitted" }
unit = "mm"
show = "mpe"
[[tables.columns]]
key = "verdict"
head = { vi = "Kết luận", en = "Conclusion" }
show = "verdict"

[coverage]
probability = 0.9545
"""

STANDARD = StandardData(
    "CH-01",
    "DD.01.26",
    "mm",
    (
        StandardPoint(0, 0.2, correction=0.0),
        StandardPoint(25, 0.2, correction=0.5),
        StandardPoint(50, 0.4, correction=1),
    ),
    spread_unit="µm",
)
READINGS: Mapping[str, str] = {
    "rep/1/r/1": "25.001",
    "rep/1/r/2": "25.000",
    "rep/1/r/3": "25.002",
    "main/1/up/1": "0.000",
    "main/1/down/1": "0.001",
    "main/2/up/1": "25.002",
    "main/2/down/1": "25.003",
    "main/3/up/1": "50.003",
    "main/3/down/1": "50.005",
}


@cache
def sample(*changes: tuple[str, str]) -> Procedure:
    """The procedure with each text replaced once by another."""
    text = TEXT
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return load_procedure(text, "sample.toml")


def observed(**changes: Any) -> Observations:
    """A complete sheet, with parts replaced."""
    parts: dict[str, Any] = {
        "instrument": {"range_max": "50", "grade": "1"},
        "readings": {cell: Decimal(text) for cell, text in READINGS.items()},
        "checks": {"external": "pass"},
        "environment": {"temperature/start": Decimal("20.0"), "temperature/end": Decimal("20.4")},
        "standards": {"ref": STANDARD},
        **changes,
    }
    return Observations(**parts)


def without(*cells: str) -> dict[str, Decimal]:
    """The readings without some cells."""
    return {cell: Decimal(text) for cell, text in READINGS.items() if cell not in cells}


def evaluated(procedure: Procedure | None = None, **changes: Any) -> Evaluation:
    """The sample evaluated, with parts of the sheet replaced."""
    return evaluate(procedure or sample(), observed(**changes), lean=True)
