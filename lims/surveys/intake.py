"""Many rows at once, from a spreadsheet: every row is read before any is written, and a fault names row and column."""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

import sqlalchemy as sa
from python_calamine import CalamineError, CalamineWorkbook

from lims.auth.models import User
from lims.customers.models import Customer
from lims.customers.service import serial_key
from lims.shared.db import session, write
from lims.shared.errors import Invalid
from lims.shared.text import search_key
from lims.surveys.models import Survey, SurveyRow
from lims.surveys.row_fields import CODES, DATES, FIELDS, Fault, kind_named, read
from lims.surveys.service import MOST_ROWS, actor_of, locked

MOST_BYTES = 5 * 1024 * 1024
HEADS = {
    "kind": "Loại phương tiện đo", "name": "Tên", "serial": "Số chế tạo", "model": "Kiểu", "maker": "Nơi sản xuất",
    "range_text": "Phạm vi đo", "place_of_use": "Nơi sử dụng", "tag": "Mã quản lý", "year": "Năm sản xuất",
    "last_service": "Kiểm định hay hiệu chuẩn", "last_verdict": "Kết quả", "last_on": "Ngày làm",
    "last_body": "Tổ chức thực hiện", "last_number": "Số giấy", "last_sticker": "Số tem",
    "valid_until": "Hạn ghi trên giấy, tem", "advice": "Kiến nghị", "note": "Ghi chú"}
HEADS_EN = {
    "kind": "Kind of instrument", "name": "Name", "serial": "Serial number", "model": "Model", "maker": "Maker",
    "range_text": "Measuring range", "place_of_use": "Place of use", "tag": "Tag", "year": "Year of manufacture",
    "last_service": "Verification or calibration", "last_verdict": "Result", "last_on": "Day of the check",
    "last_body": "Body", "last_number": "Certificate number", "last_sticker": "Sticker number",
    "valid_until": "End on the paper or sticker", "advice": "Recommendation", "note": "Note"}
ALSO = {"serial": ("Số máy", "Số hiệu", "Serial", "Số sản xuất"), "last_number": ("Số giấy chứng nhận",),
        "maker": ("Nơi (hãng) sản xuất", "Hãng sản xuất"), "name": ("Tên phương tiện đo", "Tên trên giấy"),
        "last_on": ("Ngày kiểm định", "Ngày hiệu chuẩn"), "valid_until": ("Hạn kiểm định", "Hiệu lực đến"),
        "last_sticker": ("Số tem kiểm định",), "kind": ("Loại",), "model": ("Ký hiệu", "Kiểu loại")}
"""What enterprises call these columns in lists of their own."""
NAMED = {search_key(head): name for name in HEADS for head in (name, *ALSO.get(name, ()), HEADS_EN[name], HEADS[name])}
"""The field of a folded head."""
_WRITTEN = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4}|\d{2})", re.ASCII)
HEAD_WITHIN = 20
"""Rows in which the head is looked for: a list often begins with its title."""
WORDS = {search_key(word): code for word, code in (
    ("kiểm định", "verification"), ("hiệu chuẩn", "calibration"), ("đạt", "pass"), ("không đạt", "fail"),
    ("sửa chữa", "repair"), ("thay thế", "replace"), ("không", "none"))}
EXAMPLE = {
    "kind": "Cân bàn", "name": "Cân bàn điện tử 150 kg", "serial": "0915077", "model": "DB-II",
    "maker": "CAS (Hàn Quốc)",
    "range_text": "Max 150 kg, d = 50 g", "place_of_use": "Kho thành phẩm", "tag": "CB-01", "year": "2020",
    "last_service": "Kiểm định", "last_verdict": "Đạt", "last_on": "20/10/2025", "last_number": "KĐ-0118/25",
    "last_sticker": "A 025118", "valid_until": "20/10/2026"}


@dataclass(frozen=True)
class RowFault:
    """A fault of a sheet: the row as the spreadsheet counts, the field of its column ("": the row), what is wrong."""

    row: int
    column: str
    fault: Fault


@dataclass(frozen=True)
class Sheet:
    """What a workbook holds: texts of each row by field and its number under "row"; heads that nothing is read from."""

    lines: list[dict[str, str]]
    unread: list[str]


def texts_of_workbook(content: bytes) -> Sheet:
    """The first sheet; its head is the row that names most columns, empty rows are left out but counted.

    Raises Invalid at `file` for what is no workbook, is too large, or has no head row."""
    if not content:
        raise Invalid("Hãy chọn tệp Excel.", "Choose an Excel file.", "file")
    if len(content) > MOST_BYTES:
        raise Invalid("Tệp lớn hơn 5 MB.", "The file is larger than 5 MB.", "file")
    try:
        table = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OSError, IndexError):
        raise Invalid("Tệp không phải bảng tính Excel (.xlsx).", "The file is no Excel workbook (.xlsx).",
                      "file") from None
    if not any(str(cell).strip() for line in table for cell in line):
        raise Invalid("Bảng tính trống.", "The workbook is empty.", "file")
    at = max(range(min(len(table), HEAD_WITHIN)), key=lambda row: (len(_columns(table[row])[0]), -row))
    columns, unread = _columns(table[at])
    found = [{**{name: _cell(line[place]) for name, place in columns.items()}, "row": str(number)}
             for number, line in enumerate(table[at + 1:], start=at + 2) if any(str(cell).strip() for cell in line)]
    if len(found) > 20 * MOST_ROWS:
        raise Invalid(f"Quá {20 * MOST_ROWS} dòng.", f"More than {20 * MOST_ROWS} rows.", "file")
    return Sheet(found, unread)


