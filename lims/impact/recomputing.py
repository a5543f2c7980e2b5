"""The recomputation behind a review, in the background: stored readings, the engine, one standard with other values."""
from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, lazyload, selectinload

from instruments.evaluate import evaluate
from instruments.observations import Observations, StandardData
from instruments.procedure import Procedure
from instruments.recompute import POINTS, UNCHANGED, VERDICT, Comparison, assumed, compare, with_standard
from instruments.unit_factors import UnlikeUnits, unit_factor
from lims.equipment.facts import as_standard_data
from lims.equipment.models import Standard, StandardCertificate
from lims.impact.models import ImpactItem, ImpactReview
from lims.impact.reviews import KIND, affected
from lims.jobs.capabilities import cmc_for
from lims.jobs.models import JobItem, Result, Worksheet, WorksheetStandard
from lims.jobs.observations import assemble, newest_of
from lims.jobs.procedures import parsed
from lims.shared import audit, clock
from lims.shared.db import session, write
from lims.shared.tasks import task

CHUNK = 250
"""Sheets of one transaction: a few seconds of work that a killed worker may lose."""


@dataclass(frozen=True)
class _Plan:
    """What a run rests on, as plain values: rows are forgotten between chunks."""

    review_id: int
    run: int
    standard_id: int
    certificate_id: int | None
    shift: Decimal
    half_width: Decimal | None


@task(KIND)
def recompute(work: Any, payload: Mapping[str, Any]) -> None:
    """Recompute every result of the review that this run has not done yet; a newer run ends an older one."""
    row = session().get(ImpactReview, payload["review"])
    if row is None or row.run != payload["run"]:
        return
    plan = _Plan(row.id, row.run, row.standard_id, row.certificate_id, row.shift, row.half_width)
    wanted = list(session().scalars(affected(row.standard_id, row).order_by(Worksheet.id)))
    done = set(session().scalars(
        sa.select(Result.worksheet_id).join(ImpactItem, ImpactItem.result_id == Result.id)
        .where(ImpactItem.review_id == plan.review_id, ImpactItem.run == plan.run)))
    waiting = [worksheet_id for worksheet_id in wanted if worksheet_id not in done]
    work.progress(len(done), len(wanted))
    for start in range(0, len(waiting), CHUNK):
        part = waiting[start:start + CHUNK]
        refused: list[tuple[str, str]] = []
        items = list(_items(plan, part, refused))
        _keep(work, plan, items)
        for code, why in refused:
            work.failed(code, (f"không tính lại được: {why}", f"cannot be recomputed: {why}"))
        work.progress(len(done) + start + len(part))
    _finish(work, plan)


def _keep(work: Any, plan: _Plan, items: Sequence[Mapping[str, Any]]) -> None:
    """Written at once and noted as one event: the rows follow from what stands in the trail already."""
    if not items:
        return
    with write("impact.recompute", actor=(str(work.requested_by_id or ""), work.requested_by)) as current:
        current.execute(sa.insert(ImpactItem), items)
        audit.note(current, ImpactReview.__tablename__, plan.review_id, "recompute",
                   {"run": [None, plan.run], "results": [None, [item["result_id"] for item in items]]})


def _finish(work: Any, plan: _Plan) -> None:
    with write("impact.recomputed", actor=(str(work.requested_by_id or ""), work.requested_by)) as current:
        row = current.get(ImpactReview, plan.review_id, populate_existing=True, with_for_update=True)
        if row is None or row.run != plan.run:
            return
        of_run = (ImpactItem.review_id == plan.review_id, ImpactItem.run == plan.run)
        rows = current.execute(
            sa.select(ImpactItem.grade, sa.func.count()).where(*of_run).group_by(ImpactItem.grade))
        counts = Counter({grade: count for grade, count in rows})  # noqa: C416  (a Row is no tuple to mypy)
        row.examined = sum(counts.values())
        row.changed = row.examined - counts[UNCHANGED]
        row.flipped = counts[VERDICT] + counts[POINTS]
        row.failures = current.scalar(sa.select(sa.func.count()).where(*of_run, ImpactItem.message != "")) or 0
        row.recomputed_at = clock.now()
    work.result({"examined": row.examined, "changed": row.changed, "flipped": row.flipped})


