"""Words of programmes: on pages in the language of the person, on paper in Vietnamese."""
from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

STATE = {"draft": _l("Dự thảo"), "issued": lazy_pgettext("paper", "Đã ban hành"), "closed": _l("Đã kết thúc"),
         "superseded": _l("Đã thay bằng bản sửa đổi")}
STATE_LIGHT = {"draft": "warn", "issued": "ok", "closed": "idle", "superseded": "idle"}
PAPER = {"programme": _l("Chương trình bảo đảm đo lường"), "result": _l("Báo cáo kết quả chương trình")}
KIND = {"document": _l("Soát xét tài liệu"), "equipment": _l("Chuẩn, phương tiện đo, chất chuẩn"),
        "verification": _l("Kiểm định, hiệu chuẩn, thử nghiệm"), "technology": _l("Công nghệ đo mới"),
        "training": _l("Đào tạo"), "infrastructure": _l("Hạ tầng, điều kiện môi trường")}
ACTION = {"open": _l("Chưa xong"), "done": _l("Đã xong"), "dropped": _l("Không thực hiện")}
EFFECT = {"": _l("Chưa đánh giá"), "effective": _l("Có hiệu lực"), "partly": _l("Có hiệu lực một phần"),
          "ineffective": _l("Không có hiệu lực")}
EFFECT_LIGHT = {"": "idle", "effective": "ok", "partly": "warn", "ineffective": "bad"}
ROLE = {"leader": _l("Trưởng nhóm"), "secretary": _l("Thư ký"), "member": _l("Thành viên")}
GAP = {"no_instrument": lazy_pgettext("gap", "Chưa có phương tiện đo"),
       "out_of_use": _l("Phương tiện đo đã thôi sử dụng"),
       "never_checked": _l("Chưa kiểm định, hiệu chuẩn"), "failed": _l("Lần gần nhất không đạt hoặc giấy bị thu hồi"),
       "overdue": _l("Quá hạn kiểm định, hiệu chuẩn"), "ends_within": _l("Hết hạn trong kỳ của chương trình"),
       "no_uncertainty": _l("Chưa biết độ không đảm bảo đo"), "no_tolerance": _l("Chưa nêu dung sai cần bảo đảm"),
       "small_ratio": _l("TUR nhỏ hơn yêu cầu")}

PAPER_GAP = {"no_instrument": "Chưa có phương tiện đo", "out_of_use": "Phương tiện đo đã thôi sử dụng",
             "never_checked": "Chưa kiểm định, hiệu chuẩn", "failed": "Lần gần nhất không đạt",
             "overdue": "Quá hạn kiểm định, hiệu chuẩn", "ends_within": "Hết hạn trong kỳ",
             "no_uncertainty": "Chưa biết độ không đảm bảo đo", "no_tolerance": "Chưa nêu dung sai",
             "small_ratio": "TUR nhỏ hơn yêu cầu"}
PAPER_KIND = {"document": "Soát xét tài liệu", "equipment": "Chuẩn, phương tiện đo",
              "verification": "Kiểm định, hiệu chuẩn", "technology": "Công nghệ đo mới", "training": "Đào tạo",
              "infrastructure": "Hạ tầng, môi trường"}
PAPER_ROLE = {"leader": "Trưởng nhóm", "secretary": "Thư ký", "member": "Thành viên"}
PAPER_STATE = {"open": "Chưa xong", "done": "Đã xong", "dropped": "Không thực hiện"}
PAPER_EFFECT = {"": "Chưa đánh giá", "effective": "Có hiệu lực", "partly": "Một phần", "ineffective": "Không"}

PROPOSED = {"no_instrument": ("equipment", "Trang bị phương tiện đo phù hợp cho phép đo “{what}”"),
            "out_of_use": ("equipment", "Thay phương tiện đo đã thôi sử dụng của phép đo “{what}”"),
            "never_checked": ("verification", "Kiểm định, hiệu chuẩn lần đầu phương tiện đo của phép đo “{what}”"),
            "failed": ("verification", "Sửa chữa rồi kiểm định, hiệu chuẩn lại, hoặc thay phương tiện đo của “{what}”"),
            "overdue": ("verification", "Kiểm định, hiệu chuẩn ngay phương tiện đo quá hạn của phép đo “{what}”"),
            "ends_within": ("verification", "Kiểm định, hiệu chuẩn trước ngày hết hạn phương tiện đo của “{what}”"),
            "no_uncertainty": ("verification", "Xác định độ không đảm bảo đo của phương tiện đo của “{what}”"),
            "no_tolerance": ("document", "Xác định dung sai cần bảo đảm của phép đo “{what}”"),
            "small_ratio": ("equipment",
                            "Dùng phương tiện đo chính xác hơn hoặc thu hẹp giới hạn chấp nhận cho “{what}”")}
"""Gap -> (kind, text) of the action that answers it; a person changes it as needed."""
