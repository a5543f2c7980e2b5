"""How far a plan is: each target's figure from its measure or its entries, the override beside it, the standing."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from lims.plans import rules
from lims.plans.models import Plan, PlanEntry, PlanItem, PlanOverride, PlanTarget
from lims.plans.rules import Standing
from lims.shared.db import session
from lims.shared.measures import Measure, Period, measure


@dataclass(frozen=True)
class Progress:
    """One target on a day. `measure` None: its entries count. `override` is the one in force."""

    target: PlanTarget
    measure: Measure | None
    computed: Decimal | None
    override: PlanOverride | None
    standing: Standing
    entered: Decimal | None = None
    """Sum of its entries, where a measure counts as well."""

    @property
    def value(self) -> Decimal | None:
        return self.computed if self.override is None else self.override.value

    @property
    def share(self) -> Decimal:
        """Part of the target that is reached, 0 to 1."""
        if self.value is None or self.target.quantity <= 0:
            return Decimal(0)
        return min(Decimal(1), self.value / self.target.quantity)


@dataclass(frozen=True)
class ItemProgress:
    """One row of the annex with its targets; `unstated` are targets whose number its printed result leaves out."""

    item: PlanItem
    targets: list[Progress]
    standing: Standing
    unstated: list[str]

    @property
    def counts(self) -> bool:
        """Whether it is a task that is to be done."""
        return not self.item.heading and self.item.state != "dropped"


@dataclass(frozen=True)
class PlanProgress:
    """A plan on a day."""

    plan: Plan
    items: list[ItemProgress]

    @property
    def tally(self) -> Counter[Standing]:
        """Tasks by standing."""
        return Counter(one.standing for one in self.items if one.counts)

    @property
    def open_difficulties(self) -> int:
        return sum(row.resolved_on is None for one in self.items for row in one.item.difficulties)


def period_of(item: PlanItem, today: date) -> Period:
    """The days over which the item's targets count."""
    return Period(item.starts_on, item.ends_on, today)


def progress_of(target: PlanTarget, today: date) -> Progress:
    """One target alone."""
    return _Reckoning(today, [target]).of(target)


def plan_progress(plan: Plan, today: date) -> PlanProgress:
    """All of a plan; each measure is asked once for each period."""
    (found,) = plans_progress([plan], today)
    return found


def plans_progress(plans: Sequence[Plan], today: date) -> list[PlanProgress]:
    """All of several plans; entries are summed in one query for all of them."""
    reckoning = _Reckoning(today, [target for plan in plans for item in plan.items for target in item.targets
                                   if not target.dropped])
    return [PlanProgress(plan, [_item(item, reckoning) for item in plan.items]) for plan in plans]


def item_progress(item: PlanItem, today: date) -> ItemProgress:
    """One row alone."""
    return _item(item, _Reckoning(today, item.targets))


def _item(item: PlanItem, reckoning: _Reckoning) -> ItemProgress:
    found = [reckoning.of(target) for target in item.targets if not target.dropped]
    state = Standing.MET if item.state == "done" else rules.worst(one.standing for one in found)
    shares = {one.target.title for one in found if one.measure is not None and one.measure.share}
    numbers = {one.target.title: one.target.quantity for one in found if one.target.title not in shares}
    return ItemProgress(item, found, state, rules.unstated(numbers, item.deliverable))


class _Reckoning:
    """Figures of several targets: a measure of one period is computed once, entries are summed in one query."""

    def __init__(self, today: date, targets: Iterable[PlanTarget]) -> None:
        self.today = today
        self._values: dict[tuple[str, date, date], Decimal | None] = {}
        self._entered = _entered([target.id for target in targets], today)

    def of(self, target: PlanTarget) -> Progress:
        counted, entered = measure(target.measure), self._entered.get(target.id, Decimal(0))
        computed = entered if counted is None else self._counted(counted, target.item)
        last = target.overrides[0] if target.overrides else None
        override = last if last is not None and last.value is not None else None
        value = computed if override is None else override.value
        period = period_of(target.item, self.today)
        stands = rules.standing(value, target.comparator, target.quantity, period.first, period.last, self.today)
        return Progress(target, counted, computed, override, stands, None if counted is None else entered)

    def _counted(self, counted: Measure, item: PlanItem) -> Decimal | None:
        key = (counted.code, item.starts_on, item.ends_on)
        if key not in self._values:
            self._values[key] = counted.value(period_of(item, self.today))
        return self._values[key]


def _entered(target_ids: list[int], today: date) -> dict[int, Decimal]:
    """Sum of the entries with evidence of each target; those of the targets that it was carried over from belong to
    it. An entry without a number counts one."""
    chain = {target_id: target_id for target_id in target_ids}
    found: dict[int, Decimal] = {}
    older = dict(chain)
    while older:
        carried = session().execute(sa.select(PlanTarget.id, PlanTarget.carried_from_id).where(
            PlanTarget.id.in_(older), PlanTarget.carried_from_id.is_not(None)))
        older = {before: chain[after] for after, before in carried if before is not None and before not in chain}
        chain |= older
    rows = session().execute(sa.select(PlanEntry.target_id, PlanEntry.quantity).where(
        PlanEntry.target_id.in_(chain), PlanEntry.struck_at.is_(None), PlanEntry.on <= today,
        sa.or_(PlanEntry.link != "", PlanEntry.file_id.is_not(None))))
    for target_id, quantity in rows:
        own = chain[target_id or 0]
        found[own] = found.get(own, Decimal(0)) + (Decimal(1) if quantity is None else quantity)
    return found
