"""Sheets evaluated again with other values of one standard, and of those that were calibrated with it in between.

This is the part of a review that takes time: it reads, computes and writes nothing, here or in a process beside.
"""
from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, lazyload, load_only, selectinload

from instruments.evaluate import evaluate
from instruments.handed_on import handed_on
from instruments.observations import Observations, StandardData
from instruments.procedure import Procedure
from instruments.recompute import POINTS, Comparison, assumed, compare, with_standard
from instruments.unit_factors import UnlikeUnits, unit_factor
from lims.equipment.facts import as_standard_data, standing
from lims.equipment.models import Standard, StandardCertificate
from lims.jobs.capabilities import cmc_for
from lims.jobs.models import Job, JobItem, Result, Worksheet, WorksheetStandard
from lims.jobs.observations import assemble, newest_of
from lims.jobs.procedures import parsed
from lims.jobs.results import stated_in
from lims.shared.db import session

Refused = list[tuple[str, str]]
BY_PART = "used as a part of a set or system"
"""Why a result is not recomputed: values come from the certificate of the whole, so a person has to judge."""


@dataclass(frozen=True)
class Plan:
    """What a run rests on, as plain values: rows are forgotten between chunks. `below` are the certificates of other
    standards that were given with this one in between."""

    review_id: int
    run: int
    standard_id: int
    certificate_id: int | None
    shift: Decimal
    half_width: Decimal | None
    below: frozenset[int] = frozenset()


def recomputed(plan: Plan, worksheet_ids: Sequence[int]) -> tuple[list[dict[str, Any]], Refused]:
    """A row of ImpactItem for each sheet; what cannot be recomputed is also named as (code, why)."""
    refused: Refused = []
    try:
        return list(_items(plan, worksheet_ids, refused)), refused
    finally:
        session().rollback()


def _items(plan: Plan, worksheet_ids: Sequence[int], refused: Refused) -> Iterator[dict[str, Any]]:
    sheets = _sheets(worksheet_ids)
    cells = newest_of(worksheet_ids)
    results = _results(worksheet_ids)
    values = Values(plan)
    by_part = _used_as_part(plan, worksheet_ids)
    borne: dict[Hashable, dict[str, float]] = {}
    for sheet in sheets:
        result_id, verdict, text = results[sheet.id]
        base = {"review_id": plan.review_id, "run": plan.run, "result_id": result_id,
                "customer_id": sheet.item.job.customer_id}
        try:
            if sheet.id in by_part:
                raise ValueError(BY_PART)
            stored = stated_in(_kept(text))
            observations = assemble(sheet, cells.get(sheet.id, {}), values.given(sheet), _cmc(borne, sheet))
            found = _compared(values, sheet, observations, stored)
        except ValueError as wrong:
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


def _compared(values: Values, sheet: Worksheet, observations: Observations, stored: Mapping[str, Any]) -> Comparison:
    for use in sheet.standards:
        for _standard, certificate in use.certified:
            data = values.instead(certificate)
            if data is not None:
                observations = with_standard(observations, use.slot, data)
    procedure = parsed(sheet.item.procedure)
    return compare(stored, evaluate(procedure, observations, lean=_may_be_lean(procedure)))


