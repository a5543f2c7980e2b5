"""Surveys as a list: filters, and how many instruments each of them saw."""
from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa

from lims.customers import service as customers
from lims.shared.db import session
from lims.shared.text import search_key
from lims.surveys.models import Survey, SurveyRow


def found(*, text: str = "", state: str = "", year: int | None = None,
          customer_id: int | None = None) -> sa.Select[Any]:
    """Surveys at enterprises that the words find, or of that number, in a state, of a year, at one enterprise; in no
    order yet."""
    query = sa.select(Survey)
    if text:
        query = query.where(sa.or_(Survey.customer_id.in_(customers.ids_found(text)),
                                   Survey.number == "-".join(search_key(text).upper().split())))
    if state:
        query = query.where(Survey.state == state)
    if year:
        query = query.where(Survey.visited_on.between(date(year, 1, 1), date(year, 12, 31)))
    return query.where(Survey.customer_id == customer_id) if customer_id is not None else query


def counts(ids: Collection[int]) -> dict[int, int]:
    """Survey -> number of its rows."""
    return {row[0]: row[1] for row in session().execute(
        sa.select(SurveyRow.survey_id, sa.func.count()).where(SurveyRow.survey_id.in_(ids))
        .group_by(SurveyRow.survey_id))}


def by_number(number: str) -> Survey | None:
    """The survey with this number, in any case."""
    return session().scalar(sa.select(Survey).where(Survey.number == number.strip().upper()))
