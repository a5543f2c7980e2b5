"""Pages of the register: the list, what is due, one standard, its particulars and its state."""
from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from instruments.recall import due_state
from lims.equipment import choices, facts, history, listing, papers, records, reservations, schedules, service, words
from lims.equipment.forms import NewStandardForm, StandardForm, StateForm, people
from lims.equipment.recall import LONGEST_WINDOW, MOST_COUNTED, OVERDUE_ONLY, count_due, due_list
from lims.shared import clock
from lims.shared.errors import DomainError, Invalid
from lims.shared.forms import attach, parse_day
from lims.shared.panels import panels_of
from lims.shared.permissions import LOGIN, may, permit
from lims.shared.workbook import workbook

blueprint = Blueprint("equipment", __name__)

WINDOWS = (30, 45, 60, 90)
DUE_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/standards")
@permit(LOGIN)
def index() -> str:
    """The register; every filter stands in the address."""
    wanted = listing.read_filter(request.args, clock.today(), _window())
    return render_template(
        "equipment/index.html", wanted=wanted, kept_window=_window(), tally=listing.tally(wanted),
        listing=listing.page(wanted, request.args.get("after", ""), request.args.get("before", "")),
        windows=_windows(wanted.window), quantities=_quantities(), words=words, people=people(wanted.custodian),
        states=list(words.STATE.items()), link=_with,
        export_url=_with(_endpoint="equipment.export"))


@blueprint.get("/standards/export.xlsx")
@permit(LOGIN)
def export() -> Response:
    """The list with its filters, all pages, as an Excel file."""
    lines = listing.everything(listing.read_filter(request.args, clock.today(), _window()))
    heads = (_("Mã"), _("Tên chuẩn"), _("Đại lượng"), _("Hãng"), _("Kiểu"), _("Số chế tạo"), _("Cấp hoặc U"),
             _("Giấy chứng nhận"), _("Ngày hiệu chuẩn"), _("Hạn hiệu chuẩn"), _("Còn lại, ngày"), _("Trạng thái"),
             _("Người giữ"), _("Nơi để"))
    rows = ((row.asset_number, row.name, words.quantity_word(row.quantity), row.maker, row.model, row.serial,
             row.accuracy, line.certificate.number if line.certificate else "",
             line.certificate.calibrated_on if line.certificate else None, line.due_on, line.days_left,
             str(words.STATE[row.state]), row.custodian.full_name if row.custodian else "", row.location)
            for line in lines for row in (line.standard,))
    return Response(workbook(_("Chuẩn"), heads, rows), mimetype=XLSX,
                    headers={"Content-Disposition": 'attachment; filename="chuan.xlsx"'})


@blueprint.get("/standards/due")
@permit(LOGIN)
def due() -> str | tuple[str, int]:
    """The recall list of a day."""
    on, within = _due_window()
    number = max(1, min(request.args.get("page", 1, type=int), 1000))
    total, lines, acts = 0, [], listing.read_person(request.args)
    if on is not None and within is not None:
        total = count_due(on, within, acts)
        lines = due_list(on, within, skip=DUE_PAGE * (number - 1), size=DUE_PAGE, acts_id=acts)
    page = render_template("equipment/due.html", people=people(acts), acts=acts, on=on, within=within,
                           lines=lines, total=total, words=words,
                           longest=LONGEST_WINDOW, page=number, most=MOST_COUNTED,
                           more=len(lines) == DUE_PAGE and (total > MOST_COUNTED or DUE_PAGE * number < total))
    return page if on is not None and within is not None else (page, 422)


@blueprint.get("/standards/due.pdf")
@permit(LOGIN)
def due_paper() -> Response:
    """The same list for paper, with places to sign."""
    on, within = _due_window()
    if on is None or within is None:
        raise Invalid("Ngày viết ngày/tháng/năm; số ngày là số nguyên.",
                      "Write the date dd/mm/yyyy and a whole number of days.")
    lines = due_list(on, within, acts_id=listing.read_person(request.args))
    content = papers.recall_list(lines, on, within, _window(), current_user.full_name)
    return pdf_response(content, f"chuan-den-han-{on.isoformat()}.pdf")


@blueprint.get("/standards/<int:standard_id>/label.pdf")
@permit(LOGIN)
def label(standard_id: int) -> Response:
    """The status label that is stuck on the standard."""
    return pdf_response(papers.status_label(service.standard(standard_id)), f"nhan-chuan-{standard_id}.pdf")


