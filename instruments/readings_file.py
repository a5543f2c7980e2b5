"""READINGS.json: what was typed on a sheet as a file, for `lims procedure run` and for reference cases.

The format is written down in docs/procedures.md. Readings, fields and environment are strings with the digits as typed
(decimal point); numbers of standards' certificates are plain numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar, cast

from instruments.observations import AgreedRule, CheckResult, Observations, StandardData, StandardPoint
from instruments.procedure_model import Procedure
from instruments.scope import environment_keys
from instruments.sheet import layout
from instruments.typed_number import NumberError, TypedNumber, parse_typed
from uncertainty.document_text import load_document
from uncertainty.documents import Reader, checked_number, join, open_document
from uncertainty.errors import FaultList, InputError

SECTIONS = ("instrument", "readings", "checks", "environment", "standards", "decision_rule", "cmc")
RULES = ("simple", "guarded", "guarded_r", "four_state")
_STANDARD = (
    "asset_number", "certificate_number", "unit", "spread_unit", "points", "drift", "history", "resolution", "mpe",
    "whole",
)  # fmt: skip
_POINT = ("nominal", "U", "k", "value", "correction")

Value = TypeVar("Value")


def load_observations(text: str, name: str, procedure: Procedure) -> Observations:
    """The text of READINGS.json as observations; InputError with every fault otherwise."""
    return read_observations_document(load_document(text, name), procedure)


def read_observations_document(document: object, procedure: Procedure) -> Observations:
    """The parsed document as observations; InputError with every fault, by JSON path."""
    top = open_document(document, "observations", SECTIONS)
    faults = FaultList()
    fields = _members(top, "instrument", faults, [field.key for field in procedure.fields], _text)
    cells = [cell.key for table in layout(procedure, fields).tables for cell in table.cells]
    conditions = [key for limit in procedure.environment for key in environment_keys(limit.key)]
    checks = [check.key for check in procedure.checks if not check.tables]
    slots = [slot.key for slot in procedure.standards]
    rows = list(dict.fromkeys("/".join(cell.split("/")[:2]) for cell in cells))
    observations = Observations(
        instrument=fields,
        readings=_members(top, "readings", faults, cells, _typed),
        checks=_members(top, "checks", faults, checks, _check),
        environment=_members(top, "environment", faults, conditions, _typed),
        standards=_members(top, "standards", faults, slots, _standards),
        cmc=_members(top, "cmc", faults, rows, _positive),
    )
    with faults.gathering():
        observations = _with_rule(observations, top)
    faults.raise_if_any()
    return observations


def _members(
    top: Reader, section: str, faults: FaultList, known: list[str], read: Callable[[object, str], Value]
) -> dict[str, Value]:
    """One section, each member read by itself; a missing section is empty."""
    found: dict[str, Value] = {}
    if section not in top:
        return found
    with faults.gathering():
        for key, path, raw in top.members(section):
            with faults.gathering():
                if key not in known:
                    raise InputError(path, vi="thủ tục không có mục này", en="the procedure has no such key")
                found[key] = read(raw, path)
    return found


def _with_rule(observations: Observations, top: Reader) -> Observations:
    if "decision_rule" not in top or top.raw("decision_rule") is None:
        return observations
    return replace(observations, decision_rule=cast(AgreedRule, top.choice("decision_rule", (*RULES, "none"))))


def _text(raw: object, path: str) -> str:
    if not isinstance(raw, str):
        raise InputError(path, vi='cần chuỗi ký tự, ví dụ "100.10"', en='expected a string, e.g. "100.10"')
    return raw


def _typed(raw: object, path: str) -> TypedNumber:
    try:
        return parse_typed(_text(raw, path), convention="api")
    except NumberError as wrong:
        raise InputError(path, vi=wrong.vi, en=wrong.en) from None


def _check(raw: object, path: str) -> CheckResult:
    if raw not in ("pass", "fail", "na"):
        raise InputError(path, vi="cần pass, fail hoặc na", en="expected pass, fail or na")
    return raw


def _positive(raw: object, path: str) -> float:
    return checked_number(raw, path, above=0)


def _standards(raw: object, path: str) -> StandardData | tuple[StandardData, ...]:
    if isinstance(raw, list):
        return tuple(_standard(item, join(path, at)) for at, item in enumerate(raw))
    return _standard(raw, path)


def _standard(raw: object, path: str) -> StandardData:
    reader = Reader(raw, path, _STANDARD)
    return StandardData(
        asset_number=reader.text("asset_number"),
        certificate_number=reader.text("certificate_number"),
        unit=reader.text("unit"),
        points=tuple(_point(item, at) for at, item in reader.elements("points")),
        spread_unit=reader.text("spread_unit", "") or None,
        drift=reader.number("drift", 0.0, at_least=0),
        history=reader.optional_number("history", at_least=0),
        resolution=reader.number("resolution", 0.0, at_least=0),
        mpe=reader.optional_number("mpe", above=0),
        whole=reader.text("whole", ""),
    )


def _point(raw: object, path: str) -> StandardPoint:
    reader = Reader(raw, path, _POINT)
    return StandardPoint(
        nominal=reader.number("nominal"),
        U=reader.number("U", at_least=0),
        k=reader.number("k", 2.0, above=0),
        value=reader.optional_number("value"),
        correction=reader.optional_number("correction"),
    )
