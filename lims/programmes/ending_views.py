"""Pages of a programme's end: its result report, the conclusion."""
from __future__ import annotations

from io import BytesIO

from flask import flash, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from certificates.report import render_report
from lims.programmes import papers, results, service
from lims.programmes.blueprint import blueprint
from lims.programmes.forms import ClosingForm
from lims.programmes.views import Page
from lims.shared.forms import accepted
from lims.shared.permissions import LOGIN, permit


@blueprint.route("/programmes/<int:programme_id>/close", methods=["GET", "POST"])
@permit("programmes.issue")
def close(programme_id: int) -> Page:
    """End the programme: what a person writes of the result report, which is frozen under its number."""
    row = service.programme(programme_id)
    form = ClosingForm(data={"closing": row.closing})
    if done := accepted(form, lambda: results.close(programme_id,
                        {name: form[name].data or "" for name in results.WRITTEN}, by=current_user)):
        flash(_("Đã kết thúc chương trình; báo cáo kết quả số %(number)s.", number=done.result.number))
        return redirect(url_for("programmes.show", programme_id=programme_id), 303)
    row = service.programme(programme_id)
    return render_template("programmes/close.html", form=form, programme=row,
                           open_actions=sum(one.state == "open" for one in row.actions)), 422 if form.errors else 200


@blueprint.get("/programmes/<int:programme_id>/result.pdf")
@permit(LOGIN)
def result(programme_id: int) -> Response:
    """The result report as issued; before that what came of the programme by today, without a number."""
    row = service.programme(programme_id)
    if row.result is not None:
        stored = row.result.file
        return send_file(BytesIO(stored.content), mimetype=stored.media_type, download_name=stored.name)
    content = render_report(papers.result_report(results.record_of(row, {"closing": row.closing})))
    return Response(content, mimetype="application/pdf",
                    headers={"Content-Disposition": 'inline; filename="ket-qua-chuong-trinh.pdf"'})
