"""Pages of the administrator: how documents are numbered, which keys seal them and sign their codes."""
from __future__ import annotations

from cryptography import x509
from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from certificates.numbering import Pattern
from certificates.seal_keys import fingerprint, is_trial
from lims.issue import archive, keys, seal_source, sealing, series
from lims.issue.blueprint import blueprint
from lims.issue.forms import RetireForm, SeriesForm
from lims.issue.models import KINDS
from lims.issue.status_words import kind_words
from lims.jobs.procedures import current as current_procedures
from lims.shared import clock
from lims.shared.errors import DomainError
from lims.shared.forms import accepted, attach
from lims.shared.i18n import language
from lims.shared.permissions import permit

Page = str | Response | tuple[str, int]


@blueprint.route("/settings/series", methods=["GET", "POST"])
@permit("settings.edit")
def series_settings() -> Page:
    """Series with their patterns; open one, or choose the pattern of a year before its first number."""
    form = SeriesForm(year=str(clock.today().year + 1)) if request.method == "GET" else SeriesForm()
    form.kind.choices = list(kind_words().items())
    if accepted(form, lambda: series.set_pattern(
            form.kind.data, int(form.year.data), form.pattern.data or "", name=form.name.data or "")):
        first = Pattern.read(form.pattern.data).format(1, int(form.year.data))
        flash(_("Đã lưu; số đầu tiên là %(number)s.", number=first), "success")
        return redirect(url_for("issue.series_settings"), 303)
    return _series_page(form), 422 if form.errors else 200


@blueprint.post("/settings/series/choose")
@permit("settings.edit")
def choose_series() -> Page:
    """Which series numbers the documents of a procedure."""
    kind, code = request.form.get("kind", ""), request.form.get("procedure", "")
    known = {row.code for row, _procedure in current_procedures()}
    if kind in KINDS and code in known:
        try:
            series.choose(kind, code, request.form.get("name", ""))
            flash(_("Đã lưu."), "success")
        except DomainError as error:
            flash(error.message(language()), "error")
    return redirect(url_for("issue.series_settings"), 303)


@blueprint.get("/settings/keys")
@permit("settings.edit")
def key_settings() -> str:
    """Which key seals documents and until when, the keys before it, and those that sign the codes."""
    return _keys_page(RetireForm(formdata=None))


@blueprint.post("/settings/keys/new")
@permit("settings.edit")
def new_key() -> Response:
    """A new key for the codes, or a new trial key where no key of the laboratory is configured."""
    try:
        if request.form.get("kind") == "seal":
            sealing.new_trial_key()
        else:
            keys.make()
        flash(_("Khóa mới dùng từ bây giờ; giấy đã cấp vẫn kiểm được bằng khóa cũ."), "success")
    except DomainError as error:
        flash(error.message(language()), "error")
    return redirect(url_for("issue.key_settings"), 303)


@blueprint.post("/settings/keys/retire")
@permit("settings.edit")
def retire_key() -> Page:
    """Use a key no longer; what it sealed or signed stays checkable."""
    form = RetireForm()
    if form.validate_on_submit():
        mark, reason = form.key_id.data or "", form.reason.data or ""
        try:
            if len(mark) < sealing.SHORTEST_PREFIX:
                keys.retire(mark, reason=reason)
            else:
                sealing.retire(mark, reason=reason)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Khóa đã thôi dùng."), "success")
            return redirect(url_for("issue.key_settings"), 303)
    return _keys_page(form), 422


def _series_page(form: SeriesForm) -> str:
    rows = series.all_series()
    procedures = current_procedures()
    numbered = {kind: series.names(kind) for kind in KINDS}
    served = [(kind, row.code, procedure.title.in_language(language())) for row, procedure in procedures
              for kind in (procedure.service, *(("work_record",) if procedure.service == "verification" else ()))
              if numbered.get(kind)]
    return render_template(
        "issue/series.html", form=form, rows=rows, kinds=kind_words(), names=numbered, served=served,
        choices=series.choices(), withdrawn=archive.withdrawn_numbers([row.id for row in rows]),
        following={row.id: series.number(row, row.next) for row in rows},
        last={row.id: series.number(row, row.next - 1) for row in rows if row.next > 1})


def _keys_page(form: RetireForm) -> str:
    settings = current_app.extensions["settings"]
    error, active = "", None
    try:
        active = sealing.active() if sealing.all_keys() or seal_source.kind_of(settings) != "trial" else None
    except DomainError as told:
        error = told.message(language())
    read = {row.fingerprint: x509.load_der_x509_certificate(row.certificate) for row in sealing.all_keys()}
    return render_template(
        "issue/keys.html", form=form, error=error, kind=seal_source.kind_of(settings), settings=settings,
        active=fingerprint(active.certificate) if active else "",
        trial=active is not None and is_trial(active.certificate), seals=sealing.all_keys(), now=clock.now(),
        ends={mark: one.not_valid_after_utc for mark, one in read.items()},
        retirable=[*((row.fingerprint, f"dlg-{row.fingerprint[:16]}", row.subject) for row in sealing.all_keys()
                     if row.retired_at is None),
                   *((row.key_id, f"dlg-code-{row.key_id}", row.key_id) for row in keys.all_keys()
                     if row.retired_at is None)],
        codes=keys.all_keys(), here={row.key_id: keys.has_private(row.key_id) for row in keys.all_keys()})
