"""The province's plan of 2024 as it was written, with what disagrees in it, and the plans that go on from it.

The text of 2024 follows a published plan of a Department; its number and day were open, and stay so.
"""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from lims.auth.models import User
from lims.demo.clock import MovingClock
from lims.plans import carrying, doings, purchases, service
from lims.plans.doings import Disagreement, Entry
from lims.plans.models import Plan, PlanItem
from lims.plans.progress import progress_of
from lims.plans.service import BasisLine, ItemDetails, PlanDetails, TargetDetails
from lims.reports import service as reports
from lims.shared.audit import acting_as

YEAR = 2024
TITLE = "Kế hoạch thực hiện Đề án tăng cường, đổi mới hoạt động đo lường năm 2024"
QUALITY_OFFICE, CENTRE = "Phòng Quản lý TCĐLCL", "Trung tâm kỹ thuật TCĐLCL"
RESEARCH, PLANNING = "Trung tâm NC-CG và ĐMST", "Phòng KH-TC"
WITH_ALL = "Các DN; tổ chức, cá nhân liên quan"
FUND = "SN KHCN 2024"
BASIS = (
    BasisLine(number="996/QĐ-TTg", issued_on=date(2018, 8, 10),
              title="Đề án Tăng cường, đổi mới hoạt động đo lường hỗ trợ doanh nghiệp Việt Nam đến năm 2025"),
    BasisLine(number="82/QĐ-BKHCN", issued_on=date(2019, 1, 16), title="Kế hoạch triển khai Đề án 996"),
    BasisLine(number="1928/QĐ-UBND", issued_on=date(2020, 7, 20), title="Kế hoạch của tỉnh triển khai Đề án 996"),
    BasisLine(number="2159/QĐ-UBND", issued_on=date(2023, 9, 21),
              title="Phê duyệt báo cáo nghiên cứu khả thi đầu tư thiết bị đo lường, thử nghiệm giai đoạn 2"),
)


class Target(NamedTuple):
    """A target of a row."""

    title: str
    comparator: str
    quantity: int
    unit: str
    measure: str = ""


class Row(NamedTuple):
    """A row of the annex; a heading has only mark and text."""

    mark: str
    text: str
    deliverable: str = ""
    lead: str = ""
    coordinating: str = ""
    targets: tuple[Target, ...] = ()
    schedule: str = "Cả năm"
    funding: str = FUND
    ends: int = YEAR


