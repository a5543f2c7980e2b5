"""What a procedure file can say beyond one table of points: repeats, cycles, parts of the sheet, whole-table limits."""

from __future__ import annotations

from decimal import Decimal

import pytest

from instruments.evaluate import evaluate
from instruments.evaluation import Evaluation
from instruments.load_of_pieces import pieces_for
from instruments.observations import Observations, StandardData, StandardPoint
from instruments.procedure import ProcedureError, load_procedure
from instruments.procedure_model import Procedure
from instruments.sheet import layout

HEAD = """
[procedure]
code = "QT-TH-01"
edition = "1"
version = 1
second_pair = true
title = { vi = "Thử", en = "Trial" }
service = "verification"
quantity = "pressure"
kinds = ["dial_pressure_gauge"]
[method]
document = "QT-TH-01"
title = { vi = "Thử", en = "Trial" }
confirmation = "confirmed"
[decision]
rule = "simple"
[coverage]
[[timers]]
key = "hold"
label = { vi = "Giữ ở giới hạn trên", en = "Hold at the upper end" }
seconds = 300
table = "main"
[[fields]]
key = "unit"
label = { vi = "Đơn vị", en = "Unit" }
type = "choice"
choices = ["bar", "kPa"]
[[fields]]
key = "medium"
label = { vi = "Môi chất", en = "Medium" }
type = "choice"
choices = ["oil", "gas"]
default = "gas"
labels = { oil = { vi = "dầu", en = "oil" } }
[[fields]]
key = "extra"
label = { vi = "Điểm thêm", en = "Further points" }
type = "list"
required = false
[[fields]]
key = "top"
label = { vi = "Giới hạn trên", en = "Upper end" }
type = "number"
default = "1.6"
[[standards]]
key = "ref"
label = { vi = "Chuẩn", en = "Reference" }
quantity = "pressure"
unit = "{unit}"
[[lookups]]
key = "near"
at = "nominal"
rows = [{ at = 1, value = 10 }, { at = 2, value = 20 }]
source = "x"
confirmation = "confirmed"
[[lookups]]
key = "doubled"
rows_of = "near"
at = "2*nominal"
[[checks]]
key = "oil_free"
label = { vi = "Không có dầu", en = "Free of oil" }
when = { field = "medium", is = ["gas"] }
[[checks]]
key = "errors"
label = { vi = "Sai số", en = "Errors" }
tables = ["main"]
[[checks]]
key = "extras"
label = { vi = "Điểm thêm", en = "Further points" }
tables = ["extra"]
"""
TABLE = """
[[tables]]
key = "main"
title = { vi = "Sai số", en = "Errors" }
walk = "repeats"
as_found = true
[tables.points]
label = { vi = "Áp suất", en = "Pressure" }
unit = "{unit}"
evenly = 4
from = 0
to = "top"
round_to = 0.25
[[tables.readings]]
key = "std"
label = { vi = "Chuẩn", en = "Reference" }
unit = "{unit}"
repeat = 2
[[tables.readings]]
key = "ind"
label = { vi = "Số chỉ", en = "Indication" }
unit = "{unit}"
repeat = 2
[[tables.derived]]
key = "E"
label = { vi = "Sai số", en = "Error" }
unit = "{unit}"
formula = "ind - std - ref_correction"
each = true
[tables.mpe]
symmetric = 0.1
source = "x"
confirmation = "confirmed"
[tables.result]
name = "Em"
label = { vi = "Sai số", en = "Error" }
unit = "{unit}"
model = "E + r"
[[tables.result.inputs]]
name = "E"
label = { vi = "Sai số", en = "Error" }
unit = "{unit}"
readings = "E"
[[tables.result.inputs]]
name = "r"
label = { vi = "Độ phân giải", en = "Resolution" }
unit = "{unit}"
value = 0
half_width = "ind_step/2"
[[tables.summary]]
key = "sw"
label = { vi = "Tổng", en = "Sum" }
of = "nominal*result"
take = "sum"
shown = false
[[tables.summary]]
key = "worst"
label = { vi = "Lớn nhất", en = "Largest" }
unit = "{unit}"
of = "result"
take = "max_abs"
digits = 2
[[tables.summary]]
key = "least"
label = { vi = "Nhỏ nhất", en = "Least" }
of = "result"
take = "min"
shown = false
[[tables.overall]]
key = "mean"
label = { vi = "Không cùng dấu", en = "Not of one sign" }
value = "least"
upper = 0.02
[[tables.columns]]
key = "error"
head = { vi = "Sai số", en = "Error" }
unit = "{unit}"
show = "result"
signed = true
[[tables]]
key = "extra"
title = { vi = "Điểm thêm", en = "Further points" }
when = { field = "extra" }
[tables.points]
label = { vi = "Áp suất", en = "Pressure" }
unit = "{unit}"
field = "extra"
[[tables.readings]]
key = "one"
label = { vi = "Số chỉ", en = "Indication" }
unit = "{unit}"
[[tables.criteria]]
key = "near"
label = { vi = "Gần điểm", en = "Near the point" }
value = "one - nominal"
symmetric = "doubled/1000"
"""


