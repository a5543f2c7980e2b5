"""Words for the codes of reviews, checks, intervals and comparisons."""
from __future__ import annotations

from flask_babel import lazy_gettext as _l

CAUSE = {"failed_check": _l("Kiểm tra không đạt"), "certificate": _l("Giấy chứng nhận"), "suspicion": _l("Nghi ngờ")}
STATE = {"open": _l("Đang xem xét"), "decided": _l("Đã quyết định"), "closed": _l("Đã đóng")}
LIGHT = {"open": "warn", "decided": "live", "closed": "idle"}
SIGNIFICANCE = {"none": _l("Không ảnh hưởng"), "minor": _l("Nhỏ: số công bố đổi, kết luận giữ nguyên"),
                "major": _l("Lớn: có kết luận không còn đúng")}
DECISION = {"acceptable": _l("Chấp nhận: kết quả giữ nguyên"), "inform": _l("Báo khách hàng, kết quả giữ nguyên"),
            "recall": _l("Báo khách hàng, thu hồi hoặc thay thế giấy")}
GRADE = {0: _l("Không đổi"), 1: _l("Đổi số công bố"), 2: _l("Đổi kết luận ở một điểm"), 3: _l("Đảo kết luận")}
GRADE_LIGHT = {0: "ok", 1: "warn", 2: "bad", 3: "bad"}
VERDICT = {"pass": _l("Đạt"), "fail": _l("Không đạt"), "conditional_pass": _l("Đạt có điều kiện"),
           "conditional_fail": _l("Không đạt có điều kiện"), "not_stated": _l("Không kết luận"),
           "incomplete": _l("Không tính được"), "": _l("Không kết luận")}
METHOD = {"A3": _l("A3: thử chu kỳ theo độ tin cậy"), "variables": _l("Theo độ trôi giữa hai lần hiệu chuẩn"),
          "control_chart": _l("Biểu đồ kiểm soát"), "staircase": _l("Bậc thang"), "judgement": _l("Người quyết định")}
CHECK_METHOD = {"shewhart": _l("Biểu đồ Shewhart"), "en": _l("Tiêu chí En")}
CHECK_READS = {"indication": _l("chỉ thị của chuẩn này, khi đo vật kia"),
               "value": _l("giá trị của chuẩn này, do thiết bị kia đo")}
SCORE = {"satisfactory": _l("Đạt yêu cầu"), "questionable": _l("Nghi vấn"), "unsatisfactory": _l("Không đạt"),
         "": _l("Chưa có kết quả")}
SCORE_LIGHT = {"satisfactory": "ok", "questionable": "warn", "unsatisfactory": "bad", "": "idle"}
