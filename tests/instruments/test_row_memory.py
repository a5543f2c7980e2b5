"""A remembered row is exactly the row that would be evaluated: everything that it can see decides."""
from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from instruments import row_memory
from instruments.evaluate import evaluate
from instruments.library import ReferenceCase, load_shipped, reference_cases, shipped_names
from instruments.observations import Observations, StandardData
from instruments.row_memory import RowMemory
from instruments.typed_number import TypedNumber

CASES = [(name, case) for name in shipped_names() for case in reference_cases(name)]
PROCEDURE = load_shipped("multimeter-dc")
SEEN = reference_cases("multimeter-dc")[0].observations


@pytest.fixture
def evaluated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The rows that were evaluated and not remembered."""
    rows, original = [], row_memory.evaluate_row

    def counted(sheet: Any, table: Any, point: Any) -> Any:
        rows.append(f"{table.key}/{point.number}")
        return original(sheet, table, point)

    monkeypatch.setattr(row_memory, "evaluate_row", counted)
    return rows


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{name}: {case.name}" for name, case in CASES])
def test_a_remembered_sheet_is_the_evaluated_one(name: str, case: ReferenceCase) -> None:
    memory, procedure = RowMemory(), load_shipped(name)
    plain = evaluate(procedure, case.observations).to_json()
    assert evaluate(procedure, case.observations, memory=memory).to_json() == plain
    assert evaluate(procedure, case.observations, memory=memory).to_json() == plain


def test_one_changed_reading_costs_one_row(evaluated: list[str]) -> None:
    memory = RowMemory()
    seen = replace(SEEN, instrument={**SEEN.instrument, "test_points": "50; 100; 150"}, readings={
        f"main/{at}/ind/1": TypedNumber(f"{50 * at},1", Decimal(f"{50 * at}.1")) for at in (1, 2, 3)})
    evaluate(PROCEDURE, seen, memory=memory)
    evaluated.clear()
    again = replace(seen, readings={**seen.readings, "main/2/ind/1": TypedNumber("100,2", Decimal("100.2"))})
    found = evaluate(PROCEDURE, again, memory=memory)
    assert evaluated == ["main/2"]
    assert found.to_json() == evaluate(PROCEDURE, again).to_json()


def _other_standard(seen: Observations) -> Observations:
    (slot, chosen), = seen.standards.items()
    one = chosen if isinstance(chosen, StandardData) else chosen[0]
    return replace(seen, standards={slot: [replace(one, drift=one.drift * 2)]})


def _more_digits(seen: Observations) -> Observations:
    """The same number with one more digit prints otherwise."""
    cell, number = next(iter(seen.readings.items()))
    text = f"{number.text if isinstance(number, TypedNumber) else number}0"
    return replace(seen, readings={**seen.readings, cell: TypedNumber(text, Decimal(text.replace(",", ".")))})


@pytest.mark.parametrize("change", [
    _other_standard, _more_digits, lambda seen: replace(seen, cmc={"main/1": 0.5}),
    lambda seen: replace(seen, decision_rule="guarded"),
    lambda seen: replace(seen, instrument={**seen.instrument, "resolution": "1"})])
def test_whatever_a_row_sees_makes_it_another_row(evaluated: list[str], change: Any) -> None:
    memory = RowMemory()
    evaluate(PROCEDURE, SEEN, memory=memory)
    evaluated.clear()
    changed = change(SEEN)
    found = evaluate(PROCEDURE, changed, memory=memory)
    assert evaluated != []
    assert found.to_json() == evaluate(PROCEDURE, changed).to_json()


def test_the_memory_is_bounded() -> None:
    memory = RowMemory(most=2)
    for at in range(5):
        evaluate(PROCEDURE, replace(SEEN, readings={"main/1/ind/1": Decimal(100 + at)}), memory=memory)
    assert len(memory._rows) == 2
