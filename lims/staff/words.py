"""Words of competence on the pages."""
from __future__ import annotations

from flask_babel import lazy_gettext as _l

ACTIVITY = {"perform": _l("Thực hiện"), "review": _l("Soát xét"), "approve": _l("Phê duyệt")}
ACTIVITY_MARK = {"perform": _l("TH"), "review": _l("SX"), "approve": _l("PD")}
"""Activities in the cells of the wide table, where the words do not fit."""
LACKING = {**ACTIVITY, "card": _l("Thẻ kiểm định viên")}
EVENT = {"training": _l("Đào tạo"), "assessment": _l("Đánh giá năng lực"), "witnessed": _l("Quan sát thực hiện"),
         "supervised": _l("Làm dưới giám sát"), "comparison": _l("So sánh liên phòng")}
RESULT = {"passed": _l("Đạt"), "failed": _l("Không đạt"), "attended": _l("Đã tham dự")}
RESULT_LIGHT = {"passed": "ok", "failed": "bad", "attended": "idle"}
PAPER = {"degree": _l("Bằng cấp"), "course": _l("Chứng nhận khóa đào tạo"), "certificate": _l("Chứng chỉ"),
         "decision": _l("Quyết định")}
ENDING = {"card": _l("Thẻ kiểm định viên"), "authorisation": _l("Giao quyền"), "paper": _l("Chứng chỉ")}
NEED = {"open": _l("Chưa xong"), "met": _l("Đã đáp ứng"), "dropped": _l("Không cần nữa")}
DECISION = {"end": _l("Kết thúc"), "keep": _l("Giữ")}
