"""Use cases after the issue: order a replacement, withdraw. Archived bytes stay; what happens stands beside them."""
from __future__ import annotations

from lims.auth.models import User
from lims.auth.service import confirm_password
from lims.issue import known
from lims.issue.archive import by_id, status
from lims.issue.models import Amendment, Certificate, CertificateEvent
from lims.issue.review import actor_of, locked_item, require_permission
from lims.jobs import states
from lims.jobs.disposal import require_kept
from lims.legal import stickers
from lims.shared import clock
from lims.shared.db import write
from lims.shared.errors import Conflict, Invalid
from lims.shared.text import clean


def amend(certificate_id: int, *, signer: User, password: str, changes: str, reason: str) -> Amendment:
    """Order a replacement (7.8.8): the item goes back to measuring, and the next document issued for it replaces this.

    `changes` is one change a line. Raises Invalid at `changes` or `reason`, NotPermitted, or Conflict when another
    document stands in its place already or the readings were disposed of.
    """
    require_permission(signer, "issue.sign")
    confirm_password(signer, password)
    changes = _filled(changes, "changes", "Hãy ghi nội dung thay đổi.", "Say what changes.")
    reason = _filled(reason, "reason", "Hãy ghi lý do.", "Give the reason.")
    with write("certificate.amend", reason=reason, actor=actor_of(signer)) as current:
        certificate = by_id(certificate_id)
        if status(certificate, clock.today()).state == "superseded":
            raise Conflict("Giấy này đã được thay thế; hãy sửa giấy thay thế nó.",
                           "This document was replaced; amend the one that replaced it.")
        item = locked_item(current, certificate.item_id)
        require_kept(item.worksheet)
        item.state = states.after(item.state, "amend")
        item.return_reason = changes
        order = Amendment(certificate_id=certificate_id, changes=changes, reason=reason, opened_at=clock.now(),
                          opened_by_id=signer.id)
        current.add(order)
    return order


def withdraw(certificate_id: int, *, signer: User, password: str, reason: str) -> Certificate:
    """Say that a document no longer counts; its number stays taken and the bytes stay readable.

    Raises Invalid at `reason`, NotPermitted, or Conflict when it was withdrawn before.
    """
    require_permission(signer, "issue.sign")
    confirm_password(signer, password)
    return withdraw_with_checked_password(certificate_id, signer=signer, reason=reason)


def withdraw_with_checked_password(certificate_id: int, *, signer: User, reason: str) -> Certificate:
    """The same where whoever calls has seen to it that the person gave the password within five minutes."""
    require_permission(signer, "issue.sign")
    reason = _filled(reason, "reason", "Hãy ghi lý do thu hồi.", "Give the reason.")
    with write("certificate.withdraw", reason=reason, actor=actor_of(signer)) as current:
        certificate = by_id(certificate_id)
        locked_item(current, certificate.item_id)
        if status(certificate, clock.today()).state == "withdrawn":
            raise Conflict("Giấy này đã thu hồi.", "This document was withdrawn before.")
        current.add(CertificateEvent(certificate_id=certificate_id, kind="withdrawn", at=clock.now(),
                                     by_id=signer.id, reason=reason))
        known.forget(certificate)
        stickers.withdraw(current, certificate.item, reason, signer.id)
    return certificate


def _filled(text: str, field: str, vi: str, en: str) -> str:
    cleaned = clean(text, multiline=True)
    if not cleaned:
        raise Invalid(vi, en, field)
    return cleaned
