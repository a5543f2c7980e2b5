"""The inspection pack: what an inspector asks of body, standards, staff and scope on a day, in one document.

The day decides: what was in force then, whatever changed since; what was done is listed from `since` on."""
from __future__ import annotations

from collections import defaultdict
from datetime import date

import sqlalchemy as sa

from certificates.report import Column, Line, Report, ReportTable, Section
from lims.issue.models import Certificate, CertificateEvent
from lims.legal import catalogue, sticker_reports
from lims.reports import content, state_on
from lims.shared import clock
from lims.shared.db import session

MOST_DOCUMENTS = 2000
ACTIVITY = {"perform": "Thực hiện", "review": "Soát xét", "approve": "Phê duyệt"}
DUTY = {"intermediate_check": "Kiểm tra giữa kỳ", "maintenance": "Bảo dưỡng"}
EVENT = {"document": "Tài liệu", "moved": "Chuyển chỗ", "damage": "Hư hỏng", "malfunction": "Sai chức năng",
         "modification": "Thay đổi", "repair": "Sửa chữa", "adjustment": "Hiệu chỉnh",
         "commissioning": "Kiểm tra trước khi dùng", "note": "Ghi chú"}
VERDICT = {"satisfactory": "Đạt", "questionable": "Nghi vấn", "unsatisfactory": "Không đạt", "": "Chưa có kết quả"}
KIND = {"calibration": "Hiệu chuẩn", "verification": "Kiểm định", "test": "Thử nghiệm", "work_record": "Biên bản"}
PAPER = {"degree": "Bằng cấp", "course": "Chứng nhận khóa đào tạo", "certificate": "Chứng chỉ",
         "decision": "Quyết định"}
LEARNING = {"training": "Đào tạo", "assessment": "Đánh giá năng lực", "witnessed": "Quan sát thực hiện",
            "supervised": "Làm dưới giám sát", "comparison": "So sánh liên phòng"}
RESULT = {"passed": "Đạt", "failed": "Không đạt", "attended": "Đã tham dự"}
STICKER = {"verification": "Tem kiểm định", "calibration": "Tem hiệu chuẩn", "seal": "Niêm phong, chì"}
STATES = ("stock", "assigned", "drawn", "used", "spoiled", "lost", "void")
REVIEW = {"open": "Đang xem xét", "decided": "Đã quyết định", "closed": "Đã đóng"}


def pack(on: date, since: date, today: date) -> Report:
    """The pack of a day; the same day asked again later gives the same, but for what was entered late."""
    sections: list[tuple[str, tuple[str | ReportTable, ...]]] = [
        ("Tổ chức", (content.body_text(), f"Hồ sơ lập theo tình trạng ngày {on:%d/%m/%Y}; việc đã làm liệt kê từ "
                     f"{since:%d/%m/%Y} đến {on:%d/%m/%Y}.")),
        ("Quyết định chỉ định", (content.designations_table(on),)),
        ("Phạm vi, năng lực công bố (CMC)", (content.scope_table(on),)),
        ("Danh mục phương tiện đo nhóm 2 có quy trình", (_legal(on),)),
        ("Quy trình đang dùng", (_procedures(on),)),
        ("Chuẩn đo lường và giấy chứng nhận", (content.standards_table(on),)),
        ("Sự kiện của chuẩn", (_events(since, on),)),
        ("Kiểm tra giữa kỳ, bảo dưỡng", (_checks(since, on),)),
        ("Kiểm định viên", (content.officers_table(on),)),
        ("Giao quyền theo quy trình", (_authorisations(on),)),
        ("Bằng cấp, chứng chỉ", (_papers(on),)),
        ("Đào tạo, đánh giá năng lực", (_learning(since, on),)),
        ("So sánh liên phòng, thử nghiệm thành thạo", (_comparisons(since, on),)),
        ("Xem xét ảnh hưởng, công việc không phù hợp", (_reviews(since, on),)),
        ("Giấy chứng nhận, biên bản đã cấp", _documents(since, on)),
        ("Giấy thu hồi, thay thế", (_ended(since, on),)),
        ("Tem, niêm phong", (_stickers(on, today),)),
    ]
    return Report(
        title=f"Hồ sơ phục vụ kiểm tra, đánh giá, ngày {on:%d/%m/%Y}", kind="Hồ sơ kiểm tra", landscape=True,
        contents=True, sections=tuple(Section(str(number), title, parts, new_page=number in (1, 6, 9, 15))
                                      for number, (title, parts) in enumerate(sections, 1)),
        **content.frame(today))


