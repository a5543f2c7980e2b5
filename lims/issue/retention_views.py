"""Pages of retention: rules, what falls due, holds, disposal by the head with the password."""
from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.issue import archive, retention
from lims.issue import work_retention as work
from lims.issue.blueprint import blueprint
from lims.issue.models import Certificate
from lims.issue.retention_forms import DisposeForm, HoldForm, RuleForm
from lims.issue.retention_models import Disposal
from lims.issue.status_words import kind_words
from lims.jobs.disposal import Contents
from lims.jobs.disposal_models import WorkDisposal
from lims.jobs.models import JobItem
from lims.shared import clock
from lims.shared.db import session
from lims.shared.forms import accepted
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
    form.kind.choices = list(rule_words().items())
    if accepted(form, lambda: retention.set_rule(form.kind.data, form.years.data or 0, form.valid_from.data,
                                                 form.basis.data or "", by=current_user)):
        flash(_("Đã lưu quy định lưu giữ."), "success")
        return redirect(url_for("issue.retention_page"), 303)
    return _page(DisposeForm(formdata=None), form), 422


@blueprint.post("/certificates-retention/dispose")
@permit("archive.dispose")
def dispose() -> Page:
    """Empty the ticked documents whose time is over."""
    form = DisposeForm()
    if done := accepted(form, lambda: retention.dispose(
            request.form.getlist("certificate", type=int), head=current_user, password=form.password.data or "",
            reason=form.reason.data or "")):
        _tell(done.result, _("Đã hủy hồ sơ %(count)s giấy: %(names)s."))
        return redirect(url_for("issue.retention_page"), 303)
    return _page(form, RuleForm(formdata=None, valid_from=clock.today())), 422


@blueprint.route("/certificates/<path:number>/hold", methods=["GET", "POST"])
@permit("archive.hold")
def hold(number: str) -> Page:
    """Keep a document beyond its time, or let it go again."""
    certificate = archive.by_number(number)
    standing, form = retention.holds_of([certificate.id]).get(certificate.id), HoldForm()
    act = retention.place_hold if request.form.get("act") == "place" else retention.lift_hold
    if accepted(form, lambda: act(certificate.id, form.reason.data or "", by=current_user)):
        flash(_("Đã lưu."), "success")
        return redirect(url_for("issue.show", number=certificate.number), 303)
    return render_template("issue/hold.html", certificate=certificate, standing=standing,
                           form=form), 422 if form.errors else 200


@blueprint.get("/certificates-retention/work")
@permit("archive.hold")
def work_retention() -> str:
    """Items whose readings, results and photographs need not be kept any longer, and those disposed of."""
    return _work_page(DisposeForm(formdata=None))


@blueprint.post("/certificates-retention/work")
@permit("archive.dispose")
def dispose_of_work() -> Page:
    """Destroy the records of the ticked items."""
    form = DisposeForm()
    if done := accepted(form, lambda: work.dispose_of_work(
            request.form.getlist("item", type=int), head=current_user, password=form.password.data or "",
            reason=form.reason.data or "")):
        _tell(done.result, _("Đã hủy hồ sơ đo của %(count)s mục: %(names)s."))
        return redirect(url_for("issue.work_retention"), 303)
    return _work_page(form), 422


def rule_words() -> dict[str, str]:
    """What a rule of retention is about -> its word."""
    return kind_words() | {retention.JOB: _("Hồ sơ đo: số đọc, kết quả, ảnh")}


def _work_page(form: DisposeForm) -> str:
    today = clock.today()
    page = page_by_id(work.work_due(today), JobItem.id, newest_first=False)
    rule, documents = retention.rules_on(today).get(retention.JOB), dict[int, list[Certificate]]()
    for one in archive.of_item([item.id for item in page.rows]):
        documents.setdefault(one.item_id, []).append(one)
    gone = session().scalars(sa.select(WorkDisposal).order_by(WorkDisposal.id.desc()).limit(SHOWN)).all()
    return render_template(
        "issue/work_retention.html", page=page, form=form, rule=rule, documents=documents,
        holds=work.work_holds([item.id for item in page.rows]), ticked=set(request.form.getlist("item", type=int)),
        until={item.id: retention.kept_until(work.work_base(item, documents.get(item.id, [])), rule.years)
               for item in page.rows if rule}, gone=[(row, Contents.read(row.contents)) for row in gone])


def _tell(outcomes: Sequence[retention.Disposed], done: str) -> None:
    """What went, in one sentence with %(count)s and %(names)s, and each that did not with its reason."""
    gone = [one.name for one in outcomes if one.error is None]
    if gone:
        flash(done % {"count": len(gone), "names": ", ".join(gone[:SHOWN])}, "success")
    for one in outcomes:
        if one.error is not None:
            flash(f"{one.name or one.key}: {one.error.message(language())}", "error")


def _page(form: DisposeForm, rule_form: RuleForm) -> str:
    today = clock.today()
    rule_form.kind.choices = list(rule_words().items())
    page, in_force = page_by_id(retention.due(today), Certificate.id, newest_first=False), retention.rules_on(today)
    ids = [row.id for row in page.rows]
    return render_template(
        "issue/retention.html", page=page, form=form, rule_form=rule_form, rules=retention.rules(), in_force=in_force,
        kinds=rule_words(), holds=retention.holds_of(ids), ticked=set(request.form.getlist("certificate", type=int)),
        until={row.id: retention.kept_until(retention.base_of(row), in_force[row.kind].years) for row in page.rows},
        gone=session().scalars(sa.select(Disposal).order_by(Disposal.id.desc()).limit(SHOWN)).all())
