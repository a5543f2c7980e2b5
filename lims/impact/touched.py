"""What a standard touched between two dates, through every level of standards calibrated with it (feature H1, H2).

A certificate of another standard is touched when it was calibrated, inside the dates, by a standard whose own touched
certificate counted on that day. Results are those measured inside the dates with the standard itself, or with a touched
certificate. One recursive statement finds the certificates, whatever the depth.
"""
from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import sqlalchemy as sa

from lims.customers.models import Customer, Instrument
from lims.equipment.models import Standard, StandardCertificate, certificate_parent
from lims.issue.models import Certificate
from lims.jobs.models import Job, JobItem, Worksheet, WorksheetStandard
from lims.shared.db import session

DEEPEST = 12
"""Levels that are followed; no laboratory's own chain is longer, and a circle ends here."""
PAGE = 50
AT_ONCE = 1000
_SERVED = -1
"""Stands for the level in the counts of one certificate."""


@dataclass(frozen=True)
class TouchedStandard:
    """A standard calibrated, directly or through others, with the one asked about; `certificate_id` says by which."""

    level: int
    standard_id: int
    asset_number: str
    name: str
    certificate_id: int
    number: str
    calibrated_on: date
    results: int


@dataclass(frozen=True)
class TouchedResult:
    """One sheet measured with it; `level` 0 is the standard itself. `certificate` is "" until it was issued."""

    worksheet_id: int
    level: int
    performed_on: date
    code: str
    object_name: str
    serial: str
    customer_id: int
    customer: str
    certificate: str
    asset_number: str


@dataclass(frozen=True)
class Totals:
    """Counts of everything touched; `by_level` are results by level, 0 first."""

    standards: int
    results: int
    certificates: int
    customers: int
    by_level: tuple[int, ...]


@dataclass(frozen=True)
class Customers:
    """Results and issued certificates of one customer."""

    customer_id: int
    name: str
    results: int
    certificates: int


class Share(NamedTuple):
    """Results and issued certificates of one customer at one level."""

    level: int
    customer_id: int
    results: int
    certificates: int


class Touch:
    """The question: which standard, and from which day through which (both included)."""

    def __init__(self, standard_id: int, since: date, until: date) -> None:
        self.standard_id, self.since, self.until = standard_id, since, until

    @cached_property
    def _uses(self) -> Any:
        """(worksheet_id, item_id, level, standard_id, certificate_id) of every use inside the dates. The certificates
        are few and found first, so that the uses are looked up by them in the index."""
        below = tainted(self.standard_id, self.since, self.until)
        found = session().execute(
            sa.select(below.c.certificate_id, sa.func.min(below.c.level)).group_by(below.c.certificate_id))
        return _uses(self.standard_id, self.since, self.until, {row[0]: row[1] for row in found})

    @cached_property
    def _counts(self) -> tuple[list[Share], dict[int, int]]:
        """Shares by level and customer, and the results of each certificate: all counts in one statement, which goes
        over the sheets once, since they lie apart on the disk. An item has one sheet."""
        uses = self._uses
        once = sa.select(uses.c.item_id, sa.func.min(uses.c.level).label("level")).group_by(uses.c.item_id).subquery()
        issued = sa.select(sa.func.count()).where(Certificate.item_id == once.c.item_id).scalar_subquery()
        shares = (
            sa.select(once.c.level, Job.customer_id, sa.func.count(), sa.func.sum(issued))
            .select_from(once).join(JobItem, JobItem.id == once.c.item_id).join(Job, Job.id == JobItem.job_id)
            .group_by(once.c.level, Job.customer_id))
        served = sa.select(sa.literal(_SERVED), uses.c.certificate_id, sa.func.count(sa.distinct(uses.c.item_id)),
                           sa.literal(0)).group_by(uses.c.certificate_id)
        rows = [Share(level, key, results, int(certificates))
                for level, key, results, certificates in session().execute(shares.union_all(served))]
        return ([row for row in rows if row.level != _SERVED],
                {row.customer_id: row.results for row in rows if row.level == _SERVED})

    def standards(self) -> list[TouchedStandard]:
        """Every touched certificate of another standard, nearest level first, with the results it served."""
        below, results = tainted(self.standard_id, self.since, self.until), self._counts[1]
        query = (
            sa.select(sa.func.min(below.c.level), Standard.id, Standard.asset_number, Standard.name,
                      StandardCertificate.id, StandardCertificate.number, StandardCertificate.calibrated_on)
            .select_from(below)
            .join(StandardCertificate, StandardCertificate.id == below.c.certificate_id)
            .join(Standard, Standard.id == StandardCertificate.standard_id)
            .group_by(Standard.id, Standard.asset_number, Standard.name, StandardCertificate.id,
                      StandardCertificate.number, StandardCertificate.calibrated_on)
            .order_by(sa.func.min(below.c.level), Standard.asset_number, StandardCertificate.calibrated_on))
        return [TouchedStandard(level, id_, asset_number, name, certificate_id, number, day,
                                results.get(certificate_id, 0))
                for level, id_, asset_number, name, certificate_id, number, day in session().execute(query)]

    def totals(self) -> Totals:
        """Counts of standards, results, issued certificates and customers."""
        by_level: Counter[int] = Counter()
        for level, _customer, results, _certificates in self._counts[0]:
            by_level[level] += results
        certificates = sum(share.certificates for share in self._counts[0])
        customers = len({share.customer_id for share in self._counts[0]})
        below = tainted(self.standard_id, self.since, self.until)
        standards = session().scalar(
            sa.select(sa.func.count(sa.distinct(StandardCertificate.standard_id))).select_from(below)
            .join(StandardCertificate, StandardCertificate.id == below.c.certificate_id)) or 0
        deepest = max(by_level, default=-1)
        return Totals(standards, sum(by_level.values()), certificates, customers,
                      tuple(by_level.get(level, 0) for level in range(deepest + 1)))

    def customers(self) -> list[Customers]:
        """Each customer with its counts, the most results first."""
        results: Counter[int] = Counter()
        certificates: Counter[int] = Counter()
        for _level, customer, number, issued in self._counts[0]:
            results[customer] += number
            certificates[customer] += issued
        names = session().execute(sa.select(Customer.id, Customer.name).where(Customer.id.in_(results)))
        found = [Customers(customer, name, results[customer], certificates[customer]) for customer, name in names]
        return sorted(found, key=lambda one: (-one.results, one.name))

    def results(self, *, after: int = 0, size: int | None = PAGE) -> list[TouchedResult]:
        """Sheets in the order in which they were begun, from the one after `after`; `size` None is all of them."""
        uses = self._uses
        page = (sa.select(uses.c.worksheet_id, sa.func.min(uses.c.level).label("level"),
                          sa.func.min(uses.c.standard_id).label("standard_id"))
                .where(uses.c.worksheet_id > after).group_by(uses.c.worksheet_id)
                .order_by(uses.c.worksheet_id).limit(size).subquery())
        query = (
            sa.select(page.c.worksheet_id, page.c.level, Worksheet.performed_on, JobItem.code, Instrument.name,
                      Instrument.serial, Customer.id, Customer.name, sa.func.coalesce(Certificate.number, ""),
                      Standard.asset_number)
            .select_from(page).join(Worksheet, Worksheet.id == page.c.worksheet_id)
            .join(JobItem, JobItem.id == Worksheet.item_id).join(Instrument, Instrument.id == JobItem.instrument_id)
            .join(Job, Job.id == JobItem.job_id).join(Customer, Customer.id == Job.customer_id)
            .join(Standard, Standard.id == page.c.standard_id)
            .outerjoin(Certificate, sa.and_(Certificate.item_id == JobItem.id,
                                            Certificate.edition == _newest_edition()))
            .order_by(page.c.worksheet_id))
        return [TouchedResult(*row) for row in session().execute(query)]


