"""Pages of the form's versions."""
from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.shared.forms import accepted
from lims.shared.permissions import permit
from lims.surveys import survey_forms, words
from lims.surveys.blueprint import blueprint
from lims.surveys.forms import QuestionsForm


@blueprint.route("/surveys/forms", methods=["GET", "POST"])
@permit("surveys.edit")
def forms() -> str | Response | tuple[str, int]:
    """The questions in use, their earlier versions, and the next one."""
    newest = survey_forms.newest()
    form = QuestionsForm(data={"title_vi": newest.title_vi, "title_en": newest.title_en,
                               "questions": survey_forms.as_lines(newest), "version": newest.version})
    if done := accepted(form, lambda: survey_forms.publish(
            form.title_vi.data, form.title_en.data, form.questions.data, current_user.full_name,
            form.version.number)):
        flash(_("Đã ban hành %(code)s bản %(version)s.", code=done.result.code, version=done.result.version), "success")
        return redirect(url_for("surveys.forms"), 303)
    return render_template("surveys/forms.html", form=form, versions=survey_forms.versions(),
                           words=words), 422 if form.errors else 200
