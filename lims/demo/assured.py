"""The demonstration's measurement-assurance programmes: one in force with its first results, one being drafted."""
from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from instruments.recall import add_months
from lims.auth.models import User
from lims.customers.models import Customer, Instrument
from lims.demo.clock import MovingClock
from lims.programmes import issuing, service
from lims.programmes.models import Programme
from lims.shared.audit import acting_as
from lims.shared.db import session

TEXT = {
    "Sự cần thiết, căn cứ": "Doanh nghiệp đặt hàng ngày 15/01; sai lệch áp suất hơi làm tăng tiêu hao nhiên liệu.",
    "Phạm vi, đối tượng áp dụng": "Phân xưởng lò hơi và bộ phận kiểm tra chất lượng.",
    "Mục tiêu chung": "Mọi phép đo ảnh hưởng tới an toàn và chất lượng được bảo đảm, có liên kết chuẩn.",
    "Mục tiêu cụ thể": "100 % phương tiện đo nhóm 2 còn hạn; TUR của phép đo áp suất hơi đạt ít nhất 4.",
    "Giải pháp": "Giao người phụ trách đo lường; lập lịch kiểm định; hướng dẫn tại chỗ; phối hợp với Trung tâm.",
    "Hiệu quả dự kiến": "Giảm 2 % tiêu hao nhiên liệu; không còn lỗi do đo sai trong kiểm tra của khách hàng.",
    "Tổ chức thực hiện": "Doanh nghiệp chủ trì; Trung tâm hướng dẫn, đánh giá mỗi năm một lần.",
}
TOPICS = {
    "Quản lý đo lường": ("Có sổ theo dõi, chưa có quy định nội bộ", "Không rõ ai chịu trách nhiệm", "Chưa phân công"),
    "Nhân sự, năng lực": ("Hai người đọc áp kế, chưa được đào tạo", "Đọc sai khi kim rung", "Chưa có kế hoạch"),
    "Phương pháp đo": ("Đọc theo thói quen, không có hướng dẫn", "Hai người đọc khác nhau", "Chưa viết hướng dẫn"),
    "Phương tiện đo, chuẩn, liên kết chuẩn": ("Áp kế cấp 1,6 mua từ 2021; không có chuẩn riêng", "", ""),
    "Kiểm định, hiệu chuẩn, bảo dưỡng": ("Kiểm định khi được nhắc", "Có áp kế quá hạn", "Không có lịch"),
    "Môi trường": ("Trong nhà, (15 ÷ 38) °C, có rung của bơm", "", ""),
    "Dữ liệu, phần mềm": ("Ghi sổ giấy, cộng bằng bảng tính", "", ""),
    "So sánh, thử nghiệm thành thạo, kiểm soát chất lượng": ("Chưa tham gia so sánh nào", "", ""),
    "Hiệu quả dự kiến": ("Tiêu hao than giảm khi áp suất hơi được giữ đúng", "", ""),
}
ANSWERS = {
    "Quản lý đo lường": ("document", "Ban hành quy định quản lý phương tiện đo, phân công người phụ trách"),
    "Nhân sự, năng lực": ("training", "Cử hai người dự lớp đọc và kiểm tra áp kế"),
    "Kiểm định, hiệu chuẩn, bảo dưỡng": ("verification", "Lập lịch kiểm định cả năm, gửi Trung tâm trước tháng 2"),
    "Phương pháp đo": ("document", "Viết hướng dẫn đọc áp kế một trang, treo tại lò"),
}
MEASURED: tuple[dict[str, Any], ...] = (
    {"what": "Áp suất hơi của nồi hơi số 1", "unit": "bar", "lower": Decimal("7.5"), "upper": Decimal("8.5"),
     "expanded": Decimal("0.08"), "source": "Giấy chứng nhận hiệu chuẩn"},
    {"what": "Áp suất thử bền bình chứa", "unit": "bar", "lower": Decimal("11.9"), "upper": Decimal("12.1"),
     "permissible": Decimal("0.16"), "source": "Cấp chính xác 1,6, phạm vi 10 bar"},
    {"what": "Nhiệt độ nước cấp", "unit": "°C", "upper": Decimal(105)},
)
NOTHING = {"lower": None, "upper": None, "expanded": None, "permissible": None, "factor": Decimal(2), "source": ""}


