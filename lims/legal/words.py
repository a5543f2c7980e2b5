"""Words of the catalogue in the page's language."""
from __future__ import annotations

import re

from flask_babel import gettext as _


def regimes(*, listed: bool = False) -> dict[str, str]:
    """Regime -> its word; `listed` gives those that are columns of the list."""
    columns = {"initial": _("Ban đầu"), "periodic": _("Định kỳ"), "after_repair": _("Sau sửa chữa")}
    return columns if listed else columns | {"counter": _("Đối chứng"), "other": _("Theo yêu cầu khác")}


def evidence() -> dict[str, str]:
    """What tells that an instrument passed -> its word."""
    return {"certificate": _("Giấy chứng nhận"), "sticker": _("Tem kiểm định"), "mark": _("Dấu kiểm định")}


def mark_types() -> dict[str, str]:
    """Type of a mark (15.DKĐ) -> its words."""
    return {"1": _("Kiểu 1: cùng tem, giấy, hoặc riêng khi không có chu kỳ"),
            "2": _("Kiểu 2: riêng, niêm phong và báo thời hạn")}


def ways() -> dict[str, str]:
    """How a mark is put on -> its word."""
    return {"stamped": _("Đóng"), "clamped": _("Kẹp"), "printed": _("In"), "engraved": _("Khắc"), "painted": _("Sơn")}


def states() -> dict[str, str]:
    """State of a shipped row or document -> its word."""
    return {"unconfirmed": _("Chưa xác nhận"), "verified": _("Đã đọc ở nguồn"),
            "verified_2013": _("Đã đọc ở bảng 2013"), "verified_2019": _("Đã đọc ở bảng 2019"),
            "verified_2024": _("Đã đọc ở bảng 2024")}


def differences() -> dict[str, str]:
    """What differs between two editions -> its word."""
    return {"added": _("mới có"), "removed": _("không còn"), "name": _("tên"), "cycle": _("chu kỳ"),
            "type_approval": _("phê duyệt mẫu"), "regimes": _("chế độ")}


def document_kinds() -> dict[str, str]:
    """Kind of document -> its heading."""
    return {"law": _("Văn bản pháp luật"), "form": _("Mẫu dấu, tem, giấy, báo cáo"),
            "dlvn": _("Văn bản kỹ thuật (ĐLVN)")}


def cited(documents: str, language: str) -> str:
    """Verification procedures that a row names; in English the numbers alone, their remarks being Vietnamese."""
    return documents if language == "vi" else "; ".join(re.findall(r"(?:ĐLVN|QĐ) ?\d+(?:[:/][\w-]+)*", documents))
