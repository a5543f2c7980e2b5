"""Page of the limits of one procedure in one room."""
from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from instruments.procedure_model import Procedure
from lims.equipment import environment
from lims.equipment.room_pairs import pair_of, set_pair
from lims.impact.blueprint import blueprint
from lims.impact.room_forms import ConditionsForm
from lims.jobs import procedures
from lims.jobs.room_record import asked_by, unlike_limits
from lims.jobs.wording import room_words
from lims.shared.errors import NotFound
from lims.shared.forms import accepted
from lims.shared.permissions import permit


@blueprint.route("/standards/rooms/<int:room_id>/limits", methods=["GET", "POST"])
@permit("standards.edit")
def rooms_limits(room_id: int) -> str | Response | tuple[str, int]:
    """Set, change or take away the limits of the procedure `procedure` in the room.

    Limits of a procedure that is no longer published can still be read and taken away."""
    room, code = environment.room(room_id), request.args.get("procedure", "")
    procedure, standing = _procedure(code), pair_of(room, code)
    if procedure is None and not standing:
        raise NotFound("Không có quy trình này.", "No such procedure.")
    asked = asked_by(procedure) if procedure else {}
    form = ConditionsForm()
    if not form.is_submitted():
        form.show(standing)
        form.version.data = room.version
    done = accepted(form, lambda: set_pair(
        room_id, code, form.limits(), asked, by=current_user,
        version=form.version.number))
    if done is not None:
        flash(_("Đã lưu."))
        return redirect(url_for("impact.rooms_show", room_id=room_id), 303)
    return render_template("impact/room_limits.html", form=form, room=environment.room(room_id), procedure=procedure,
                           code=code, ends=environment.holding({}, {}, asked), names=room_words(),
                           unlike=unlike_limits(procedure) if procedure else ()), 422 if form.errors else 200


def _procedure(code: str) -> Procedure | None:
    """The edition in force of this procedure, None where there is none."""
    return next((one for _row, one in procedures.current() if one.code == code), None)
