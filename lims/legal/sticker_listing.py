"""Numbers of stickers and seals as a list, and what happened to one of them."""
from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from lims.jobs.models import Job, JobItem
from lims.legal.sticker_models import Sticker, StickerMove, StickerSeries
from lims.shared.db import session


def found(*, text: str = "", kind: str = "", state: str = "", series_id: int | None = None,
          holder_id: int | None = None, item_code: str = "") -> sa.Select[Any]:
    """Numbers that hold the text, of a kind, state, series, in somebody's hand, on an item; in no order yet."""
    query = sa.select(Sticker).options(selectinload(Sticker.item))
    if text:
        query = query.where(Sticker.number.icontains(text, autoescape=True))
    for column, value in ((Sticker.kind, kind), (Sticker.state, state)):
        if value:
            query = query.where(column == value)
    if series_id is not None:
        query = query.where(Sticker.series_id == series_id)
    if holder_id is not None:
        query = query.where(Sticker.holder_id == holder_id)
    if item_code:
        query = query.where(Sticker.item_id.in_(sa.select(JobItem.id).where(JobItem.code == item_code.upper())))
    return query


def series(kind: str = "") -> sa.Select[Any]:
    """Series, of one kind or all; in no order yet."""
    query = sa.select(StickerSeries)
    return query.where(StickerSeries.kind == kind) if kind else query


def sticker(sticker_id: int) -> Sticker | None:
    """The number with this key."""
    return session().get(Sticker, sticker_id)


def moves_of(row: Sticker) -> list[StickerMove]:
    """Everything that happened to one number, in order."""
    return list(session().scalars(sa.select(StickerMove).where(
        StickerMove.series_id == row.series_id, StickerMove.first <= row.serial, StickerMove.last >= row.serial)
        .order_by(StickerMove.id)))


def job_numbers(ids: Collection[int]) -> dict[int, str]:
    """Numbers of the jobs that stickers are kept for."""
    if not ids:
        return {}
    return {row.id: row.number for row in session().execute(sa.select(Job.id, Job.number).where(Job.id.in_(ids)))}
