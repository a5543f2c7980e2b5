"""Kinds of issued documents and what holds of one now, in the language of the page."""
from __future__ import annotations

from flask_babel import gettext as _


def kind_words() -> dict[str, str]:
    """Kind of document -> its word."""
    return {"calibration": _("Giấy chứng nhận hiệu chuẩn"), "verification": _("Giấy chứng nhận kiểm định"),
            "test": _("Giấy chứng nhận thử nghiệm"), "work_record": _("Biên bản")}


def status_words() -> dict[str, str]:
    """Status -> its word."""
    return {"valid": _("Còn hiệu lực"), "expired": _("Hết hạn"), "ended": _("Hết giá trị"),
            "superseded": _("Đã thay thế"), "withdrawn": _("Đã thu hồi"),
            "failed": _("Không đạt"), "disposed": _("Đã hủy hồ sơ")}


STATUS_LIGHTS = {"valid": "ok", "expired": "warn", "ended": "warn", "superseded": "warn", "withdrawn": "bad",
                 "failed": "idle"}