ROWS = (
    Row("1", "Hoạt động truyền thông nâng cao nhận thức về đo lường"),
    Row("1.1", "Xây dựng phóng sự phát trên Đài Phát thanh - Truyền hình tỉnh; viết bài đăng trên Cổng Thông tin "
        "điện tử của Sở và Báo Quảng Trị", "01 phóng sự; 02 bài viết đăng trên Cổng thông tin điện tử của Sở", RESEARCH,
        f"{QUALITY_OFFICE}; tổ chức, cá nhân liên quan",
        (Target("Phóng sự truyền hình", ">=", 1, "phóng sự"), Target("Bài viết", ">=", 2, "bài")),
        funding="Kinh phí phóng sự năm 2024 giao TT NC-CG và ĐMST"),
    Row("2", "Phát triển hạ tầng đo lường"),
    Row("2.1", "Thiết lập, duy trì, bảo quản và sử dụng hệ thống chuẩn đo lường",
        "Hệ thống chuẩn đo lường được duy trì", CENTRE, QUALITY_OFFICE,
        (Target("Chuẩn còn hạn hiệu chuẩn", ">=", 100, "%", "standards.in_date"),)),
    Row("2.2", "Duy trì, mở rộng hoạt động kiểm định, hiệu chuẩn, thử nghiệm",
        "Năng lực kiểm định, hiệu chuẩn, thử nghiệm được duy trì, mở rộng", CENTRE, QUALITY_OFFICE,
        (Target("Dòng năng lực mới", ">=", 1, "dòng", "scope.added"),)),
    Row("2.3", "Khảo sát hiện trạng sử dụng phương tiện đo tại 30 doanh nghiệp sản xuất, kinh doanh; hướng dẫn doanh "
        "nghiệp nâng cao năng lực qua kiểm định, hiệu chuẩn, thử nghiệm", "BC kết quả khảo sát", QUALITY_OFFICE,
        WITH_ALL,
        (Target("Doanh nghiệp được khảo sát", "=", 30, "doanh nghiệp", "surveys.enterprises"),
         Target("Báo cáo kết quả khảo sát", ">=", 1, "báo cáo"))),
    Row("2.4", "Đầu tư trang thiết bị đo lường, thử nghiệm, công nghệ sinh học giai đoạn 2 để kiểm định phương tiện đo "
        "nhóm 2", "Trang thiết bị được trang bị", PLANNING, f"{QUALITY_OFFICE}; {CENTRE}",
        (Target("Thiết bị đưa vào sử dụng", ">=", 1, "thiết bị", "standards.commissioned"),)),
    Row("2.5", "Đào tạo, bồi dưỡng nghiệp vụ đo lường theo Thông báo của các cơ quan ở TW",
        "Ít nhất 03 cán bộ được đào tạo", "Theo Thông báo của các cơ quan ở TW",
        f"{QUALITY_OFFICE}; {WITH_ALL}",
        (Target("Người được đào tạo", ">=", 3, "người", "training.persons"),)),
    Row("2.6", "Xây dựng, áp dụng chương trình đảm bảo đo lường tại một số doanh nghiệp theo nhiệm vụ KH&CN được "
        "duyệt; thành lập nhóm chuyên gia tư vấn", "02 chương trình được ban hành; nhóm chuyên gia được thành lập",
        "Doanh nghiệp theo nhiệm vụ KH&CN được duyệt", f"{QUALITY_OFFICE}; {WITH_ALL}",
        (Target("Chương trình được ban hành", ">=", 2, "chương trình", "programmes.issued"),
         Target("Nhóm chuyên gia tư vấn", ">=", 1, "nhóm")), schedule="Năm 2024-2025", ends=YEAR + 1),
)

# mark, target's title ("" = none), day, text, quantity, address of the evidence ("" = none)
DONE = (
    ("1.1", "Phóng sự truyền hình", date(2024, 5, 20), "Phóng sự nhân Ngày Đo lường thế giới", 1,
     "https://truyenhinh.example/phong-su-do-luong-2024"),
    ("1.1", "Bài viết", date(2024, 6, 12), "Bài về kiểm định cột đo xăng dầu", 1, "https://sokhcn.example/bai-cot-do"),
    ("1.1", "Bài viết", date(2024, 11, 4), "Bài về cân ở chợ, đã gửi Báo Quảng Trị, chưa thấy đăng", 1, ""),
    ("2.3", "Doanh nghiệp được khảo sát", date(2024, 12, 15), "Khảo sát theo phiếu giấy, biên bản tổng hợp", 26,
     "https://sokhcn.example/bien-ban-khao-sat-2024"),
    ("2.3", "Báo cáo kết quả khảo sát", date(2024, 12, 27), "Báo cáo kết quả khảo sát năm 2024", 1,
     "https://sokhcn.example/bao-cao-khao-sat-2024"),
    ("2.5", "Người được đào tạo", date(2024, 8, 9), "Khóa kiểm định viên phương tiện đo áp suất", 2,
     "https://sokhcn.example/quyet-dinh-cu-di-hoc"),
    ("2.6", "Chương trình được ban hành", date(2024, 10, 30), "Chương trình tại Công ty CP Nồi hơi Tân An", 1,
     "https://sokhcn.example/ctdbdl-tan-an"),
    ("2.6", "Nhóm chuyên gia tư vấn", date(2024, 9, 5), "Quyết định thành lập nhóm chuyên gia", 1,
     "https://sokhcn.example/qd-nhom-chuyen-gia"),
)
DISAGREE = (
    ("1.1", "Phần nội dung", "đăng trên trang Thông tin điện tử của Sở và Báo Quảng Trị", "Phụ lục, cột Nội dung",
     "đăng trên Cổng Thông tin điện tử của Sở và Báo Quảng Trị"),
    ("1.1", "Phụ lục, cột Nội dung", "Cổng Thông tin điện tử của Sở và Báo Quảng Trị", "Phụ lục, cột Kết quả",
     "chỉ ghi Cổng thông tin điện tử của Sở"),
    ("2.3", "Phần nội dung", "khảo sát tại 30 doanh nghiệp", "Phụ lục, cột Kết quả", "chỉ ghi BC kết quả khảo sát"),
)


