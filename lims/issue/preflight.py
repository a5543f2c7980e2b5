"""Before a document is issued: one list of what is in order, what a person must judge, and what stops it.

Hard reasons (a standard not valid on the day, a person not authorised, the performer as approver, an incomplete result)
admit no override; soft ones appear as warnings with the reason that was recorded.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from flask import Flask, current_app

from certificates.completeness import Missing
from certificates.printable import Unprintable
from lims.auth.models import User
from lims.issue import fitness, legality, wording
from lims.issue.dossier import Dossier
from lims.issue.finding import Finding, Page, ok, stop, warn
from lims.shared import clock
from lims.staff.service import is_authorised

_FURTHER = "preflight"
READING_PARTS = 4  # a reading's cell is "table/point/column/repeat"


def findings(dossier: Dossier, signer: User | None) -> list[Finding]:
    """Everything that can be said before the record is rendered, in the order of the page; None: nobody signs yet."""
    return [
        *fitness.standards(dossier), *people(dossier, signer), *_readings(dossier), *fitness.environment(dossier),
        *fitness.capability(dossier), *fitness.mark(dossier), *_decision(dossier), *fitness.rounding(dossier),
        *legality.verification(dossier), *_remarkable(dossier), *_replacement(dossier),
        *(finding for look in current_app.extensions.get(_FURTHER, []) for finding in look(dossier)),
    ]


def look_further(app: Flask, look: Callable[[Dossier], Iterator[Finding]]) -> None:
    """Ask this as well: what a feature further right knows of a result."""
    app.extensions.setdefault(_FURTHER, []).append(look)


def people(dossier: Dossier, signer: User | None) -> Iterator[Finding]:
    """Who measured, who reviewed, who signs: authorised on their days, and whoever measured never approves."""
    code, performer = dossier.procedure.code, dossier.worksheet.performed_by
    if is_authorised(performer.id, code, "perform", dossier.measured_on):
        yield ok("performer", f"Người đo được phép làm {code}", f"Authorised to perform {code}",
                 performer.full_name, performer.full_name)
    else:
        yield stop("performer", f"{performer.full_name} chưa được giao làm {code} vào ngày đo",
                   f"{performer.full_name} was not authorised to perform {code} on the day", page="staff")
    if signer is not None:
        yield from _signer(dossier, signer)
    yield from _review(dossier, signer)


def _signer(dossier: Dossier, signer: User) -> Iterator[Finding]:
    code = dossier.procedure.code
    if signer.id in dossier.performers:
        yield stop("same_person", "Người đo không được phê duyệt kết quả của mình", "Whoever measured cannot approve",
                   "Người khác phải ký.", "Somebody else has to sign.")
    elif is_authorised(signer.id, code, "approve", clock.today()):
        yield ok("signer", f"Người ký được phép phê duyệt {code}", f"Authorised to approve {code}",
                 f"{signer.full_name}; khác người đo", f"{signer.full_name}; did not measure")
    else:
        yield stop("signer", f"{signer.full_name} chưa được giao phê duyệt {code}",
                   f"{signer.full_name} is not authorised to approve {code}", page="staff")


def of_record(missing: Sequence[Missing]) -> Iterator[Finding]:
    """What the standard and the law ask for and the record does not have (7.8.2 to 7.8.8)."""
    for one in missing:
        yield stop("missing_field", f"{one.vi} ({one.clause})", f"Missing: {one.en} ({one.clause})",
                   page=_FIELD_PAGES.get(re.split(r"[.\[]", one.field)[0], "job"))
    if not missing:
        yield ok("fields", "Đủ nội dung theo ISO/IEC 17025, 7.8", "All content of ISO/IEC 17025, 7.8")


def of_characters(lacking: Sequence[Unprintable]) -> Iterator[Finding]:
    """Characters that would be printed as empty boxes, each with the text in which it stands."""
    for one in lacking:
        yield stop("glyph", f"Không có chữ in cho {one.codes} trong “{one.text}” ({one.field})",
                   f"No printed form for {one.codes} in “{one.text}” ({one.field})",
                   page=_FIELD_PAGES.get(re.split(r"[.\[]", one.field)[0], "job"))


_FIELD_PAGES: dict[str, Page] = {"standards": "sheet", "environment": "sheet", "results": "sheet", "item": "sheet",
                                 "uncertainty": "sheet", "approvals": "staff"}


def _review(dossier: Dossier, signer: User | None) -> Iterator[Finding]:
    review = dossier.review
    if review is not None and review.result_digest != dossier.result.digest:
        yield stop("review", "Soát xét gắn với kết quả khác", "The review is of another result")
    elif review is not None:
        yield ok("review", f"Đã soát xét: {review.person}", f"Reviewed by {review.person}")
    if dossier.separate_review and review is None:
        yield stop("review", "Quy trình này cần người soát xét riêng trước khi ký",
                   "This procedure wants a separate review before signing")
    elif dossier.separate_review and review is not None and signer is not None and review.person_id == signer.id:
        yield stop("review", "Người soát xét và người ký phải là hai người",
                   "Reviewer and signer have to be two persons")


def _readings(dossier: Dossier) -> Iterator[Finding]:
    """The result is whole: every cell that its verdict needs is filled."""
    evaluation = dossier.evaluation
    if evaluation["verdict"] == "incomplete":
        for reason in evaluation["reasons"]:
            yield stop(reason["code"], reason["text"]["vi"], reason["text"]["en"], page="sheet", where=reason["where"])
        if not evaluation["reasons"]:
            yield stop("incomplete", "Kết quả chưa đủ", "The result is not complete", page="sheet")
        return
    typed = sum(1 for cell, entry in dossier.cells.items()
                if cell.count("/") == READING_PARTS - 1 and entry.value is not None)
    corrected = sum(1 for entry in dossier.cells.values() if entry.revision > 1)
    yield ok("readings", f"Đủ {typed} số đọc", f"All {typed} readings",
             f"{corrected} ô đã sửa, có ghi lý do" if corrected else "",
             f"{corrected} cells corrected, with reasons" if corrected else "")


def _decision(dossier: Dossier) -> Iterator[Finding]:
    rule, agreed = dossier.evaluation["decision_rule"], dossier.item.decision_rule
    if dossier.evaluation["verdict"] not in wording.VERDICTS:
        yield ok("decision", "Không công bố sự phù hợp", "No statement of conformity")
    elif dossier.item.job.reviewed_at is None:
        yield stop("decision", "Yêu cầu chưa được xem xét: chưa thỏa thuận quy tắc ra quyết định",
                   "The request was not reviewed: no decision rule was agreed", page="job")
    elif agreed != (rule or ""):
        yield stop("decision", "Kết quả dùng quy tắc ra quyết định khác với thỏa thuận",
                   "The result rests on another decision rule than agreed", page="job")
    else:
        yield ok("decision", "Quy tắc ra quyết định đã thỏa thuận", "Decision rule agreed",
                 *_RULE_WORDS.get(rule or "", ("Theo quy trình", "As the procedure says")))


_RULE_WORDS = {
    "simple": ("Chấp nhận đơn giản: |E| ≤ MPE", "Simple acceptance: |E| ≤ MPE"),
    "guarded": ("Dải bảo vệ w = U: |E| + U ≤ MPE", "Guard band w = U: |E| + U ≤ MPE"),
    "guarded_r": ("Dải bảo vệ w = r·U", "Guard band w = r·U"),
    "four_state": ("Bốn kết luận, dải bảo vệ w = U", "Four statements, guard band w = U"),
}


def _remarkable(dossier: Dossier) -> Iterator[Finding]:
    for reason in dossier.evaluation["warnings"]:
        if not reason["code"].startswith("environment"):
            yield warn(reason["code"], reason["text"]["vi"], reason["text"]["en"], page="sheet", where=reason["where"])
    deviation = dossier.worksheet.deviation.strip()
    if deviation:
        yield warn("deviation", "Có sai khác so với phương pháp, sẽ in trên giấy",
                   "A deviation from the method will be printed", deviation, deviation)
    for row in dossier.statements:
        words = wording.STATEMENTS[row.kind]
        yield warn("statement", f"{words.vi}, sẽ in trên giấy", f"{words.en} will be printed", row.text_vi,
                   row.text_en or row.text_vi, page="statements")


def _replacement(dossier: Dossier) -> Iterator[Finding]:
    replaced, order = dossier.replaces, dossier.amendment
    if replaced is None:
        return
    if order is None:
        yield stop("amendment", "Chưa ghi nội dung và lý do thay thế", "What changes and why has not been stated")
    else:
        said = f"{order.changes} ({order.reason})"
        yield ok("amendment", f"Thay thế {replaced.number}", f"Replaces {replaced.number}", said, said)
