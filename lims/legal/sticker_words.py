"""Words of the ledger in the page's language."""
from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import pgettext

from lims.legal.sticker_rules import FAILED


def kinds() -> dict[str, str]:
    """Kind of stock -> its word."""
    return {"verification": _("Tem kiểm định"), "calibration": _("Tem hiệu chuẩn"), "seal": _("Niêm phong, chì")}


def states() -> dict[str, str]:
    """State of a number -> its word."""
    return {"stock": _("Trong kho"), "assigned": _("Trong tay"), "drawn": _("Để riêng cho mục"), "used": _("Đã dùng"),
            "spoiled": _("Hỏng"), "lost": _("Mất"), "void": pgettext("sticker", "Đã hủy")}


def reason(stored: str) -> str:
    """Why a number was moved: the program's own reason in the language of the page, one that was typed as it is."""
    return _("kiểm định không đạt") if stored == FAILED else stored


LIGHTS = {"stock": "idle", "assigned": "live", "drawn": "warn", "used": "ok", "spoiled": "bad", "lost": "bad",
          "void": "idle"}


def acts() -> dict[str, str]:
    """What happened -> its word."""
    return {"receive": _("Nhập kho"), "assign": _("Giao"), "return": _("Nhận lại"), "draw": _("Để riêng"),
            "release": _("Trả về tay"), "use": _("Dùng"), "spoil": _("Hỏng"), "lose": _("Mất"), "void": _("Hủy")}