def enter(users: dict[str, User], clock: MovingClock) -> None:
    """The plan of 2024, closed years ago, and the one of this year carried over from it."""
    keeper, technician = users["chatluong"], users["ktv1"]
    with acting_as(keeper.id, keeper.full_name):
        plan = service.create_plan(PlanDetails(
            year=YEAR, title=TITLE, number="", dated="ngày … tháng 01 năm 2024", superior="UBND tỉnh Quảng Trị",
            issuer="Sở Khoa học và Công nghệ", place="Quảng Trị", signed_for="KT. GIÁM ĐỐC",
            signer_title="PHÓ GIÁM ĐỐC", basis=BASIS,
            goals="Nâng cao nhận thức của tổ chức, doanh nghiệp về hoạt động đo lường\nPhát triển hạ tầng đo lường",
            recipients="Giám đốc, các Phó Giám đốc Sở\nCác phòng, đơn vị thuộc Sở\nLưu: VT, TCĐLCL",
            funding="Nguồn sự nghiệp khoa học và công nghệ năm 2024 của Sở"), by=keeper)
        items = _items(plan, keeper)
        for mark, one_place, one_says, other_place, other_says in DISAGREE:
            doings.note_disagreement(plan.id, Disagreement(
                item_id=items[mark].id, one_place=one_place, one_says=one_says, other_place=other_place,
                other_says=other_says), by=keeper)
        for mark, title, on, text, quantity, link in DONE:
            target = next(one for one in items[mark].targets if one.title == title)
            doings.add_entry(items[mark].id, Entry(on=on, text=text, target_id=target.id, quantity=Decimal(quantity),
                                                   link=link), by=keeper)
        for item in items.values():
            for target in item.targets:
                found = progress_of(target, clock.local_day())
                if found.measure is not None and found.entered:
                    doings.override(target.id, found.entered, "Việc của năm 2024 làm trên giấy, trước khi dùng hệ "
                                    "thống; đếm theo minh chứng đính kèm", by=keeper)
        for bought in reversed(purchases.unlinked()):
            purchases.link(items["2.4"].id, bought.id, by=keeper)
        service.set_state(plan.id, "issued", by=keeper)
        trouble = doings.raise_difficulty(items["2.4"].id, "Gói thầu thiết bị giai đoạn 2 phải thẩm định lại giá",
                                           by=keeper)
        doings.escalate(trouble.id, "Giám đốc Sở", by=keeper)
        _this_year(plan, items, keeper, clock)
        for kind in ("activity", "group2"):
            year = clock.local_day().year - 1
            sent = min(date(year + 1, 3, 18), clock.local_day())
            reports.file_report(kind, year, filed_on=sent, number=f"1{len(kind)}/BC-TTKT", by=keeper,
                                sent_to="Sở Khoa học và Công nghệ tỉnh Minh Sơn")
    with acting_as(technician.id, technician.full_name):
        doings.raise_difficulty(items["2.3"].id, "Bốn doanh nghiệp hẹn lại lịch khảo sát sang năm sau", by=technician)


