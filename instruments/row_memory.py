"""Rows that were evaluated before with exactly the same givens are not evaluated again.

`evaluate_row` is a pure function, so that the same givens have the same row: a sheet of forty points in which one
reading changed costs one budget and not forty. Everything that a row can see is part of its key.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from threading import Lock

from instruments.procedure_model import Table
from instruments.row_givens import Sheet
from instruments.rows import EvaluatedRow, evaluate_row, row_cells
from instruments.scope import PointNominal
from instruments.typed_number import TypedNumber


class RowMemory:
    """The rows used last, at most `most`; safe among threads."""

    def __init__(self, most: int = 20_000) -> None:
        self.most = most
        self._rows: OrderedDict[Hashable, EvaluatedRow] = OrderedDict()
        self._lock = Lock()

    def rows(self, sheet: Sheet, table: Table, points: Sequence[PointNominal]) -> list[EvaluatedRow]:
        """The rows of a table, as evaluate_row gives them."""
        shared = _Hashed(_shared_givens(sheet, table))
        return [self._row(sheet, table, point, (shared, point, *_own_givens(sheet, table, point))) for point in points]

    def _row(self, sheet: Sheet, table: Table, point: PointNominal, key: Hashable) -> EvaluatedRow:
        with self._lock:
            known = self._rows.get(key)
            if known is not None:
                self._rows.move_to_end(key)
                return known
        row = evaluate_row(sheet, table, point)
        with self._lock:
            self._rows[key] = row
            while len(self._rows) > self.most:
                self._rows.popitem(last=False)
        return row


def _shared_givens(sheet: Sheet, table: Table) -> Hashable:
    """What all rows of a table see: procedure, fields, numbers of the sheet as they stand now, standards, rule."""
    seen = sheet.observations
    standards = tuple((slot, tuple(chosen) if isinstance(chosen, Sequence) else chosen)
                      for slot, chosen in sorted(seen.standards.items()))
    return (sheet.procedure.digest, table.key, tuple(sorted(seen.instrument.items())),
            tuple(sorted(sheet.numbers.items())), standards, sheet.rule, sheet.lean, sheet.seed)


def _own_givens(sheet: Sheet, table: Table, point: PointNominal) -> tuple[Hashable, ...]:
    """What one row sees beside that: its readings with their digits, and its CMC."""
    readings = sheet.observations.readings
    typed = tuple((cell, number.text if isinstance(number, TypedNumber) else str(number), number)
                  for cell in row_cells(table, point.number) if cell in readings for number in [readings[cell]])
    return sheet.observations.cmc.get(f"{table.key}/{point.number}"), typed


class _Hashed:
    """A value whose hash is taken once, since every row of the table asks for it."""

    __slots__ = ("_hash", "value")

    def __init__(self, value: Hashable) -> None:
        self.value, self._hash = value, hash(value)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hashed) and (self is other or self.value == other.value)