@pytest.fixture(scope="module")
def procedure() -> Procedure:
    return load_procedure(HEAD + TABLE, "trial.toml")


def measured(procedure: Procedure, rows: dict[int, tuple[str, str, str, str]], table: str = "main",
             **more: object) -> Evaluation:  # fmt: skip
    """std, ind, std, ind of each point; a standard in kPa that reads 1 kPa too high everywhere."""
    readings = {}
    for point, (s1, i1, s2, i2) in rows.items():
        readings |= {f"{table}/{point}/std/1": Decimal(s1), f"{table}/{point}/ind/1": Decimal(i1)}
        readings |= {f"{table}/{point}/std/2": Decimal(s2), f"{table}/{point}/ind/2": Decimal(i2)}
    standard = StandardData("C", "1", "kPa", tuple(StandardPoint(at, 0.2, correction=-1.0) for at in (0.0, 400.0)))
    fields = {"unit": "bar", **more.pop("fields", {})}  # type: ignore[dict-item]
    given = {"readings": readings | more.pop("readings", {}), "checks": {"oil_free": "pass"},  # type: ignore[operator]
             "standards": {"ref": standard}, **more}  # fmt: skip
    return evaluate(procedure, Observations(instrument=fields, **given))  # type: ignore[arg-type]


GOOD = {at: (f"{v:.3f}", f"{v + d:.3f}", f"{v:.3f}", f"{v + d + 0.004:.3f}")
        for at, (v, d) in enumerate(zip((0.0, 0.5, 1.0, 1.5), (0.0, 0.05, -0.03, 0.02), strict=True), 1)}  # fmt: skip


def test_points_stand_on_marks_of_the_scale_each_once(procedure: Procedure) -> None:
    """0; 0,533; 1,067; 1,6 rounded to quarters; from 0 to 0,5 only three of four marks are left."""
    table = layout(procedure, {"unit": "bar"}).tables[0]
    assert [point.nominal_text for point in table.points] == ["0.0", "0.5", "1.0", "1.5"]
    shorter = layout(procedure, {"unit": "bar", "top": "0,5"}).tables[0]
    assert [point.nominal for point in shorter.points] == [0, 0.25, 0.5]


def test_cells_are_walked_repeat_by_repeat(procedure: Procedure) -> None:
    cells = sorted(layout(procedure, {"unit": "bar"}).tables[0].cells, key=lambda cell: cell.order)
    assert [cell.key for cell in cells[:4]] == ["main/1/std/1", "main/1/ind/1", "main/1/std/2", "main/1/ind/2"]