def _items(plan: Plan, keeper: User) -> dict[str, PlanItem]:
    found = {}
    for row in ROWS:
        item = service.add_item(plan.id, ItemDetails(
            mark=row.mark, heading=not row.targets, text=row.text, deliverable=row.deliverable, lead=row.lead,
            coordinating=row.coordinating, schedule=row.schedule if row.targets else "",
            funding=row.funding if row.targets else "", starts_on=date(YEAR, 1, 1), ends_on=date(row.ends, 12, 31)),
            by=keeper)
        for target in row.targets:
            service.add_target(item.id, TargetDetails(
                title=target.title, comparator=target.comparator, quantity=Decimal(target.quantity), unit=target.unit,
                measure=target.measure), by=keeper)
        found[row.mark] = item
    return found


def _this_year(plan: Plan, items: dict[str, PlanItem], keeper: User, clock: MovingClock) -> None:
    """2025 carries over what was not achieved; the plan of the present year stands beside it with the Centre's work."""
    carrying.carry_over(plan.id, {items["2.3"].id, items["2.4"].id, items["2.6"].id}, by=keeper,
                        title="Kế hoạch thực hiện Đề án đo lường năm 2025 (chuyển tiếp)")
    year = clock.local_day().year
    first, last = date(year, 1, 1), date(year, 12, 31)
    current = service.create_plan(PlanDetails(
        year=year, title=f"Kế hoạch công tác kỹ thuật năm {year}", place="Minh Sơn", number="04/KH-TTKT",
        issued_on=date(year, 1, 12), issuer="Trung tâm Kỹ thuật Tiêu chuẩn Đo lường Chất lượng",
        superior="Sở Khoa học và Công nghệ tỉnh Minh Sơn", signer_title="GIÁM ĐỐC", signer_name="Bùi Xuân Trường",
        goals="Giữ vững chất lượng kiểm định, hiệu chuẩn", recipients="Các phòng\nLưu: VT"), by=keeper)
    work = (
        ("1", "Kiểm định, hiệu chuẩn phương tiện đo theo yêu cầu của doanh nghiệp",
         "Ít nhất 12 phương tiện đo được cấp giấy",
         (Target("Phương tiện đo được cấp giấy", ">=", 12, "phương tiện đo", "certificates.all"),
          Target("Doanh nghiệp được phục vụ", ">=", 5, "doanh nghiệp", "customers.served"))),
        ("2", "Duy trì hệ thống chuẩn đo lường", "100 % chuẩn còn hạn",
         (Target("Chuẩn còn hạn hiệu chuẩn", ">=", 100, "%", "standards.in_date"),
          Target("Kiểm tra giữa kỳ, bảo dưỡng", ">=", 6, "lần", "standards.checked"))),
        ("3", "Tham gia so sánh liên phòng, thử nghiệm thành thạo", "Ít nhất 3 chương trình",
         (Target("Chương trình đã tham gia", ">=", 3, "chương trình", "comparisons.done"),)),
    )
    for mark, text, deliverable, targets in work:
        item = service.add_item(current.id, ItemDetails(
            mark=mark, text=text, deliverable=deliverable, lead="Phòng Kỹ thuật", coordinating="Phòng Hành chính",
            schedule="Cả năm", funding="Nguồn thu sự nghiệp", starts_on=first, ends_on=last,
            planned_amount=Decimal(48_000_000) if mark == "2" else None), by=keeper)
        for target in targets:
            made = service.add_target(item.id, TargetDetails(
                title=target.title, comparator=target.comparator, quantity=Decimal(target.quantity), unit=target.unit,
                measure=target.measure), by=keeper)
            if target.measure == "customers.served":
                doings.override(made.id, Decimal(6), "Một doanh nghiệp được phục vụ lưu động trước khi có sổ điện tử",
                                by=keeper)
    service.set_state(current.id, "issued", by=keeper)
