"""Bulk intake of a survey's rows from Excel: template, check, and then the writing."""
from __future__ import annotations

import json

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.customers.forms import kind_choices
from lims.customers.words import kind_word
from lims.shared.errors import Conflict, DomainError
from lims.shared.i18n import language
from lims.shared.permissions import LOGIN, permit
from lims.shared.workbook import workbook
from lims.surveys import intake, service
from lims.surveys.blueprint import blueprint

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_SHOWN = 200
SAMPLE = 5
"""Rows shown as they were read."""


@blueprint.get("/surveys/template.xlsx")
@permit(LOGIN)
def template() -> Response:
    """The sheet to fill in, with one example row."""
    example = [intake.EXAMPLE.get(name, "") for name in intake.HEADS]
    return _xlsx(workbook(_("Phương tiện đo"), list(_heads().values()), [example]), "mau-khao-sat.xlsx")


@blueprint.get("/surveys/kinds.xlsx")
@permit(LOGIN)
def kinds() -> Response:
    """Every kind that the column of kinds accepts."""
    rows = [(name, code) for code, name in kind_choices()]
    return _xlsx(workbook(_("Loại"), (_heads()["kind"], _("Mã")), rows), "loai-phuong-tien-do.xlsx")


@blueprint.route("/surveys/<int:survey_id>/intake", methods=["GET", "POST"])
@permit("surveys.edit")
def take_in(survey_id: int) -> str | Response | tuple[str, int]:
    """Check a sheet; nothing is written before every row is right and somebody has seen so."""
    survey = service.get(survey_id)
    if survey.state != "draft":
        raise Conflict("Phiếu khảo sát đã kết thúc, không sửa được nữa.", "The survey is finished and stays as it is.")
    lines: list[dict[str, str]] = []
    rows: list[dict[str, str]] = []
    faults: list[intake.RowFault] = []
    unread: list[str] = []
    error = ""
    if request.method == "POST":
        try:
            if request.form.get("lines"):
                lines = _sent()
            else:
                sheet = intake.texts_of_workbook(_upload())
                lines, unread = sheet.lines, sheet.unread
            rows, faults = intake.rows_of_survey(survey, lines)
            if request.form.get("lines") and not faults:
                number = intake.append(survey_id, rows, current_user)
                flash(ngettext("Đã ghi %(num)s dòng.", "Đã ghi %(num)s dòng.", number), "success")
                return redirect(url_for("surveys.fill", survey_id=survey_id), 303)
        except DomainError as refused:
            error = refused.message(language())
    return render_template(
        "surveys/intake.html", survey=survey, rows=rows, faults=faults[:MOST_SHOWN], more=len(faults) - MOST_SHOWN,
        error=error, lines=json.dumps(lines, ensure_ascii=False), vi=language() == "vi",
        checked=bool(lines), unread=unread, heads=_heads(), sample=rows[:SAMPLE], kind_word=kind_word,
        ), 422 if error or faults else 200


def _heads() -> dict[str, str]:
    return intake.HEADS if language() == "vi" else intake.HEADS_EN


def _upload() -> bytes:
    sent = request.files.get("file")
    return sent.read(intake.MOST_BYTES + 1) if sent else b""


def _sent() -> list[dict[str, str]]:
    """The rows that the page carried back; they are checked again like the sheet itself."""
    try:
        lines = json.loads(request.form["lines"])
        return [{str(name): str(text) for name, text in line.items()} | {"row": str(int(line["row"]))}
                for line in lines]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Conflict("Hãy chọn lại tệp Excel.", "Choose the Excel file again.") from None


def _xlsx(content: bytes, name: str) -> Response:
    return Response(content, mimetype=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})
