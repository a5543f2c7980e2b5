"""Words for the codes of plans."""
from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

STATE = {"draft": _l("Dự thảo"), "issued": lazy_pgettext("paper", "Đã ban hành"), "closed": _l("Đã đóng")}
STATE_LIGHT = {"draft": "idle", "issued": "live", "closed": "ok"}
STANDING = {"met": lazy_pgettext("plan", "Đạt"), "on_course": _l("Đúng tiến độ"), "behind": _l("Chậm"),
            "missed": lazy_pgettext("plan", "Không đạt"), "unknown": _l("Chưa có số liệu")}
STANDING_LIGHT = {"met": "ok", "on_course": "live", "behind": "warn", "missed": "bad", "unknown": "idle"}
ITEM_STATE = {"open": _l("Đang thực hiện"), "done": _l("Đã hoàn thành"), "dropped": _l("Không thực hiện nữa")}
COMPARATOR = {">=": "≥", ">": ">", "=": "=", "<=": "≤", "<": "<"}
