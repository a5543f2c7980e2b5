"""A worksheet as the API tells it: every cell with its text as typed, the standards, what is computed from them."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import url_for

from instruments.evaluation import Evaluation, Reason, Row
from instruments.sheet import SheetLayout
from lims.api.values import account, day, instant, name, number
from lims.jobs.cell_places import Place, place_of
from lims.jobs.cells import Outcome
from lims.jobs.models import Result, Worksheet
from lims.jobs.observations import Entry, entries, latest, newest_of, sheet_layout
from lims.jobs.results import evaluate_sheet, evaluation_of
from lims.jobs.second_look import standing_look
from lims.jobs.sheet_page import cell_names
from lims.jobs.standards_choice import Slot, slots
from lims.jobs.submission import mark_of
from lims.jobs.worksheet import is_open
from lims.shared.i18n import language


def line(sheet: Worksheet) -> dict[str, Any]:
    """What a list shows of a sheet."""
    item = sheet.item
    return {"item": item.code, "job": item.job.number, "procedure": item.procedure.code,
            "edition": item.procedure.edition, "state": item.state, "performed_on": day(sheet.performed_on),
            "performed_by": name(sheet.performed_by), "performed_by_user": account(sheet.performed_by),
            "started_at": instant(sheet.started_at), "submitted_at": instant(sheet.submitted_at),
            "deviation": sheet.deviation, "url": url_for("api.worksheet", code=item.code)}


def plain(sheet: Worksheet) -> dict[str, Any]:
    """The whole sheet as it stands now."""
    layout, written = sheet_layout(sheet), entries(sheet.id)
    stands, look = latest(written), standing_look(written)
    names = cell_names(sheet)
    return line(sheet) | {
        "open": is_open(sheet.item), "dot_means": sheet.dot_means, "second_pair": layout.second_pair,
        "looked_over_by": look.by if look else None,
        "cells": [_cell(place, optional, names.get(place.cell, place.cell), stands.get(place.cell))
                  for place, optional in _places(layout)],
        "standards": [_slot(slot) for slot in slots(sheet, with_offers=False)],
        "problems": _reasons(layout.problems), "evaluation": evaluation(sheet), "version": mark_of(sheet)}


def evaluation(sheet: Worksheet) -> dict[str, Any]:
    """What is computed from the sheet now, without second order and Monte Carlo; numbers as the engine has them."""
    found: Evaluation = evaluate_sheet(sheet, lean=True, cells=newest_of([sheet.id]).get(sheet.id, {}))
    return {"verdict": found.verdict, "decision_rule": found.decision_rule, "reasons": _reasons(found.reasons),
            "warnings": _reasons(found.warnings),
            "checks": [{"check": one.key, "state": one.state} for one in found.checks],
            "rows": [_row(row) for table in found.tables for row in table.rows]}


def result(row: Result) -> dict[str, Any]:
    """A submitted result with its whole evaluation, `digest` is the SHA-256 of its canonical JSON. Raises WorkGone."""
    return {"revision": row.revision, "computed_at": instant(row.computed_at), "engine_version": row.engine_version,
            "verdict": row.verdict, "digest": row.digest, "evaluation": evaluation_of(row)}


def entry(one: Entry) -> dict[str, Any]:
    """One entry of the history, exactly as it was typed."""
    return {"cell": one.cell, "revision": one.revision, "text": one.text, "unit": one.unit, "source": one.source,
            "at": instant(one.at), "by": one.by, "reason": one.reason}


def outcome(one: Outcome) -> dict[str, Any]:
    """What became of one change, with what stands in the cell now; numbers with a decimal point."""
    return {"cell": one.cell, "status": one.status, "code": one.code,
            "message": one.message.in_language(language()) if one.message else "",
            "suggestion": one.suggestion, "candidates": dict(one.candidates),
            "now": entry(one.now) if one.now else None}


def _places(layout: SheetLayout) -> Iterator[tuple[Place, bool]]:
    """Every cell that takes something, in the order of the sheet, and whether it may stay empty."""
    keys = [(f"field/{field.key}", not field.required) for field in layout.fields]
    keys += [(f"check/{check.key}", False) for check in layout.checks]
    keys += [(f"env/{limit.key}/{end}", False) for limit in layout.environment for end in ("start", "end")]
    keys += [(cell.key, cell.optional) for table in layout.tables for cell in table.cells]
    keys += [(f"timer/{timer.key}", True) for timer in layout.timers]
    for key, optional in keys:
        if (place := place_of(layout, key)) is not None:  # steps that readings decide take nothing
            yield place, optional


def _cell(place: Place, optional: bool, called: str, now: Entry | None) -> dict[str, Any]:
    return {"cell": place.cell, "kind": place.kind, "name": called, "unit": place.unit, "optional": optional,
            "expected": number(place.expected), "resolution": number(place.resolution),
            "text": now.text if now else "", "revision": now.revision if now else 0, "by": now.by if now else None,
            "at": instant(now.at) if now else None, "reason": now.reason if now else ""}


def _slot(slot: Slot) -> dict[str, Any]:
    return {"slot": slot.need.key, "label": slot.need.label.in_language(language()), "quantity": slot.need.quantity,
            "unit": slot.need.unit, "least": slot.need.min_count, "most": slot.need.max_count,
            "chosen": [{"standard": row.standard.asset_number,
                        "certificate": row.certificate.number if row.certificate else None,
                        "override_reason": row.override_reason,
                        "against": [why.text.in_language(language()) for why in judged.reasons]}
                       for row, judged in slot.chosen]}


def _row(row: Row) -> dict[str, Any]:
    return {"row": row.key, "nominal": row.nominal_text, "state": row.state,
            "message": row.message.in_language(language()) if row.message else "", "value": row.value, "U": row.U,
            "k": row.k, "unit": row.unit, "value_text": row.value_text, "U_text": row.U_text, "k_text": row.k_text,
            "mpe": row.mpe_text, "verdict": row.verdict}


def _reasons(reasons: Any) -> list[dict[str, str]]:
    found: list[Reason] = list(reasons)
    return [{"code": one.code, "where": one.where, "text": one.text.in_language(language())} for one in found]
