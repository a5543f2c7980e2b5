"""Pages of background tasks: one's own list, one task with its progress, the same for scripts, cancel, files."""
from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, stream_with_context, url_for
from flask import Response as PlainResponse
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.http import dump_options_header
from werkzeug.wrappers import Response

from lims.shared import task_files, tasks
from lims.shared.errors import DomainError
from lims.shared.i18n import language
from lims.shared.paging import page_by_id
from lims.shared.permissions import LOGIN, may, permit
from lims.shared.tasks import BackgroundTask, TaskFile

blueprint = Blueprint("tasks", __name__)

LIGHTS = {"waiting": "idle", "running": "live", "done": "ok", "failed": "bad", "cancelled": "idle"}


@blueprint.get("/tasks")
@permit(LOGIN)
def index() -> str:
    """One's own tasks, newest first; an administrator sees everybody's."""
    page = page_by_id(tasks.own_tasks(None if _oversees() else current_user.id), BackgroundTask.id)
    return render_template("tasks/index.html", page=page, words=_words(), lights=LIGHTS, all=_oversees(),
                           failures=tasks.count_failures([row.id for row in page.rows]))


@blueprint.get("/tasks/<int:task_id>")
@permit(LOGIN)
def show(task_id: int) -> str:
    """Progress while it runs; failures and results when it has ended."""
    row = _own(task_id)
    return render_template(
        "tasks/show.html", task=row, words=_words(), lights=LIGHTS, failures=tasks.failures_of(row.id),
        failure_count=tasks.count_failures([row.id]).get(row.id, 0), files=task_files.files_of(row.id),
        answer=_answer(row))


@blueprint.get("/tasks/<int:task_id>.json")
@permit(LOGIN)
def state(task_id: int) -> PlainResponse:
    """The same for the page's script, and for any other."""
    row = _own(task_id)
    return jsonify(
        id=row.id, kind=row.kind, title=row.title(language()), state=row.state, done=row.done, total=row.total,
        error=row.error(language()), failed=tasks.count_failures([row.id]).get(row.id, 0),
        failures=[{"item": one.item, "reason": one.reason(language())} for one in tasks.failures_of(row.id)],
        result=_answer(row), files=[{"name": file.name, "size": file.size, "sha256": file.sha256,
                                     "url": _address(row, file)} for file in task_files.files_of(row.id)])


@blueprint.post("/tasks/<int:task_id>/cancel")
@permit(LOGIN)
def cancel(task_id: int) -> Response:
    """Stop it; what is done stays done."""
    try:
        row = tasks.cancel(task_id, current_user.id, oversees=_oversees())
    except DomainError as error:
        if error.status == 404:
            raise
        flash(error.message(language()), "error")
    else:
        flash(_("Đã hủy.") if row.ended else _("Sẽ dừng sau mục đang làm."), "success")
    return redirect(url_for("tasks.show", task_id=task_id), 303)


@blueprint.get("/tasks/<int:task_id>/files/<int:file_id>")
@permit(LOGIN)
def download(task_id: int, file_id: int) -> PlainResponse:
    """A file that the task made, sent in parts."""
    file = task_files.file_of(_own(task_id).id, file_id)
    if file is None:
        abort(404)
    disposition = "inline" if file.media_type == "application/pdf" else "attachment"
    return PlainResponse(
        stream_with_context(task_files.parts_of(file.id)), mimetype=file.media_type,
        headers={"Content-Length": str(file.size),
                 "Content-Disposition": dump_options_header(disposition, {"filename": file.name})})


def _own(task_id: int) -> BackgroundTask:
    return tasks.task_for(task_id, current_user.id, oversees=_oversees())


def _oversees() -> bool:
    return may("users.manage")


def _answer(row: BackgroundTask) -> Any:
    return json.loads(row.result) if row.result else None


def _address(row: BackgroundTask, file: TaskFile) -> str:
    return url_for("tasks.download", task_id=row.id, file_id=file.id)


def _words() -> dict[str, str]:
    """State of a task -> its word."""
    return {"waiting": _("Đang chờ"), "running": _("Đang làm"), "done": _("Đã xong"), "failed": _("Không xong"),
            "cancelled": _("Đã hủy")}
