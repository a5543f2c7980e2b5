"""`/api/v1/stickers`: every number of stickers and seals; `/api/v1/sticker-series`: as they came in."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import jsonify, url_for
from werkzeug.wrappers import Response

from lims.api import asked
from lims.api.access import scoped
from lims.api.blueprint import blueprint
from lims.api.listing import listed, shown
from lims.api.values import account, day, instant, name
from lims.legal import sticker_listing, sticker_reports
from lims.legal.sticker_models import KINDS, Sticker, StickerMove, StickerSeries
from lims.legal.sticker_rules import STATES, written
from lims.shared.db import session
from lims.shared.errors import NotFound
from lims.shared.paging import page_by_id


@blueprint.get("/stickers")
@scoped("stickers:read")
def stickers() -> Response:
    """As they came in; `q`, `kind`, `state`, `series`, `holder`, `item`."""
    page = page_by_id(sticker_listing.found(
        text=asked.text("q"), kind=asked.code("kind", KINDS), state=asked.code("state", STATES),
        series_id=asked.whole("series"), holder_id=asked.person("holder"), item_code=asked.text("item")),
        Sticker.id, newest_first=False)
    jobs = sticker_listing.job_numbers({row.job_id for row in page.rows if row.job_id is not None})
    return listed([_line(row, jobs) for row in page.rows], page.prev_url, page.next_url)


@blueprint.get("/stickers/<int:sticker_id>")
@scoped("stickers:read")
def sticker(sticker_id: int) -> Response:
    """One number with all that happened to it; `version` counts what did."""
    return shown(plain(read(sticker_id)))


@blueprint.get("/sticker-series")
@scoped("stickers:read")
def sticker_series() -> Response:
    """Newest first; `kind`."""
    page = page_by_id(sticker_listing.series(asked.code("kind", KINDS)), StickerSeries.id)
    return listed([plain_series(line) for line in sticker_reports.balanced(page.rows)], page.prev_url, page.next_url)


@blueprint.get("/sticker-series/<int:series_id>")
@scoped("stickers:read")
def one_sticker_series(series_id: int) -> Response:
    """One series: how many of its numbers are where."""
    found = session().get(StickerSeries, series_id)
    if found is None:
        raise NotFound("Không có loạt tem này.", "No such series.")
    return jsonify(plain_series(*sticker_reports.balanced([found])))


def read(sticker_id: int) -> Sticker:
    """The number, or NotFound."""
    found = sticker_listing.sticker(sticker_id)
    if found is None:
        raise NotFound("Không có tem này.", "No such sticker.")
    return found


def plain(row: Sticker) -> dict[str, Any]:
    """A number as it is read and answered."""
    moves = sticker_listing.moves_of(row)
    jobs = sticker_listing.job_numbers([] if row.job_id is None else [row.job_id])
    return _line(row, jobs) | {"version": len(moves), "moves": [_move(one) for one in moves]}


def plain_series(line: sticker_reports.SeriesLine) -> dict[str, Any]:
    """A series as it is read and answered."""
    row = line.series
    return {"id": row.id, "kind": row.kind, "first": written(row.prefix, row.first, row.width),
            "last": written(row.prefix, row.last, row.width), "received_on": day(row.received_on),
            "supplier": row.supplier, "note": row.note, "left": line.balance.left,
            "counts": {state: line.balance.counts.get(state, 0) for state in STATES},
            "url": url_for("api.one_sticker_series", series_id=row.id)}


def _line(row: Sticker, jobs: Mapping[int, str]) -> dict[str, Any]:
    return {"id": row.id, "kind": row.kind, "number": row.number, "series": row.series_id, "state": row.state,
            "holder": name(row.holder), "holder_user": account(row.holder),
            "job": None if row.job_id is None else jobs.get(row.job_id),
            "item": row.item.code if row.item else None, "url": url_for("api.sticker", sticker_id=row.id)}


def _move(row: StickerMove) -> dict[str, Any]:
    return {"act": row.act, "day": day(row.day), "at": instant(row.at), "by": name(row.by),
            "holder": name(row.holder), "item": row.item_code or None, "reason": row.reason}