def _items(plan: _Plan, worksheet_ids: Sequence[int], refused: list[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """A row for each sheet; what cannot be recomputed is also said in `refused` as (code, why)."""
    sheets = _sheets(worksheet_ids)
    cells = newest_of(worksheet_ids)
    results = _results(worksheet_ids)
    standard = session().get_one(Standard, plan.standard_id)
    known: dict[tuple[int, bool], StandardData | str] = {}
    borne: dict[tuple[str, str, str], dict[str, float]] = {}
    for sheet in sheets:
        result_id, stored = results[sheet.id]
        base = {"review_id": plan.review_id, "run": plan.run, "result_id": result_id,
                "customer_id": sheet.item.job.customer_id}
        try:
            observations = assemble(sheet, cells.get(sheet.id, {}), _given(known, sheet), _cmc(borne, sheet))
            found = _compared(plan, standard, sheet, observations, json.loads(stored), known)
        except ValueError as wrong:
            verdict = json.loads(stored)["verdict"]
            refused.append((sheet.item.code, str(wrong)))
            yield {**base, "old_verdict": verdict, "new_verdict": "incomplete", "grade": POINTS,
                   "greatest_change": None, "message": str(wrong), "rows": []}
            continue
        message = ""
        if found.new_verdict == "incomplete" != found.old_verdict:
            message = "not covered by the assumed certificate"
            refused.append((sheet.item.code, message))
        yield {**base, "old_verdict": found.old_verdict, "new_verdict": found.new_verdict, "grade": found.grade,
               "greatest_change": found.greatest_change, "message": message,
               "rows": [point.to_json() for point in found.points]}
    session().rollback()


def _compared(plan: _Plan, standard: Standard, sheet: Worksheet, observations: Observations,
              stored: Mapping[str, Any], known: dict[tuple[int, bool], StandardData | str]) -> Comparison:
    for use in sheet.standards:
        if use.standard_id == plan.standard_id:
            data = _assumed(plan, standard, use, known)
            observations = with_standard(observations, use.slot, data)
    procedure = parsed(sheet.item.procedure)
    return compare(stored, evaluate(procedure, observations, lean=_may_be_lean(procedure)))


def _assumed(plan: _Plan, standard: Standard, use: WorksheetStandard,
             known: dict[tuple[int, bool], StandardData | str]) -> StandardData:
    certificate_id = plan.certificate_id or use.certificate_id
    key = (certificate_id, True)
    if key not in known:
        certificate = session().get_one(StandardCertificate, certificate_id)
        try:
            data = as_standard_data(standard, certificate)
            factor = unit_factor(standard.spread_unit or standard.unit, data.spread_unit or data.unit)
            known[key] = assumed(data, float(plan.shift) * factor,
                                 None if plan.half_width is None else float(plan.half_width) * factor)
        except (ValueError, UnlikeUnits) as wrong:
            known[key] = str(wrong)
    found = known[key]
    if isinstance(found, str):
        raise ValueError(found)
    return found


def _given(known: dict[tuple[int, bool], StandardData | str], sheet: Worksheet) -> dict[str, list[StandardData]]:
    """The standards as the sheet used them, each certificate read once in a chunk."""
    chosen: dict[str, list[StandardData]] = {}
    for use in sheet.standards:
        key = (use.certificate_id, False)
        if key not in known:
            known[key] = as_standard_data(use.standard, use.certificate)
        found = known[key]
        assert not isinstance(found, str)
        chosen.setdefault(use.slot, []).append(found)
    return chosen


def _cmc(borne: dict[tuple[str, str, str], dict[str, float]], sheet: Worksheet) -> dict[str, float]:
    """The CMC of the sheet's points, once for all sheets of a chunk with the same fields on the same day."""
    procedure = parsed(sheet.item.procedure)
    key = (procedure.digest, json.dumps(sheet.instrument_fields, sort_keys=True), sheet.performed_on.isoformat())
    if key not in borne:
        borne[key] = cmc_for(procedure, sheet.instrument_fields, sheet.performed_on)
    return borne[key]


def _may_be_lean(procedure: Procedure) -> bool:
    """Without Monte Carlo the lean evaluation states the same numbers."""
    return procedure.coverage.monte_carlo is None and procedure.coverage.method not in ("monte_carlo", "auto")


def _sheets(worksheet_ids: Sequence[int]) -> list[Worksheet]:
    query = (
        sa.select(Worksheet).join(Worksheet.item).where(Worksheet.id.in_(worksheet_ids)).order_by(Worksheet.id)
        .options(lazyload(Worksheet.performed_by),
                 contains_eager(Worksheet.item).options(
                     joinedload(JobItem.procedure), lazyload(JobItem.instrument), lazyload(JobItem.assigned_to)),
                 selectinload(Worksheet.standards)))
    return list(session().scalars(query).unique())


def _results(worksheet_ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """The newest result of each sheet: (id, stored evaluation)."""
    query = (sa.select(Result.worksheet_id, Result.id, Result.evaluation)
             .where(Result.worksheet_id.in_(worksheet_ids)).order_by(Result.revision))
    return {worksheet_id: (result_id, text) for worksheet_id, result_id, text in session().execute(query)}
