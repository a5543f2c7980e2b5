"""Pages of retention: rules, what falls due, holds, disposal by the head with the password."""
from __future__ import annotations

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.issue import archive, retention
from lims.issue.archive_views import kind_words
from lims.issue.blueprint import blueprint
from lims.issue.models import Certificate
from lims.issue.retention_forms import DisposeForm, HoldForm, RuleForm
from lims.issue.retention_models import Disposal
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import DomainError
from lims.shared.forms import attach
from lims.shared.i18n import language
from lims.shared.paging import page_by_id
from lims.shared.permissions import permit

Page = str | Response | tuple[str, int]
SHOWN = 50


@blueprint.get("/certificates-retention")
@permit("archive.hold")
def retention_page() -> str:
    """Rules, documents whose time is over, what was disposed of."""
    return _page(DisposeForm(formdata=None), RuleForm(formdata=None, valid_from=clock.today()))


@blueprint.post("/certificates-retention/rule")
@permit("archive.dispose")
def retention_rule() -> Page:
    """Enter a rule from a day on."""
    form = RuleForm()
    form.kind.choices = list(kind_words().items())
    if form.validate_on_submit():
        try:
            retention.set_rule(form.kind.data, form.years.data or 0, form.valid_from.data, form.basis.data or "",
                               by=current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã lưu quy định lưu giữ."), "success")
            return redirect(url_for("issue.retention_page"), 303)
    return _page(DisposeForm(formdata=None), form), 422


@blueprint.post("/certificates-retention/dispose")
@permit("archive.dispose")
def dispose() -> Page:
    """Empty the ticked documents whose time is over."""
    form = DisposeForm()
    if form.validate_on_submit():
        try:
            outcomes = retention.dispose(request.form.getlist("certificate", type=int), head=current_user,
                                         password=form.password.data or "", reason=form.reason.data or "")
        except DomainError as error:
            attach(form, error)
        else:
            _tell(outcomes)
            return redirect(url_for("issue.retention_page"), 303)
    return _page(form, RuleForm(formdata=None, valid_from=clock.today())), 422


@blueprint.route("/certificates/<path:number>/hold", methods=["GET", "POST"])
@permit("archive.hold")
def hold(number: str) -> Page:
    """Keep a document beyond its time, or let it go again."""
    certificate = archive.by_number(number)
    standing, form = retention.holds_of([certificate.id]).get(certificate.id), HoldForm()
    if form.validate_on_submit():
        act = retention.place_hold if request.form.get("act") == "place" else retention.lift_hold
        try:
            act(certificate.id, form.reason.data or "", by=current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã lưu."), "success")
            return redirect(url_for("issue.show", number=certificate.number), 303)
    return render_template("issue/hold.html", certificate=certificate, standing=standing,
                           form=form), 422 if form.errors else 200


def _tell(outcomes: list[retention.Disposed]) -> None:
    gone = [one.number for one in outcomes if one.error is None]
    if gone:
        told = ", ".join(gone[:SHOWN])
        flash(_("Đã hủy hồ sơ %(count)s giấy: %(numbers)s.", count=len(gone), numbers=told), "success")
    for one in outcomes:
        if one.error is not None:
            flash(f"#{one.certificate_id}: {one.error.message(language())}", "error")


def _page(form: DisposeForm, rule_form: RuleForm) -> str:
    today = clock.today()
    rule_form.kind.choices = list(kind_words().items())
    page, in_force = page_by_id(retention.due(today), Certificate.id, newest_first=False), retention.rules_on(today)
    ids = [row.id for row in page.rows]
    return render_template(
        "issue/retention.html", page=page, form=form, rule_form=rule_form, rules=retention.rules(), in_force=in_force,
        kinds=kind_words(), holds=retention.holds_of(ids), ticked=set(request.form.getlist("certificate", type=int)),
        until={row.id: retention.kept_until(retention.base_of(row), in_force[row.kind].years) for row in page.rows},
        gone=session().scalars(sa.select(Disposal).order_by(Disposal.id.desc()).limit(SHOWN)).all())
