"""Figures of competence for plans and reports."""
from __future__ import annotations

import sqlalchemy as sa
from flask import Flask, url_for
from flask_babel import lazy_gettext as _l

from lims.auth.models import User
from lims.shared.measures import Line, Measure, Period, Rows, counted, register
from lims.staff.models import CompetenceEvent


def init_app(app: Flask) -> None:
    """Register the measures."""
    register(app, Measure("training.persons", _l("Người được đào tạo trong kỳ"), _l("người"), *counted(_trained)),
             Measure("training.events", _l("Lượt đào tạo, đánh giá năng lực"), _l("lượt"), *counted(_events)))


def _trained(period: Period) -> Rows:
    """Distinct persons who took part in a training of the period and did not fail it."""
    last = sa.select(CompetenceEvent.user_id, sa.func.max(CompetenceEvent.on).label("on")).where(
        CompetenceEvent.kind == "training", CompetenceEvent.result != "failed", CompetenceEvent.struck_at.is_(None),
        CompetenceEvent.on.between(period.first, period.until)).group_by(CompetenceEvent.user_id).subquery()
    rows = sa.select(User.id, User.username, User.full_name, User.title, last.c.on).join(
        last, last.c.user_id == User.id)
    return rows, User.id, lambda row: Line(row.id, row.on, row.username or "", row.full_name, row.title,
                                           url_for("staff.person", user_id=row.id))


def _events(period: Period) -> Rows:
    rows = sa.select(CompetenceEvent.id, CompetenceEvent.on, CompetenceEvent.subject, CompetenceEvent.procedure_code,
                     User.id.label("user_id"), User.full_name).join(User, User.id == CompetenceEvent.user_id).where(
        CompetenceEvent.struck_at.is_(None), CompetenceEvent.on.between(period.first, period.until))
    return rows, CompetenceEvent.id, lambda row: Line(
        row.id, row.on, row.procedure_code or "–", row.full_name, row.subject,
        url_for("staff.person", user_id=row.user_id))
