"""The letter to one customer of a review, from what the review recomputed."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from certificates.document import Words
from certificates.formats import figure
from certificates.letters import AffectedPoint, AffectedResult, Letter, render_letter, stated
from certificates.slips import Signatory
from lims.customers.models import Customer
from lims.impact.concerned import CHANGES, FLIPS, Concern, concerns
from lims.impact.models import ImpactReview
from lims.impact.reasons import told
from lims.jobs.papers import heading
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import NotFound
from lims.shared.organisation import organisation

MOST_POINTS = 400
"""Rows of one letter's tables; the rest is said to exist and handed over as a list."""


def letter(row: ImpactReview, customer_id: int) -> bytes:
    """The letter as PDF, of what was issued to the customer; NotFound when nothing that is concerned was."""
    found = concerns(row, customer_id=customer_id, grade=CHANGES, issued=True)
    customer = session().get(Customer, customer_id)
    if not found or customer is None:
        raise NotFound("Doanh nghiệp này không có kết quả bị ảnh hưởng.", "This enterprise is not concerned.")
    laboratory = organisation(session())
    results, left = _results(found)
    more = None
    if left:
        more = Words(f"Còn {left} điểm đo nữa trong danh sách gửi kèm.", f"{left} more points in the list enclosed.")
    return render_letter(Letter(
        number=f"{row.number}/{customer.code}", place=laboratory.place, on=clock.today(), addressee=customer.name,
        organisation=heading(), address=customer.address,
        paragraphs=_reason(row, found), results=results, more=more,
        closing=_closing(row, found), signatory=Signatory(Words(laboratory.head_title_vi, laboratory.head_title_en)),
        created=clock.now(), demonstration=laboratory.demonstration))


def _reason(row: ImpactReview, found: Sequence[Concern]) -> tuple[Words, ...]:
    standard, span = row.standard, f"{row.since:%d/%m/%Y} – {row.until:%d/%m/%Y}"
    flips, why = _flips(found), told(row)
    summary = Words(
        f"Chúng tôi đã tính lại từ số đọc gốc: {len(found)} kết quả của Quý đơn vị có số công bố khác với đã cấp"
        + (f", trong đó {flips} kết quả có kết luận khác." if flips else "; không kết luận nào thay đổi."),
        f"We have recomputed from the original readings: {len(found)} of your results would be stated otherwise"
        + (f"; in {flips} of them the statement of conformity differs." if flips
           else "; no statement of conformity changes."))
    return (Words(
        f"Trung tâm xin thông báo: chuẩn đo lường {standard.name} (mã {standard.asset_number}), đã dùng cho các phép "
        f"đo trong thời gian {span}, cần được xem xét lại. {why.vi}",
        f"Our measurement standard {standard.name_en or standard.name} ({standard.asset_number}), used for "
        f"measurements in the period {span}, had to be reviewed under ISO/IEC 17025:2017, 7.10. {why.en}".rstrip()),
        summary)


def _closing(row: ImpactReview, found: Sequence[Concern]) -> tuple[Words, ...]:
    act = Words(
        "Đề nghị Quý đơn vị xem xét ảnh hưởng tới việc sử dụng các phương tiện đo nêu trên và liên hệ với Trung tâm "
        "nếu cần đo lại.",
        "Please consider what this means for the use of the instruments above, and contact us for a new measurement "
        "where needed.")
    if row.decision != "recall":
        return (act,)
    which = ("Các giấy có kết luận thay đổi", "The documents whose statement changes") if _flips(found) else (
        "Các giấy nêu trên", "The documents above")
    return (Words(f"{which[0]} được thu hồi hoặc thay thế; Trung tâm sẽ liên hệ để đo lại, không thu phí.",
                  f"{which[1]} are withdrawn or replaced; we shall arrange a new measurement free of charge."), act)


def _flips(found: Sequence[Concern]) -> int:
    return sum(concern.item.grade >= FLIPS for concern in found)


def _results(found: Sequence[Concern]) -> tuple[tuple[AffectedResult, ...], int]:
    """As many as the letter holds, and the number of points left over."""
    results, room, left = [], MOST_POINTS, 0
    for concern in found:
        points = _points(concern)
        left += max(0, len(points) - room)
        if shown := points[:room]:
            results.append(AffectedResult(
                certificate=concern.number, instrument=f"{concern.object_name}, {concern.serial}",
                performed_on=concern.performed_on, points=tuple(shown)))
        room -= len(shown)
    return tuple(results), left


def _points(concern: Concern) -> list[AffectedPoint]:
    rows = concern.item.rows or [{"point": "", "unit": "", "value": ["", ""], "U": ["", ""], "verdict": [
        concern.item.old_verdict, concern.item.new_verdict]}]
    return [AffectedPoint(point=figure(row["point"]), stated=_side(row, 0), now=_side(row, 1),
                          verdict=_verdict(row["verdict"])) for row in rows]


def _side(row: Mapping[str, Any], side: int) -> str:
    return stated(row["value"][side], row["U"][side], row["unit"])


def _verdict(pair: list[str]) -> Words:
    """Only a change is told in both languages: where there is none, the document says it."""
    old, new = (_VERDICTS.get(one, Words(one, one)) for one in pair)
    return Words(old.vi) if old == new else Words(f"{old.vi} → {new.vi}", f"{old.en} → {new.en}")


_VERDICTS = {
    "pass": Words("Đạt", "Pass"), "fail": Words("Không đạt", "Fail"), "not_stated": Words("–", "–"),
    "conditional_pass": Words("Đạt có điều kiện", "Conditional pass"),
    "conditional_fail": Words("Không đạt có điều kiện", "Conditional fail"),
    "incomplete": Words("Không tính được", "Cannot be computed")}