def _newest_edition() -> Any:
    other = sa.orm.aliased(Certificate)
    return sa.select(sa.func.max(other.edition)).where(other.item_id == JobItem.id).scalar_subquery()


def tainted(standard_id: int, since: date, until: date) -> sa.CTE:
    """(certificate_id, standard_id, from_on, level) of every certificate touched, level 1 first."""
    child, parent_link = StandardCertificate, certificate_parent
    first = (
        sa.select(child.id.label("certificate_id"), child.standard_id.label("standard_id"),
                  child.calibrated_on.label("from_on"), sa.literal(1).label("level"))
        .join(parent_link, parent_link.c.certificate_id == child.id)
        .where(parent_link.c.standard_id == standard_id, child.void.is_(False),
               child.calibrated_on.between(since, until))
        .cte("tainted", recursive=True))
    later = sa.orm.aliased(StandardCertificate)
    return first.union(
        sa.select(child.id, child.standard_id, child.calibrated_on, first.c.level + 1)
        .select_from(first).join(parent_link, parent_link.c.standard_id == first.c.standard_id)
        .join(child, child.id == parent_link.c.certificate_id)
        .where(child.void.is_(False), child.calibrated_on.between(first.c.from_on, until), first.c.level < DEEPEST,
               ~sa.exists().where(later.standard_id == first.c.standard_id, later.void.is_(False),
                                  later.calibrated_on > first.c.from_on,
                                  later.calibrated_on <= child.calibrated_on)))


def _uses(standard_id: int, since: date, until: date, levels: Mapping[int, int]) -> Any:
    """(worksheet_id, item_id, level, standard_id, certificate_id) of every use inside the dates, by the level of the
    certificate."""
    inside = Worksheet.performed_on.between(since, until)
    own = (sa.select(WorksheetStandard.worksheet_id, Worksheet.item_id, sa.literal(0).label("level"),
                     WorksheetStandard.standard_id, WorksheetStandard.certificate_id)
           .join(Worksheet, Worksheet.id == WorksheetStandard.worksheet_id)
           .where(WorksheetStandard.standard_id == standard_id, inside))
    by_level: defaultdict[int, list[int]] = defaultdict(list)
    for certificate_id, level in levels.items():
        by_level[level].append(certificate_id)
    below = [sa.select(WorksheetStandard.worksheet_id, Worksheet.item_id, sa.literal(level),
                       WorksheetStandard.standard_id, WorksheetStandard.certificate_id)
             .join(Worksheet, Worksheet.id == WorksheetStandard.worksheet_id)
             .where(WorksheetStandard.certificate_id.in_(ids[start:start + AT_ONCE]), inside)
             for level, ids in sorted(by_level.items()) for start in range(0, len(ids), AT_ONCE)]
    return sa.union_all(own, *below).cte("uses")


def period(since: date | None, until: date | None, today: date) -> tuple[date, date]:
    """The dates of a question: the last year when the address names none."""
    end = until or today
    begin = since or end.replace(year=end.year - 1, day=min(end.day, 28) if end.month == 2 else end.day)
    return begin, end
