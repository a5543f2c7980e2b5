"""Figures of surveys that plans and reports count with."""
from __future__ import annotations

from decimal import Decimal

import sqlalchemy as sa
from flask import Flask, url_for
from flask_babel import lazy_gettext as _l

from lims.customers.models import Customer
from lims.shared.db import session
from lims.shared.measures import Line, Measure, Period, register
from lims.surveys.models import Survey


def init_app(app: Flask) -> None:
    register(app, Measure("surveys.enterprises", _l("Doanh nghiệp đã khảo sát"), _l("doanh nghiệp"), _enterprises,
                          _lines))


def _enterprises(period: Period) -> Decimal:
    """Enterprises with a finished survey in the period, each once."""
    return Decimal(session().scalar(sa.select(sa.func.count(Survey.customer_id.distinct())).where(
        _in(period))) or 0)


def _lines(period: Period, below: int | None, size: int) -> list[Line]:
    """The newest finished survey of each enterprise in the period, newest first."""
    newest = sa.select(sa.func.max(Survey.id)).where(_in(period)).group_by(Survey.customer_id)
    query = sa.select(Survey).join(Customer).where(Survey.id.in_(newest)).order_by(Survey.id.desc()).limit(size)
    if below is not None:
        query = query.where(Survey.id < below)
    return [Line(key=row.id, on=row.visited_on, code=row.number, text=row.customer.name, detail=row.team,
                 url=url_for("surveys.show", survey_id=row.id)) for row in session().scalars(query)]


def _in(period: Period) -> sa.ColumnElement[bool]:
    return sa.and_(Survey.state == "finished", Survey.visited_on.between(period.first, period.until))
