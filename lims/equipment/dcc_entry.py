"""A DCC as the beginnings of a certificate's entry: read, kept under its digest, put into the form to be confirmed."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from certificates.dcc_reading import DccUnreadable, ReadDcc, ValueTable, read_dcc, value_tables
from lims.auth.models import User
from lims.equipment.models import Standard
from lims.shared.db import session, write
from lims.shared.errors import Invalid, NotFound
from lims.shared.files import StoredFile, store


@dataclass(frozen=True)
class Proposal:
    """What a kept DCC says and which of its tables was taken; `values` are those of the form."""

    dcc: ReadDcc
    tables: tuple[ValueTable, ...]
    taken: int
    values: dict[str, Any]


def keep_dcc(content: bytes, name: str, *, by: User) -> int:
    """Read a DCC and keep its bytes; the number of the kept file. Raises Invalid at `file` when it cannot be read or
    has no table of values with U."""
    try:
        found = value_tables(read_dcc(content), "")
    except DccUnreadable as error:
        raise Invalid(error.text.vi, error.text.en, "file") from error
    if not found:
        raise Invalid("Không thấy bảng nào có giá trị và U trong tệp này.",
                      "No table with values and U was found in this file.", "file")
    with write("standard.read_dcc", actor=(str(by.id), by.full_name)) as current:
        stored = store(current, name, content, ("application/xml",))
        current.flush()
        return stored.id


def proposal(standard: Standard, file_id: int, table: int, unit: str) -> Proposal:
    """The form's values out of a kept DCC; `unit` is the one preferred. Raises NotFound."""
    stored = session().get(StoredFile, file_id)
    if stored is None or stored.media_type != "application/xml":
        raise NotFound("Không có tệp này.", "No such file.")
    dcc = read_dcc(stored.content)
    tables = value_tables(dcc, unit)
    taken = table if 0 <= table < len(tables) else 0
    one = tables[taken]
    values = {
        "number": dcc.number, "issuer": dcc.laboratory, "calibrated_on": dcc.performed_on, "unit": one.unit,
        "spread_unit": one.spread_unit, "stated": "value" if one.values else "correction",
        "stored_file_id": str(file_id),
        "rows": [{"nominal": _typed(row.nominal), "stated": _typed(row.value), "uncertainty": _typed(row.uncertainty),
                  "coverage": _typed(row.coverage)} for row in one.rows]}
    return Proposal(dcc, tables, taken, values)


def _typed(text: str) -> str:
    """The file's digits with the decimal comma that the form reads without asking."""
    return text.replace(".", ",")
