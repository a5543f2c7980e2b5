"""`/api/v1/stickers`: every number of stickers and seals; `/api/v1/sticker-series`: as they came in."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import jsonify, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.api import asked
from lims.api.access import scoped
from lims.api.blueprint import blueprint
from lims.api.bodies import judged
from lims.api.listing import listed, shown
from lims.api.named import account_named, fields_as, job_named
from lims.api.once import created
from lims.api.sticker_forms import ReceiveForm, StickerMoveForm
from lims.api.values import account, day, instant, name
from lims.api.versions import Revision, changed
from lims.legal import sticker_listing, sticker_reports
from lims.legal import stickers as stickers_service
from lims.legal.sticker_models import KINDS, Sticker, StickerMove, StickerSeries
from lims.legal.sticker_rules import STATES, written
from lims.legal.stickers import NewSeries
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


@blueprint.post("/stickers")
@scoped("stickers:write", "stickers.keep")
def receive_stickers() -> Response:
    """A series came in: all its numbers stand in stock; the answer is the series."""
    def receive(body: dict[str, Any]) -> None:
        form = judged(ReceiveForm, body)
        stickers_service.receive(NewSeries(form.kind.data, form.first.data, form.last.data, form.received_on.data,
                                           form.supplier.data or "", form.note.data or ""), current_user)
    return created(StickerSeries, receive, lambda row: plain_series(*sticker_reports.balanced([row])))


@blueprint.patch("/stickers/<int:sticker_id>")
@scoped("stickers:write", "stickers.keep")
def move_sticker(sticker_id: int) -> Response:
    """A number, or the run from it to `last`, is handed out, comes back, is spoiled or lost; all or none."""
    def move(found: Revision, _version: int, body: dict[str, Any]) -> None:
        form, row = judged(StickerMoveForm, body), found.row
        holder = account_named(form.holder_user.data, "holder_user").id if form.holder_user.data else None
        job = job_named(form.job.data, "job") if form.job.data else None
        with fields_as(holder="holder_user", first="last" if form.last.data else "act"):
            stickers_service.move(row.series_id, row.number, form.last.data or row.number, form.act.data, current_user,
                                  holder_id=holder, job_id=job.id if job else None,
                                  reason=form.reason.data or "")
    return changed(lambda: _revision(read(sticker_id)), move, lambda found: plain(found.row))


def _revision(row: Sticker) -> Revision:
    return Revision(row, len(sticker_listing.moves_of(row)))


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
