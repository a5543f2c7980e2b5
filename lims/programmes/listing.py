"""Programmes as a list: filters, and what a page of them needs at once."""
from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from lims.customers import service as customers
from lims.programmes.models import Programme
from lims.shared.db import session
from lims.shared.text import holding


def found(*, text: str = "", state: str = "", customer_id: int | None = None) -> sa.Select[Any]:
    """Programmes whose title or enterprise holds the words, in a state, of one enterprise; in no order yet."""
    query = sa.select(Programme).options(selectinload(Programme.document), selectinload(Programme.actions))
    if text:
        query = query.where(sa.or_(Programme.customer_id.in_(customers.ids_found(text)),
                                   Programme.id.in_(_titled(text))))
    if state:
        query = query.where(Programme.state == state)
    return query.where(Programme.customer_id == customer_id) if customer_id is not None else query


def _titled(text: str) -> list[int]:
    """Programmes whose title holds the words, whatever their case and marks: an enterprise has one for some years, so
    all titles are few."""
    return holding(((key, title) for key, title in session().execute(sa.select(Programme.id, Programme.title))), text)
