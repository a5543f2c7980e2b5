"""Pages of what is entered beside a task: entries with evidence, difficulties and their list, equipment bought."""
from __future__ import annotations

from io import BytesIO

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.plans import difficulties as troubles
from lims.plans import doings, purchases, service
from lims.plans.blueprint import blueprint
from lims.plans.forms import BuyForm, DifficultyForm, EntryForm
from lims.plans.item_views import act, show_item
from lims.plans.views import Page
from lims.shared import clock
from lims.shared.errors import NotFound
from lims.shared.forms import accepted
from lims.shared.permissions import LOGIN, permit


@blueprint.post("/plans/items/<int:item_id>/entries")
@permit("plans.enter")
def entry(item_id: int) -> Page:
    """Enter what was done."""
    form = EntryForm(service.item(item_id))
    if done := accepted(form, lambda: doings.add_entry(item_id, form.entry(), by=current_user)):
        flash(_("Đã ghi.") if done.result.has_evidence or done.result.target_id is None
              else _("Đã ghi; chưa tính vào chỉ tiêu vì chưa có minh chứng."))
        return redirect(url_for("plans.item", item_id=item_id), 303)
    return show_item(item_id, entry_form=form), 422


@blueprint.post("/plans/entries/<int:entry_id>/strike")
@permit("plans.edit")
def strike(entry_id: int) -> Response:
    """Take an entry out of the count."""
    return act(lambda: doings.strike_entry(entry_id, request.form.get("reason", "")[:300], by=current_user),
                doings.entry(entry_id).item_id)


@blueprint.get("/plans/entries/<int:entry_id>/file")
@permit(LOGIN)
def evidence(entry_id: int) -> Response:
    """The evidence as it was uploaded."""
    stored = doings.entry(entry_id).file
    if stored is None:
        raise NotFound("Mục này không có tệp.", "This entry has no file.")
    return send_file(BytesIO(stored.content), mimetype=stored.media_type, as_attachment=True,
                     download_name=stored.name)


@blueprint.post("/plans/items/<int:item_id>/difficulties")
@permit("plans.enter")
def difficulty(item_id: int) -> Page:
    """Something stands in the way."""
    service.item(item_id)
    form = DifficultyForm()
    if accepted(form, lambda: doings.raise_difficulty(item_id, form.text.data, by=current_user)):
        flash(_("Đã ghi khó khăn."))
        return redirect(url_for("plans.item", item_id=item_id), 303)
    return show_item(item_id, difficulty_form=form), 422


@blueprint.post("/plans/difficulties/<int:difficulty_id>/escalate")
@permit("plans.enter")
def escalate(difficulty_id: int) -> Response:
    """Take it to somebody above."""
    return act(lambda: doings.escalate(difficulty_id, request.form.get("to", "")[:200], by=current_user), None)


@blueprint.post("/plans/difficulties/<int:difficulty_id>/resolve")
@permit("plans.enter")
def resolve(difficulty_id: int) -> Response:
    """It is out of the way."""
    return act(lambda: doings.resolve(difficulty_id, request.form.get("resolution", "")[:300], by=current_user), None)


@blueprint.get("/plans/difficulties")
@permit(LOGIN)
def difficulties() -> str:
    """Difficulties of every plan, or of one: how long they wait, to whom they were taken, how they ended."""
    show = request.args.get("show", "open")
    plan_id = request.args.get("plan", type=int)
    shown = show if show in troubles.SHOWS else "open"
    return render_template(
        "plans/difficulties.html", rows=troubles.listed(shown, plan_id), tally=troubles.tally(plan_id), show=shown,
        plan=service.plan(plan_id) if plan_id is not None else None, today=clock.today(),
        should_escalate=troubles.should_escalate, too_long=troubles.TOO_LONG.days)


@blueprint.post("/plans/items/<int:item_id>/purchases")
@permit("plans.edit")
def buy(item_id: int) -> Page:
    """Equipment bought under the task: one that the coverage knows, or a new one."""
    service.item(item_id)
    form = BuyForm()
    if accepted(form, lambda: purchases.link(item_id, int(form.purchase_id.data), by=current_user)
                if form.purchase_id.data else
                purchases.buy(item_id, form.legal_item.data, form.equipment(), by=current_user)):
        flash(_("Đã ghi."))
        return redirect(url_for("plans.item", item_id=item_id), 303)
    return show_item(item_id, buy_form=form), 422


@blueprint.post("/plans/purchases/<int:purchase_id>/unlink")
@permit("plans.edit")
def unlink(purchase_id: int) -> Response:
    """The equipment was not bought under this task."""
    return redirect(url_for("plans.item", item_id=purchases.unlink(purchase_id, by=current_user)), 303)
