"""A new table of the list from a file: read row by row with every fault at its line, looked at, then kept whole."""
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from instruments.legal import UNCONFIRMED
from instruments.words import Words
from lims.auth.models import User
from lims.customers.checks import refresh_due_dates
from lims.customers.legal_duty import forget_rows
from lims.legal.models import CatalogueRow, LegalEdition
from lims.legal.shipped import COUNTER_VERIFIED
from lims.shared import clock, files
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound
from lims.shared.files import StoredFile
from lims.shared.table_file import Row, read_table
from lims.shared.text import TextError, clean, search_key

HEADS = {
    "item": ("mục", "tt", "số tt", "item"), "name_vi": ("tên", "tên phương tiện đo", "phương tiện đo", "name_vi"),
    "name_en": ("tên tiếng anh", "name_en"), "field": ("lĩnh vực", "field"),
    "type_approval": ("phê duyệt mẫu", "type_approval"), "initial": ("ban đầu", "initial"),
    "periodic": ("định kỳ", "periodic"), "after_repair": ("sau sửa chữa", "after_repair"),
    "cycle_months": ("chu kỳ", "chu kỳ kiểm định", "chu kỳ tháng", "cycle_months"), "dlvn": ("đlvn", "dlvn"),
    "evidence": ("khi đạt", "bằng chứng", "evidence"), "note": ("ghi chú", "note"),
}
NEEDED = ("item", "name_vi", "type_approval", "initial", "periodic", "after_repair", "cycle_months")
FLAGS = {"x": "x", "có": "x", "-": "-", "–": "-", "": "-", "không": "-", "?": "?"}
EVIDENCE = {"giấy": "certificate", "giấy chứng nhận": "certificate", "certificate": "certificate", "tem": "sticker",
            "tem kiểm định": "sticker", "sticker": "sticker", "dấu": "mark", "dấu kiểm định": "mark", "mark": "mark"}
"""What tells of a pass, as a table writes it -> as it is kept."""
LONGEST_CYCLE = 240


@dataclass(frozen=True)
class Fault:
    """What is wrong in a line; line 0 stands for the whole table."""

    line: int
    text: Words


