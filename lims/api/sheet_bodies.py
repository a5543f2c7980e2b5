"""Bodies about worksheets: readings exactly as typed, the start of a sheet, its details and standards."""
from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lims.api.problems import Fault, Faulty
from lims.jobs.sheet_request import Asked, changes_in
from lims.shared.forms import REQUIRED, DayField, HouseForm, NoteField, TextField

NAMES = ("cells", "dot_means")
CELL_NAMES = ("cell", "text", "base_revision", "reason", "confirmed")
DOT_MEANS = ("decimal", "group")


class NewWorksheet(HouseForm):
    """The item whose measuring begins."""

    item = TextField(_l("Mục"), [REQUIRED])


class Details(HouseForm):
    """When it was measured, and what was done otherwise than the procedure says."""

    performed_on = DayField(_l("Ngày đo"), [REQUIRED])
    deviation = NoteField(_l("Sai khác so với quy trình"))


class ChosenStandard(HouseForm):
    """A standard by its number; without a slot the first that may have it."""

    standard = TextField(_l("Chuẩn"), [REQUIRED])
    slot = TextField(_l("Vị trí"))


class Nothing(HouseForm):
    """An act that says nothing more."""


def changes_of(body: dict[str, Any]) -> Asked:
    """Readings of a body `{cells: [{cell, text, base_revision, reason?, confirmed?}], dot_means?}`. Raises Faulty,
    Invalid at its path."""
    faults = [Fault((name,), _unknown(NAMES)) for name in body if name not in NAMES]
    if body.get("dot_means") not in (None, "", *DOT_MEANS):
        faults.append(Fault(("dot_means",), _("Hãy chọn một mục trong danh sách.")))
    cells = body.get("cells")
    if not isinstance(cells, list) or not cells:
        faults.append(Fault(("cells",), _("Cần một danh sách JSON.")))
    else:
        for at, one in enumerate(cells):
            faults += _faults(("cells", at), one)
    if faults:
        raise Faulty(faults)
    return changes_in({"dot_means": body.get("dot_means") or "",
                       "cells": [{**one, "source": "api"} for one in body["cells"]]})


def _faults(path: tuple[str | int, ...], one: Any) -> list[Fault]:
    if not isinstance(one, dict):
        return [Fault(path, _("Cần một đối tượng JSON."))]
    found = [Fault((*path, name), _unknown(CELL_NAMES)) for name in one if name not in CELL_NAMES]
    if not isinstance(one.get("text"), str):
        found.append(Fault((*path, "text"), _("Số đọc là chuỗi ký tự, đúng như đã gõ: \"100,1\".")))
    if not isinstance(one.get("confirmed", False), bool):
        found.append(Fault((*path, "confirmed"), _("Cần true hoặc false.")))
    revision = one.get("base_revision")
    if not isinstance(revision, int) or isinstance(revision, bool):
        found.append(Fault((*path, "base_revision"), _("Cần một số nguyên.")))
    return found


def _unknown(names: tuple[str, ...]) -> str:
    return _("Không có trường này, hoặc không ghi được. Các trường: %(names)s.", names=", ".join(names))
