"""Words for the codes of enterprises and their instruments: sectors, states, fields of measurement."""
from __future__ import annotations

from flask_babel import lazy_gettext as _l

from instruments.kinds import all_kinds
from instruments.words import Words
from lims.shared.i18n import language

SECTOR = {
    "manufacturing": _l("Sản xuất công nghiệp"),
    "food": _l("Chế biến nông, thủy sản, thực phẩm"),
    "petrol": _l("Kinh doanh xăng dầu"),
    "gas": _l("Khí dầu mỏ hóa lỏng"),
    "health": _l("Y tế"),
    "water": _l("Cấp nước"),
    "power": _l("Điện lực"),
    "construction": _l("Xây dựng, vật liệu xây dựng"),
    "trade": _l("Thương mại, chợ, siêu thị"),
    "transport": _l("Vận tải"),
    "laboratory": _l("Phòng thử nghiệm, trường học"),
    "other": _l("Ngành khác"),
}
STATE = {
    "overdue": _l("Quá hạn"),
    "unverified": _l("Chưa kiểm định"),
    "due_soon": _l("Sắp đến hạn"),
    "in_date": _l("Còn hạn"),
    "once": _l("Đã kiểm định, không có hạn"),
    "voluntary": _l("Nhóm 1"),
}
SERVICE = {"verification": _l("Kiểm định"), "calibration": _l("Hiệu chuẩn")}
VERDICT = {"pass": _l("Đạt"), "fail": _l("Không đạt"), "withdrawn": _l("Giấy đã thu hồi")}
FIELD = {
    "length": _l("Độ dài"), "mass": _l("Khối lượng"), "volume": _l("Dung tích"), "flow": _l("Lưu lượng"),
    "volume/flow": _l("Dung tích, lưu lượng"), "pressure": _l("Áp suất"), "temperature": _l("Nhiệt độ"),
    "force": _l("Lực, mô men lực"), "electrical": _l("Điện, điện từ"), "optics": _l("Quang học"),
    "acoustics": _l("Âm thanh, rung"), "phys-chem": _l("Hóa lý"), "hydromet": _l("Khí tượng thủy văn"),
    "speed": _l("Tốc độ"), "other": _l("Khác"),
}
FIELD_OF = {kind.code: kind.field for kind in all_kinds()}


def kind_word(code: str) -> str:
    """Name of a kind in the page's language; the code itself where the catalogue does not know it."""
    words = _names().get(code)
    return code if words is None else words.vi if language() == "vi" else words.en


def _names() -> dict[str, Words]:
    return {kind.code: kind.name for kind in all_kinds()}
