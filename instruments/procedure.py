"""A procedure from its TOML file: checked completely, every fault with its line."""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Literal, cast

from instruments.chosen_units import unit_fields
from instruments.procedure_adjustment import with_adjustments
from instruments.procedure_givens import (
    read_constant,
    read_environment,
    read_field,
    read_lookups,
    read_standard,
    read_timer,
)
from instruments.procedure_judging import read_confirmation
from instruments.procedure_model import (
    Check,
    Coverage,
    Decision,
    DecisionRule,
    Field,
    Method,
    Procedure,
    Service,
    Table,
    Unconfirmed,
    Validity,
)
from instruments.procedure_names import Names
from instruments.procedure_reader import Fault, FaultBook, Node
from instruments.procedure_tables import read_table, read_when
from instruments.toml_lines import value_lines
from instruments.words import Words

__all__ = ["Fault", "Procedure", "ProcedureError", "load_procedure", "procedure_digest"]

MAX_CHARACTERS = 300_000
"""Longest file that is read; the largest of the library has a tenth of it."""


class ProcedureError(ValueError):
    """The file is no procedure; `faults` holds all that was found, ordered by line."""

    def __init__(self, origin: str, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(f"{origin}:{fault.line}: {fault.path}: {fault.en}" for fault in faults))
        self.origin, self.faults = origin, faults


def load_procedure(text: str, source: str = "") -> Procedure:
    """The procedure that `text` (TOML, docs/procedures.md) describes; ProcedureError with every fault otherwise."""
    data = _parse(text, source)
    book = FaultBook(value_lines(text.replace("\r\n", "\n")))
    procedure = _read(Node(data, (), book), source, procedure_digest(text))
    if book.faults:
        raise ProcedureError(source, tuple(sorted(book.faults, key=lambda fault: fault.line)))
    return procedure


