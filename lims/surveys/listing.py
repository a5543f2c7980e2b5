"""Surveys as a list: filters, and how many instruments each of them saw."""
from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa

from lims.customers import service as customers
from lims.shared.db import session
from lims.shared.text import search_key
from lims.surveys.follow_up import SERVICE_OF
from lims.surveys.models import Survey, SurveyFollowUp, SurveyRow

WANTED = tuple(SERVICE_OF)
"""Recommendations that become jobs."""


def found(*, text: str = "", state: str = "", year: int | None = None, customer_id: int | None = None,
          each: bool = False) -> sa.Select[Any]:
    """Surveys at enterprises that the words find, or of that number, in a state, of a year, at one enterprise; in no
    order yet. `each`: of those of the state and year only the newest of each enterprise."""
    query = sa.select(Survey)
    if each:
        newest = sa.select(sa.func.max(Survey.id)).group_by(Survey.customer_id)
        newest = newest.where(Survey.state == state) if state else newest
        return found(text=text, customer_id=customer_id).where(Survey.id.in_(
            newest.where(Survey.visited_on.between(*_span(year))) if year else newest))
    if text:
        query = query.where(sa.or_(Survey.customer_id.in_(customers.ids_found(text)),
                                   Survey.number == "-".join(search_key(text).upper().split())))
    if state:
        query = query.where(Survey.state == state)
    if year:
        query = query.where(Survey.visited_on.between(*_span(year)))
    return query.where(Survey.customer_id == customer_id) if customer_id is not None else query


def counts(ids: Collection[int]) -> dict[int, int]:
    """Survey -> number of its rows."""
    return {row[0]: row[1] for row in session().execute(
        sa.select(SurveyRow.survey_id, sa.func.count()).where(SurveyRow.survey_id.in_(ids))
        .group_by(SurveyRow.survey_id))}


def rows(*, year: int | None = None, advice: str = "", waiting: bool = False) -> sa.Select[Any]:
    """Instruments seen by finished surveys: of a year, with a recommendation, with one that waits for its job; in no
    order yet."""
    # Keys alone are filtered: whole rows, with what was typed in them, are read for the page that is shown.
    query = sa.select(SurveyRow.id).join(Survey, Survey.id == SurveyRow.survey_id).where(Survey.state == "finished")
    if year:
        query = query.where(Survey.visited_on.between(*_span(year)))
    if advice:
        query = query.where(SurveyRow.advice == advice)
    if waiting:
        query = query.where(SurveyRow.advice.in_(WANTED), ~sa.exists().where(SurveyFollowUp.row_id == SurveyRow.id))
    return sa.select(SurveyRow).where(SurveyRow.id.in_(query))


def number_of(query: sa.Select[Any]) -> int:
    """How many there are."""
    return session().scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())) or 0


def _span(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def by_number(number: str) -> Survey | None:
    """The survey with this number, in any case."""
    return session().scalar(sa.select(Survey).where(Survey.number == number.strip().upper()))
