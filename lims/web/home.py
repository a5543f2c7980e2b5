"""What stands on the home page: what to act on today, the person's own work, and for the head how the work stands."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from lims.alerts.service import count_open
from lims.auth.models import User
from lims.equipment.models import Schedule, Standard
from lims.equipment.recall import count_overdue, of_person
from lims.issue.models import Certificate
from lims.jobs.models import Job, JobItem
from lims.plans import service as plans
from lims.plans.progress import PlanProgress, plan_progress
from lims.shared.db import session
from lims.web.duties import Duty, assigned_to, duties
from lims.workload.figures import Figures, figures
from lims.workload.rules import quarter_of

OPEN = ("received", "assigned", "measuring", "submitted", "reviewed")
LISTED = 8


@dataclass(frozen=True)
class Home:
    """Everything the page shows; each list is at most LISTED long."""

    duties: Sequence[Duty]
    mine: Sequence[JobItem]
    waiting_review: Sequence[JobItem]
    unreviewed_jobs: Sequence[Job]
    unassigned: Sequence[JobItem]
    late: Sequence[JobItem]
    standards: Sequence[Schedule]
    alerts: int
    figures: dict[str, int]
    quarter: Figures | None
    """How the work stands in this quarter, for whoever answers for all of it."""
    plan: PlanProgress | None
    """The plan of this year, for the same."""


def home_of(user: User, today: date, due_soon_days: int) -> Home:
    """The home page of a person on a day."""
    may = user.permissions
    oversees = "head" in user.role_names
    plan = plans.plan_of_year(today.year) if "plans.edit" in may else None
    progress = plan_progress(plan, today) if plan is not None else None
    alerts = count_open(user)
    return Home(
        duties=duties(user, today, progress, alerts),
        mine=_items(assigned_to(user), JobItem.state.in_(("assigned", "measuring"))),
        waiting_review=_items(JobItem.state.in_(("submitted", "reviewed"))) if "issue.review" in may else (),
        unreviewed_jobs=_jobs(Job.reviewed_at.is_(None)) if "jobs.receive" in may else (),
        unassigned=_items(JobItem.state == "received", Job.reviewed_at.is_not(None)) if "jobs.assign" in may else (),
        late=_items(JobItem.state.in_(OPEN), Job.promised_on < today),
        standards=due_schedules(today + timedelta(days=due_soon_days),
                                None if "standards.edit" in may else user.id),
        alerts=alerts,
        figures=_figures(today),
        quarter=figures(quarter_of(today), today, brief=True) if oversees else None,
        plan=progress if oversees else None,
    )


def due_schedules(until: date, acts_id: int | None) -> Sequence[Schedule]:
    """Duties due by a day, of standards in use, soonest first; those that one person must act on when named."""
    query = (sa.select(Schedule).join(Standard).where(Schedule.active, Schedule.due_on <= until,
                                                      Standard.state != "retired")
             .options(contains_eager(Schedule.standard)))
    if acts_id is not None:
        query = of_person(query, acts_id)
    return session().scalars(query.order_by(Schedule.due_on).limit(LISTED)).all()


def _items(*conditions: sa.ColumnElement[bool]) -> Sequence[JobItem]:
    query = sa.select(JobItem).join(Job).where(*conditions).order_by(Job.promised_on.nulls_last(), JobItem.id)
    return session().scalars(query.limit(LISTED)).all()


def _jobs(*conditions: sa.ColumnElement[bool]) -> Sequence[Job]:
    return session().scalars(sa.select(Job).where(*conditions).order_by(Job.id).limit(LISTED)).all()


def _figures(today: date) -> dict[str, int]:
    count = sa.func.count()
    states = dict(session().execute(sa.select(JobItem.state, count).where(JobItem.state.in_(OPEN))
                                    .group_by(JobItem.state)).all())
    month = today.replace(day=1)
    return {
        "open": sum(states.get(state, 0) for state in OPEN),
        "waiting": states.get("submitted", 0) + states.get("reviewed", 0),
        "issued_month": session().scalar(sa.select(count).where(Certificate.issued_on >= month)) or 0,
        "overdue_standards": count_overdue(today),
    }
