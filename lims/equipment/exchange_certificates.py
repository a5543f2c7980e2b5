"""Certificates of standards as a table: a line for each point; lines of one certificate follow each other.

What stands only once on the paper may stand on the first of its lines only. A certificate that was entered before with
the same values is left as it is; with others it is refused, since entries are corrected on their page with a reason.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from lims.auth.models import User
from lims.equipment import service
from lims.equipment.certificate_form import CELLS, CertificateForm
from lims.equipment.certificates import CertificateEntry, add_certificate
from lims.equipment.facts import standing
from lims.equipment.models import Standard, StandardCertificate
from lims.equipment.table import MOST_ROWS, read_table
from lims.equipment.words import ROUTE, STATED
from lims.shared.db import session
from lims.shared.errors import DomainError
from lims.shared.exchange import Column, Kind, Line, Outcome, announce
from lims.shared.i18n import language

HEAD = (
    Column("standard", _l("Mã chuẩn"), True, example="CH-AS-001"), Column("function", _l("Chức năng")),
    Column("number", _l("Số giấy"), True, example="V06.CN2.0123.26"),
    Column("issuer", _l("Nơi cấp"), True, example="Viện Đo lường Việt Nam"),
    Column("calibrated_on", _l("Ngày hiệu chuẩn"), True, shape="day", example="05/09/2026"),
    Column("valid_to", _l("Giấy có hạn đến"), shape="day"),
    Column("route", _l("Liên kết chuẩn qua"), True, words=lambda: ROUTE, example="cipm_mra"),
    Column("accreditation", _l("Mã công nhận, chỉ định")), Column("traceable_to", _l("Nối tới, bằng chứng")),
    Column("parents", _l("Chuẩn của mình đã dùng")), Column("unit", _l("Đơn vị của điểm đo"), True, example="bar"),
    Column("spread_unit", _l("Đơn vị của U và số hiệu chính")),
    Column("stated", _l("Bảng ghi"), words=lambda: STATED, example="value"),
    Column("correlation", _l("Tương quan giữa các điểm, r"), shape="number"), Column("note", _l("Ghi chú")))
POINT = (
    Column("nominal", _l("Điểm đo"), True, shape="number", example="10"),
    Column("given", _l("Giá trị hoặc số hiệu chính"), True, shape="number", example="10,002"),
    Column("uncertainty", _l("U"), True, shape="number", example="0,004"),
    Column("coverage", _l("k"), shape="number", example="2"))
COLUMNS = (*HEAD, *POINT)
_CELLS = dict(zip(CELLS, (column.key for column in POINT), strict=True))
_PLAIN = ("number", "issuer", "calibrated_on", "valid_to", "route", "accreditation", "traceable_to", "unit",
          "spread_unit", "stated", "correlation", "note")


@dataclass
class _Group:
    """The lines of one certificate."""

    first: Line
    lines: list[Line] = field(default_factory=list)


def _rows() -> Iterator[Mapping[str, Any]]:
    for standard_id in session().scalars(sa.select(Standard.id).order_by(Standard.id)).all():
        for row in reversed(standing(session().get_one(Standard, standard_id).certificates)):
            head = {key: getattr(row, key) for key in _PLAIN}
            head |= {"standard": row.standard.asset_number, "function": row.function.name if row.function else "",
                     "parents": ", ".join(parent.asset_number for parent in row.parents)}
            for value in row.values:
                yield {**head, "nominal": value.nominal_text, "given": value.stated_text,
                       "uncertainty": value.uncertainty_text, "coverage": value.coverage_text}
        session().expire_all()


def _take(current: Session, lines: Sequence[Line], outcome: Outcome, by: User) -> None:
    for group in _groups(lines, outcome):
        line = group.first
        standard = service.find_by_code(line.get("standard"))
        if standard is None:
            outcome.wrong(line, "standard", _("Sổ chưa có chuẩn này."))
            continue
        try:
            entry = _entry(current, standard, group, outcome)
            if entry is None:
                continue
            name = f"{standard.asset_number} · {entry.number}"
            known = _known(standard, entry)
            if known is None:
                add_certificate(current, service.locked(current, standard.id), entry, by=by)
                outcome.done(line, name, "new")
            elif _content(known) == _content_of(entry):
                outcome.done(line, name, "same")
            else:
                outcome.wrong(line, "number", _("Giấy này đã nhập với nội dung khác; hãy sửa bản đã nhập trên trang."))
        except DomainError as error:
            part, _dot, cell = error.field.removeprefix("rows.").partition(".")
            at = group.lines[int(part)] if part.isdigit() and int(part) < len(group.lines) else line
            outcome.wrong(at, _CELLS.get(cell, _FIELDS.get(error.field, error.field)), error.message(language()))


_FIELDS = {"function_id": "function", "parent_ids": "parents", "rows": "nominal"}


def _groups(lines: Sequence[Line], outcome: Outcome) -> list[_Group]:
    groups: dict[tuple[str, ...], _Group] = {}
    last: _Group | None = None
    for line in lines:
        key = tuple(line.get(name).casefold() for name in ("standard", "function", "number"))
        if not key[0] and not key[2]:
            if last is None:
                outcome.wrong(line, "standard", _("Dòng này không thuộc giấy nào."))
                continue
        else:
            last = groups.setdefault(key, _Group(line))
        last.lines.append(line)
        for name in _PLAIN[1:]:
            if line.get(name) and line.get(name) != last.first.get(name):
                outcome.wrong(line, name, _("Khác với dòng %(line)s của cùng giấy.", line=last.first.number))
    return list(groups.values())


def _entry(current: Session, standard: Standard, group: _Group, outcome: Outcome) -> CertificateEntry | None:
    """What the form makes of the lines; None with faults."""
    line, before = group.first, len(outcome.faults)
    functions = {row.name.casefold(): row.id for row in standard.functions}
    function = line.get("function").casefold()
    if function and function not in functions:
        outcome.wrong(line, "function", _("Chuẩn không có chức năng này."))
    parents = _parents(current, line, outcome)
    values = [(key, line.get(key)) for key in _PLAIN if line.get(key)]
    values += [("coverage", "2"), *(("parent_ids", str(parent)) for parent in parents)]
    values += [("function_id", str(functions[function]))] if function in functions else []
    values += [(f"rows-{at}-{cell}", one.get(key))
               for at, one in enumerate(group.lines) for cell, key in _CELLS.items()]
    form = CertificateForm(standard, formdata=MultiDict(values), meta={"csrf": False},
                           parents=[(str(parent), "") for parent in parents])
    typed = form.typed_rows()
    _rows_read, faults = read_table(typed, coverage="2")
    for fault in faults:
        outcome.wrong(group.lines[min(fault.row, len(group.lines) - 1)], _CELLS[fault.cell],
                      fault.text.in_language(language()))
    if len(group.lines) > MOST_ROWS:
        outcome.wrong(line, "nominal", _("Bảng có quá %(most)s dòng.", most=MOST_ROWS))
    if not form.validate():
        for key, messages in form.errors.items():
            if key != "rows":
                outcome.wrong(line, _FIELDS.get(key or "", key or ""), str(messages[0]))
    return form.entry() if len(outcome.faults) == before else None


def _parents(current: Session, line: Line, outcome: Outcome) -> list[int]:
    found = []
    for name in filter(None, (part.strip() for part in line.get("parents").replace(";", ",").split(","))):
        row = service.find_by_code(name)
        if row is None:
            outcome.wrong(line, "parents", _("Sổ chưa có chuẩn %(number)s.", number=name))
        else:
            found.append(row.id)
    return found


def _known(standard: Standard, entry: CertificateEntry) -> StandardCertificate | None:
    return next((row for row in standing(standard.certificates)
                 if (row.number.casefold(), row.issuer, row.function_id) == (
                     entry.number.casefold(), entry.issuer, entry.function_id)), None)


def _content(row: StandardCertificate) -> tuple[Any, ...]:
    spread = "" if row.spread_unit == row.unit else row.spread_unit
    return (row.calibrated_on, row.valid_to, row.route, row.accreditation, row.traceable_to, row.unit, spread,
            row.stated, row.correlation, row.note, sorted(parent.id for parent in row.parents),
            [(one.nominal, one.value if row.stated == "value" else one.correction, one.uncertainty,
              one.coverage_factor) for one in row.values])


def _content_of(entry: CertificateEntry) -> tuple[Any, ...]:
    spread = "" if entry.spread_unit == entry.unit else entry.spread_unit
    parents = sorted(entry.parent_ids) if entry.route == "internal" else []
    rows, _faults = read_table(entry.rows, coverage=entry.coverage)
    return (entry.calibrated_on, entry.valid_to, entry.route, entry.accreditation, entry.traceable_to, entry.unit,
            spread, entry.stated, entry.correlation, entry.note, parents,
            [(row.nominal.value, row.stated.value, row.uncertainty.value, row.coverage.value) for row in rows])


announce(Kind("standard-certificates", _l("Giấy chứng nhận của chuẩn"), "standards.edit", COLUMNS, _rows, _take))
