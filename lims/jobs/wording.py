"""Words of states, places and rules on the pages of jobs, in the page's language."""
from __future__ import annotations

from flask_babel import gettext as _


def state_words() -> dict[str, str]:
    """State of an item -> its word."""
    return {"received": _("Đã nhận"), "assigned": _("Đã giao việc"), "measuring": _("Đang đo"),
            "submitted": _("Chờ soát xét"), "reviewed": _("Chờ ký"), "issued": _("Đã cấp"),
            "handed_over": _("Đã trả"), "cancelled": _("Đã hủy")}


STATE_LIGHTS = {"received": "idle", "assigned": "idle", "measuring": "live", "submitted": "warn", "reviewed": "warn",
                "issued": "ok", "handed_over": "ok", "cancelled": "idle"}


def room_words() -> dict[str, str]:
    """Condition recorded of a room -> its word."""
    return {"temperature": _("Nhiệt độ"), "humidity": _("Độ ẩm"), "pressure": _("Áp suất")}


def place_words() -> dict[str, str]:
    """Place of the work -> its word."""
    return {"laboratory": _("Phòng thí nghiệm"), "customer": _("Cơ sở khách hàng"), "field": _("Hiện trường")}


def regime_words() -> dict[str, str]:
    """Regime of a verification -> its word."""
    return {"initial": _("Ban đầu"), "periodic": _("Định kỳ"), "after_repair": _("Sau sửa chữa"),
            "counter": _("Đối chứng"), "other": _("Theo yêu cầu khác")}


def reason_words() -> dict[str, str]:
    """Reason of a verification after repair -> its words."""
    return {"repaired": _("đã sửa chữa"), "evidence_lost": _("mất, hỏng giấy, dấu hoặc tem"),
            "inspection": _("kết luận thanh tra, kiểm tra"), "user_doubt": _("nghi ngờ của người sử dụng")}


def rule_words() -> dict[str, str]:
    """Decision rule -> its short description (ILAC-G8, JCGM 106)."""
    return {"": _("Không công bố sự phù hợp"), "simple": _("Chấp nhận đơn giản: |E| ≤ MPE"),
            "guarded": _("Dải bảo vệ w = U: |E| + U ≤ MPE"), "guarded_r": _("Dải bảo vệ w = r·U"),
            "four_state": _("Bốn mức, w = U")}
