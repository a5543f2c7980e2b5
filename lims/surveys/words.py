"""Words for the codes of surveys."""
from __future__ import annotations

from flask_babel import lazy_gettext as _l

STATE = {"draft": _l("Đang làm"), "finished": _l("Đã kết thúc")}
OUTCOME = {"new": _l("Mới"), "same": _l("Như sổ"), "changed": _l("Đã cập nhật sổ"), "kept": _l("Khác, giữ theo sổ")}
ADVICE = {"verify": _l("Kiểm định"), "calibrate": _l("Hiệu chuẩn"), "repair": _l("Sửa chữa"),
          "replace": _l("Thay thế"), "none": _l("Không kiến nghị")}
ANSWER = {"yes": _l("Có"), "no": _l("Không")}
FIELD = {
    "kind": _l("Loại phương tiện đo"), "name": _l("Tên"), "serial": _l("Số chế tạo"), "model": _l("Kiểu"),
    "maker": _l("Nơi (hãng) sản xuất"), "range_text": _l("Phạm vi đo"), "place_of_use": _l("Nơi sử dụng"),
    "tag": _l("Mã quản lý"), "year": _l("Năm sản xuất"), "last_service": _l("Kiểm định hay hiệu chuẩn"),
    "last_verdict": _l("Kết quả"), "last_on": _l("Ngày làm"), "last_body": _l("Tổ chức thực hiện"),
    "last_number": _l("Số giấy chứng nhận"), "last_sticker": _l("Số tem"),
    "valid_until": _l("Hạn ghi trên giấy, tem"), "advice": _l("Kiến nghị"), "note": _l("Ghi chú"),
    "last_check": _l("Lần kiểm định, hiệu chuẩn"),
}
QUESTION = {"yes_no": _l("Có hoặc không"), "text": _l("Chữ"), "number": _l("Số")}
COVERAGE = {"covered": _l("Kiểm định được"), "partly": _l("Còn thiếu"), "none": _l("Chưa có quy trình")}
LACK = {"procedure": _l("Thiếu quy trình"), "standard": _l("Thiếu chuẩn"), "person": _l("Thiếu người thực hiện"),
        "card": _l("Thiếu thẻ kiểm định viên"), "approver": _l("Thiếu người phê duyệt"),
        "designation": _l("Chưa được chỉ định"),
        "confirmation": _l("Dòng chưa xác nhận")}
STEP = {"planned": _l("đã lên kế hoạch"), "delivered": _l("đã bàn giao"), "registered": _l("đã vào sổ chuẩn"),
        "commissioned": _l("đã đưa vào sử dụng")}
