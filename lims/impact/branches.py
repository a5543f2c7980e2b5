"""What was calibrated from a standard, as a tree: each certificate under the one it was given with (feature H2)."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa

from lims.equipment.models import certificate_parent
from lims.impact.touched import AT_ONCE, TouchedStandard
from lims.shared.db import session


def branches(below: Sequence[TouchedStandard]) -> list[TouchedStandard]:
    """The touched certificates depth first, so that each stands below the one it was given with, by asset number."""
    ids = [row.certificate_id for row in below]
    references: defaultdict[int, set[int]] = defaultdict(set)
    for start in range(0, len(ids), AT_ONCE):
        for certificate_id, standard_id in session().execute(sa.select(certificate_parent).where(
                certificate_parent.c.certificate_id.in_(ids[start:start + AT_ONCE]))):
            references[certificate_id].add(standard_id)
    return depth_first(below, references)


def depth_first(below: Sequence[TouchedStandard],
                references: Mapping[int, Collection[int]]) -> list[TouchedStandard]:
    """The same of rows that are known; `references` are the standards that a certificate was given with, by its id.

    A certificate given with several stands once, below the nearest: the newest certificate one level above it that a
    reference had on that day."""
    under: defaultdict[int | None, list[TouchedStandard]] = defaultdict(list)
    above: defaultdict[int, list[TouchedStandard]] = defaultdict(list)
    for row in below:
        above[row.level].append(row)
    for row in below:
        found = [one for one in above[row.level - 1] if one.standard_id in references.get(row.certificate_id, ())
                 and one.calibrated_on <= row.calibrated_on]
        parent = max(found, key=lambda one: (one.calibrated_on, one.certificate_id), default=None)
        under[parent.certificate_id if parent else None].append(row)
    ordered: list[TouchedStandard] = []
    waiting = _last_first(under[None])
    while waiting:
        row = waiting.pop()
        ordered.append(row)
        waiting += _last_first(under[row.certificate_id])
    return ordered


def _last_first(rows: Sequence[TouchedStandard]) -> list[TouchedStandard]:
    return sorted(rows, key=lambda row: (row.asset_number, row.calibrated_on), reverse=True)
