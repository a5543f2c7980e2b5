"""Words for the codes of plans."""
from __future__ import annotations

from flask_babel import lazy_gettext as _l

STATE = {"draft": _l("Dự thảo"), "issued": _l("Đã ban hành"), "closed": _l("Đã đóng")}
STATE_LIGHT = {"draft": "idle", "issued": "live", "closed": "ok"}
STANDING = {"met": _l("Đạt"), "on_course": _l("Đúng tiến độ"), "behind": _l("Chậm"), "missed": _l("Không đạt"),
            "unknown": _l("Chưa có số liệu")}
STANDING_LIGHT = {"met": "ok", "on_course": "live", "behind": "warn", "missed": "bad", "unknown": "idle"}
ITEM_STATE = {"open": _l("Đang thực hiện"), "done": _l("Đã hoàn thành"), "dropped": _l("Không thực hiện nữa")}
COMPARATOR = {">=": "≥", ">": ">", "=": "=", "<=": "≤", "<": "<"}