def procedure_digest(text: str) -> str:
    """SHA-256 (hex) of the text in NFC, with LF line ends, without blanks at line ends, with one final line end."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").split("\n")
    normal = "\n".join(line.rstrip() for line in lines).strip("\n") + "\n"
    return hashlib.sha256(normal.encode()).hexdigest()


def _parse(text: str, source: str) -> Mapping[str, Any]:
    if len(text) > MAX_CHARACTERS:
        fault = Fault(1, "", f"tệp dài quá {MAX_CHARACTERS} ký tự", f"the file is longer than {MAX_CHARACTERS}")
        raise ProcedureError(source, (fault,))
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as wrong:
        at = re.search(r"at line (\d+)", str(wrong))
        line = int(at[1]) if at else text.count("\n") + 1
        why = str(wrong) if isinstance(wrong, tomllib.TOMLDecodeError) else "nested too deeply"
        raise ProcedureError(source, (Fault(line, "", f"không phải TOML: {why}", f"not TOML: {why}"),)) from None


def _read(root: Node, origin: str, digest: str) -> Procedure:
    head = root.table("procedure")
    service = cast(Service, head.choice("service", ("calibration", "verification", "test")))
    fixed = Names()
    fields = tuple(read_field(node, fixed) for node in root.tables("fields"))
    constants = tuple(read_constant(node, fixed) for node in root.tables("constants"))
    environment = tuple(read_environment(node, fixed) for node in root.tables("environment"))
    at_point = Names(fixed.with_also())
    lookups = read_lookups(root.tables("lookups"), fields, fixed, at_point)
    standards = tuple(read_standard(node, fixed, at_point) for node in root.tables("standards"))
    point_names = at_point.with_also() - fixed.with_also()
    slots = [slot.key for slot in standards]
    tables = tuple(read_table(node, fixed, point_names, slots, fields) for node in root.tables("tables"))
    if not tables:
        root.fault(None, "thủ tục không có bảng đo [[tables]]", "the procedure has no [[tables]]")
    _check_point_fields(root, fields, tables)
    keys = {table.key for table in tables}
    timers = tuple(read_timer(node) for node in root.tables("timers"))
    procedure = Procedure(
        code=head.text("code"),
        edition=head.text("edition"),
        version=head.integer("version", 1, 1_000_000),
        title=head.words("title"),
        method=_method(root.table("method")),
        service=service,
        quantity=head.text("quantity"),
        kinds=head.texts("kinds"),
        fields=fields,
        constants=constants,
        lookups=lookups,
        standards=standards,
        environment=environment,
        checks=tuple(_check(node, service, keys, fields) for node in root.tables("checks")),
        tables=tables,
        coverage=_coverage(root.table("coverage")),
        decision=_decision(root.table("decision") if "decision" in root else Node({}, ("decision",), root.book)),
        validity=_validity(root.table("validity") if "validity" in root else Node({}, ("validity",), root.book)),
        sticker=cast(
            Literal["verification", "calibration"] | None,
            head.choice("sticker", ("verification", "calibration")) if "sticker" in head else None,
        ),
        timers=timers,
        second_pair=head.flag("second_pair", False),
        unconfirmed=(),
        unit_fields=(),
        origin=origin,
        digest=digest,
    )
    named = tuple(_unconfirmed(node) for node in root.tables("unconfirmed"))
    procedure = replace(
        procedure, unconfirmed=(*_marked_unconfirmed(procedure), *named), unit_fields=unit_fields(procedure)
    )
    head.done()
    for name, items in (
        ("fields", fields), ("standards", standards), ("tables", tables), ("checks", procedure.checks),
        ("timers", timers),
    ):  # fmt: skip
        _check_keys(root, name, [item.key for item in items])
    for at, timer in enumerate(timers):
        if timer.table is not None and timer.table not in keys:
            root.book.add(("timers", at, "table"), f"không có bảng {timer.table}", f"there is no table {timer.table}")
    _check_verdict(root, procedure)
    choices = {field.key for field in fields if field.type == "choice"}
    for key in procedure.unit_fields:
        if key not in choices:
            text = (f"đơn vị {{{key}}}: {key} không phải mục kiểu choice",
                    f"unit {{{key}}}: {key} is not a field of type choice")  # fmt: skip
            root.fault("fields", *text)
    root.done()
    return with_adjustments(procedure, root)


def _method(node: Node) -> Method:
    method = Method(
        document=node.text("document"),
        edition=node.text("edition", ""),
        title=node.words("title"),
        confirmation=read_confirmation(node),
        note=node.optional_words("note"),
    )
    node.done()
    return method


def _check(node: Node, service: Service, tables: Collection[str], fields: tuple[Field, ...]) -> Check:
    check = Check(
        key=node.text("key"),
        label=node.words("label"),
        how=node.optional_words("how"),
        tables=node.texts("tables"),
        stops=node.flag("stops", service == "verification"),
        when=read_when(node, fields),
    )
    for name in check.tables:
        if name not in tables:
            node.fault("tables", f"không có bảng {name}", f"there is no table {name}")
    if service == "verification" and not check.stops:
        node.fault(
            "stops", "kiểm định dừng ở bước đầu tiên không đạt", "a verification stops at the first failed check"
        )
    node.done()
    return check


def _coverage(node: Node) -> Coverage:
    probability = node.number("probability", 0.9545)
    if not 0 < probability < 1:
        node.fault("probability", "cần một số giữa 0 và 1", "expected a number between 0 and 1")
    monte_carlo = node.pairs("monte_carlo") if "monte_carlo" in node else None
    if monte_carlo is not None and not (set(monte_carlo) <= {"trials", "digits", "seed"}):
        node.fault("monte_carlo", "chỉ có trials, digits, seed", "only trials, digits, seed are known")
    coverage = Coverage(
        probability=probability,
        method=node.choice("method", ("student_t", "dominant", "monte_carlo", "auto"), "student_t"),
        dof_rule=node.choice("dof_rule", ("truncate", "interpolate", "infinite"), "truncate"),
        digits=node.integer("digits", 1, 2, 2),
        monte_carlo=MappingProxyType(dict(monte_carlo)) if monte_carlo is not None else None,
    )
    node.done()
    return coverage


def _decision(node: Node) -> Decision:
    rules = ("simple", "guarded", "guarded_r", "four_state")
    rule = cast(DecisionRule, node.choice("rule", rules)) if "rule" in node else None
    decision = Decision(rule, node.number("r", 1.0), node.optional_words("wording"))
    node.done()
    return decision


def _validity(node: Node) -> Validity:
    months = node.integer("suggested_months", 1, 600) if "suggested_months" in node else None
    validity = Validity(node.optional_text("legal_item"), months)
    node.done()
    return validity


def _unconfirmed(node: Node) -> Unconfirmed:
    entry = Unconfirmed(node.words("subject"), node.text("source"))
    node.done()
    return entry


def _marked_unconfirmed(procedure: Procedure) -> Iterator[Unconfirmed]:
    """What carries the mark unconfirmed: the method, lookups, limits of error."""
    method = procedure.method
    if method.confirmation == "unconfirmed":
        yield Unconfirmed(Words(f"nội dung của {method.document}", f"content of {method.document}"), method.document)
    limits = [formula for table in procedure.tables if table.mpe for formula in (table.mpe.lower, table.mpe.upper)]
    for lookup in procedure.lookups:
        if lookup.confirmation == "unconfirmed":
            in_limits = any(lookup.key in formula.names for formula in limits)
            named = lookup.label or Words(f"bảng tra {lookup.key}", f"lookup {lookup.key}")
            yield Unconfirmed(named, lookup.source, in_limits)
    for table in procedure.tables:
        if table.mpe is not None and table.mpe.confirmation == "unconfirmed":
            subject = Words(f"sai số cho phép: {table.title.vi}", f"limits of error: {table.title.en}")
            yield Unconfirmed(subject, table.mpe.source, only_limits=True)


def _check_keys(root: Node, name: str, keys: Sequence[str]) -> None:
    for at, key in enumerate(keys):
        if key and key in keys[:at]:
            root.book.add((name, at, "key"), f"{key} có hai lần", f"{key} stands twice")


def _check_point_fields(root: Node, fields: tuple[Field, ...], tables: tuple[Table, ...]) -> None:
    lists = {field.key for field in fields if field.type == "list"}
    for at, table in enumerate(tables):
        if table.points.field is not None and table.points.field not in lists:
            name = table.points.field
            path = ("tables", at, "points", "field")
            root.book.add(path, f"{name} không phải mục kiểu list", f"{name} is not a field of type list")


def _check_verdict(root: Node, procedure: Procedure) -> None:
    """A verification must be able to say pass or fail, and say by which rule."""
    if procedure.service != "verification":
        return
    if procedure.decision.rule is None:
        root.fault("decision", "kiểm định cần quy tắc ra quyết định", "a verification needs a decision rule")
    if not any(table.mpe or table.criteria for table in procedure.tables):
        root.fault("tables", "kiểm định cần sai số cho phép", "a verification needs maximum permissible errors")
