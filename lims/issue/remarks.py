"""Remarks of a verification: why it was asked for, by which designation, its marks and seals, why no sticker, which old
sticker is void."""
from __future__ import annotations

from collections.abc import Iterator

from certificates.document import Words
from certificates.formats import day
from lims.issue import wording
from lims.issue.dossier import Dossier


def legal(dossier: Dossier) -> Iterator[Words]:
    """Why it was verified, where the regime alone does not say it."""
    item = dossier.item
    if item.regime_reason:
        reason = wording.REASONS[item.regime_reason]
        yield Words(f"Lý do kiểm định sau sửa chữa: {reason.vi}", f"Reason of the verification: {reason.en}")
    if item.regime_note:
        regime = wording.REGIMES[item.regime]
        yield Words(f"{regime.vi}: {item.regime_note}", f"{regime.en}: {item.regime_note}")
    if (decision := dossier.designation) is not None:
        until = day(decision.last_on)
        yield Words(f"Chỉ định kiểm định: quyết định {decision.decision}, {decision.issued_by}, đến {until}",
                    f"Designated to verify: decision {decision.decision}, {decision.issued_by}, to {until}")
    for mark in dossier.marks:
        way, on = wording.WAYS[mark.way], day(mark.struck_on)
        yield Words(f"Dấu kiểm định số {mark.die}, kiểu {mark.mark_type}, {way.vi} tại {mark.place}, {on}",
                    f"Verification mark {mark.die}, type {mark.mark_type}, {way.en} at {mark.place}, {on}")
    if seals := ", ".join(dossier.stickers.seals):
        yield Words(f"Niêm phong số: {seals}", f"Seals: {seals}")
    if item.sticker_waived and not item.sticker:
        yield Words(f"Không dán tem: {item.sticker_waived}", f"No sticker: {item.sticker_waived}")
    if dossier.passed and (why := item.certificate_waived):
        yield Words(f"Không cấp giấy chứng nhận: {why}", f"No certificate is issued: {why}")
    if not dossier.passed and (old := ", ".join(dossier.stickers.old)):
        yield Words(f"Tem cũ số {old}: đã hủy", f"Old sticker {old}: made void")