def test_a_number_of_each_repeat_has_its_own_mean_and_spread(procedure: Procedure) -> None:
    """Correction −1 kPa = −0,01 bar, so E = ind − std + 0,01: 0,060 and 0,064; s/√2 = 0,002; last digit 0,001."""
    row = measured(procedure, GOOD).tables[0].rows[1]
    assert row.value == pytest.approx(0.062)
    assert row.budget is not None
    assert row.budget["standard_uncertainty"] == pytest.approx((0.002**2 + 0.0005**2 / 3) ** 0.5)
    assert row.derived[0].value == pytest.approx(0.062)


def test_units_follow_the_choice_of_a_field(procedure: Procedure) -> None:
    chosen = layout(procedure, {"unit": "kPa"})
    assert {chosen.tables[0].point_unit, chosen.tables[0].columns[0].unit, chosen.standards[0].unit} == {"kPa"}
    evaluation = measured(procedure, GOOD)
    assert evaluation.tables[0].heads[0].unit == "bar"
    in_kpa = measured(procedure, GOOD, fields={"unit": "kPa"})
    assert in_kpa.tables[0].rows[1].value == pytest.approx(0.052 + 1.0)


def test_a_whole_table_is_judged_over_its_summary(procedure: Procedure) -> None:
    evaluation = measured(procedure, GOOD)
    assert evaluation.verdict == "pass"
    assert [entry.key for entry in evaluation.tables[0].summary] == ["worst"]
    assert evaluation.tables[0].summary[0].text == "0.062"
    same_sign = {at: (s, f"{Decimal(i) + Decimal('0.05')}", t, f"{Decimal(j) + Decimal('0.05')}")
                 for at, (s, i, t, j) in GOOD.items() if at != 2} | {2: GOOD[2]}  # fmt: skip
    failed = measured(procedure, same_sign)
    assert failed.tables[0].overall[0].verdict == "fail"
    assert (failed.verdict, failed.checks[1].state) == ("fail", "fail")
    assert [reason.where for reason in failed.reasons] == ["errors", "main"]


def test_a_part_of_the_sheet_is_wanted_only_where_its_field_says_so(procedure: Procedure) -> None:
    plain = layout(procedure, {"unit": "bar"})
    assert [table.key for table in plain.tables] == ["main"]
    assert [check.key for check in layout(procedure, {"unit": "bar", "medium": "oil"}).checks] == ["errors", "extras"]
    assert measured(procedure, GOOD).checks[2].state == "na"
    assert measured(procedure, GOOD, fields={"medium": "oil"}, checks={}).checks[0].state == "na"
    more = {"extra": "0,5; 0,8"}
    assert measured(procedure, GOOD, fields=more).verdict == "incomplete"
    found = measured(procedure, GOOD, fields=more, readings={"extra/1/one/1": Decimal("0.51"),
                                                            "extra/2/one/1": Decimal("0.83")})  # fmt: skip
    assert [row.verdict for row in found.tables[1].rows] == ["pass", "fail"]
    assert [row.criteria[0].upper for row in found.tables[1].rows] == [0.01, 0.02]


def test_what_was_found_is_stated_beside_what_was_left_without_weight_in_the_verdict(procedure: Procedure) -> None:
    adjusted = {"adjusted": "yes"}
    tables = layout(procedure, {"unit": "bar", **adjusted}).tables
    assert [table.key for table in tables] == ["main_found", "main"]
    assert tables[1].title.en == "Errors - as left"
    assert measured(procedure, GOOD, fields=adjusted).verdict == "incomplete"
    bad = {key.replace("main", "main_found"): value + (Decimal(1) if "ind" in key else 0)
           for key, value in _readings(GOOD).items()}  # fmt: skip
    both = measured(procedure, GOOD, fields=adjusted, readings=bad)
    assert (both.tables[0].rows[0].verdict, both.tables[1].rows[0].verdict, both.verdict) == ("fail", "pass", "pass")


def _readings(rows: dict[int, tuple[str, str, str, str]]) -> dict[str, Decimal]:
    keys = ("std/1", "ind/1", "std/2", "ind/2")
    return {f"main/{at}/{key}": Decimal(text) for at, row in rows.items() for key, text in zip(keys, row, strict=True)}


