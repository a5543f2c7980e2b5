"""Pages of rooms: the list, one room with its record, its limits, readings typed or from a logger's file."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from instruments.room_record import Reading
from lims.equipment import environment
from lims.equipment.room_pairs import pairs_of
from lims.equipment.rooms import CONDITIONS, Room, RoomImport
from lims.impact.blueprint import blueprint
from lims.impact.charts import Drawing, Level, Mark, draw
from lims.impact.room_forms import FileForm, ReadingForm, RoomForm
from lims.jobs import procedures
from lims.jobs.room_record import record_of, sheets_in
from lims.jobs.wording import room_words
from lims.shared import clock
from lims.shared.clock import LOCAL_ZONE, local
from lims.shared.db import session
from lims.shared.forms import HouseForm, accepted, parse_day
from lims.shared.i18n import decimal, language
from lims.shared.permissions import LOGIN, permit

SHOWN_DAYS = 7
MOST_POINTS = 400
"""Readings of one chart; of more, the lowest and highest of each stretch are drawn."""
Page = str | Response | tuple[str, int]


@blueprint.get("/standards/rooms")
@permit(LOGIN)
def rooms_index() -> str:
    """Every room with what its last day says."""
    now = clock.now()
    day_ago = now - timedelta(days=1)
    lines = [(row, environment.conditions(row, day_ago, now, environment.own_ends(row)) if row.active else [],
              pairs_of(row)) for row in environment.rooms(active=False)]
    return render_template("impact/rooms.html", lines=lines, names=room_words(), units=CONDITIONS)


@blueprint.get("/standards/rooms/<int:room_id>")
@permit(LOGIN)
def rooms_show(room_id: int) -> str | tuple[str, int]:
    """One room: a week of its record, gaps, excursions, and the work done in them."""
    return _show(room_id)


@blueprint.route("/standards/rooms/new", methods=["GET", "POST"])
@permit("standards.edit")
def rooms_create() -> Page:
    """A new room."""
    return _edit(None)


@blueprint.route("/standards/rooms/<int:room_id>/edit", methods=["GET", "POST"])
@permit("standards.edit")
def rooms_edit(room_id: int) -> Page:
    """Change a room."""
    return _edit(environment.room(room_id))


@blueprint.post("/standards/rooms/<int:room_id>/readings")
@permit("standards.check")
def rooms_read(room_id: int) -> Page:
    """Readings taken by a person."""
    environment.room(room_id)
    form = ReadingForm()
    if accepted(form, lambda: environment.type_readings(
            room_id, form.instant(), {name: form[name].data for name in CONDITIONS}, by=current_user)):
        flash(_("Đã ghi."))
        return redirect(url_for("impact.rooms_show", room_id=room_id), 303)
    return _show(room_id, typed=form), 422


@blueprint.post("/standards/rooms/<int:room_id>/import")
@permit("standards.check")
def rooms_import(room_id: int) -> Page:
    """Readings of a logger's file."""
    environment.room(room_id)
    form = FileForm()
    if done := accepted(form, lambda: environment.import_file(
            room_id, form.file.data.filename or "", form.file.data.read(), by=current_user)):
        flash(_("Đã đọc tệp: %(added)s số đọc mới, %(known)s đã có.", added=done.result.added,
                known=done.result.known))
        return redirect(url_for("impact.rooms_show", room_id=room_id), 303)
    return _show(room_id, upload=form), 422


def _edit(row: Room | None) -> Page:
    room_id = row.id if row else None
    form = RoomForm(row)
    if done := accepted(form, lambda: environment.save_room(
            room_id, form.details(), by=current_user, version=form.version.number)):
        flash(_("Đã lưu."))
        return redirect(url_for("impact.rooms_show", room_id=done.result.id), 303)
    return render_template("impact/room_edit.html", form=form,
                           room=environment.room(room_id) if room_id else None), 422 if form.errors else 200


def _show(room_id: int, *, typed: HouseForm | None = None, upload: HouseForm | None = None) -> str:
    row = environment.room(room_id)
    last = parse_day(request.args.get("to", "")) or clock.today()
    end = min(datetime.combine(last, time.max, tzinfo=LOCAL_ZONE), clock.now())
    start = datetime.combine(last - timedelta(days=SHOWN_DAYS - 1), time(0), tzinfo=LOCAL_ZONE)
    end = max(end, start)
    if typed is None:
        now = local(clock.now())
        typed = ReadingForm(formdata=None, day=now.date(), at=f"{now:%H:%M}")
    sheets = [(sheet, record_of(sheet)) for sheet in sheets_in(room_id, start, end)]
    return render_template(
        "impact/room.html", room=row, names=room_words(), typed=typed, last=last,
        upload=upload or FileForm(formdata=None), first=start, sheets=sheets,
        conditions=environment.conditions(row, start, end, environment.own_ends(row)),
        pairs=pairs_of(row), procedures=procedures.titles(language()),
        earlier=last - timedelta(days=SHOWN_DAYS), later=last + timedelta(days=SHOWN_DAYS), today=clock.today(),
        charts=[(quantity, drawing) for quantity in CONDITIONS
                for drawing in [chart(row, quantity, start, end)] if drawing],
        imports=session().query(RoomImport).filter_by(room_id=room_id).order_by(RoomImport.id.desc()).limit(5).all())


def chart(row: Room, quantity: str, start: datetime, end: datetime) -> Drawing | None:
    """The record of one quantity with the room's limits; None without readings."""
    found = environment.readings(row.id, quantity, start, end)
    if not found:
        return None
    lower, upper = environment.limits_of(row).get(quantity, (None, None))
    marks = [Mark(one.at.timestamp(), float(one.value), None, "out" if _outside(one.value, lower, upper) else "")
             for one in _thinned(found)]
    levels = [Level(float(limit), f"{decimal(f'{limit:f}')} {CONDITIONS[quantity]}")
              for limit in (lower, upper) if limit is not None]
    days = [local(start).date() + timedelta(days=place) for place in range((end - start).days + 1)]
    longest = timedelta(minutes=row.longest_gap_minutes)
    breaks = [later.at.timestamp() for earlier, later in pairwise(found) if later.at - earlier.at > longest]
    return draw(marks, levels, joined=True, breaks=breaks, number=lambda text: decimal(text).replace("-", "−"),
                x_labels=[(_noon(day).timestamp(), f"{day:%d/%m}") for day in days])


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=LOCAL_ZONE)


def _outside(value: Decimal, lower: Decimal | None, upper: Decimal | None) -> bool:
    return (lower is not None and value < lower) or (upper is not None and value > upper)


def _thinned(found: Sequence[Reading]) -> list[Reading]:
    """Few enough to draw, without losing an extreme."""
    if len(found) <= MOST_POINTS:
        return list(found)
    stretch = -(-2 * len(found) // MOST_POINTS)
    kept: list[Reading] = []
    for place in range(0, len(found), stretch):
        part = found[place:place + stretch]
        ends = {min(part, key=lambda one: one.value).at: 0, max(part, key=lambda one: one.value).at: 0}
        kept += [one for one in part if one.at in ends]
    return kept