def _legal(on: date) -> ReportTable:
    served = {item for row, procedure in state_on.procedures(on) for item in catalogue.items_of(procedure)}
    lines = tuple(Line((basis.row.item, basis.row.name.vi, f"{basis.row.cycle_months} tháng" if basis.row.cycle_months
                        else "–", basis.document, "Đã xác nhận" if basis.may_carry_verdict else "Chờ xác nhận"))
                  for basis in catalogue.in_force(on) if basis.row.item in served)
    return ReportTable((Column("Mục", 8), Column("Phương tiện đo", 50), Column("Chu kỳ", 14), Column("Văn bản", 26),
                        Column("Tình trạng", 18)), lines, empty="Không có mục nào.")


def _procedures(on: date) -> ReportTable:
    lines = tuple(Line((row.code, procedure.title.vi, row.edition, str(row.version),
                        f"{clock.local(row.published_at):%d/%m/%Y}")) for row, procedure in state_on.procedures(on))
    return ReportTable((Column("Mã", 14), Column("Tên", 60), Column("Lần ban hành", 16), Column("Bản", 8),
                        Column("Ngày công bố", 14)), lines)


def _authorisations(on: date) -> ReportTable:
    held: defaultdict[tuple[str, str, str, str, str], list[str]] = defaultdict(list)
    for row in state_on.authorisations(on):
        until = f"{row.valid_to:%d/%m/%Y}" if row.valid_to else "–"
        held[row.user.full_name, row.procedure_code, f"{row.valid_from:%d/%m/%Y}", until, row.basis].append(
            ACTIVITY[row.activity])
    alike: defaultdict[tuple[str, str, str, str, str], list[str]] = defaultdict(list)
    for (name, code, first, until, basis), activities in held.items():
        alike[name, ", ".join(activities), first, until, basis].append(code)
    lines = tuple(Line((name, activities, ", ".join(codes), first, until, basis))
                  for (name, activities, first, until, basis), codes in alike.items())
    return ReportTable((Column("Họ tên", 20), Column("Được làm", 18), Column("Quy trình", 46), Column("Từ ngày", 13),
                        Column("Đến ngày", 13), Column("Căn cứ", 26)), lines)


def _papers(on: date) -> ReportTable:
    lines = tuple(Line((row.user.full_name, PAPER[row.kind], row.title, row.number, row.issued_by,
                        f"{row.issued_on:%d/%m/%Y}", f"{row.valid_to:%d/%m/%Y}" if row.valid_to else "–"))
                  for row in state_on.papers(on))
    return ReportTable((Column("Họ tên", 24), Column("Loại", 20), Column("Tên", 40), Column("Số", 16),
                        Column("Nơi cấp", 28), Column("Ngày cấp", 13), Column("Đến ngày", 13)), lines)


def _learning(since: date, on: date) -> ReportTable:
    lines = tuple(Line((f"{row.on:%d/%m/%Y}", row.user.full_name, LEARNING[row.kind], row.subject, row.by_whom,
                        RESULT[row.result])) for row in state_on.learning(since, on))
    return ReportTable((Column("Ngày", 13), Column("Họ tên", 24), Column("Việc", 20), Column("Nội dung", 50),
                        Column("Người, nơi", 30), Column("Kết quả", 14)), lines)


def _stickers(on: date, today: date) -> ReportTable:
    """Series that had come in by the day; how many of each state is known of the day the pack is made."""
    lines = tuple(Line((STICKER[one.series.kind], f"{one.series.prefix}{one.series.first:0{one.series.width}d} – "
                        f"{one.series.prefix}{one.series.last:0{one.series.width}d}",
                        f"{one.series.received_on:%d/%m/%Y}", str(one.series.last - one.series.first + 1),
                        *(str(one.balance.counts.get(state, 0)) for state in STATES)))
                  for one in sticker_reports.balances() if one.series.received_on <= on)
    return ReportTable((Column("Loại", 18), Column("Dải số", 32), Column("Nhập ngày", 13),
                        Column("Số lượng", 11, right=True),
                        Column("Trong kho", 11, right=True), Column("Trong tay", 11, right=True),
                        Column("Để riêng", 10, right=True), Column("Đã dùng", 10, right=True),
                        Column("Hỏng", 9, right=True), Column("Mất", 8, right=True), Column("Hủy", 8, right=True)),
                       lines, caption=f"Số lượng theo tình trạng ngày {today:%d/%m/%Y}")


