"""The chain of standards above some standards, read level by level."""
from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from instruments.traceability import Link
from lims.equipment import facts
from lims.equipment.models import Standard, StandardCertificate
from lims.shared.db import session

WITH_HISTORY = (
    selectinload(Standard.schedules), selectinload(Standard.functions),
    selectinload(Standard.certificates).selectinload(StandardCertificate.parents),
)


def load(*conditions: sa.ColumnElement[bool]) -> list[Standard]:
    """Standards with their certificates, values, parents and schedules, by asset number."""
    query = sa.select(Standard).where(*conditions).order_by(Standard.asset_number).options(*WITH_HISTORY)
    return list(session().scalars(query).unique())


def links_above(rows: Iterable[Standard]) -> dict[str, tuple[Link, ...]]:
    """Links of these standards and of everything above them, by asset number."""
    return {row.asset_number: facts.links(row) for row in standards_above(rows)}


def standards_above(rows: Iterable[Standard]) -> list[Standard]:
    """These standards and everything above them over any certificate or part; one query for each level."""
    known: dict[int, Standard] = {}
    level = list(rows)
    while level:
        known.update((row.id, row) for row in level)
        above = {parent.id for row in level for certificate in row.certificates for parent in certificate.parents}
        above |= {part.id for row in level if row.parts_from is not None for part in row.parts}
        wanted = above - known.keys()
        level = load(Standard.id.in_(wanted)) if wanted else []
    return list(known.values())
