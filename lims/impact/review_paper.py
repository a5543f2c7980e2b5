"""The record of nonconforming work on paper: found, done at once, recomputed, decided, told, resumed (7.10)."""
from __future__ import annotations

from datetime import datetime

from certificates.document import Words
from certificates.formats import figure
from certificates.report import Column, Line, Report, ReportTable, Section, render_report
from certificates.slips import Signatory
from lims.equipment.service import state_changes
from lims.impact.concerned import CHANGES, Concern, concerned, concerns, notices
from lims.impact.models import ImpactReview
from lims.impact.reasons import reasons
from lims.shared import clock
from lims.shared.clock import local
from lims.shared.db import session
from lims.shared.i18n import day
from lims.shared.organisation import organisation

MOST_RESULTS = 300
"""Results named one by one; the Excel file of the review holds all."""
STATE = {"in_use": "đang dùng", "quarantined": "cách ly", "out_for_calibration": "gửi hiệu chuẩn",
         "out_of_service": "ngừng dùng", "retired": "thanh lý"}
CAUSE = {"failed_check": "Kiểm tra giữa kỳ không đạt", "certificate": "Giấy chứng nhận hiệu chuẩn của chuẩn",
         "suspicion": "Nghi ngờ"}
SIGNIFICANCE = {"none": "không ảnh hưởng", "minor": "nhỏ: số công bố đổi, kết luận giữ nguyên",
                "major": "lớn: có kết luận không còn đúng"}
DECISION = {"acceptable": "chấp nhận, kết quả giữ nguyên", "inform": "báo khách hàng, kết quả giữ nguyên",
            "recall": "báo khách hàng, thu hồi hoặc thay thế giấy"}
GRADE = {1: "đổi số", 2: "đổi kết luận ở một điểm", 3: "đảo kết luận"}
ENDED = {"": "chưa thay đổi", "withdrawn": "đã thu hồi", "superseded": "đã thay thế"}
STATES = (Column("Lúc", 24), Column("Trạng thái", 22), Column("Lý do", 76), Column("Người ghi", 32))
RESULTS = (Column("Giấy, mã", 30), Column("Phương tiện đo", 44), Column("Ngày đo", 20), Column("Thay đổi", 34),
           Column("Tình trạng giấy", 22))
TOLD = (Column("Doanh nghiệp", 56), Column("Kết quả", 14, right=True), Column("Báo bằng", 40), Column("Lúc", 24),
        Column("Người báo", 30))


def paper(row: ImpactReview, prepared_by: str) -> bytes:
    """The PDF as the review stands now; in Vietnamese, as the register prints everything."""
    laboratory, standard = organisation(session()), row.standard
    decided = row.decided_by.full_name if row.decided_by else ""
    return render_report(Report(
        title="Biên bản công việc không phù hợp", kind="Biên bản", number=row.number, heading=False,
        short_name=laboratory.short_name, created=clock.now(), demonstration=laboratory.demonstration,
        note=f"{row.number}; chuẩn {standard.asset_number}, {standard.name}; ISO/IEC 17025:2017, 7.10. "
             f"Ngày lập {day(clock.today())}.",
        sections=(Section("1.", "Phát hiện", (_found(row),)), Section("2.", "Xử lý đối với chuẩn", (_states(row),)),
                  Section("3.", "Đánh giá ảnh hưởng", _impact(row)), Section("4.", "Quyết định", (_decision(row),)),
                  Section("5.", "Thông báo khách hàng", (_told(row),)),
                  Section("6.", "Cho phép tiếp tục công việc", (_resumed(row),))),
        signatories=(Signatory(Words("Người lập"), prepared_by), Signatory(Words("Người quyết định"), decided),
                     Signatory(Words(laboratory.head_title_vi)))))


def _found(row: ImpactReview) -> str:
    return (f"{CAUSE[row.cause]}: {reasons([row], 'vi')[row.id].rstrip('.')}. Mở lúc {_at(row.opened_at)}, "
            f"{row.opened_by.full_name}.")


def _states(row: ImpactReview) -> ReportTable:
    """From the day of opening through the day of closing."""
    first, last = clock.local_date(row.opened_at), clock.local_date(row.closed_at or clock.now())
    changes = [one for one in reversed(state_changes(row.standard_id)) if first <= clock.local_date(one.at) <= last]
    return ReportTable(STATES, tuple(Line((_at(one.at), STATE.get(one.state, one.state), one.reason, one.by.full_name))
                                     for one in changes), empty="Trạng thái của chuẩn không đổi.")


def _impact(row: ImpactReview) -> tuple[str | ReportTable, ...]:
    unit = row.standard.spread_unit or row.standard.unit
    values = f"giấy {row.certificate.number}" if row.certificate else "giấy mà từng kết quả đã dùng"
    assumed = [f"giá trị theo {values}"]
    if row.shift:
        assumed.append(f"dịch các giá trị {figure(f'{row.shift:f}')} {unit}")
    if row.half_width is not None:
        assumed.append(f"độ trôi ít nhất ± {figure(f'{row.half_width:f}')} {unit}")
    basis = f"Kết quả đo từ {day(row.since)} đến {day(row.until)} dùng chuẩn này, {'; '.join(assumed)}."
    if row.recomputed_at is None:
        return basis, "Chưa tính lại xong."
    counts = (f"Lần tính {row.run}, xong {_at(row.recomputed_at)}: {row.examined} kết quả, "
              f"{row.changed} đổi số công bố, {row.flipped} đổi kết luận, {row.failures} không tính được.")
    found = concerns(row, grade=CHANGES, size=MOST_RESULTS + 1)
    table = ReportTable(RESULTS, tuple(map(_result, found[:MOST_RESULTS])), empty="Không kết quả nào thay đổi.")
    more = ("Các kết quả còn lại nằm trong tệp Excel của xem xét.",) if len(found) > MOST_RESULTS else ()
    return basis, counts, table, *more


def _result(one: Concern) -> Line:
    return Line((one.number or one.code, f"{one.object_name}, {one.serial}", day(one.performed_on),
                 GRADE[one.item.grade], ENDED[one.ended] if one.number else "chưa cấp"))


def _decision(row: ImpactReview) -> str:
    if row.decided_at is None or row.decided_by is None:
        return "Chưa quyết định."
    return (f"Mức ảnh hưởng: {SIGNIFICANCE[row.significance]}. Quyết định: {DECISION[row.decision]}. "
            f"Căn cứ: {row.evaluation.rstrip('.')}. {row.decided_by.full_name}, {_at(row.decided_at)}.")


def _told(row: ImpactReview) -> ReportTable:
    told = notices(row)
    lines = []
    for customer, count in concerned(row):
        notice = told.get(customer.id)
        lines.append(Line((customer.name, str(count), *(
            (notice.how, _at(notice.at), notice.by.full_name) if notice else ("chưa báo", "", "")))))
    return ReportTable(TOLD, tuple(lines), empty="Không khách hàng nào giữ giấy bị ảnh hưởng.")


def _resumed(row: ImpactReview) -> str:
    if row.closed_at is None or row.closed_by is None:
        return "Chưa cho phép."
    return f"{row.resumption.rstrip('.')}. {row.closed_by.full_name}, {_at(row.closed_at)}."


def _at(instant: datetime) -> str:
    return f"{local(instant):%d/%m/%Y %H:%M}"
