"""What each statutory report says of a year, as one frozen report that is printed and written in three forms."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from certificates.document import Words
from certificates.report import Column, Line, Report, ReportTable, Section
from certificates.slips import Signatory
from instruments.kinds import all_kinds
from lims.legal import designations
from lims.plans import service as plans
from lims.plans.papers import progress_report
from lims.plans.progress import plan_progress
from lims.reports import state_on
from lims.reports.work import WorkLine, customers_number, ended, issued_number, total_of, work_of
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import NotFound
from lims.shared.organisation import organisation
from lims.workload.figures import figures
from lims.workload.papers import area_word, field_word, group_table
from lims.workload.rules import Span, span_of

KIND_NAMES = {kind.code: kind.name.vi for kind in all_kinds()}
ENDED = {"withdrawn": "Thu hồi", "superseded": "Thay thế"}
MOST_LISTED = 500


def activity(year: int, today: date) -> Report:
    """The annual activity report of a verification, calibration and testing body (Decree 105/2016/NĐ-CP, 154/2018)."""
    first, last = date(year, 1, 1), min(date(year, 12, 31), today)
    lines = work_of(first, last)
    total, issued, over = total_of(lines), issued_number(first, last), ended(first, last)
    share = f"{100 * len(over) / issued:.1f}".replace(".", ",") if issued else "–"
    summary = (
        f"Trong năm {year} (tính đến {last:%d/%m/%Y}), đơn vị phục vụ {customers_number(first, last)} tổ chức, doanh "
        f"nghiệp; kiểm định {total.verified_all} phương tiện đo, đạt {total.passed}, không đạt {total.failed}; "
        f"hiệu chuẩn {total.calibrated}; thử nghiệm {total.tested}. Số giấy, biên bản đã cấp: {issued}; "
        f"thu hồi hoặc thay thế {len(over)} ({share} %).")
    return Report(
        title=f"Báo cáo hoạt động kiểm định, hiệu chuẩn, thử nghiệm năm {year}", contents=False, landscape=True,
        sections=(
            Section("1", "Thông tin về tổ chức", (body_text(),)),
            Section("2", "Kết quả chung", (summary,)),
            Section("3", "Kết quả theo loại phương tiện đo", (_work_table(lines, total),)),
            Section("4", "Theo địa bàn", (_areas(year, today),)),
            Section("5", "Chuẩn đo lường", (standards_table(last),)),
            Section("6", "Phạm vi, năng lực", (scope_table(last),)),
            Section("7", "Nhân lực", (officers_table(last),)),
            Section("8", "Giấy thu hồi, thay thế", (_ended_table(over),)),
            Section("9", "Khó khăn, kiến nghị", (_difficulties(year),))),
        **frame(today))


def group2(year: int, today: date) -> Report:
    """Verification of instruments of the group-2 list, by its items, regimes and outcome (Circular 23/2013)."""
    first, last = date(year, 1, 1), min(date(year, 12, 31), today)
    lines = [line for line in work_of(first, last) if line.verified_all]
    total = total_of(lines)
    columns = (Column("Mục", 8), Column("Phương tiện đo", 40), Column("Ban đầu", 12, right=True),
               Column("Định kỳ", 12, right=True), Column("Sau sửa chữa", 13, right=True),
               Column("Khác", 10, right=True), Column("Tổng", 10, right=True), Column("Đạt", 10, right=True),
               Column("Không đạt", 11, right=True))
    rows = [Line((line.item or "–", KIND_NAMES.get(line.kind, line.kind), *_regimes(line))) for line in sorted(
        lines, key=lambda line: (not line.item, len(line.item), line.item, line.kind))]
    if rows:
        rows.append(Line(("", "Cộng", *_regimes(total)), strong=True))
    return Report(
        title=f"Báo cáo kiểm định phương tiện đo nhóm 2 năm {year}", landscape=True,
        sections=(Section("1", "Thông tin về tổ chức", (body_text(),)),
                  Section("2", "Kết quả theo mục của danh mục", (ReportTable(columns, tuple(rows)),)),
                  Section("3", "Kiểm định viên", (officers_table(last),))),
        **frame(today))


def plan_until(month: int, day: int) -> Callable[[int, date], Report]:
    """The plan's report of a year up to a day of it (half a year, nine months, the year)."""
    def build(year: int, today: date) -> Report:
        plan = plans.plan_of_year(year)
        if plan is None:
            raise NotFound(f"Năm {year} chưa có kế hoạch.", f"There is no plan for {year}.")
        on = min(today, date(year, month, day))
        return progress_report(plan_progress(plan, on), on)

    return build


