"""Why an instrument is verified: the regimes of the law with their reasons, and what each must say.

After repair also stands for lost evidence, a conclusion of an inspection, and a user's doubt (TT 23/2013 Art. 19-22);
a counter-verification names the body whose result it checks; another requirement names who requires it.
"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import current_app

from instruments.procedure import Procedure
from lims.customers.models import Instrument
from lims.jobs.models import JobItem
from lims.shared import clock
from lims.shared.errors import Conflict, Invalid
from lims.shared.text import clean

REGIMES = ("initial", "periodic", "after_repair", "counter", "other")
REASONS = ("repaired", "evidence_lost", "inspection", "user_doubt")
"""Reasons of a verification after repair."""
NEEDS_NOTE = ("counter", "other")
LONGEST_NOTE = 200
SERVED_BY_LAW = "served_by_law"
"""Extension that answers whether the legal list foresees a regime for an instrument on a day; "" or why not."""


METHOD_BY_LAW = "method_by_law"
"""Extension that answers whether a procedure's method holds on a day; None or why not."""


@dataclass(frozen=True)
class Regime:
    """What the request says; `reason` only after repair, `note` says more where the regime needs it."""

    regime: str
    reason: str = ""
    note: str = ""


def checked(asked: Regime, place: str = "") -> Regime:
    """The regime as it is kept. Raises Invalid at "<place>regime", "<place>regime_reason", "<place>regime_note"."""
    if asked.regime not in REGIMES:
        raise Invalid("Kiểm định cần chế độ: ban đầu, định kỳ, sau sửa chữa, đối chứng hay theo yêu cầu khác.",
                      "A verification needs its regime: initial, periodic, after repair, counter or other.",
                      f"{place}regime")
    reason = asked.reason if asked.regime == "after_repair" else ""
    note = "" if asked.regime in ("initial", "periodic") else clean(asked.note)[:LONGEST_NOTE]
    if asked.regime == "after_repair" and reason not in REASONS:
        raise Invalid("Hãy chọn lý do: đã sửa chữa, mất hoặc hỏng giấy, dấu, tem; kết luận kiểm tra; nghi ngờ.",
                      "Choose the reason: repaired, evidence lost, a conclusion of an inspection, a doubt.",
                      f"{place}regime_reason")
    if asked.regime in NEEDS_NOTE and not note:
        raise Invalid(
            "Hãy ghi tổ chức đã kiểm định và số giấy." if asked.regime == "counter"
            else "Hãy ghi văn bản hoặc cơ quan yêu cầu kiểm định.",
            "Give the body that verified it and its number." if asked.regime == "counter"
            else "Give the document or authority that requires it.", f"{place}regime_note")
    return Regime(asked.regime, reason, note)


def refuse_unserved(instrument: Instrument, procedure_item: str | None, regime: str, place: str = "") -> None:
    """Raises Invalid where the legal list of today does not foresee the regime for this kind of instrument."""
    served = current_app.extensions.get(SERVED_BY_LAW)
    refusal = served(instrument.kind, procedure_item, regime, clock.today()) if served else None
    if refusal is not None:
        raise Invalid(refusal.vi, refusal.en, f"{place}regime")


def refuse_method_outside_its_dates(procedure: Procedure, on: date, field: str = "") -> None:
    """Raises Conflict, or Invalid at `field`, where nothing may be verified by the procedure on that day."""
    held = current_app.extensions.get(METHOD_BY_LAW)
    refusal = held(procedure, on) if held else None
    if refusal is not None:
        raise Invalid(f"{refusal.vi}.", f"{refusal.en}.", field) if field else Conflict(
            f"{refusal.vi}.", f"{refusal.en}.")


def apply(item: JobItem, asked: Regime) -> None:
    """Write a checked regime to an item."""
    item.regime, item.regime_reason, item.regime_note = asked.regime, asked.reason, asked.note
