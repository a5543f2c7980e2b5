"""The page of one item's sticker, seals and marks: take the next of the hand, give back, or say why none."""
from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.jobs import states
from lims.jobs.models import JobItem
from lims.jobs.service import item_by_code
from lims.legal import marks, stickers, without_certificate
from lims.legal import sticker_words as words
from lims.legal import words as legal_words
from lims.legal.blueprint import blueprint
from lims.legal.designation_forms import MarkForm, RemoveForm
from lims.legal.sticker_forms import DrawForm, NoCertificateForm, ReleaseForm, WaiveForm
from lims.shared import clock
from lims.shared.errors import Conflict
from lims.shared.forms import HouseForm, carried_out
from lims.shared.permissions import LOGIN, permit

Page = str | Response | tuple[str, int]


@blueprint.get("/stickers/item/<path:code>")
@permit(LOGIN)
def item_sticker(code: str) -> str:
    """What the item holds, and what the person's hand holds."""
    return _page(item_by_code(code))


@blueprint.post("/stickers/item/<path:code>/draw")
@permit("jobs.measure")
def draw_sticker(code: str) -> Page:
    """Put a sticker aside for the item."""
    item, form = item_by_code(code), DrawForm()
    return _done(item, form, lambda: _("Đã lấy số %(number)s.", number=stickers.draw(
        item.id, current_user, form.number.data or ""))) or (_page(item, draw=form), 422)


@blueprint.post("/stickers/item/<path:code>/seal")
@permit("jobs.measure")
def draw_seal(code: str) -> Page:
    """Put a seal aside for the item."""
    item, form = item_by_code(code), DrawForm()
    return _done(item, form, lambda: _("Đã lấy số %(number)s.", number=stickers.draw(
        item.id, current_user, form.number.data or "", seal=True))) or (_page(item, seal=form), 422)


@blueprint.post("/stickers/item/<path:code>/release")
@permit("jobs.measure")
def release_sticker(code: str) -> Page:
    """A number goes back, or is spoiled."""
    item, form = item_by_code(code), ReleaseForm()
    if form.number.data not in {one.number for one in stickers.of_item(item.id) if one.state == "drawn"}:
        raise Conflict("Mục này không giữ số ấy nữa; hãy tải lại trang.",
                       "That number is no longer put aside for this item; reload the page.")

    def act() -> str:
        stickers.release(item.id, current_user, number=str(form.number.data or ""), spoiled=form.spoiled.data or "")
        return _("Đã ghi.")

    return _done(item, form, act) or (_page(item, release=form), 422)


@blueprint.post("/stickers/item/<path:code>/waive")
@permit("jobs.measure")
def waive_sticker(code: str) -> Page:
    """Say why no sticker is put on."""
    item, form = item_by_code(code), WaiveForm()

    def act() -> str:
        stickers.waive(item.id, form.reason.data, current_user)
        return _("Đã ghi.")

    return _done(item, form, act) or (_page(item, waive=form), 422)


@blueprint.post("/stickers/item/<path:code>/marks")
@permit("jobs.measure")
def strike_mark(code: str) -> Page:
    """A mark was struck on the instrument."""
    item, form = item_by_code(code), MarkForm()

    def act() -> str:
        return _("Đã ghi dấu %(die)s.", die=marks.strike(item.id, form.mark(), current_user).die)

    return _done(item, form, act) or (_page(item, mark=form), 422)


@blueprint.post("/stickers/item/<path:code>/marks/<int:mark_id>/remove")
@permit("jobs.measure")
def remove_mark(code: str, mark_id: int) -> Page:
    """The entry of a mark was a mistake."""
    item, form = item_by_code(code), RemoveForm()

    def act() -> str:
        marks.remove(mark_id, item.id, form.reason.data, current_user)
        return _("Đã ghi.")

    return _done(item, form, act) or (_page(item, remove=form, removing=mark_id), 422)


@blueprint.post("/stickers/item/<path:code>/no-certificate")
@permit("jobs.measure")
def waive_certificate(code: str) -> Page:
    """Marks and sticker tell of the pass; no certificate is issued."""
    item, form = item_by_code(code), NoCertificateForm()

    def act() -> str:
        without_certificate.waive(item.id, form.reason.data, current_user)
        return _("Sẽ lập biên bản, không cấp giấy chứng nhận.")

    return _done(item, form, act) or (_page(item, no_certificate=form), 422)


@blueprint.post("/stickers/item/<path:code>/certificate")
@permit("jobs.measure")
def want_certificate(code: str) -> Response:
    """A certificate is issued after all."""
    item = item_by_code(code)
    without_certificate.restore(item.id, current_user)
    flash(_("Sẽ cấp giấy chứng nhận."), "success")
    return redirect(url_for("legal.item_sticker", code=item.code), 303)


def _done(item: JobItem, form: HouseForm, act: Callable[[], str]) -> Response | None:
    """The page anew with what was done; None when something is wrong, now said in the form."""
    return carried_out(form, act, url_for("legal.item_sticker", code=item.code))


def _page(item: JobItem, *, draw: DrawForm | None = None, seal: DrawForm | None = None,
          release: ReleaseForm | None = None, waive: WaiveForm | None = None, mark: MarkForm | None = None,
          remove: RemoveForm | None = None, removing: int = 0,
          no_certificate: NoCertificateForm | None = None) -> str:
    kind, basis = stickers.kind_of(item), without_certificate.basis_of(item)
    return render_template(
        "legal/item_sticker.html", marks=marks.of_item(item.id), mark_form=mark or _new_mark(),
        remove_form=remove or RemoveForm(formdata=None), removing=removing, dies=marks.dies(current_user.id),
        legal_words=legal_words, item=item, kind=kind, words=words, own=stickers.of_item(item.id),
        hand=stickers.in_hand(current_user.id, kind), seals=stickers.in_hand(current_user.id, "seal"),
        old=stickers.earlier_on(item),
        basis=basis, suffices=without_certificate.suffices(item, basis),
        changeable=item.state in without_certificate.CHANGEABLE,
        no_certificate_form=no_certificate or NoCertificateForm(formdata=None),
        open=item.state in states.BEFORE_ISSUE, draw_form=draw or DrawForm(formdata=None),
        seal_form=seal or DrawForm(formdata=None), release_form=release or ReleaseForm(formdata=None),
        waive_form=waive or WaiveForm(formdata=None))


def _new_mark() -> MarkForm:
    """Empty but for today and the die used last."""
    form, used = MarkForm(formdata=None), marks.dies(current_user.id)
    form.struck_on.data, form.die.data = clock.today(), used[0] if used else ""
    return form
