"""Pages of laws, forms and ĐLVN: as they hold on a day, compared with the original, entered, ended."""
from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.legal import documents as service
from lims.legal import readings, words
from lims.legal.blueprint import blueprint
from lims.legal.designation_forms import EndForm
from lims.legal.document_forms import NewDocumentForm
from lims.legal.forms import DocumentForm, seen_of
from lims.shared import clock
from lims.shared.forms import HouseForm, accepted, parse_day
from lims.shared.permissions import LOGIN, permit

Page = str | Response | tuple[str, int]


@blueprint.get("/legal/documents")
@permit(LOGIN)
def documents() -> str:
    """Laws, forms and ĐLVN with their dates and how sure they are."""
    return _page()


@blueprint.post("/legal/documents/<int:document_id>")
@permit("legal.confirm")
def read_document(document_id: int) -> Page:
    """Record that a document was compared with its original."""
    form = DocumentForm()
    if accepted(form, lambda: readings.confirm_document(document_id, form.original.data, current_user,
                                                        reason=form.reason.data or "", seen=seen_of(form))):
        flash(_("Đã ghi."), "success")
        return redirect(url_for("legal.documents", _anchor=f"d{document_id}"), 303)
    return _page(form, document_id), 422


@blueprint.post("/legal/documents")
@permit("legal.confirm")
def enter_document() -> Page:
    """A document, or a new edition of one, is entered; it waits for its comparison."""
    form = NewDocumentForm([row for row, _read in readings.documents()])
    if done := accepted(form, lambda: service.enter(form.document(), current_user)):
        flash(_("Đã ghi %(number)s; chờ đối chiếu với bản gốc.", number=done.result.number), "success")
        return redirect(url_for("legal.documents", _anchor=f"d{done.result.id}"), 303)
    return _page(new_form=form), 422


@blueprint.post("/legal/documents/<int:document_id>/end")
@permit("legal.confirm")
def end_document(document_id: int) -> Page:
    """A document holds no longer after a day."""
    form = EndForm()
    if accepted(form, lambda: service.end(document_id, form.last_on.data, form.reason.data, current_user)):
        flash(_("Đã ghi."), "success")
        return redirect(url_for("legal.documents", _anchor=f"d{document_id}"), 303)
    return _page(end_form=form, refused=document_id), 422


def _page(form: HouseForm | None = None, refused: int = 0, *, new_form: NewDocumentForm | None = None,
          end_form: EndForm | None = None) -> str:
    on, rows = parse_day(request.args.get("on", "")), readings.documents()
    shown = [(row, read) for row, read in rows if on is None or service.in_force(row, on)]
    return render_template(
        "legal/documents.html", documents=shown, form=form or DocumentForm(formdata=None), refused=refused, on=on,
        new_form=new_form or NewDocumentForm([row for row, _read in rows], formdata=None), today=clock.today(),
        end_form=end_form or EndForm(formdata=None), words=words)