class Values:
    """The standards' values as they were used and as they are assumed, each certificate read once in a chunk."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._used: dict[int, StandardData] = {}
        self._assumed: dict[int, StandardData | str] = {}
        self._instead: dict[int, StandardData | None] = {}

    def given(self, sheet: Worksheet) -> dict[str, list[StandardData]]:
        """The standards as the sheet used them."""
        chosen: dict[str, list[StandardData]] = {}
        for use in sheet.standards:
            whole = "" if use.certificate_id is not None else use.standard.asset_number
            for standard, certificate in use.certified:
                data = self._as_used(standard, certificate)
                chosen.setdefault(use.slot, []).append(replace(data, whole=whole) if whole else data)
        return chosen

    def instead(self, used: StandardCertificate) -> StandardData | None:
        """What is assumed in the place of a certificate used; None where it stays. ValueError: it cannot be told."""
        if used.standard_id != self._plan.standard_id and used.id not in self._plan.below:
            return None
        if used.id not in self._instead:
            certificate = self._certificate(used) if used.standard_id == self._plan.standard_id else used
            self._instead[used.id] = None if certificate is None else self._told(certificate)
        return self._instead[used.id]

    def _certificate(self, used: StandardCertificate) -> StandardCertificate | None:
        """The assumed certificate, for uses of the function that it is about."""
        if self._plan.certificate_id is None:
            return used
        other = session().get_one(StandardCertificate, self._plan.certificate_id)
        return other if other.function_id == used.function_id else None

    def _told(self, certificate: StandardCertificate) -> StandardData:
        known = self._assumed
        if certificate.id not in known:
            known[certificate.id] = f"{certificate.standard.asset_number}: calibrated in a circle"
            try:
                known[certificate.id] = self._other(certificate)
            except (ValueError, UnlikeUnits) as wrong:
                known[certificate.id] = str(wrong)
        found = known[certificate.id]
        if isinstance(found, str):
            raise ValueError(found)
        return found

    def _other(self, certificate: StandardCertificate) -> StandardData:
        """The certificate with the assumption of the review, or with what its own references hand on."""
        standard = certificate.standard
        data = self._as_used(standard, certificate)
        if standard.id == self._plan.standard_id:
            try:
                factor = unit_factor(standard.spread_unit or standard.unit, data.spread_unit or data.unit)
            except UnlikeUnits:  # a function of another quantity, of which the deviation says nothing
                return data
            half = self._plan.half_width
            return assumed(data, float(self._plan.shift) * factor, None if half is None else float(half) * factor)
        for parent in certificate.parents:
            before = _counting(parent, certificate.calibrated_on, certificate.unit)
            if before is None:
                continue
            after = self._certificate(before) if parent.id == self._plan.standard_id else before
            if after is not None and (parent.id == self._plan.standard_id or before.id in self._plan.below):
                data = handed_on(data, self._as_used(parent, before), self._told(after))
        return data

    def _as_used(self, standard: Standard, certificate: StandardCertificate) -> StandardData:
        if certificate.id not in self._used:
            self._used[certificate.id] = as_standard_data(standard, certificate)
        return self._used[certificate.id]


def _counting(standard: Standard, day: date, unit: str) -> StandardCertificate | None:
    """The certificate that counted on the day, of the function whose unit turns into this one."""
    return next((row for row in standing(standard.certificates) if row.calibrated_on <= day and _alike(row.unit, unit)),
                None)


def _alike(one: str, other: str) -> bool:
    try:
        unit_factor(one, other)
    except UnlikeUnits:
        return False
    return True


def _cmc(borne: dict[Hashable, dict[str, float]], sheet: Worksheet) -> dict[str, float]:
    """The CMC of the sheet's points, once for all sheets of a chunk with the same fields on the same day."""
    procedure = parsed(sheet.item.procedure)
    key = (procedure.digest, tuple(sorted(sheet.instrument_fields.items())), sheet.performed_on)
    if key not in borne:
        borne[key] = cmc_for(procedure, sheet.instrument_fields, sheet.performed_on)
    return borne[key]


def _used_as_part(plan: Plan, worksheet_ids: Sequence[int]) -> set[int]:
    """Sheets on which the standard, or one calibrated with it in between, came along as a part of another that has a
    certificate of its own."""
    whole = sa.orm.aliased(WorksheetStandard)
    parts = session().execute(sa.select(
        WorksheetStandard.worksheet_id, WorksheetStandard.standard_id, WorksheetStandard.certificate_id)
        .join(whole, whole.id == WorksheetStandard.whole_id).where(
        WorksheetStandard.worksheet_id.in_(worksheet_ids), whole.certificate_id.is_not(None)))
    return {sheet for sheet, standard, certificate in parts
            if standard == plan.standard_id or certificate in plan.below}


def _may_be_lean(procedure: Procedure) -> bool:
    """Without Monte Carlo the lean evaluation states the same numbers."""
    return procedure.coverage.monte_carlo is None and procedure.coverage.method not in ("monte_carlo", "auto")


def _sheets(worksheet_ids: Sequence[int]) -> list[Worksheet]:
    """The sheets with no more of their items and jobs than an evaluation asks; procedures, standards and certificates
    are few, and each is read when the first sheet names it."""
    query = (
        sa.select(Worksheet).join(Worksheet.item).join(JobItem.job).where(Worksheet.id.in_(worksheet_ids))
        .order_by(Worksheet.id).options(
            load_only(Worksheet.item_id, Worksheet.performed_on, Worksheet.instrument_fields),
            lazyload(Worksheet.performed_by),
            contains_eager(Worksheet.item).options(
                load_only(JobItem.code, JobItem.decision_rule, JobItem.procedure_id, JobItem.job_id),
                lazyload(JobItem.procedure), lazyload(JobItem.instrument), lazyload(JobItem.assigned_to),
                contains_eager(JobItem.job).options(load_only(Job.customer_id), lazyload(Job.customer))),
            selectinload(Worksheet.standards).options(
                lazyload(WorksheetStandard.standard), lazyload(WorksheetStandard.certificate))))
    return list(session().scalars(query))


def _results(worksheet_ids: Sequence[int]) -> dict[int, tuple[int, str, str]]:
    """The newest result of each sheet: (id, verdict, stored evaluation)."""
    query = (sa.select(Result.worksheet_id, Result.id, Result.verdict, Result.evaluation)
             .where(Result.worksheet_id.in_(worksheet_ids)).order_by(Result.revision))
    return {worksheet_id: (result_id, verdict, text) for worksheet_id, result_id, verdict, text in
            session().execute(query)}


def _kept(evaluation: str) -> str:
    """The stored evaluation. ValueError where the sheet's records were disposed of."""
    if not evaluation:
        raise ValueError("its records were disposed of")
    return evaluation
