"""What the demonstration shows of its people: training, needs, papers that expire, authorisations not used for long."""
from __future__ import annotations

from typing import Any

from lims.auth.models import User
from lims.demo.clock import MovingClock
from lims.shared.audit import acting_as
from lims.staff import records
from lims.staff.records import Event, Paper

RARELY_USED = {"ktv2": ("QT-AS-02", "QT-DT-02"), "soatxet": ("QT-DT-02",)}
"""Authorised since the beginning, and not used since: proposed to lapse."""
INSTITUTE, COLLEGE = "Viện Đo lường Việt Nam", "Trường Đại học Bách khoa (trình diễn)"
EVENTS: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    (("ktv1", "ktv2", "soatxet"), {
        "kind": "training", "days": 210, "to": 206, "subject": "Kiểm định phương tiện đo áp suất theo ĐLVN 08",
        "procedure_code": "QT-AS-02", "by_whom": INSTITUTE, "result": "passed"}),
    (("ktv1",), {"kind": "witnessed", "days": 150, "subject": "Quan sát kiểm định 5 áp kế tại hiện trường",
                        "procedure_code": "QT-AS-02", "by_whom": "Hoàng Quốc Việt", "result": "passed"}),
    (("ktv2",), {"kind": "assessment", "days": 140, "subject": "Sát hạch hiệu chuẩn quả cân, đo lặp mẫu kiểm tra",
                        "procedure_code": "QT-KL-01", "by_whom": "Hoàng Quốc Việt", "result": "passed"}),
    (("chatluong", "soatxet"), {
        "kind": "training", "days": 95, "to": 94, "subject": "Đánh giá nội bộ theo TCVN ISO/IEC 17025:2017",
        "by_whom": "Văn phòng công nhận (trình diễn)", "result": "attended"}),
)
NEEDS = (
    ("ktv2", "QT-DT-02", "Kiểm định cột đo xăng dầu: học lý thuyết và làm dưới giám sát 5 cột", 45),
    ("ktv1", "QT-DI-01", "Ước lượng độ không đảm bảo đo cho đồng hồ vạn năng", 120),
    ("tiepnhan", "", "Nhận biết phương tiện đo nhóm 2 khi tiếp nhận", 20),
)
PAPERS = (
    ("ktv1", "degree", "Kỹ sư Đo lường và Điều khiển", "0123/KS", COLLEGE, 3600, None),
    ("ktv1", "course", "Nghiệp vụ kiểm định viên đo lường, lĩnh vực áp suất", "88/CN", INSTITUTE, 1060, 25),
    ("ktv2", "degree", "Kỹ sư Vật lý kỹ thuật", "0456/KS", COLLEGE, 2900, None),
    ("soatxet", "certificate", "An toàn làm việc với thiết bị áp lực", "AT-210", "Trung tâm huấn luyện (trình diễn)",
     725, 5),
)


def record(users: dict[str, User], clock: MovingClock) -> None:
    """Entered by the quality manager."""
    keeper = users["chatluong"]
    with acting_as(keeper.id, keeper.full_name):
        for who, event in EVENTS:
            told = {key: value for key, value in event.items() if key not in ("days", "to")}
            records.add_event([users[name].id for name in who], Event(
                on=clock.day_ago(event["days"]), until=clock.day_ago(event["to"]) if "to" in event else None, **told),
                by=keeper)
        for name, code, text, days in NEEDS:
            records.add_need(users[name].id, text=text, procedure_code=code, target_on=clock.day_ago(-days), by=keeper)
        for name, kind, title, number, place, days, left in PAPERS:
            records.add_paper(users[name].id, Paper(
                kind=kind, title=title, number=number, issued_by=place, issued_on=clock.day_ago(days),
                valid_to=None if left is None else clock.day_ago(-left)), by=keeper)
