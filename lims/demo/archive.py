"""How long the demonstration laboratory keeps its documents, and one that is held while a complaint is open."""
from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from lims.auth.models import User
from lims.issue import retention
from lims.issue.models import Certificate
from lims.shared.audit import acting_as
from lims.shared.db import session

RULES = (
    ("calibration", 10, "Thủ tục TT-08 “Kiểm soát hồ sơ”, mục 5.3"),
    ("verification", 5, "Thủ tục TT-08 “Kiểm soát hồ sơ”, mục 5.3"),
    ("test", 5, "Thủ tục TT-08 “Kiểm soát hồ sơ”, mục 5.3"),
    ("work_record", 5, "Thủ tục TT-08 “Kiểm soát hồ sơ”, mục 5.4"),
    ("job", 5, "Thủ tục TT-08 “Kiểm soát hồ sơ”, mục 5.4"),
)


def keep(users: dict[str, User]) -> None:
    """Rules of retention by the head, and a hold by the quality manager."""
    head, manager = users["giamdoc"], users["chatluong"]
    with acting_as(head.id, head.full_name):
        for kind, years, basis in RULES:
            retention.set_rule(kind, years, date(2026, 1, 1), basis, by=head)
    with acting_as(manager.id, manager.full_name):
        oldest = session().scalars(sa.select(Certificate.id).order_by(Certificate.id).limit(1)).one()
        retention.place_hold(oldest, "Khách hàng khiếu nại kết quả, phiếu khiếu nại KN-02", by=manager)
