"""The plan as files: its annex and its progress, each as PDF, Word and Excel."""
from __future__ import annotations

from werkzeug.wrappers import Response

from certificates.report import Report, render_report
from lims.plans import papers, service
from lims.plans.blueprint import blueprint
from lims.plans.progress import plan_progress
from lims.shared import clock
from lims.shared.permissions import LOGIN, permit
from lims.shared.report_files import excel_file, word_file

KINDS = {
    "pdf": (render_report, "application/pdf"),
    "docx": (word_file, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": (excel_file, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@blueprint.get("/plans/<int:yearly_id>/annex.<any(pdf, docx, xlsx):form>")
@permit(LOGIN)
def annex(yearly_id: int, form: str) -> Response:
    """The annex of the plan with its seven columns."""
    plan = service.plan(yearly_id)
    return _file(papers.annex(plan), form, f"phu-luc-ke-hoach-{plan.year}")


@blueprint.get("/plans/<int:yearly_id>/progress.<any(pdf, docx, xlsx):form>")
@permit(LOGIN)
def progress(yearly_id: int, form: str) -> Response:
    """How far the plan is today."""
    today = clock.today()
    found = plan_progress(service.plan(yearly_id), today)
    return _file(papers.progress_report(found, today), form, f"tien-do-ke-hoach-{found.plan.year}")


def _file(report: Report, form: str, name: str) -> Response:
    make, media_type = KINDS[form]
    how = "inline" if form == "pdf" else "attachment"
    return Response(make(report), mimetype=media_type,
                    headers={"Content-Disposition": f'{how}; filename="{name}.{form}"'})
