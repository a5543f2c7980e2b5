"""The tables that come with the product, as values for the database: they are inserted once, by a migration."""
from __future__ import annotations

import csv
from datetime import date
from importlib.resources import files
from typing import Any

# First day -> (document, whether it replaces the whole table). The circular of 2024 is shipped as what it changed.
EDITIONS = (
    (date(2013, 11, 15), "23/2013/TT-BKHCN", True),
    (date(2020, 1, 1), "07/2019/TT-BKHCN", True),
    (date(2024, 10, 15), "03/2024/TT-BKHCN", False),
    (date(2026, 4, 15), "04/2026/TT-BKHCN", True),
)
COUNTER_VERIFIED = ("21a", "21b", "43a", "43b", "43c", "43d")
"""Cold-water meters and electricity meters (TT 23/2013, Articles 19 to 22)."""


def editions() -> list[dict[str, Any]]:
    """Rows of legal_edition; ids count from 1."""
    return [{"id": place, "document": document, "in_force_from": first, "whole": whole, "source": "",
             "imported_by": "", "imported_at": None, "file_id": None}
            for place, (first, document, whole) in enumerate(EDITIONS, start=1)]


def rows() -> list[dict[str, Any]]:
    """Rows of legal_row, each in the edition that began on its first day."""
    by_first = {first: place for place, (first, _document, _whole) in enumerate(EDITIONS, start=1)}
    return [_row(line, by_first) for line in _lines("group2_instruments.csv")]


def documents() -> list[dict[str, Any]]:
    """Rows of legal_document."""
    return [{**{name: line[name] for name in ("kind", "number", "title_vi", "title_en", "status_vi", "status_en",
                                              "state", "source_vi")},
             "source_en": line["source"],
             "issued_on": _day(line["issued_on"]), "in_force_from": _day(line["in_force_from"]), "version": 1}
            for line in _lines("legal_documents.csv")]


def _row(line: dict[str, str], by_first: dict[date, int]) -> dict[str, Any]:
    first = _day(line["effective_from"])
    return {
        "edition_id": by_first[first] if first else 1, "key": f"{line['item']}@{line['effective_from']}",
        **{name: line[name] for name in ("item", "name_vi", "name_en", "field", "type_approval", "initial", "periodic",
                                         "after_repair", "dlvn", "source_vi", "note_vi")},
        "counter": line["item"] in COUNTER_VERIFIED, "evidence": "",
        "cycle_months": int(line["cycle_months"]) if line["cycle_months"] else None,
        "effective_from": first, "effective_to": _day(line["effective_to"]), "state": line["verification"],
        "source_en": line["source"], "note_en": line["note"],
    }


def _lines(name: str) -> list[dict[str, str]]:
    text = (files("instruments") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