def _columns(heads: Sequence[object]) -> tuple[dict[str, int], list[str]]:
    """({field: its place}, heads that name none, or one that another names before)."""
    columns: dict[str, int] = {}
    unread = []
    for place, cell in enumerate(heads):
        name = NAMED.get(search_key(str(cell)))
        if name is not None and name not in columns:
            columns[name] = place
        elif str(cell).strip():
            unread.append(" ".join(str(cell).split())[:60])
    return columns, unread


def rows_of_survey(survey: Survey, lines: Sequence[Mapping[str, str]]) -> tuple[list[dict[str, str]], list[RowFault]]:
    """(fields of each row, faults) of a sheet for one survey; a serial that stands in it already is a fault."""
    faults = _missing_heads(lines, ("kind", "serial"))
    seen = {identity(row.fields): 0 for row in survey.rows}
    found = [_row(line, survey.visited_on, seen, faults) for line in lines] if not faults else []
    if len(found) + len(survey.rows) > MOST_ROWS:
        faults.append(RowFault(1, "", Fault(f"Mỗi phiếu có nhiều nhất {MOST_ROWS} dòng.",
                                            f"At most {MOST_ROWS} rows a survey.")))
    return found, faults


def append(survey_id: int, rows: Sequence[Mapping[str, str]], user: User) -> int:
    """Write rows into a draft, all or none; the number of them. Raises Conflict when the survey was finished."""
    with write("survey.take_in", actor=actor_of(user)) as current:
        survey = locked(current, survey_id)
        add_rows(survey, rows)
    return len(rows)


def add_rows(survey: Survey, rows: Sequence[Mapping[str, str]]) -> None:
    """Rows at the end of a draft, inside an open transaction."""
    last = max((row.position for row in survey.rows), default=0)
    taken = {row.key for row in survey.rows}
    for number, fields in enumerate(rows, start=1):
        key = f"xlsx-{last + number:05d}"
        while key in taken:
            key += "-"
        taken.add(key)
        survey.rows.append(SurveyRow(key=key, position=last + number, fields=dict(fields)))


def _row(line: Mapping[str, str], visited_on: date, seen: dict[tuple[str, str], int],
         faults: list[RowFault]) -> dict[str, str]:
    number = int(line["row"])
    typed = {name: line.get(name, "") for name in HEADS}
    for name in CODES:
        typed[name] = _code(name, typed[name])
    for name in DATES:
        typed[name] = _day(typed[name])
    reading = read(typed, visited_on)
    faults += [RowFault(number, name, fault) for name, fault in reading.faults.items()]
    fields = stored(reading.values)
    if reading.values["serial"] and reading.values["kind"]:
        known = identity(fields)
        before = seen.get(known)
        if before is not None:
            where = (f"dòng {before}", f"row {before}") if before else ("phiếu", "the survey")
            faults.append(RowFault(number, "serial", Fault(f"Số này đã có ở {where[0]}.",
                                                                  f"This serial stands in {where[1]} already.")))
        seen.setdefault(known, number)
    return fields


def stored(values: Mapping[str, Any]) -> dict[str, str]:
    """The values of a reading as a survey's row keeps them: texts, as they would be typed."""
    return {name: f"{values[name]:%d/%m/%Y}" if name in DATES else str(values[name])
            for name in FIELDS if values[name]}


def _code(name: str, text: str) -> str:
    word = WORDS.get(search_key(text), text)
    if name == "advice" and word in ("verification", "calibration"):
        return {"verification": "verify", "calibration": "calibrate"}[word]
    return word


def _day(text: str) -> str:
    """A date as lists write it, 20-10-2025, 20.10.2025 or 20/10/25, as dd/mm/yyyy; any other text as it is."""
    found = _WRITTEN.fullmatch(text)
    return f"{found[1]}/{found[2]}/{found[3] if len(found[3]) == 4 else '20' + found[3]}" if found else text


def identity(fields: Mapping[str, Any]) -> tuple[str, str]:
    """Kind and folded serial: what makes two rows the same instrument."""
    return kind_named(str(fields.get("kind") or "")), serial_key(str(fields.get("serial") or ""))


def _missing_heads(lines: Sequence[Mapping[str, str]], own: Sequence[str]) -> list[RowFault]:
    if not lines:
        return [RowFault(1, "", Fault("Bảng tính không có dòng nào.", "The workbook has no rows."))]
    return [RowFault(1, name, Fault("Thiếu cột này; hãy dùng bảng mẫu.", "This column is missing; use the template."))
            for name in own if name not in lines[0]]


def customer_named(text: str) -> int | None:
    """The enterprise of a code, tax code or whole name; None when there is none or several."""
    key = search_key(text)
    if not key:
        return None
    found = session().scalars(sa.select(Customer.id).where(sa.or_(
        Customer.code == text.strip().upper(), Customer.tax_code == text.strip(),
        sa.func.lower(Customer.name) == text.strip().lower(), Customer.name == text.strip()))).all()
    return found[0] if len(found) == 1 else None


def _cell(cell: object) -> str:
    if isinstance(cell, datetime | date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


