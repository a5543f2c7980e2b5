"""One row of results as the script of the page draws it; a row that did not change is not set in words again."""
from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping
from threading import Lock
from typing import Any

from flask_babel import gettext as _

from instruments.evaluation import Row
from lims.jobs.shown import limits, number
from lims.shared.i18n import language


class ShownRows:
    """The rows shown last, at most `most`; safe among threads. An evaluation gives an unchanged row back as the same
    object, so that its identity is enough; the row is kept beside its words, for its id to stay its own."""

    def __init__(self, most: int = 20_000) -> None:
        self.most = most
        self._known: OrderedDict[tuple[int, bool, str], tuple[Row, dict[str, Any]]] = OrderedDict()
        self._lock = Lock()

    def state(self, row: Row, signed: bool, words: Mapping[str, str],
              signed_columns: Collection[str] = ()) -> dict[str, Any]:
        """What `row_state` gives; not to be changed by whoever takes it."""
        key = (id(row), signed, language())
        with self._lock:
            known = self._known.get(key)
            if known is not None and known[0] is row:
                self._known.move_to_end(key)
                return known[1]
        shown = row_state(row, signed, words, signed_columns)
        with self._lock:
            self._known[key] = row, shown
            while len(self._known) > self.most:
                self._known.popitem(last=False)
        return shown


ROWS = ShownRows()


def row_state(row: Row, signed: bool, words: Mapping[str, str],
              signed_columns: Collection[str] = ()) -> dict[str, Any]:
    """One row as the script draws it; `words` are verdict_words(), `signed_columns` what is shown with a sign."""
    failed = [judged.label.in_language(language()) for judged in row.criteria if judged.verdict == "fail"]
    return {
        "state": row.state, "message": row.message.in_language(language()) if row.message else "",
        "short": _("chờ số đọc") if row.state == "waiting" and row.where in row.cells else "",
        "value": number(row.value_text, signed=signed), "U": number(row.U_text), "k": number(row.k_text),
        "mpe": limits(row.mpe_text),
        "derived": [number(printed.text, signed=printed.key in signed_columns) for printed in row.derived],
        "verdict": row.verdict, "words": words[row.verdict] if row.verdict != "not_stated" else "",
        "failed": failed, "numbers": _lane(row),
    }


def _lane(row: Row) -> dict[str, float] | None:
    """E ± U between its limits, for the small picture beside the row."""
    if row.value is None or row.U is None or row.mpe_lower is None or row.mpe_upper is None:
        return None
    return {"value": row.value, "U": row.U, "lower": row.mpe_lower, "upper": row.mpe_upper}
