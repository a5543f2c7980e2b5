"""`/api/v1/standard-certificates`: certificates of the laboratory's own standards with their tables."""
from __future__ import annotations

from functools import partial
from typing import Any, cast

from flask import url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.api import asked
from lims.api.access import scoped
from lims.api.blueprint import blueprint
from lims.api.bodies import judged
from lims.api.listing import listed, shown
from lims.api.named import fields_as, standard_named
from lims.api.once import created
from lims.api.standard_certificate_forms import CorrectionForm, EntryForm, VoidForm
from lims.api.values import account, day, instant, name, number
from lims.api.versions import Revision, changed
from lims.equipment import certificate_listing, certificates
from lims.equipment.models import StandardCertificate, StandardValue
from lims.shared.errors import NotFound
from lims.shared.paging import page_by_id


@blueprint.get("/standard-certificates")
@scoped("standards:read")
def standard_certificates() -> Response:
    """Newest entry first; `q`, `standard`, `state`, `since`, `until`."""
    page = page_by_id(certificate_listing.found(
        text=asked.text("q"), standard_id=asked.standard("standard"),
        state=asked.code("state", certificate_listing.STATES), since=asked.day("since"), until=asked.day("until")),
        StandardCertificate.id)
    later = certificate_listing.later([row.id for row in page.rows])
    return listed([_line(row, later.get(row.id)) for row in page.rows], page.prev_url, page.next_url)


@blueprint.get("/standard-certificates/<int:certificate_id>")
@scoped("standards:read")
def standard_certificate(certificate_id: int) -> Response:
    """One entry with every point of its table; `version` 2 says that a later entry stands in its place."""
    return shown(plain(read(certificate_id)))


@blueprint.post("/standard-certificates")
@scoped("standards:write", "standards.edit")
def create_standard_certificate() -> Response:
    """A certificate as it lies on the desk; the due date of the calibration follows."""
    def enter(body: dict[str, Any]) -> None:
        named = body.get("standard")
        standard = standard_named(named, "standard") if isinstance(named, str) and named else None
        form = judged(cast("type[EntryForm]", partial(EntryForm, standard)), body)
        with fields_as(parent_ids="parents", function_id="function"):
            certificates.enter_certificate(standard_named(form.standard.data, "standard").id, form.entry(),
                                           by=current_user)
    return created(StandardCertificate, enter, plain)


@blueprint.patch("/standard-certificates/<int:certificate_id>")
@scoped("standards:write", "standards.edit")
def change_standard_certificate(certificate_id: int) -> Response:
    """Nothing of an entry is changed: a corrected one stands in its place and is answered, or `void` takes it back."""
    newest = [read(certificate_id).id]

    def change(found: Revision, _version: int, body: dict[str, Any]) -> None:
        wrong: StandardCertificate = found.row
        if "void" in body:
            certificates.void_certificate(wrong.standard_id, wrong.id, judged(VoidForm, body).reason.data,
                                          by=current_user)
        else:
            form = judged(cast("type[CorrectionForm]", partial(CorrectionForm, wrong.standard, wrong)), body)
            with fields_as(parent_ids="parents", function_id="function"):
                newest.append(certificates.correct_certificate(
                    wrong.standard_id, wrong.id, form.entry(), form.reason.data, by=current_user).id)
    answer = changed(lambda: _revision(newest[-1]), change, lambda found: plain(found.row))
    answer.headers["Content-Location"] = url_for("api.standard_certificate", certificate_id=newest[-1])
    return answer


def _revision(certificate_id: int) -> Revision:
    row = read(certificate_id)
    return Revision(row, _version(certificate_listing.later([row.id]).get(row.id)))


def _version(later: int | None) -> int:
    return 1 if later is None else 2


def read(certificate_id: int) -> StandardCertificate:
    """The entry, or NotFound."""
    found = certificate_listing.entry(certificate_id)
    if found is None:
        raise NotFound("Không có giấy này.", "No such certificate.")
    return found


def plain(row: StandardCertificate) -> dict[str, Any]:
    """An entry as it is read and answered."""
    later = certificate_listing.later([row.id]).get(row.id)
    return _line(row, later) | {
        "version": _version(later),
        "accreditation": row.accreditation, "traceable_to": row.traceable_to, "unit": row.unit,
        "spread_unit": row.spread_unit or row.unit, "stated": row.stated, "correlation": number(row.correlation),
        "parents": [one.asset_number for one in row.parents], "points": [_point(one) for one in row.values],
        "note": row.note, "reason": row.reason, "entered_by": name(row.entered_by),
        "entered_by_user": account(row.entered_by),
        "file": {"name": row.file.name, "size": row.file.size, "sha256": row.file.sha256} if row.file else None}


def _line(row: StandardCertificate, later: int | None) -> dict[str, Any]:
    return {
        "id": row.id, "standard": row.standard.asset_number, "number": row.number, "issuer": row.issuer,
        "route": row.route, "calibrated_on": day(row.calibrated_on), "valid_to": day(row.valid_to),
        "function": row.function.name if row.function else None, "entered_at": instant(row.entered_at),
        "void": row.void, "supersedes": row.supersedes_id, "superseded_by": later,
        "url": url_for("api.standard_certificate", certificate_id=row.id)}


def _point(row: StandardValue) -> dict[str, str | None]:
    return {"nominal": number(row.nominal), "value": number(row.value), "correction": number(row.correction),
            "expanded_uncertainty": number(row.uncertainty), "coverage_factor": number(row.coverage_factor)}
