"""Why a review was opened: as a person of the laboratory reads it, and as a customer is told."""
from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from certificates.document import Words
from lims.impact.models import CheckRun, ImpactReview
from lims.shared.db import session


def reasons(rows: Sequence[ImpactReview], language: str) -> dict[int, str]:
    """By review: the check that failed with what it found, the certificate, or the suspicion as it was typed."""
    records = [row.duty_record_id for row in rows if row.duty_record_id is not None]
    runs = {run.duty_record_id: run for run in session().scalars(sa.select(CheckRun).where(
        CheckRun.duty_record_id.in_(records)).options(sa.orm.joinedload(CheckRun.plan)))} if records else {}
    return {row.id: _reason(row, runs.get(row.duty_record_id or 0), language) for row in rows}


def _reason(row: ImpactReview, run: CheckRun | None, language: str) -> str:
    if language == "vi" or (run is None and row.trigger is None):
        return row.what
    if run is not None:
        found = "; ".join(str(one["en"]) for one in run.findings if one["fails"])
        note = f". {run.note}" if run.note.strip() else ""
        return f"{run.plan.title}: mean {run.mean:.10g} {run.plan.unit}; {found}{note}"
    return told(row).en


def told(row: ImpactReview) -> Words:
    """One sentence for a customer, without the laboratory's own notes; a suspicion is told as the quality manager put
    it, in Vietnamese."""
    if row.duty_record is not None:
        day = f"{row.duty_record.done_on:%d/%m/%Y}"
        return Words(f"Lần kiểm tra giữa kỳ ngày {day} cho thấy chuẩn ra ngoài giới hạn cho phép.",
                     f"An intermediate check on {day} found it outside its limits.")
    if row.trigger is not None:
        number, day = row.trigger.number, f"{row.trigger.calibrated_on:%d/%m/%Y}"
        if row.trigger.void:
            return Words(f"Giấy chứng nhận hiệu chuẩn {number} của chuẩn đã bị rút.",
                         f"Its calibration certificate {number} was withdrawn.")
        if row.trigger.supersedes_id:
            return Words(f"Giấy chứng nhận hiệu chuẩn {number} của chuẩn đã được sửa.",
                         f"Its calibration certificate {number} was corrected.")
        return Words(f"Giấy chứng nhận hiệu chuẩn {number} ngày {day} cho giá trị khác với giá trị đã dùng.",
                     f"Its calibration certificate {number} of {day} states other values than those used.")
    what = row.what.strip()
    return Words(what if what.endswith((".", "!", "?")) else f"{what}.", "")
