"""Words that a record takes from choices in the database: places, regimes, meanings of signatures, fixed phrases."""
from __future__ import annotations

from certificates.document import Outcome, Place, Rule, Service, Verdict, Words

KINDS = {
    "calibration": Words("Giấy chứng nhận hiệu chuẩn", "Calibration certificate"),
    "verification": Words("Giấy chứng nhận kiểm định", "Certificate of verification"),
    "test": Words("Giấy chứng nhận thử nghiệm", "Test certificate"),
    "work_record": Words("Biên bản", "Work record"),
}
SERVICE_OF = {"calibration": Service.CALIBRATION, "verification": Service.VERIFICATION, "test": Service.TEST}

PLACES = {
    "laboratory": (Place.LABORATORY, Words("Tại phòng thí nghiệm", "At the laboratory")),
    "customer": (Place.CUSTOMER, Words("Tại cơ sở của khách hàng", "At the customer's site")),
    "field": (Place.MOBILE, Words("Tại hiện trường", "In the field")),
}
REGIMES = {
    "": Words(""),
    "initial": Words("Ban đầu", "Initial"),
    "periodic": Words("Định kỳ", "Periodic"),
    "after_repair": Words("Sau sửa chữa", "After repair"),
    "counter": Words("Đối chứng", "Counter-verification"),
    "other": Words("Theo yêu cầu khác", "Other requirement"),
}
REASONS = {
    "repaired": Words("đã sửa chữa", "repaired"),
    "evidence_lost": Words("mất, hỏng giấy chứng nhận, dấu hoặc tem; cấu trúc không đổi",
                           "certificate, mark or sticker lost or damaged; structure unchanged"),
    "inspection": Words("theo kết luận thanh tra, kiểm tra", "conclusion of an inspection"),
    "user_doubt": Words("người sử dụng nghi ngờ kết quả đo", "the user doubts its results"),
}
"""Why an instrument is verified after repair (TT 23/2013, Articles 19 to 22)."""
WAYS = {
    "stamped": Words("đóng", "stamped"), "clamped": Words("kẹp", "clamped"), "printed": Words("in", "printed"),
    "engraved": Words("khắc", "engraved"), "painted": Words("sơn", "painted"),
}
"""How a verification mark is put on (TT 24/2013 Art. 38)."""
VERDICTS = {
    "pass": Verdict.PASS,
    "fail": Verdict.FAIL,
    "conditional_pass": Verdict.CONDITIONAL_PASS,
    "conditional_fail": Verdict.CONDITIONAL_FAIL,
}
RULES = {
    "simple": Rule.SIMPLE,
    "guarded": Rule.GUARDED,
    "guarded_r": Rule.GUARDED_R,
    "four_state": Rule.FOUR_STATE,
}
OUTCOMES = {"pass": Outcome.PASS, "fail": Outcome.FAIL}

STEPS_OF_THE_PROCEDURE = Words("Các bước của quy trình", "Steps of the procedure")
NOT_APPLICABLE = "không áp dụng"
SUBJECTS = {"instrument": Words("Phương tiện đo", "Instrument"), "seal": Words("Niêm phong, tem", "Seals, stickers"),
            "other": Words("Khác", "Other")}
"""What a photograph shows -> its words in a record."""
ERROR = Words("Sai số", "Error")
RANGE = Words("Phạm vi đo", "Range")
NO_ADJUSTMENT = Words("Không hiệu chỉnh", "No adjustment")
ADJUSTED = Words("Có hiệu chỉnh; kết quả trước và sau hiệu chỉnh ở hai bảng riêng",
                 "Adjusted; results before and after the adjustment stand in separate tables")
OFFICER = Words("Kiểm định viên", "Verification officer")
PERFORMED_BY = Words("Người thực hiện", "Performed by")
REVIEWED_BY = Words("Người soát xét", "Reviewed by")
AUTHORISED_BY = Words("Người phê duyệt", "Authorised by")

# What a signature means: in short as it is printed, and the sentence that stands above the password.
PERFORMED = Words("Đã thực hiện đo", "measured")
REVIEWED = Words("Đã soát xét", "reviewed")
APPROVED = Words("Cho phép phát hành", "authorised for issue")
I_REVIEWED = Words("Tôi đã soát xét số liệu và kết quả này.", "I reviewed these readings and this result.")
I_APPROVE = Words("Tôi đã xem xét kết quả và cho phép phát hành văn bản này.",
                  "I examined the result and authorise the issue of this document.")

FIELDS = {
    "length": "độ dài", "mass": "khối lượng", "flow": "lưu lượng", "volume": "dung tích",
    "volume/flow": "dung tích lưu lượng", "pressure": "áp suất", "temperature": "nhiệt độ", "force": "lực",
    "electrical": "điện", "optics": "quang học", "acoustics": "âm thanh", "phys-chem": "hóa lý",
    "hydromet": "khí tượng thủy văn", "speed": "tốc độ",
}
"""Fields of measurement as the legal list names them, and as officers' cards say it."""
STATEMENTS = {
    "sampling": Words("Lấy mẫu", "Sampling"),
    "external": Words("Kết quả của nhà cung cấp bên ngoài", "Result of an external provider"),
    "customer_data": Words("Dữ liệu do khách hàng cung cấp", "Data supplied by the customer"),
    "opinion": Words("Nhận xét và diễn giải", "Opinion and interpretation"),
}
