"""Use cases of a pass that is told by marks and sticker alone: no certificate is issued, and the record says why.

The law leaves it open: certificate and/or mark and/or sticker (TT 24/2013 Art. 38, 39). What stands then is the
numbered, signed record of the verification. The choice belongs to what is reviewed and signed, so it is made before
the result goes to review.
"""
from __future__ import annotations

import sqlalchemy as sa

from lims.auth.models import User
from lims.jobs.models import JobItem
from lims.legal import catalogue, marks, subject
from lims.legal.catalogue import LegalBasis
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound
from lims.shared.text import clean

CHANGEABLE = ("received", "assigned", "measuring")


def basis_of(item: JobItem) -> LegalBasis | None:
    """The row of the list on the measuring day, or today before it is measured; None outside the list."""
    if item.service != "verification":
        return None
    on = item.worksheet.performed_on if item.worksheet is not None else clock.today()
    return catalogue.basis_on(subject.legal_item_of(item), on)


def suffices(item: JobItem, basis: LegalBasis | None) -> bool:
    """Whether the marks and the sticker of the item tell of its pass by themselves."""
    types = {one.mark_type for one in marks.of_item(item.id)}
    return basis is not None and basis.row.told_without_certificate(types, bool(item.sticker))


def waive(item_id: int, reason: str, user: User) -> None:
    """No certificate is wanted. Raises Invalid at `reason`; Conflict where list or evidence do not allow it."""
    reason = clean(reason)
    if not reason:
        raise Invalid("Hãy ghi lý do.", "Give the reason.", "reason")
    with write("certificate.waive", reason=reason, actor=(str(user.id), user.full_name)):
        item = _changeable(item_id)
        basis = basis_of(item)
        if basis is None or not basis.row.without_certificate:
            raise Conflict("Danh mục không cho phép thay giấy chứng nhận bằng dấu hoặc tem với phương tiện đo này.",
                           "The list does not let marks or stickers stand in place of this certificate.")
        if not suffices(item, basis):
            raise Conflict("Chưa đủ dấu, tem thay giấy: cần dấu kiểu 2, hoặc dấu kiểu 1 (kèm tem nếu có chu kỳ).",
                           "Marks and sticker are not enough: a mark of type 2, or one of type 1 (with a sticker where "
                           "there is a period).")
        item.certificate_waived = reason


def restore(item_id: int, user: User) -> None:
    """A certificate is issued after all. Raises Conflict once the result is under review."""
    with write("certificate.wanted", actor=(str(user.id), user.full_name)):
        _changeable(item_id).certificate_waived = ""


def _changeable(item_id: int) -> JobItem:
    item = session().scalar(sa.select(JobItem).where(JobItem.id == item_id).with_for_update(of=JobItem)
                            .execution_options(populate_existing=True))
    if item is None:
        raise NotFound("Không có mục này.", "No such item.")
    if item.state not in CHANGEABLE:
        raise Conflict("Kết quả đang chờ soát xét, ký hoặc đã phát hành; chỉ đổi khi mục đo được trả lại.",
                       "The result is under review or issued; it can be changed once the item is sent back.")
    return item
