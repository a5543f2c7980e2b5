"""The form that puts a bench load together."""
from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from instruments.procedure import Procedure
from lims.shared.forms import HouseForm, NoteField, TicksField
from lims.shared.i18n import language


class LoadForm(HouseForm):
    """Codes scanned in a row, and the columns that are read once for the whole bench."""

    codes = NoteField(_l("Quét lần lượt từng cái, theo vị trí trên bàn"), [
        InputRequired(message=_l("Hãy quét ít nhất hai cái."))], description=_l(
        "Số chế tạo, mã trên nhãn, hoặc mã phiếu để lấy cả phiếu; mỗi dòng một mã, nhiều nhất 40"))
    shared = TicksField(_l("Cột đọc một lần cho cả bàn"))

    def __init__(self, procedure: Procedure | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.shared.choices = columns_of(procedure) if procedure else []


def columns_of(procedure: Procedure) -> list[tuple[str, str]]:
    """("table/column", words) of every column of readings."""
    return [(f"{table.key}/{column.key}",
             f"{column.label.in_language(language())}, {column.unit} ({table.title.in_language(language())})")
            for table in procedure.tables for column in table.readings]
