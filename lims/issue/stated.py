"""What an item's statements become in the record."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from certificates.document import NO_WORDS, ExternalResult, Opinion, Words
from lims.issue import wording
from lims.issue.statement_models import ItemStatement

_ENDS = (".", "!", "?", "…")


def stated(rows: Sequence[ItemStatement]) -> dict[str, Any]:
    """Fields of the record by their names; sentences get their full stop, what stands inside one loses it."""
    return {
        "sampling": _together(_sentence(row) for row in rows if row.kind == "sampling"),
        "external_results": tuple(ExternalResult(_inside(row.text_vi, row.text_en), row.source_vi)
                                  for row in rows if row.kind == "external"),
        "opinions": tuple(Opinion(_sentence(row), _inside(row.source_vi, row.source_en), row.given_by)
                          for row in rows if row.kind == "opinion"),
        "customer_data_affects_results": any(row.kind == "customer_data" and row.affects_results for row in rows),
    }


def supplied(rows: Sequence[ItemStatement]) -> tuple[Words, ...]:
    """The customer's data, each as a remark that says whose they are (7.8.2.2)."""
    heading = wording.STATEMENTS["customer_data"]
    return tuple(Words(f"{heading.vi}: {said.vi}", f"{heading.en}: {said.en or said.vi}")
                 for said in (_sentence(row) for row in rows if row.kind == "customer_data"))


def _sentence(row: ItemStatement) -> Words:
    return Words(_closed(row.text_vi), _closed(row.text_en))


def _closed(text: str) -> str:
    return text if not text or text.endswith(_ENDS) else f"{text}."


def _inside(vi: str, en: str) -> Words:
    return Words(vi.rstrip(" ."), en.rstrip(" ."))


def _together(sentences: Iterable[Words]) -> Words:
    said = list(sentences)
    if not said:
        return NO_WORDS
    english = " ".join(one.en or one.vi for one in said) if any(one.en for one in said) else ""
    return Words(" ".join(one.vi for one in said), english)
