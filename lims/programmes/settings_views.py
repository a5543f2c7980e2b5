"""Pages of what programmes are made by: the template of their sections, the patterns of their numbers."""
from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from lims.programmes import numbering, template, words
from lims.programmes.blueprint import blueprint
from lims.programmes.forms import NumberingForm, TemplateForm
from lims.programmes.views import Page
from lims.shared import clock
from lims.shared.forms import accepted
from lims.shared.freshness import mark_of
from lims.shared.permissions import permit


@blueprint.route("/programmes/template", methods=["GET", "POST"])
@permit("programmes.edit")
def edit_template() -> Page:
    """The sections and topics of programmes drafted from now on."""
    form = TemplateForm(seen=mark_of(template.newest()))
    if request.method == "GET":
        form.parts.data = template.as_text(template.current_parts())
    if accepted(form, lambda: template.change(form.parts.data, by=current_user, seen=form.seen.data or "")):
        flash(_("Đã lưu mẫu; chương trình đã lập giữ các mục của mình."))
        return redirect(url_for("programmes.index"), 303)
    return render_template("programmes/template.html", form=form,
                           newest=template.newest()), 422 if form.errors else 200


@blueprint.route("/programmes/numbers", methods=["GET", "POST"])
@permit("settings.edit")
def numbers() -> Page:
    """How programmes and result reports are numbered; a year's pattern is chosen before its first number."""
    form = NumberingForm(year=str(clock.today().year + 1)) if request.method == "GET" else NumberingForm()
    if done := accepted(form, lambda: numbering.set_pattern(form.kind.data, int(form.year.data),
                        form.pattern.data or "", by=current_user)):
        flash(_("Đã lưu; số đầu tiên là %(number)s.", number=done.result), "success")
        return redirect(url_for("programmes.numbers"), 303)
    rows = numbering.all_series()
    return render_template("programmes/numbers.html", form=form, rows=rows, words=words,
                           following={(row.kind, row.year): numbering.number(row) for row in rows},
                           defaults=numbering.DEFAULT_PATTERNS), 422 if form.errors else 200