def test_timers_and_the_second_pair_of_eyes_reach_the_page(procedure: Procedure) -> None:
    sheet = layout(procedure, {"unit": "bar"})
    assert [(timer.key, timer.seconds, timer.table) for timer in sheet.timers] == [("hold", 300, "main")]
    assert sheet.second_pair


@pytest.mark.parametrize(
    ("good", "bad", "line_of", "says"),
    [
        ('when = { field = "extra" }', 'when = { field = "extr" }', 'field = "extr" }', "there is no field extr"),
        ('is = ["gas"]', 'is = ["air"]', 'is = ["air"]', "air is not one of: oil, gas"),
        ('rows_of = "near"', 'rows_of = "far"', 'rows_of = "far"', "expected one of: near"),
        ('unit = "{unit}"\nevenly', 'unit = "{top}"\nevenly', "[[fields]]", "top is not a field of type choice"),
        ('table = "main"', 'table = "man"', 'table = "man"', "there is no table man"),
        ('of = "nominal*result"', 'of = "nominal*resul"', "nominal*resul", "did you mean result"),
        ("seconds = 300", "seconds = 0", "seconds = 0", "expected an integer"),
        ('value = "least"', 'value = "lest"', 'value = "lest"', "the name lest is not known here"),
        ('labels = { oil', 'labels = { water', "labels = { water", "water is not among the choices"),
        ('take = "sum"\n', "", 'key = "sw"', "the key take is missing"),
        ("each = true", "each = 1", "each = 1", "expected true or false"),
        ('readings = "E"', 'readings = "F"', 'readings = "F"', "no reading column F"),
        ("evenly = 4\nfrom = 0\nto", "values = [1, 2]\nfrom = 0\nto", "round_to", "percent or evenly only"),
    ],
)  # fmt: skip
def test_a_fault_names_its_line_and_what_was_expected(good: str, bad: str, line_of: str, says: str) -> None:
    text = (HEAD + TABLE).replace(good, bad, 1)
    with pytest.raises(ProcedureError) as refused:
        load_procedure(text, "trial.toml")
    line = text[: text.index(line_of)].count("\n") + 1
    assert any(abs(fault.line - line) <= 1 and says in fault.en for fault in refused.value.faults), refused.value.faults


@pytest.mark.parametrize(
    ("nominals", "load", "pieces"),
    [
        ([0.2, 2, 60], 4, {1: 2}),
        ([0.2, 2, 60], 180, {2: 3}),
        ([0.2, 2, 60], 62.2, {2: 1, 1: 1, 0: 1}),
        ([3, 4], 6, {0: 2}),
        ([2, 60], 0, {}),
        ([2, 60], 61, None),
        ([2, 60], -2, None),
        ([0, 60], 30, None),
    ],
)
def test_a_load_is_made_up_of_the_largest_weights_that_fit(
    nominals: list[float], load: float, pieces: dict[int, int] | None
) -> None:
    assert pieces_for(nominals, load) == pieces


def test_weights_that_stand_on_the_pan_together_add_their_errors_and_uncertainties() -> None:
    text = (HEAD + TABLE).replace('unit = "{unit}"\n[[lookups]]', 'unit = "{unit}"\nbetween = "sum"\n[[lookups]]', 1)
    standard = StandardData(
        "C", "1", "bar", (StandardPoint(0.5, 0.001, correction=0.002), StandardPoint(1.0, 0.002, correction=0.003)),
        drift=0.0001,
    )  # fmt: skip
    evaluation = evaluate(load_procedure(text), Observations(
        instrument={"unit": "bar"}, readings=_readings(GOOD), checks={"oil_free": "pass"},
        standards={"ref": standard}))  # fmt: skip
    use = evaluation.tables[0].rows[3].standards[0]
    assert (use.value, use.correction, use.U, use.k) == pytest.approx((1.505, 0.005, 0.003, 2.0))
    assert use.drift == pytest.approx(0.0002)
    assert evaluation.tables[0].rows[0].standards[0].U == 0