@blueprint.get("/standards/<int:standard_id>")
@permit(LOGIN)
def show(standard_id: int) -> str:
    """Everything about one standard."""
    row = service.standard(standard_id)
    today = clock.today()
    standing = facts.standing(row.certificates)
    lights = {schedule.id: due_state(schedule.due_on, today, _window()) if schedule.due_on else "overdue"
              for schedule in row.schedules if schedule.active}
    main = next(schedule for schedule in row.schedules if (schedule.duty, schedule.label) == ("calibration", ""))
    return render_template(
        "equipment/show.html", standard=row, words=words, today=today, lights=lights, main=main, standing=standing,
        counting=facts.certificate_on(row, today),
        borne=facts.borne_by(row, today) if facts.rests_on_parts(row, today) else [],
        counting_each=facts.newest_of_each(row), states=service.state_changes(standard_id),
        records=schedules.records(standard_id), events=records.events(standard_id),
        reserved=reservations.upcoming(standard_id=standard_id),
        steps=history.steps(row) if may("audit.read") else [], panels=panels_of("standard", row), duties=words.DUTY)


@blueprint.route("/standards/new", methods=["GET", "POST"])
@permit("standards.edit")
def create() -> str | Response | tuple[str, int]:
    form = NewStandardForm()
    if form.validate_on_submit():
        try:
            added = service.register_standard(form.details(), interval_count=form.interval_count.data or 0,
                                              interval_unit=form.interval_unit.data, by=current_user,
                                              awaits_check=form.awaits_check.data == "y")
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã đưa %(number)s vào sổ. Hãy nhập giấy chứng nhận của chuẩn.", number=added.asset_number))
            return redirect(url_for("equipment.show", standard_id=added.id), 303)
    return render_template("equipment/edit.html", form=form, standard=None), 422 if form.errors else 200


@blueprint.route("/standards/<int:standard_id>/edit", methods=["GET", "POST"])
@permit("standards.edit")
def edit(standard_id: int) -> str | Response | tuple[str, int]:
    row = service.standard(standard_id)
    form = StandardForm(row)
    if form.validate_on_submit():
        try:
            service.change_standard(standard_id, form.details(), form.version.number, by=current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã lưu."))
            return redirect(url_for("equipment.show", standard_id=standard_id), 303)
    return render_template("equipment/edit.html", form=form, standard=row), 422 if form.errors else 200


@blueprint.route("/standards/<int:standard_id>/state", methods=["GET", "POST"])
@permit("standards.edit")
def state(standard_id: int) -> str | Response | tuple[str, int]:
    """Out of service, away, back again: with a reason."""
    row = service.standard(standard_id)
    form = StateForm(row)
    if form.validate_on_submit():
        try:
            service.change_state(standard_id, form.state.data, form.reason.data, expected=form.expected.data or "",
                                 by=current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã đổi trạng thái: %(state)s.", state=words.STATE[form.state.data]))
            return redirect(url_for("equipment.show", standard_id=standard_id), 303)
    return render_template("equipment/state.html", form=form, standard=row, words=words,
                           states=service.state_changes(standard_id)), 422 if form.errors else 200


def _due_window() -> tuple[date | None, int | None]:
    """Day and days of the address, today and the usual window when it names none; None for what is neither.

    With `show=overdue` nothing is looked ahead for."""
    on, within = request.args.get("on", "").strip(), request.args.get("within", "").strip()
    known = within.isascii() and within.isdigit() and len(within) < 6 and int(within) <= LONGEST_WINDOW
    return (parse_day(on) if on else clock.today(),
            OVERDUE_ONLY if request.args.get("show") == "overdue" else
            int(within) if known else None if within else _window())


def pdf_response(content: bytes, name: str) -> Response:
    return Response(content, mimetype="application/pdf",
                    headers={"Content-Disposition": f'inline; filename="{name}"'})


def _window() -> int:
    return choices.due_soon_days(current_user.id)


def _windows(chosen: int) -> list[tuple[int, str]]:
    return [(days, _("%(days)s ngày", days=days)) for days in sorted({*WINDOWS, chosen})]


def _quantities() -> list[tuple[str, str]]:
    named = [(code, words.quantity_word(code)) for code in listing.quantities()]
    return sorted(named, key=lambda choice: choice[1].casefold())


def _with(*, _endpoint: str = "equipment.index", **changes: str | int | None) -> str:
    """This page's address with some filters changed (None removes one) and from the first line on."""
    kept: dict[str, Any] = {key: value for key, value in request.args.items() if key not in ("after", "before")}
    return url_for(_endpoint, **{key: value for key, value in (kept | changes).items()
                                if value not in (None, "")})
