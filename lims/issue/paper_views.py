"""The page where the laboratory sets what its documents look like: logo, accreditation mark, layout."""
from __future__ import annotations

from pathlib import Path

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectField

import certificates.layout
from certificates.artwork import Drawing, artwork_in, media_type
from lims.issue import paper_files
from lims.issue.blueprint import blueprint
from lims.issue.paper_sample import sample
from lims.issue.status_words import kind_words
from lims.issue.views import pdf_response
from lims.shared.db import session
from lims.shared.errors import DomainError
from lims.shared.forms import HouseForm, accepted, attach
from lims.shared.organisation import organisation
from lims.shared.permissions import permit

STANDARD = Path(certificates.layout.__file__).parent / "layouts" / "standard.toml"


class PaperForm(HouseForm):
    """Files to be printed with from now on; what is left empty stays as it is."""

    logo = FileField(_l("Biểu trưng"), description=_l("SVG (nét và màu đặc), PNG hoặc JPEG; in trong ô vuông 18 mm"))
    mark = FileField(_l("Dấu công nhận"), description=_l("SVG (nét và màu đặc), PNG hoặc JPEG; in trong ô 18 × 13 mm"))
    kind = SelectField(_l("Xem thử trên"), choices=lambda: list(kind_words().items()),
                       validate_choice=False)
    layout = FileField(_l("Mẫu in"), description=_l("Tệp TOML; lấy mẫu đang dùng về, sửa rồi tải lên"))


@blueprint.route("/settings/paper", methods=["GET", "POST"])
@permit("settings.edit")
def paper_settings() -> Response | tuple[str, int]:
    """Upload or remove a part; documents issued before keep theirs."""
    form = PaperForm()
    if done := accepted(form, lambda: _changed(form)):
        flash(*((_("Đã lưu."), "success") if done.result else (_("Chưa chọn tệp nào."), "info")))
        return redirect(url_for("issue.paper_settings"), 303)  # type: ignore[return-value]
    return _page(form)


@blueprint.post("/settings/paper/sample.pdf")
@permit("settings.edit")
def paper_sample() -> Response | tuple[str, int]:
    """How the newest document of a kind would look with the chosen files; nothing is kept."""
    form = PaperForm()
    chosen = {part: form[part].data.read() for part in paper_files.PARTS if form[part].data}
    try:
        content = sample(form.kind.data or "", chosen)
    except DomainError as error:
        attach(form, error)
        return _page(form)
    return pdf_response(content, "mau-xem-thu.pdf")


def _page(form: PaperForm) -> tuple[str, int]:
    row = organisation(session())
    shown = {part: (sha256, paper_files.name_of(sha256)) for part, sha256 in paper_files.digests(row).items() if sha256}
    return render_template("issue/paper.html", form=form, shown=shown), 422 if form.errors else 200


@blueprint.get("/settings/paper/<any(logo, mark):part>")
@permit("settings.edit")
def paper_image(part: paper_files.Part) -> Response:
    """The image that is printed today; of SVG the outlines as they are printed, and nothing else of the file."""
    content = paper_files.content_of(paper_files.digests(organisation(session()))[part])
    if content is None:
        abort(404)
    shown = artwork_in(content)
    return Response(shown.svg() if isinstance(shown, Drawing) else content, mimetype=media_type(content))


@blueprint.get("/settings/paper/layout.toml")
@permit("settings.edit")
def paper_layout() -> Response:
    """The layout in use, or the standard one, to be changed and given back."""
    sha256 = organisation(session()).layout_sha256
    content = paper_files.content_of(sha256) if sha256 else STANDARD.read_bytes()
    if content is None:
        abort(404)
    return Response(content, mimetype="application/toml",
                    headers={"Content-Disposition": 'attachment; filename="layout.toml"'})


def _changed(form: PaperForm) -> bool:
    """Set what was chosen, or remove what was asked for."""
    removed = request.form.get("remove", "")
    for part in paper_files.PARTS:
        if removed == part:
            paper_files.remove_part(part)
            return True
    chosen = [(part, form[part].data) for part in paper_files.PARTS if form[part].data]
    for part, upload in chosen:
        paper_files.set_part(part, upload.filename, upload.read())
    return bool(chosen)
