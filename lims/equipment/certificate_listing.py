"""Certificates of standards as a list: every entry, also those superseded or taken back."""
from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from lims.equipment.models import Standard, StandardCertificate
from lims.shared.db import session
from lims.shared.text import holding, like_pattern

STATES = ("in_force", "superseded", "void")


def found(*, text: str = "", standard_id: int | None = None, state: str = "", since: date | None = None,
          until: date | None = None) -> sa.Select[Any]:
    """Entries whose number, issuer or standard holds the words, of one standard, in one state, calibrated on days
    from `since` to `until`; in no order yet."""
    query = sa.select(StandardCertificate).join(StandardCertificate.standard).options(
        contains_eager(StandardCertificate.standard))
    if text:
        query = query.where(sa.or_(Standard.search.like(like_pattern(text)),
                                   StandardCertificate.number.icontains(text, autoescape=True),
                                   StandardCertificate.issuer.in_(_issuers(text))))
    if standard_id is not None:
        query = query.where(StandardCertificate.standard_id == standard_id)
    if state:
        query = query.where(*_in_state(state))
    if since is not None:
        query = query.where(StandardCertificate.calibrated_on >= since)
    return query.where(StandardCertificate.calibrated_on <= until) if until is not None else query


def entry(certificate_id: int) -> StandardCertificate | None:
    """One entry by its key alone."""
    return session().get(StandardCertificate, certificate_id)


def later(ids: Collection[int]) -> dict[int, int]:
    """Entry -> the one that superseded it or took it back."""
    return {before or 0: after for before, after in session().execute(
        sa.select(StandardCertificate.supersedes_id, StandardCertificate.id).where(
            StandardCertificate.supersedes_id.in_(ids)))}


def _in_state(state: str) -> tuple[Any, ...]:
    after = sa.orm.aliased(StandardCertificate)
    replaced = sa.exists().where(after.supersedes_id == StandardCertificate.id)
    return {"in_force": (~StandardCertificate.void, ~replaced), "superseded": (replaced,),
            "void": (StandardCertificate.void,)}[state]


def _issuers(text: str) -> list[str]:
    """Names of issuers, of which there are few, that hold the words, whatever their case and marks."""
    names = session().scalars(sa.select(StandardCertificate.issuer).distinct())
    return holding(((name, name) for name in names), text)