def standards_table(on: date) -> ReportTable:
    """Every standard as it stood on the day, with the certificate that counted."""
    words = {"in_use": "Đang dùng", "out_for_calibration": "Gửi hiệu chuẩn", "quarantined": "Cách ly",
             "out_of_service": "Ngừng dùng"}
    lines = []
    for number, one in enumerate(state_on.standards(on), 1):
        row, paper = one.standard, one.certificate
        lines.append(Line((
            str(number), row.asset_number, row.name, row.serial, " ".join(filter(None, (row.accuracy, row.range_text))),
            f"{paper.number}, {paper.issuer}" if paper else "–", f"{paper.calibrated_on:%d/%m/%Y}" if paper else "–",
            f"{one.valid_to:%d/%m/%Y}" if one.valid_to else "–", words.get(one.state, one.state),
            "Có" if one.in_order(on) else "Không")))
    columns = (Column("TT", 5), Column("Mã", 13), Column("Chuẩn", 26), Column("Số chế tạo", 14),
               Column("Cấp, phạm vi", 14),
               Column("Giấy chứng nhận", 30), Column("Ngày hiệu chuẩn", 13), Column("Có giá trị đến", 13),
               Column("Tình trạng", 13), Column("Dùng được", 9))
    return ReportTable(columns, tuple(lines), caption=f"Tình trạng ngày {on:%d/%m/%Y}")


def scope_table(on: date) -> ReportTable:
    """Lines of capability in force on the day."""
    lines = tuple(Line((line.field, f"({line.lower:f} ÷ {line.upper:f}) {line.unit}", _cmc(line), line.reference,
                        f"{line.valid_from:%d/%m/%Y}", f"{line.valid_to:%d/%m/%Y}" if line.valid_to else "–"))
                  for line in state_on.scope(on))
    return ReportTable((Column("Lĩnh vực", 18), Column("Phạm vi", 28), Column("CMC (k = 2)", 28), Column("Căn cứ", 32),
                        Column("Từ ngày", 13), Column("Đến ngày", 13)), lines,
                       caption=f"Có hiệu lực ngày {on:%d/%m/%Y}", empty="Chưa khai báo năng lực (CMC).")


def designations_table(on: date) -> ReportTable:
    """Decisions that designate the body to verify, as they counted on the day."""
    lines = tuple(Line((one.decision, one.issued_by, one.code, ", ".join(map(field_word, one.field_codes)),
                        ", ".join(one.item_codes) or "mọi mục", f"{one.valid_from:%d/%m/%Y}",
                        f"{one.valid_to:%d/%m/%Y}")) for one in designations.in_force(on))
    return ReportTable((Column("Quyết định", 24), Column("Cơ quan chỉ định", 30), Column("Mã đăng ký", 12),
                        Column("Lĩnh vực", 26), Column("Mục của danh mục", 18), Column("Từ ngày", 13),
                        Column("Đến ngày", 13)), lines, caption=f"Có hiệu lực ngày {on:%d/%m/%Y}",
                       empty="Chưa ghi quyết định chỉ định nào.")


def officers_table(on: date) -> ReportTable:
    """Officer cards valid on the day."""
    lines = tuple(Line((card.user.full_name, card.user.title, card.number, field_word(card.field), card.issued_by,
                        f"{card.valid_from:%d/%m/%Y}", f"{card.valid_to:%d/%m/%Y}")) for card in state_on.officers(on))
    return ReportTable((Column("Họ tên", 24), Column("Chức danh", 20), Column("Số thẻ", 14), Column("Lĩnh vực", 16),
                        Column("Nơi cấp", 34), Column("Từ ngày", 13), Column("Đến ngày", 13)), lines,
                       caption=f"Thẻ còn hiệu lực ngày {on:%d/%m/%Y}",
                       empty="Không có thẻ kiểm định viên còn hiệu lực.")