@dataclass(frozen=True)
class ReadTable:
    """The rows as they would be kept, each a mapping of columns with its line; or what is wrong."""

    rows: Sequence[tuple[int, dict[str, Any]]] = ()
    faults: Sequence[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class NewEdition:
    """Of which document the table is, from when it holds, and whether every row was compared with the original."""

    document: str
    in_force_from: date
    whole: bool
    compared: bool


def parse(content: bytes) -> ReadTable:
    """The table of a CSV or Excel file. Raises Invalid at `file` for a file that is no table."""
    (_line, heads), *body = read_table(content)
    columns = [_column(head) for head in heads]
    missing = [HEADS[name][0] for name in NEEDED if name not in columns]
    if missing:
        return ReadTable(faults=[Fault(0, Words(
            f"Dòng đầu thiếu cột: {', '.join(missing)}.", f"The first line lacks columns: {', '.join(missing)}."))])
    faults: list[Fault] = []
    rows = []
    seen: dict[str, int] = {}
    for line, cells in body:
        values = _values((line, cells), columns, faults)
        item = values["item"]
        if item and item in seen:
            faults.append(Fault(line, Words(f"Mục {item} đã có ở dòng {seen[item]}.",
                                            f"Item {item} stands in line {seen[item]} already.")))
        seen.setdefault(item, line)
        rows.append((line, values))
    if not rows:
        faults.append(Fault(0, Words("Bảng không có dòng nào.", "The table has no row.")))
    return ReadTable(rows, faults)


def hold(name: str, content: bytes, user: User) -> int:
    """Keep the uploaded file until the import is confirmed; its key. Raises Invalid at `file`."""
    parse(content)
    with write("legal.preview", actor=(str(user.id), user.full_name)) as current:
        stored = files.keep(current, name, content, "application/octet-stream")
        current.flush()
        return stored.id


def held(file_id: int) -> StoredFile:
    """The kept file, or NotFound."""
    found = session().get(StoredFile, file_id)
    if found is None or found.media_type != "application/octet-stream":
        raise NotFound("Không có tệp này; hãy tải lên lại.", "No such file; upload it again.", "file")
    return found


def keep(file_id: int, new: NewEdition, user: User) -> LegalEdition:
    """The table becomes an edition. Raises Invalid, or Conflict when an edition begins on that day already."""
    table = parse(held(file_id).content)
    if table.faults:
        raise Invalid("Tệp còn dòng sai.", "The file still has wrong lines.", "file")
    document = clean(new.document)
    if not document:
        raise Invalid("Hãy ghi số văn bản.", "Give the document's number.", "document")
    with write("legal.import", reason=document, actor=(str(user.id), user.full_name)) as current:
        if current.scalar(sa.select(LegalEdition.id).where(LegalEdition.in_force_from == new.in_force_from)):
            raise Conflict("Đã có một bảng bắt đầu vào ngày này.", "An edition begins on that day already.",
                           "in_force_from")
        edition = LegalEdition(document=document, in_force_from=new.in_force_from, whole=new.whole,
                               source=held(file_id).name, imported_by=user.full_name, imported_at=clock.now(),
                               file_id=file_id)
        current.add(edition)
        current.flush()
        state = f"compared_{clock.today().year}" if new.compared else UNCONFIRMED
        said = f"{document}, nhập từ tệp {edition.source}"
        for _line, values in table.rows:
            current.add(CatalogueRow(
                edition_id=edition.id, key=f"{values['item']}@{new.in_force_from.isoformat()}",
                effective_from=new.in_force_from, effective_to=None, state=state,
                counter=values["item"] in COUNTER_VERIFIED, source_vi=said,
                source_en=f"{document}, imported from the file {edition.source}", **values))
    forget_rows()
    refresh_due_dates()
    return edition


def _column(head: str) -> str:
    wanted = search_key(head)
    return next((name for name, heads in HEADS.items() if wanted in map(search_key, heads)), "")


def _values(row: Row, columns: Sequence[str], faults: list[Fault]) -> dict[str, Any]:
    """The columns of one line; faults are added with its number."""
    line, cells = row
    typed = dict.fromkeys(HEADS, "")
    for name, cell in zip(columns, cells, strict=False):
        try:
            typed[name] = clean(cell)
        except TextError:
            faults.append(Fault(line, Words("Có ký tự không dùng được.", "A character cannot be used.")))
    typed.pop("", None)
    note = typed.pop("note")
    for name, most in (("item", 20), ("name_vi", 300)):
        if not typed[name] or len(typed[name]) > most:
            faults.append(Fault(line, Words(f"Cột «{HEADS[name][0]}» trống hoặc quá dài.",
                                            f"Column {HEADS[name][-1]} is empty or too long.")))
    flags = {}
    for name in ("type_approval", "initial", "periodic", "after_repair"):
        flags[name] = FLAGS.get(typed[name].casefold(), "")
        if not flags[name]:
            faults.append(Fault(line, Words(f"Cột «{HEADS[name][0]}» nhận x, - hoặc ?, không phải «{typed[name]}».",
                                            f"Column {name} takes x, - or ?, not {typed[name]!r}.")))
    return {**typed, **flags, "evidence": _evidence(typed["evidence"], line, faults),
            "cycle_months": _months(typed["cycle_months"], line, faults),
            "note_vi": note, "note_en": note}


def _evidence(text: str, line: int, faults: list[Fault]) -> str:
    """The words in their order: "certificate,sticker"; "" where the table does not say it."""
    said = [part.strip().casefold() for part in re.split(r"[,;+/]", text) if part.strip() not in ("", "-", "–")]
    if unknown := [part for part in said if part not in EVIDENCE]:
        faults.append(Fault(line, Words(f"Cột «khi đạt» nhận giấy, tem, dấu, không phải «{unknown[0]}».",
                                        f"Column evidence takes certificate, sticker, mark, not {unknown[0]!r}.")))
        return ""
    found = {EVIDENCE[part] for part in said}
    return ",".join(word for word in ("certificate", "sticker", "mark") if word in found)


def _months(text: str, line: int, faults: list[Fault]) -> int | None:
    if text in ("", "-", "–"):
        return None
    if text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= LONGEST_CYCLE:
        return int(text)
    faults.append(Fault(line, Words(f"Chu kỳ «{text}» không phải số tháng từ 1 đến 240.",
                                    f"The period {text!r} is no number of months from 1 to 240.")))
    return None
