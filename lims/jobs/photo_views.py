"""Pages of photographs: taking one up, looking at it, striking it out."""
from __future__ import annotations

from flask import Response as PlainResponse
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.jobs import photos
from lims.jobs.blueprint import blueprint
from lims.jobs.disposal import require_kept
from lims.jobs.service import item_by_code
from lims.jobs.worksheet import is_open
from lims.shared.errors import DomainError
from lims.shared.i18n import language
from lims.shared.permissions import LOGIN, may, permit


@blueprint.get("/items/<path:code>/photos", endpoint="photos")
@permit(LOGIN)
def photo_page(code: str) -> str:
    item = item_by_code(code)
    require_kept(item.worksheet)
    return render_template("jobs/photos.html", item=item, photos=photos.of_item(item), subjects=subject_words(),
                           most=photos.MOST, editable=bool(item.worksheet) and is_open(item) and may("jobs.measure"))


@blueprint.post("/items/<path:code>/photos")
@permit("jobs.measure")
def keep_photo(code: str) -> Response:
    upload = request.files.get("photo")
    try:
        photos.keep(code, content=upload.read(photos.MAX_BYTES + 1) if upload else b"", user=current_user,
                    subject=request.form.get("subject", ""), note=request.form.get("note", ""))
    except DomainError as error:
        flash(error.message(language()), "error")
    else:
        flash(_("Đã lưu ảnh."), "success")
    return redirect(url_for("jobs.photos", code=code), 303)


@blueprint.get("/items/<path:code>/photos/<int:photo_id>.jpg")
@permit(LOGIN)
def photo(code: str, photo_id: int) -> PlainResponse:
    """The picture itself; it never changes."""
    found = photos.get(code, photo_id)
    require_kept(item_by_code(code).worksheet)
    return PlainResponse(found.file.content, mimetype=found.file.media_type, headers={
        "Cache-Control": "private, max-age=31536000, immutable", "ETag": f'"{found.file.sha256}"',
        "Content-Disposition": "inline", "X-Content-Type-Options": "nosniff"})


@blueprint.post("/items/<path:code>/photos/<int:photo_id>/strike")
@permit("jobs.measure")
def strike_photo(code: str, photo_id: int) -> Response:
    try:
        photos.strike(code, photo_id, request.form.get("reason", ""), current_user)
    except DomainError as error:
        flash(error.message(language()), "error")
    return redirect(url_for("jobs.photos", code=code), 303)


def subject_words() -> dict[str, str]:
    """What a photograph shows -> its words."""
    return {"instrument": _("Phương tiện đo"), "seal": _("Niêm phong, tem"), "other": _("Khác")}