def _work_table(lines: list[WorkLine], total: WorkLine) -> ReportTable:
    columns = (Column("Lĩnh vực", 16), Column("Phương tiện đo", 32), Column("KĐ ban đầu", 11, right=True),
               Column("KĐ định kỳ", 11, right=True), Column("KĐ sau sửa chữa", 12, right=True),
               Column("KĐ khác", 9, right=True), Column("Tổng KĐ", 9, right=True), Column("Đạt", 9, right=True),
               Column("Không đạt", 10, right=True), Column("Hiệu chuẩn", 11, right=True),
               Column("Thử nghiệm", 11, right=True))
    rows = [Line((field_word(line.field) if line.field else "–", KIND_NAMES.get(line.kind, line.kind), *_regimes(line),
                  str(line.calibrated), str(line.tested))) for line in lines]
    if rows:
        rows.append(Line(("Cộng", "", *_regimes(total), str(total.calibrated), str(total.tested)), strong=True))
    return ReportTable(columns, tuple(rows), empty="Không có kết quả trong năm.")


def _regimes(line: WorkLine) -> tuple[str, ...]:
    return (*(str(line.verified.get(name, 0)) for name in ("initial", "periodic", "after_repair", "other")),
            str(line.verified_all), str(line.passed), str(line.failed))


def _areas(year: int, today: date) -> ReportTable:
    span = span_of(str(year)) or Span(date(year, 1, 1), date(year, 12, 31), str(year))
    found = figures(span, today)
    return group_table("Địa bàn", [(area_word(row.key), row) for row in found.by_area], found.total)


def _ended_table(rows: list[Any]) -> ReportTable:
    lines = tuple(Line((row.number, ENDED[row.kind], f"{clock.local(row.at):%d/%m/%Y}", row.reason))
                  for row in rows[:MOST_LISTED])
    return ReportTable((Column("Số giấy", 22), Column("Việc", 14), Column("Ngày", 13), Column("Lý do", 60)), lines)


def _difficulties(year: int) -> str:
    plan = plans.plan_of_year(year)
    texts = [f"- {row.text}" for item in (plan.items if plan else ()) for row in item.difficulties
             if row.resolved_on is None]
    return "\n".join(texts) or "Không có khó khăn nào được ghi trong kế hoạch năm."


def body_text() -> str:
    """The body as it is declared, one line a fact."""
    row = organisation(session())
    parts = [f"Tên tổ chức: {row.name_vi}", f"Cơ quan chủ quản: {row.superior_vi}", f"Địa chỉ: {row.address}",
             " · ".join(filter(None, (f"Điện thoại: {row.phone}" if row.phone else "",
                                      f"Thư điện tử: {row.email}" if row.email else ""))),
             f"Mã đăng ký: {row.registration_code or 'chưa khai báo'}",
             f"Mã công nhận: {row.accreditation_code}" if row.accreditation_code else ""]
    return "\n".join(part for part in parts if part)


def _cmc(line: Any) -> str:
    texts = {"value": f"{line.a} {line.cmc_unit}", "linear": f"{line.a} + {line.b}·|x| {line.cmc_unit}",
             "quadratic": f"√({line.a}² + ({line.b}·x)²) {line.cmc_unit}",
             "points": "; ".join(f"{x}: {value}" for x, value in line.points) + f" {line.cmc_unit}"}
    return texts[line.form].replace(".", ",")


def frame(today: date) -> dict[str, Any]:
    """Heading and signatures of a report made on a day."""
    row = organisation(session())
    return {
        "short_name": row.short_name, "created": clock.now(), "superior": row.superior_vi, "issuer": row.name_vi,
        "dated": f"{row.place}, ngày {today:%d} tháng {today:%m} năm {today:%Y}", "demonstration": row.demonstration,
        "signatories": (Signatory(Words("Người lập")),
                        Signatory(Words(row.head_title_vi)))}

