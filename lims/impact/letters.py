"""The letter to one customer of a review, from what the review recomputed."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from certificates.document import Words
from certificates.formats import figure
from certificates.letters import AffectedPoint, Letter, render_letter, stated
from certificates.slips import Signatory
from lims.customers.models import Customer, Instrument
from lims.impact.models import ImpactItem, ImpactReview
from lims.impact.reviews import CHANGES
from lims.issue.models import Certificate
from lims.jobs.models import JobItem, Result, Worksheet
from lims.jobs.papers import heading
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import NotFound
from lims.shared.organisation import organisation

MOST_POINTS = 400
"""Rows of one letter's table; the rest is said to exist and handed over as a list."""


@dataclass(frozen=True)
class Concern:
    """One result of the review with what a reader needs to find it."""

    item: ImpactItem
    code: str
    object_name: str
    serial: str
    performed_on: Any
    number: str


def concerns(row: ImpactReview, *, customer_id: int | None = None, grade: int = 0, after: int = 0,
             size: int | None = None) -> list[Concern]:
    """Results of the review's last run, the gravest first; `after` is the number of rows to leave out."""
    edition = sa.orm.aliased(Certificate)
    newest = sa.select(sa.func.max(edition.edition)).where(edition.item_id == JobItem.id).scalar_subquery()
    query = (
        sa.select(ImpactItem, JobItem.code, Instrument.name, Instrument.serial, Worksheet.performed_on,
                  sa.func.coalesce(Certificate.number, ""))
        .join(Result, Result.id == ImpactItem.result_id).join(Worksheet, Worksheet.id == Result.worksheet_id)
        .join(JobItem, JobItem.id == Worksheet.item_id).join(Instrument, Instrument.id == JobItem.instrument_id)
        .outerjoin(Certificate, sa.and_(Certificate.item_id == JobItem.id, Certificate.edition == newest))
        .where(ImpactItem.review_id == row.id, ImpactItem.run == row.run, ImpactItem.grade >= grade)
        .order_by(ImpactItem.grade.desc(), ImpactItem.id).offset(after).limit(size))
    if customer_id is not None:
        query = query.where(ImpactItem.customer_id == customer_id)
    return [Concern(*line) for line in session().execute(query)]


def letter(row: ImpactReview, customer_id: int) -> bytes:
    """The letter as PDF; NotFound when the customer is not concerned."""
    found = concerns(row, customer_id=customer_id, grade=CHANGES)
    customer = session().get(Customer, customer_id)
    if not found or customer is None:
        raise NotFound("Doanh nghiệp này không có kết quả bị ảnh hưởng.", "This enterprise is not concerned.")
    laboratory = organisation(session())
    points = [point for concern in found for point in _points(concern)]
    more = None
    if len(points) > MOST_POINTS:
        left = len(points) - MOST_POINTS
        more = Words(f"Còn {left} điểm đo nữa trong danh sách gửi kèm.", f"{left} more points in the list enclosed.")
    return render_letter(Letter(
        number=f"{row.number}/{customer.code}", place=laboratory.place, on=clock.today(), addressee=customer.name,
        organisation=heading(), address=customer.address,
        paragraphs=_reason(row, found), points=tuple(points[:MOST_POINTS]), more=more,
        closing=_closing(row), signatory=Signatory(Words(laboratory.head_title_vi, laboratory.head_title_en)),
        created=clock.now(), demonstration=laboratory.demonstration))


def _reason(row: ImpactReview, found: list[Concern]) -> tuple[Words, ...]:
    standard, span = row.standard, f"{row.since:%d/%m/%Y} – {row.until:%d/%m/%Y}"
    flips = sum(concern.item.grade > CHANGES for concern in found)
    summary = Words(
        f"Chúng tôi đã tính lại {len(found)} kết quả của Quý đơn vị từ số đọc gốc; {flips} kết quả có kết luận khác "
        "với đã công bố. Số đọc gốc và giấy đã cấp được giữ nguyên.",
        f"We have recomputed {len(found)} of your results from the original readings; in {flips} of them a statement "
        "differs from the one issued. The original readings and the documents issued stay as they are.")
    return (Words(
        f"Trung tâm xin thông báo: chuẩn đo lường {standard.name} (mã {standard.asset_number}), đã dùng cho các phép "
        f"đo trong thời gian {span}, cần được xem xét lại. Lý do: {row.what}",
        f"Our measurement standard {standard.name_en or standard.name} ({standard.asset_number}), used for "
        f"measurements in the period {span}, had to be reviewed under ISO/IEC 17025:2017, 7.10."), summary)


def _closing(row: ImpactReview) -> tuple[Words, ...]:
    act = Words(
        "Đề nghị Quý đơn vị xem xét ảnh hưởng tới việc sử dụng các phương tiện đo nêu trên và liên hệ với Trung tâm "
        "nếu cần đo lại.",
        "Please consider what this means for the use of the instruments above, and contact us for a new measurement "
        "where needed.")
    if row.decision != "recall":
        return (act,)
    return (Words("Các giấy nêu trên được thu hồi hoặc thay thế; Trung tâm sẽ liên hệ để đo lại, không thu phí.",
                  "The documents above are withdrawn or replaced; we shall arrange a new measurement free of charge."),
            act)


def _points(concern: Concern) -> list[AffectedPoint]:
    rows = concern.item.rows or [{"point": "", "unit": "", "value": ["", ""], "U": ["", ""], "verdict": [
        concern.item.old_verdict, concern.item.new_verdict]}]
    return [AffectedPoint(
        certificate=concern.number or concern.code, instrument=f"{concern.object_name}, {concern.serial}",
        performed_on=concern.performed_on, point=f"{figure(row['point'])}", stated=_side(row, 0), now=_side(row, 1),
        verdict=_verdict(row["verdict"])) for row in rows]


def _side(row: Mapping[str, Any], side: int) -> str:
    return stated(row["value"][side], row["U"][side], row["unit"])


def _verdict(pair: list[str]) -> Words:
    old, new = (_VERDICTS.get(one, one) for one in pair)
    return Words(old if old == new else f"{old} → {new}")


_VERDICTS = {"pass": "Đạt", "fail": "Không đạt", "conditional_pass": "Đạt có điều kiện", "not_stated": "–",
             "conditional_fail": "Không đạt có điều kiện", "incomplete": "Không tính được"}
