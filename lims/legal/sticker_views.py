"""Pages of the ledger: series with their balance, one series, who holds what, the day against the count."""
from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.jobs.models import Job
from lims.legal import sticker_reports as reports
from lims.legal import sticker_words as words
from lims.legal import stickers
from lims.legal.blueprint import blueprint
from lims.legal.sticker_forms import CountForm, MoveForm, ReceiveForm
from lims.legal.sticker_models import StickerSeries
from lims.legal.sticker_rules import STATES
from lims.legal.stickers import NewSeries
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import Invalid, NotFound
from lims.shared.forms import accepted, parse_day
from lims.shared.permissions import LOGIN, permit

Page = str | Response | tuple[str, int]
SHOWN = 100


@blueprint.get("/stickers")
@permit(LOGIN)
def ledger() -> str:
    """Every series with its balance, and who holds what."""
    return _ledger_page(ReceiveForm(formdata=None, received_on=clock.today()))


@blueprint.post("/stickers")
@permit("stickers.keep")
def receive_stickers() -> Page:
    """A series came in."""
    form = ReceiveForm()
    if done := accepted(form, lambda: stickers.receive(
            NewSeries(form.kind.data, form.first.data, form.last.data, form.received_on.data,
                      form.supplier.data or "", form.note.data or ""), current_user)):
        flash(_("Đã nhập kho."), "success")
        return redirect(url_for("legal.series", series_id=done.result.id), 303)
    return _ledger_page(form), 422


@blueprint.get("/stickers/series/<int:series_id>")
@permit(LOGIN)
def series(series_id: int) -> str:
    """One series: its numbers by state, its moves, and a run that moves on."""
    return _series_page(_series(series_id), MoveForm(formdata=None))


@blueprint.post("/stickers/series/<int:series_id>")
@permit("stickers.keep")
def move_stickers(series_id: int) -> Page:
    """A run of numbers is handed out, comes back, is spoiled or lost."""
    found, form = _series(series_id), MoveForm()
    if done := accepted(form, lambda: stickers.move(
            series_id, form.first.data, form.last.data or form.first.data, form.act.data, current_user,
            holder_id=int(form.holder.data) if form.holder.data else None, job_id=_job(form.job.data or ""),
            reason=form.reason.data or "")):
        flash(ngettext("Đã ghi %(num)s số.", "Đã ghi %(num)s số.", done.result), "success")
        return redirect(url_for("legal.series", series_id=series_id), 303)
    return _series_page(found, form), 422


@blueprint.get("/stickers/day")
@permit(LOGIN)
def sticker_day() -> str:
    """The day of every hand: opening, what came and went, what must be there, what was counted."""
    return _day_page(parse_day(request.args.get("on", "")) or clock.today(), CountForm(formdata=None), "")


@blueprint.post("/stickers/day")
@permit("stickers.keep")
def count_stickers() -> Page:
    """Write down what was counted."""
    form = CountForm()
    on = parse_day(str(form.day.data or "")) or clock.today()
    holder = str(form.holder.data or "")
    refused = f"{holder}/{form.kind.data}"
    if accepted(form, lambda: reports.count(
            on, int(holder) if holder.isascii() and holder.isdigit() and len(holder) < 10 else 0,
            str(form.kind.data), int(form.counted.data), form.note.data or "", current_user)):
        flash(_("Đã ghi số đếm."), "success")
        return redirect(url_for("legal.sticker_day", on=f"{on:%d/%m/%Y}"), 303)
    return _day_page(on, form, refused), 422


def _ledger_page(form: ReceiveForm) -> str:
    return render_template("legal/stickers.html", lines=reports.balances(), holdings=reports.holdings(), form=form,
                           words=words, moves=reports.moves(limit=20), states=STATES)


def _series(series_id: int) -> StickerSeries:
    found = session().get(StickerSeries, series_id)
    if found is None:
        raise NotFound("Không có loạt tem này.", "No such series.")
    return found


def _series_page(found: StickerSeries, form: MoveForm) -> str:
    state = request.args.get("state", "")
    after = max(0, min(request.args.get("after", default=0, type=int), 2**31 - 1))
    rows = reports.numbers(found.id, state if state in STATES else "", after, SHOWN + 1)
    balance = next(line.balance for line in reports.balances() if line.series.id == found.id)
    return render_template("legal/series.html", series=found, balance=balance, rows=rows[:SHOWN], form=form,
                           state=state, words=words, moves=reports.moves(found.id), states=STATES,
                           following=rows[SHOWN - 1].serial if len(rows) > SHOWN else None)


def _day_page(on: date, form: CountForm, refused: str) -> str:
    return render_template("legal/sticker_day.html", on=on, lines=reports.day(on), form=form, refused=refused,
                           words=words, today=clock.today())


def _job(number: str) -> int | None:
    """Key of the job with this number; None for an empty box."""
    if not number:
        return None
    found = session().scalar(sa.select(Job.id).where(Job.number == number.upper()))
    if found is None:
        raise Invalid("Không có phiếu này.", "No such job.", "job")
    return found
