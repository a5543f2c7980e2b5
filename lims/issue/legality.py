"""Preflight of a verification: the row of the legal list, its regime, type approval, and the officer's card."""
from __future__ import annotations

from collections.abc import Iterator

from certificates.formats import day
from lims.issue import wording
from lims.issue.dossier import Dossier
from lims.issue.finding import Finding, ok, stop, warn
from lims.legal import methods
from lims.legal.catalogue import LegalBasis
from lims.legal.status import Status
from lims.staff.officers import names_field


def verification(dossier: Dossier) -> Iterator[Finding]:
    """Nothing for other services."""
    if dossier.item.service != "verification":
        return
    if (refusal := methods.refusal(dossier.procedure, dossier.measured_on)) is not None:
        yield stop("method_dates", refusal.vi, refusal.en, "Chỉ đo lại theo phương pháp còn hiệu lực.",
                   "Only a verification by a method in force counts.", page="method")
    if dossier.passed and dossier.item.certificate_waived:
        yield _without_certificate(dossier)
    if dossier.legal is None:
        yield ok("legal", "Phương tiện đo nhóm 1: kiểm định theo yêu cầu", "Group 1: verified on request")
        return
    yield _row(dossier, dossier.legal)
    yield _designation(dossier, dossier.legal)
    if dossier.countered:
        yield warn("counter", f"Đối chứng do tổ chức khác làm; giấy {dossier.countered} còn hiệu lực là của phòng",
                   f"A counter-verification is another body's; {dossier.countered}, in force, is this laboratory's own",
                   dossier.item.regime_note, dossier.item.regime_note, page="job")
    if (dossier.legal.row.type_approval and dossier.item.regime == "initial"
            and not dossier.item.instrument.fields.get("type_approval")):
        yield stop("type_approval", "Kiểm định ban đầu cần số quyết định phê duyệt mẫu",
                   "An initial verification needs the type approval", page="sheet")
    yield _officer(dossier, dossier.legal.row.field)
    if dossier.passed:
        yield from _sticker(dossier, dossier.legal)
    yield from _marks(dossier, dossier.legal)
    if dossier.status is not None:
        yield _status(dossier.status)


def _row(dossier: Dossier, legal: LegalBasis) -> Finding:
    item, regime = legal.row.item, wording.REGIMES[dossier.item.regime]
    if not legal.may_carry_verdict:
        return stop("legal_unconfirmed", f"Chưa xác nhận dòng {item} của danh mục nhóm 2 với văn bản gốc",
                    f"Row {item} of the group-2 list is unconfirmed", "Quản trị xác nhận ở trang Danh mục pháp lý.",
                    "An administrator confirms it on the page Legal list.", page="legal", where=legal.row.key)
    if not legal.serves(dossier.item.regime):
        return stop("legal_regime", f"Dòng {item} của danh mục nhóm 2 không có chế độ {regime.vi.lower()}",
                    f"Row {item} of the list does not foresee this regime", page="job")
    return ok("legal", f"Kiểm định {regime.vi.lower()}, dòng {item} của danh mục nhóm 2",
              f"{regime.en} verification, row {item} of the group-2 list", legal.confirmed_by, legal.confirmed_by)


def _designation(dossier: Dossier, legal: LegalBasis) -> Finding:
    """V-01: who verifies under the law is designated for the field, on the day."""
    found = dossier.designation
    if found is None:
        field = wording.FIELDS.get(legal.row.field, legal.row.field) or "–"
        return stop("designation", f"Đơn vị không được chỉ định kiểm định mục {legal.row.item} vào ngày đo",
                    f"The body was not designated for item {legal.row.item} on the measuring day",
                    f"Lĩnh vực {field}: ghi quyết định chỉ định ở trang Danh mục pháp lý, thẻ Chỉ định.",
                    f"Field {legal.row.field or '–'}: enter the decision on the page Legal list, tab Designations.",
                    page="designation")
    return ok("designation", f"Chỉ định theo quyết định {found.decision}", f"Designated by decision {found.decision}",
              f"{found.issued_by}, đến {day(found.last_on)}", f"{found.issued_by}, to {day(found.last_on)}")


