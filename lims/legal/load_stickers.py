"""Stickers of a bench: what passed takes the numbers of the person's hand in the order of the positions."""
from __future__ import annotations

from dataclasses import dataclass, field

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.auth.models import User
from lims.jobs import loads, states
from lims.jobs.results import evaluate_sheet
from lims.legal import stickers
from lims.legal.blueprint import blueprint
from lims.shared.errors import DomainError
from lims.shared.i18n import language
from lims.shared.permissions import permit


@dataclass
class Drawn:
    """Numbers in the order of the bench; `refused` says at which position it stopped, and why."""

    numbers: list[str] = field(default_factory=list)
    refused: tuple[int, DomainError] | None = None


def draw_for(load_id: int, user: User) -> Drawn:
    """One number for each position that passes and has none. It stops at the first that gets none, so that no number
    is out of its turn. Raises NotFound."""
    drawn, sheets = Drawn(), loads.sheets_of(loads.get(load_id).id)
    waiting = [(position, sheet.item_id) for position, sheet in sheets.items()
               if sheet.item.state in states.BEFORE_ISSUE and not sheet.item.sticker
               and evaluate_sheet(sheet, lean=True).verdict == "pass"]
    for position, item_id in waiting:
        try:
            drawn.numbers.append(stickers.draw(item_id, user))
        except DomainError as error:
            drawn.refused = (position, error)
            break
    return drawn


@blueprint.post("/loads/<int:load_id>/stickers")
@permit("jobs.measure")
def draw_load_stickers(load_id: int) -> Response:
    """Take the stickers of a bench."""
    drawn = draw_for(load_id, current_user)
    if drawn.numbers:
        flash(ngettext("Đã lấy %(num)s tem, %(first)s đến %(last)s.", "Đã lấy %(num)s tem, %(first)s đến %(last)s.",
                       len(drawn.numbers), first=drawn.numbers[0], last=drawn.numbers[-1]), "success")
    elif drawn.refused is None:
        flash(_("Không có vị trí nào đạt mà chưa có tem."), "info")
    if drawn.refused is not None:
        position, why = drawn.refused
        flash(_("Vị trí %(n)s: %(why)s", n=position, why=why.message(language())), "error")
    return redirect(url_for("jobs.load", load_id=load_id), 303)
