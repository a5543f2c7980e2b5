"""Use cases of equipment bought for rows of the group-2 list."""
from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import sqlalchemy as sa
from flask import Flask, current_app

from lims.auth.models import User
from lims.equipment.models import Standard
from lims.legal.models import CatalogueRow
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Invalid, NotFound
from lims.shared.freshness import require_version
from lims.surveys.coverage_models import Purchase
from lims.surveys.service import actor_of

Source = Callable[[Collection[int]], dict[int, tuple[str, str]]]
FIELDS = ("name", "plan_reference", "decision", "delivered_on", "note")


def get(purchase_id: int) -> Purchase:
    """The purchase, or NotFound."""
    found = session().get(Purchase, purchase_id)
    if found is None:
        raise NotFound("Không có mục mua sắm này.", "No such purchase.")
    return found


def save(purchase_id: int | None, item: str, values: Mapping[str, object], user: User, version: int = 0) -> Purchase:
    """A new purchase for a row (None) or a changed one. Raises NotFound for an unknown row, Invalid at
    `standard` for an unknown asset number, Conflict when somebody changed it meanwhile."""
    with write("purchase.save", actor=actor_of(user)):
        row = put(purchase_id, item, values, user, version)
    return row


def put(purchase_id: int | None, item: str, values: Mapping[str, object], user: User, version: int = 0) -> Purchase:
    """The same inside the caller's transaction."""
    current = session()
    if current.scalar(sa.select(CatalogueRow.id).where(CatalogueRow.item == item).limit(1)) is None:
        raise NotFound("Danh mục không có dòng này.", "The list has no such row.")
    if purchase_id is None:
        row = Purchase(item=item, created_at=clock.now(), created_by_id=user.id)
    else:
        row = get(purchase_id)
        require_version(row, version)
    for name in FIELDS:
        setattr(row, name, values.get(name) if name == "delivered_on" else values.get(name) or "")
    row.standard_id = _standard(str(values.get("standard") or ""))
    current.add(row)
    current.flush()
    return row


def add_source(app: Flask, found: Source) -> None:
    """A feature further right tells under what a purchase was made: purchases' ids -> {id: (words, address)}."""
    app.extensions["purchase_source"] = found


def sources(purchase_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Under what each purchase was made, where that is known."""
    found: Source | None = current_app.extensions.get("purchase_source")
    return found(purchase_ids) if found is not None and purchase_ids else {}


def _standard(asset_number: str) -> int | None:
    if not asset_number:
        return None
    found = session().scalar(sa.select(Standard.id).where(
        sa.func.upper(Standard.asset_number) == asset_number.strip().upper()))
    if found is None:
        raise Invalid(f"Sổ không có chuẩn {asset_number}.", f"The register has no standard {asset_number}.",
                      "standard")
    return found