def _marks(dossier: Dossier, legal: LegalBasis) -> Iterator[Finding]:
    """Marks are struck on what passed, and the list may ask for one."""
    struck = ", ".join(one.die for one in dossier.marks)
    if struck and not dossier.passed:
        yield stop("mark", "Kết quả không đạt mà đã ghi dấu kiểm định", "It failed, and a mark was entered",
                   f"Dấu {struck}: xóa bỏ dấu trên phương tiện và gạch dòng đó kèm lý do.",
                   f"Mark {struck}: remove it from the instrument and strike the entry out with a reason.",
                   page="sticker")
    elif struck:
        yield ok("mark", f"Dấu kiểm định số {struck}", f"Verification mark {struck}")
    elif "mark" in legal.row.told_by and dossier.passed:
        yield warn("mark", f"Mục {legal.row.item} của danh mục dùng dấu kiểm định; chưa ghi dấu nào",
                   f"Item {legal.row.item} of the list is told by a mark; none was entered", page="sticker")


def _without_certificate(dossier: Dossier) -> Finding:
    """A record alone is issued: marks and sticker must tell of the pass (V-03)."""
    item, legal = dossier.item, dossier.legal
    types = {one.mark_type for one in dossier.marks}
    if legal is None or not legal.row.told_without_certificate(types, bool(item.sticker)):
        return stop("evidence", "Không cấp giấy chứng nhận, mà dấu và tem chưa đủ thay giấy",
                    "No certificate is to be issued, and marks and sticker do not stand in its place",
                    "Ghi dấu còn thiếu, hoặc cấp giấy chứng nhận.", "Enter the mark, or issue a certificate.",
                    page="sticker")
    return warn("evidence", "Không cấp giấy chứng nhận: chỉ lập biên bản, dấu và tem cho biết phương tiện đo đạt",
                "No certificate: a record only, marks and sticker tell of the pass", item.certificate_waived,
                item.certificate_waived, page="sticker")


def _sticker(dossier: Dossier, legal: LegalBasis) -> Iterator[Finding]:
    """The number that the list asks for: from the ledger, or the reason why none is stuck on."""
    item = dossier.item
    if "sticker" not in legal.row.told_by:
        return
    if item.sticker:
        yield ok("sticker", f"Tem kiểm định số {item.sticker}", f"Verification sticker {item.sticker}")
    elif item.sticker_waived:
        yield warn("sticker", "Không dán tem", "No sticker is put on", item.sticker_waived, item.sticker_waived,
                   page="sticker")
    elif dossier.stickers.kept:
        yield stop("sticker", f"Mục {legal.row.item} của danh mục cần tem kiểm định; chưa lấy tem nào",
                   f"Item {legal.row.item} of the list asks for a sticker; none was taken", page="sticker")
    else:
        yield ok("sticker", "Chưa lập sổ tem: số tem không được theo dõi", "No ledger of stickers is kept")


def _status(status: Status) -> Finding:
    """The record of the parts as found, apart from the certificate; what differs from the last one is explained."""
    if status.record is None:
        return stop("status", "Chưa lập biên bản hiện trạng", "There is no status record yet", page="status")
    if status.differences:
        vi = f"Hiện trạng khác lần trước {len(status.differences)} chỗ"
        return warn("status", vi, f"{len(status.differences)} parts are not as they were", status.record.explanation,
                    status.record.explanation, page="status")
    if status.before is None:
        return ok("status", "Biên bản hiện trạng lần đầu", "First status record")
    return ok("status", "Hiện trạng như lần trước", "Parts are as they were the last time")


def _officer(dossier: Dossier, field: str) -> Finding:
    card, performer = dossier.card, dossier.worksheet.performed_by.full_name
    if card is None:
        return stop("card", f"{performer} không có thẻ kiểm định viên còn hạn vào ngày đo",
                    f"{performer} held no valid verification officer's card on the day", page="staff")
    vi = f"Thẻ {card.number}, lĩnh vực {card.field}, đến {day(card.valid_to)}"
    en = f"Card {card.number}, {card.field}, to {day(card.valid_to)}"
    wanted = wording.FIELDS.get(field, field)
    if names_field(card.field, field):
        return ok("card", "Kiểm định viên có thẻ", "Verification officer's card", vi, en)
    if not field:
        return warn("card", "Danh mục không ghi lĩnh vực của phương tiện đo này; hãy tự so với thẻ kiểm định viên",
                    "The list names no field for this instrument; compare the card yourself", vi, en, page="staff")
    return stop("card", f"Thẻ kiểm định viên không ghi lĩnh vực {wanted}", f"The card does not name the field {field}",
                vi, en, page="staff")
