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
EVENT = {
    "document": _l("Tài liệu"),
    "moved": _l("Chuyển chỗ"),
    "damage": _l("Hư hỏng"),
    "malfunction": _l("Sai hỏng khi dùng"),
    "modification": _l("Thay đổi, nâng cấp"),
    "repair": _l("Sửa chữa"),
    "adjustment": _l("Hiệu chỉnh"),
    "commissioning": _l("Kiểm tra trước khi dùng"),
    "note": _l("Ghi chép khác"),
}
DUTY = {
    "calibration": _l("Hiệu chuẩn"),
    "intermediate_check": _l("Kiểm tra giữa kỳ"),
    "maintenance": _l("Bảo dưỡng"),
}
INTERVAL_UNIT = {
    "days": _l("ngày"),
    "weeks": _l("tuần"),
    "months": _l("tháng"),
    "years": _l("năm"),
    "hours": _l("giờ sử dụng"),
    "uses": _l("lần sử dụng"),
}
CALENDAR_UNIT = {unit: INTERVAL_UNIT[unit] for unit in ("days", "weeks", "months", "years")}
USE_UNIT = {unit: INTERVAL_UNIT[unit] for unit in ("hours", "uses")}
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

# The slots of procedures name the same codes.
QUANTITY = {
    "length": _l("Độ dài"),
    "angle": _l("Góc"),
    "mass": _l("Khối lượng"),
    "weighing": _l("Phép cân"),
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

ACTION = {
    "standard.register": _l("Đưa vào sổ"),
    "standard.change": _l("Sửa thông tin"),
    "standard.state": _l("Đổi trạng thái"),
    "standard.enter_certificate": _l("Nhập giấy chứng nhận"),
    "standard.correct_certificate": _l("Sửa giấy đã nhập"),
    "standard.void_certificate": _l("Rút giấy đã nhập"),
    "standard.schedule": _l("Đặt lịch"),
    "standard.duty_done": _l("Ghi việc đã làm"),
    "standard.decide_interval": _l("Quyết định chu kỳ"),
    "standard.interval_cap": _l("Đặt giới hạn chu kỳ"),
    "check.plan": _l("Lập kế hoạch kiểm tra giữa kỳ"),
    "check.run": _l("Kiểm tra giữa kỳ"),
    "impact.open": _l("Mở xem xét ảnh hưởng"),
    "impact.quarantine": _l("Cách ly theo xem xét ảnh hưởng"),
    "standard.use": _l("Ghi sử dụng"),
    "standard.event": _l("Ghi vào lý lịch"),
    "standard.commission": _l("Kiểm tra trước khi đưa vào sử dụng"),
    "standard.function": _l("Sửa chức năng"),
    "standard.part": _l("Sửa bộ phận"),
    "standard.parts_values": _l("Chọn giấy cho giá trị của bộ"),
}
COLUMN = {
    "asset_number": _l("mã"), "name": _l("tên"), "name_en": _l("tên tiếng Anh"), "quantity": _l("đại lượng"),
    "kind": _l("loại"), "maker": _l("hãng"), "model": _l("kiểu"), "serial": _l("số chế tạo"),
    "accuracy": _l("cấp chính xác"), "unit": _l("đơn vị"), "range_low": _l("giới hạn dưới"),
    "range_high": _l("giới hạn trên"), "range_text": _l("phạm vi đo"), "spread_unit": _l("đơn vị của U"),
    "drift_half_width": _l("độ trôi"), "resolution": _l("độ phân giải"), "mpe": _l("sai số cho phép"),
    "level": _l("cấp chuẩn"), "location": _l("nơi để"), "custodian_id": _l("người giữ"), "state": _l("trạng thái"),
    "note": _l("ghi chú"), "interval_count": _l("chu kỳ"), "interval_unit": _l("tính bằng"),
    "last_done_on": _l("lần gần nhất"), "due_on": _l("hạn"), "active": _l("theo dõi"),
    "software": _l("phiên bản phần mềm"), "lot": _l("số lô"), "expires_on": _l("hạn dùng của lô"),
    "acquired_on": _l("ngày mua"), "price": _l("giá mua"), "temperature_low": _l("nhiệt độ từ"),
    "temperature_high": _l("nhiệt độ đến"), "humidity_low": _l("độ ẩm từ"), "humidity_high": _l("độ ẩm đến"),
    "awaits_check": _l("chờ kiểm tra"), "part_of_id": _l("thuộc bộ"),
    "parts_from": _l("lấy giá trị theo bộ phận từ"),
    "label": _l("tên lịch"), "responsible_id": _l("người làm"), "team": _l("tổ"), "provider": _l("nơi làm"),
    "cost": _l("chi phí"), "used": _l("đã dùng"),
}


def quantity_word(code: str) -> str:
    """The quantity's name; the code itself when a procedure brought one that has no word yet."""
    return str(QUANTITY.get(code, code))