def _events(since: date, on: date) -> ReportTable:
    lines = tuple(Line((f"{event.on:%d/%m/%Y}", number, name, EVENT[event.kind], event.text))
                  for number, name, event in state_on.events(since, on))
    return ReportTable((Column("Ngày", 13), Column("Mã", 14), Column("Chuẩn", 30), Column("Sự kiện", 22),
                        Column("Nội dung", 50)), lines)


def _checks(since: date, on: date) -> ReportTable:
    lines = tuple(Line((f"{record.done_on:%d/%m/%Y}", number, name, DUTY[record.duty],
                        "Đạt" if record.passed else "Không đạt", record.by.full_name, record.note))
                  for number, name, record in state_on.checks(since, on))
    return ReportTable((Column("Ngày", 13), Column("Mã", 14), Column("Chuẩn", 30), Column("Việc", 20),
                        Column("Kết quả", 11), Column("Người làm", 22), Column("Ghi chú", 30)), lines)


def _comparisons(since: date, on: date) -> ReportTable:
    lines = tuple(Line((f"{row.measured_on:%d/%m/%Y}", row.code, row.title, row.provider, row.measurand,
                        VERDICT[row.verdict])) for row in state_on.comparisons(since, on))
    return ReportTable((Column("Ngày đo", 13), Column("Mã", 12), Column("Chương trình", 32), Column("Nhà tổ chức", 36),
                        Column("Đại lượng", 28), Column("Kết quả", 13)), lines)


def _reviews(since: date, on: date) -> ReportTable:
    lines = tuple(Line((row.number, row.standard.asset_number, row.what, f"{clock.local(row.opened_at):%d/%m/%Y}",
                        str(row.examined), str(row.changed), REVIEW[row.state])) for row in state_on.reviews(since, on))
    return ReportTable((Column("Số", 12), Column("Chuẩn", 14), Column("Việc gì", 50), Column("Mở ngày", 13),
                        Column("Đã xem", 9, right=True), Column("Đổi", 8, right=True), Column("Tình trạng", 16)), lines)


def _documents(since: date, on: date) -> tuple[str | ReportTable, ...]:
    rows = session().execute(
        sa.select(Certificate.number, Certificate.kind, Certificate.object_name, Certificate.object_serial,
                  Certificate.customer_name, Certificate.issued_on, Certificate.verdict)
        .where(Certificate.issued_on.between(since, on)).order_by(Certificate.id.desc()).limit(MOST_DOCUMENTS)).all()
    number = session().scalar(sa.select(sa.func.count()).select_from(Certificate).where(
        Certificate.issued_on.between(since, on))) or 0
    told = f"Đã cấp {number} giấy, biên bản."
    if number > len(rows):
        told += f" Danh sách dưới đây gồm {len(rows)} giấy mới nhất; danh sách đầy đủ xuất từ kho giấy."
    lines = tuple(Line((row.number, KIND[row.kind], row.object_name, row.object_serial, row.customer_name,
                        f"{row.issued_on:%d/%m/%Y}", "Không đạt" if row.verdict == "fail" else
                        "Đạt" if row.verdict == "pass" else "–")) for row in rows)
    return told, ReportTable((Column("Số", 20), Column("Loại", 14), Column("Phương tiện đo", 32),
                              Column("Số chế tạo", 18),
                              Column("Doanh nghiệp", 36), Column("Ngày cấp", 13), Column("Kết luận", 11)), lines)


def _ended(since: date, on: date) -> ReportTable:
    rows = session().execute(
        sa.select(Certificate.number, CertificateEvent.kind, CertificateEvent.at, CertificateEvent.reason)
        .join(Certificate, Certificate.id == CertificateEvent.certificate_id)
        .where(CertificateEvent.kind.in_(("withdrawn", "superseded")), CertificateEvent.at < state_on.end_of(on),
               Certificate.issued_on >= since).order_by(CertificateEvent.id).limit(MOST_DOCUMENTS))
    lines = tuple(Line((row.number, content.ENDED[row.kind], f"{clock.local(row.at):%d/%m/%Y}", row.reason))
                  for row in rows)
    return ReportTable((Column("Số", 22), Column("Việc", 14), Column("Ngày", 13), Column("Lý do", 60)), lines)
