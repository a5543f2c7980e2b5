"""The ledger of stickers against its moves: where each number stands must be where its moves put it.

Moves only grow and are watched row by row; the number's own row says the same once more, for the daily work."""
from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lims.jobs.models import JobItem
from lims.legal.sticker_models import Sticker, StickerMove, StickerSeries
from lims.legal.sticker_rules import Place, moved, written


def out_of_step(session: Session) -> Iterator[str]:
    """Numbers that stand elsewhere than their moves say, are not those of their series, or are gone."""
    for series in session.execute(sa.select(StickerSeries.id, StickerSeries.kind, StickerSeries.prefix,
                                            StickerSeries.first, StickerSeries.last, StickerSeries.width)
                                  .order_by(StickerSeries.id)).all():
        places, faults = _places(session, series.id)
        yield from (f"sticker {written(series.prefix, serial, series.width)}: its moves do not follow one another"
                    for serial in sorted(faults))
        rows = {row.serial: row for row in session.execute(
            sa.select(Sticker.serial, Sticker.kind, Sticker.number, Sticker.state, Sticker.holder_id,
                      JobItem.code).outerjoin(JobItem, JobItem.id == Sticker.item_id)
            .where(Sticker.series_id == series.id))}
        for serial in sorted({*rows, *range(series.first, series.last + 1)}):
            number = written(series.prefix, serial, series.width)
            row, place = rows.get(serial), places.get(serial)
            if row is None:
                yield f"sticker {number}: it is gone from the ledger"
            elif (row.number, row.kind) != (number, series.kind):
                yield f"sticker {number}: the ledger writes it {row.number} ({row.kind})"
            elif place is None or Place(row.state, row.holder_id, row.code or "") != place:
                yield f"sticker {number}: it stands elsewhere than its moves put it"


def _places(session: Session, series_id: int) -> tuple[dict[int, Place], set[int]]:
    """Where the moves leave each number, and numbers with a move that could not be made."""
    places: dict[int, Place] = {}
    faults: set[int] = set()
    for move in session.execute(sa.select(
            StickerMove.first, StickerMove.last, StickerMove.act, StickerMove.holder_id, StickerMove.item_code)
            .where(StickerMove.series_id == series_id).order_by(StickerMove.id)):
        for serial in range(move.first, move.last + 1):
            place = moved(places.get(serial), move.act, move.holder_id, move.item_code)
            if place is None:
                faults.add(serial)
            else:
                places[serial] = place
    return places, faults
