"""Words for the codes of the register: states, levels, duties, routes, quantities."""
from __future__ import annotations

from flask_babel import lazy_gettext as _l

STATE = {
    "in_use": _l("Đang dùng"),
    "out_for_calibration": _l("Đang gửi hiệu chuẩn"),
    "quarantined": _l("Cách ly"),
    "out_of_service": _l("Ngừng sử dụng"),
    "retired": _l("Đã thanh lý"),
}
LEVEL = {
    "reference": _l("Chuẩn chính"),
    "working": _l("Chuẩn công tác"),
    "check": _l("Chuẩn kiểm tra"),
}
DUTY = {
    "calibration": _l("Hiệu chuẩn"),
    "intermediate_check": _l("Kiểm tra giữa kỳ"),
    "maintenance": _l("Bảo dưỡng"),
}
INTERVAL_UNIT = {
    "days": _l("ngày"),
    "months": _l("tháng"),
    "years": _l("năm"),
}
ROUTE = {
    "cipm_mra": _l("Viện đo lường quốc gia trong CIPM MRA"),
    "ilac_mra": _l("Phòng được công nhận trong ILAC MRA"),
    "designated": _l("Tổ chức được chỉ định"),
    "internal": _l("Hiệu chuẩn tại đây bằng chuẩn của mình"),
    "other": _l("Liên kết khác, có bằng chứng"),
}
STATED = {
    "value": _l("Giá trị chuẩn"),
    "correction": _l("Số hiệu chính"),
}
DUE = {
    "in_date": _l("Còn hạn"),
    "due_soon": _l("Sắp đến hạn"),
    "overdue": _l("Quá hạn"),
    "away": _l("Đang gửi"),
}

# The slots of procedures name the same codes.
QUANTITY = {
    "length": _l("Độ dài"),
    "angle": _l("Góc"),
    "mass": _l("Khối lượng"),
    "force": _l("Lực"),
    "torque": _l("Mô men lực"),
    "pressure": _l("Áp suất"),
    "volume": _l("Dung tích"),
    "flow": _l("Lưu lượng"),
    "density": _l("Khối lượng riêng"),
    "temperature": _l("Nhiệt độ"),
    "humidity": _l("Độ ẩm"),
    "dc_voltage": _l("Điện áp một chiều"),
    "ac_voltage": _l("Điện áp xoay chiều"),
    "dc_current": _l("Dòng điện một chiều"),
    "ac_current": _l("Dòng điện xoay chiều"),
    "resistance": _l("Điện trở"),
    "capacitance": _l("Điện dung"),
    "power": _l("Công suất điện"),
    "energy": _l("Điện năng"),
    "frequency": _l("Tần số"),
    "time": _l("Thời gian"),
    "speed": _l("Vận tốc"),
    "ph": _l("Độ pH"),
    "conductivity": _l("Độ dẫn điện"),
    "concentration": _l("Nồng độ"),
    "sound": _l("Mức âm"),
    "illuminance": _l("Độ rọi"),
}


def quantity_word(code: str) -> str:
    """The quantity's name; the code itself when a procedure brought one that has no word yet."""
    return str(QUANTITY.get(code, code))