def assure(users: dict[str, User], customer_ids: dict[str, int], clock: MovingClock) -> None:
    """Drafted by the quality manager, issued by the head."""
    keeper, head = users["chatluong"], users["giamdoc"]
    with acting_as(keeper.id, keeper.full_name):
        first = _drafted(customer_ids["boiler"], clock.day_ago(90), keeper, TEXT)
        _drafted(customer_ids["cement"], clock.day_ago(-30), keeper, {})
    with acting_as(head.id, head.full_name):
        session().expire_all()
        issuing.issue(first.id, version=service.programme(first.id).version, by=head)
    with acting_as(keeper.id, keeper.full_name):
        done = next(one for one in service.programme(first.id).actions if one.measurement_id)
        service.follow_up(done.id, {
            "state": "done", "done_on": clock.day_ago(5), "result": "Đã kiểm định, có tem và giấy chứng nhận",
            "effect": "effective", "effect_note": "Sai số áp kế trong giới hạn ở cả ba lần tự kiểm"}, by=keeper)


def _drafted(customer_id: int, first_on: Any, keeper: User, text: dict[str, str]) -> Programme:
    customer = session().get_one(Customer, customer_id)
    last_on = add_months(first_on, 24) - timedelta(days=1)
    made = service.create({
        "customer_id": customer_id, "first_on": first_on, "last_on": last_on, "wanted_ratio": Decimal(4),
        "title": f"Chương trình bảo đảm đo lường của {customer.name}, {first_on.year}–{last_on.year}",
        "basis": "Quyết định 996/QĐ-TTg ngày 10/8/2018; đơn đặt hàng của doanh nghiệp"}, by=keeper)
    gauges = list(session().scalars(sa.select(Instrument.id).where(
        Instrument.customer_id == customer_id, Instrument.kind == "dial_pressure_gauge")
        .order_by(Instrument.id).limit(2)))
    for place, measured in enumerate(MEASURED):
        service.save_measurement(made.id, {**NOTHING, **measured, "instrument_id": gauges[place]
                                           if place < len(gauges) else None}, by=keeper)
    service.add_expert(made.id, {"name": "Hoàng Quốc Việt", "body": "Phòng Kỹ thuật", "role": "leader",
                                 "decision": "QĐ 12/QĐ-KT"}, by=keeper)
    service.add_expert(made.id, {"name": "Lê Văn Hòa", "body": customer.name, "role": "member", "decision": ""},
                       by=keeper)
    for part in service.programme(made.id).parts:
        if part.kind == "section" and part.title in text:
            service.write_part(part.id, {"body": text[part.title]}, by=keeper)
        elif part.kind == "topic" and part.title in TOPICS:
            body, gap, cause = TOPICS[part.title]
            service.write_part(part.id, {"body": body, "gap": gap, "cause": cause}, by=keeper)
            if text and part.title in ANSWERS:
                kind, task = ANSWERS[part.title]
                service.save_action(made.id, {"text": task, "kind": kind, "owner": "Giám đốc doanh nghiệp",
                                              "due_on": add_months(first_on, 6), "cost": None, "part_id": part.id},
                                    by=keeper)
    service.propose(made.id, by=keeper)
    if text:
        for action in [one for one in service.programme(made.id).actions if not one.owner]:
            service.save_action(made.id, {
                "text": action.text, "kind": action.kind, "owner": "Lê Văn Hòa, phụ trách đo lường",
                "due_on": action.due_on, "cost": None}, by=keeper, action_id=action.id)
    return made
