"""The language switch, the administrator's accounts, and the laboratory's particulars."""
from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.auth import service
from lims.auth.forms import AccountForm, OrganisationForm, ReasonForm, RolesForm, TitlesForm, role_words
from lims.auth.models import User
from lims.shared import organisation
from lims.shared.db import session as database
from lims.shared.errors import DomainError
from lims.shared.forms import accepted, attach
from lims.shared.i18n import LANGUAGES
from lims.shared.permissions import PUBLIC, permit

blueprint = Blueprint("auth", __name__)


@blueprint.post("/language")
@permit(PUBLIC)
def switch_language() -> Response:
    """Remember the language for this browser and return to the page."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session["language"] = chosen
    target = request.form.get("next", "")
    safe = target.startswith("/") and not target.startswith("//") and "\\" not in target
    return redirect(target if safe else url_for("web.home"), 303)


@blueprint.get("/users")
@permit("users.manage")
def users() -> str:
    return render_template("auth/users.html", users=service.users(), roles=role_words())


@blueprint.route("/users/new", methods=["GET", "POST"])
@permit("users.manage")
def create_user() -> str | Response | tuple[str, int]:
    form = AccountForm()
    if accepted(form, lambda: service.create_user(
            email=form.email.data, username=form.username.data, full_name=form.full_name.data,
            title=form.title.data or "", title_en=form.title_en.data or "", roles=form.roles.data,
            password=form.password.data)):
        flash(_("Đã tạo tài khoản."), "success")
        return redirect(url_for("auth.users"), 303)
    return render_template("auth/create_user.html", form=form), 422 if form.errors else 200


@blueprint.route("/users/<int:user_id>", methods=["GET", "POST"])
@permit("users.manage")
def user(user_id: int) -> str | Response | tuple[str, int]:
    shown = service.user(user_id)
    form = RolesForm(roles=sorted(shown.role_names), seen=service.mark_of_roles(shown))
    if accepted(form, lambda: service.set_roles(user_id, form.roles.data, form.seen.data or "")):
        flash(_("Đã đổi vai trò."), "success")
        return redirect(url_for("auth.users"), 303)
    return _account(shown, form), 422 if form.errors else 200


@blueprint.post("/users/<int:user_id>/titles")
@permit("users.manage")
def set_titles(user_id: int) -> Response | tuple[str, int]:
    """The position as printed under signatures from now on."""
    shown, form = service.user(user_id), TitlesForm()
    if accepted(form, lambda: service.set_titles(user_id, form.title.data or "", form.title_en.data or "",
                                                 form.seen.data or "")):
        flash(_("Đã lưu."), "success")
        return redirect(url_for("auth.user", user_id=user_id), 303)
    roles = RolesForm(formdata=None, roles=sorted(shown.role_names), seen=service.mark_of_roles(shown))
    return _account(shown, roles, form), 422


def _account(shown: User, form: RolesForm, titles: TitlesForm | None = None) -> str:
    return render_template("auth/user.html", form=form, shown=shown, reason_form=ReasonForm(formdata=None),
                           titles=titles or TitlesForm(formdata=None, obj=shown, seen=service.mark_of_titles(shown)))


@blueprint.post("/users/<int:user_id>/active")
@permit("users.manage")
def set_active(user_id: int) -> Response:
    """Lock or unlock; nobody locks their own account."""
    reason = request.form.get("reason", "").strip()
    if user_id == current_user.id:
        flash(_("Không thể tự khóa tài khoản của mình."), "error")
    elif not reason:
        flash(_("Hãy ghi lý do."), "error")
    else:
        service.set_active(user_id, request.form.get("active") == "1", reason[:200])
        flash(_("Đã lưu."), "success")
    return redirect(url_for("auth.user", user_id=user_id), 303)


@blueprint.route("/settings", methods=["GET", "POST"])
@permit("settings.edit")
def settings() -> str | Response | tuple[str, int]:
    """The laboratory's particulars; documents issued before keep theirs."""
    form = OrganisationForm(obj=database().get(organisation.Organisation, 1))
    if form.validate_on_submit():
        try:
            stated = {name: value for name, value in form.data.items() if name not in ("csrf_token", "version")}
            organisation.save(stated, form.version.number)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã lưu."), "success")
            return redirect(url_for("auth.settings"), 303)
    return render_template("auth/settings.html", form=form), 422 if form.errors else 200
