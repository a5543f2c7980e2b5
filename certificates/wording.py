"""The fixed sentences of every document, Vietnamese and English, in one place.

In a sentence `*U*` is set in italic as a symbol and `{k}` is filled in. What is filled in is never read for marks,
so no value can change the form of a sentence.
"""

import re
from typing import NamedTuple

from certificates.document import Kind, Outcome, Rule, Service, Stage, Step, Verdict, Words
from certificates.formats import NO_BREAK_SPACE


class Piece(NamedTuple):
    """A stretch of a sentence; `symbol` = set in italic as the name of a quantity."""

    text: str
    symbol: bool = False


class Sentence(NamedTuple):
    """A sentence filled in, in both languages."""

    vi: tuple[Piece, ...]
    en: tuple[Piece, ...]


_MARK = re.compile(r"\*([^*]+)\*|\{(\w+)\}")
_TIED = re.compile(r"(?<=[*}\d]) (?=%)|(?<=[*}\w]) (?=[=±] [*{\d])|(?<=[=±]) (?=[*{\d])")


def say(words: Words, **values: str | Words) -> Sentence:
    """Fills a sentence in; a value may be Words, taken in the language of each side. Raises KeyError for a gap."""
    english = {name: (value.en or value.vi) if isinstance(value, Words) else value for name, value in values.items()}
    vietnamese = {name: value.vi if isinstance(value, Words) else value for name, value in values.items()}
    return Sentence(_fill(words.vi, vietnamese), _fill(words.en, english))


def plain(pieces: tuple[Piece, ...]) -> str:
    """The sentence as unmarked text."""
    return "".join(piece.text for piece in pieces)


def joined(*sentences: Sentence) -> Sentence:
    """Sentences one after the other."""
    gap = (Piece(" "),)
    vi, en = sentences[0]
    for sentence in sentences[1:]:
        vi, en = vi + gap + sentence.vi, en + (gap if en and sentence.en else ()) + sentence.en
    return Sentence(vi, en)


def _fill(template: str, values: dict[str, str]) -> tuple[Piece, ...]:
    template = _TIED.sub(NO_BREAK_SPACE, template)
    pieces, end = [], 0
    for mark in _MARK.finditer(template):
        pieces.append(Piece(template[end : mark.start()]))
        pieces.append(Piece(mark[1], True) if mark[1] else Piece(values[mark[2]]))
        end = mark.end()
    pieces.append(Piece(template[end:]))
    return tuple(piece for piece in pieces if piece.text)


TITLES = {
    Kind.CALIBRATION: Words("Giấy chứng nhận hiệu chuẩn", "Calibration certificate"),
    Kind.VERIFICATION: Words("Giấy chứng nhận kiểm định", "Certificate of verification"),
    Kind.TEST: Words("Giấy chứng nhận thử nghiệm", "Test certificate"),
}
RECORD_TITLES = {
    Service.CALIBRATION: Words("Biên bản hiệu chuẩn", "Calibration record"),
    Service.VERIFICATION: Words("Biên bản kiểm định", "Verification record"),
    Service.TEST: Words("Biên bản thử nghiệm", "Test record"),
}
ENDS = {
    Kind.CALIBRATION: Words("Hết giấy chứng nhận", "End of certificate"),
    Kind.VERIFICATION: Words("Hết giấy chứng nhận", "End of certificate"),
    Kind.TEST: Words("Hết giấy chứng nhận", "End of certificate"),
    Kind.WORK_RECORD: Words("Hết biên bản", "End of record"),
}
SERVICES = {
    Service.CALIBRATION: Words("hiệu chuẩn", "calibration"),
    Service.VERIFICATION: Words("kiểm định", "verification"),
    Service.TEST: Words("thử nghiệm", "test"),
}

VERDICTS = {
    Verdict.PASS: Words("Đạt", "Pass"),
    Verdict.FAIL: Words("Không đạt", "Fail"),
    Verdict.CONDITIONAL_PASS: Words("Đạt có điều kiện", "Conditional pass"),
    Verdict.CONDITIONAL_FAIL: Words("Không đạt có điều kiện", "Conditional fail"),
}
OUTCOMES = {
    Outcome.PASS: Words("đạt", "pass"),
    Outcome.FAIL: Words("không đạt", "fail"),
    Outcome.NOT_DONE: Words("không thực hiện", "not done"),
}
COMPLIES = Words("Đạt yêu cầu kỹ thuật đo lường", "Complies with the metrological requirements")
STAGES = {
    Stage.AS_FOUND: Words("như khi nhận", "as found"),
    Stage.AS_LEFT: Words("sau hiệu chỉnh", "as left"),
    Stage.ONLY: Words(""),
}
STEPS = {
    Step.PERFORMED: Words("Thực hiện", "performed"),
    Step.REVIEWED: Words("Soát xét", "reviewed"),
    Step.AUTHORISED: Words("Phê duyệt", "authorised"),
}

UNCERTAINTY = Words(
    "Độ không đảm bảo đo mở rộng *U* công bố là tích của độ không đảm bảo đo chuẩn tổng hợp với hệ số phủ "
    "*k* = {k}, tương ứng xác suất phủ xấp xỉ {p} %.",
    "The reported expanded uncertainty *U* is the combined standard uncertainty multiplied by the coverage factor "
    "*k* = {k}, giving a coverage probability of approximately {p} %.",
)
UNCERTAINTY_BY_ROW = Words(
    "Độ không đảm bảo đo mở rộng *U* công bố là tích của độ không đảm bảo đo chuẩn tổng hợp với hệ số phủ *k* ghi ở "
    "từng dòng kết quả, tương ứng xác suất phủ xấp xỉ {p} %.",
    "The reported expanded uncertainty *U* is the combined standard uncertainty multiplied by the coverage factor *k* "
    "stated with each result, giving a coverage probability of approximately {p} %.",
)
DOMINANT = Words(
    "Hệ số phủ được tính cho phân bố {distribution}, là phân bố của thành phần chiếm ưu thế.",
    "The coverage factor is that of the {distribution} distribution of the dominant contribution.",
)
MONTE_CARLO = Words(
    "Khoảng phủ được xác định bằng phương pháp Monte Carlo (JCGM 101).",
    "The coverage interval was found by the Monte Carlo method (JCGM 101).",
)
EFFECTIVE_DOF = Words("Bậc tự do hiệu dụng: {dof}.", "Effective degrees of freedom: {dof}.")
APPLIES_TO = Words("Áp dụng cho: {what}.", "Applies to: {what}.")
NOT_BELOW_CMC = Words("*U* không nhỏ hơn CMC đã công bố.", "*U* is not below the declared CMC.")

RULES = {
    Rule.SIMPLE: Words(
        "Quy tắc quyết định đã thỏa thuận: chấp nhận đơn giản, dải bảo vệ *w* = 0; đạt khi kết quả nằm trong "
        "giới hạn{source}; rủi ro kết luận sai tới 50 % khi kết quả ở sát giới hạn.",
        "Agreed decision rule: simple acceptance, guard band *w* = 0; conforming when the result lies within "
        "the limits{source}; the risk of a wrong statement is up to 50 % for a result at the limit.",
    ),
    Rule.GUARDED: Words(
        "Quy tắc quyết định đã thỏa thuận: dải bảo vệ *w* = *U*; đạt khi cả khoảng kết quả ± *U* nằm trong "
        "giới hạn{source}; rủi ro chấp nhận sai nhỏ hơn 2,5 %.",
        "Agreed decision rule: guard band *w* = *U*; conforming when the whole interval result ± *U* "
        "lies within the limits{source}; false acceptance below 2,5 %.",
    ),
    Rule.GUARDED_R: Words(
        "Quy tắc quyết định đã thỏa thuận: {rule}{source}.",
        "Agreed decision rule: {rule}{source}.",
    ),
    Rule.FOUR_STATE: Words(
        "Quy tắc quyết định đã thỏa thuận: dải bảo vệ *w* = *U*, bốn kết luận: đạt, đạt có điều kiện, không "
        "đạt có điều kiện, không đạt{source}; “có điều kiện” khi kết quả cách giới hạn chưa đến *U*.",
        "Agreed decision rule: guard band *w* = *U*, four statements: pass, conditional pass, conditional "
        "fail, fail{source}; “conditional” where the result is less than *U* from the limit.",
    ),
    Rule.PROCEDURE: Words(
        "Kết luận theo quy tắc quyết định của {rule}{source}.",
        "Statement by the decision rule of {rule}{source}.",
    ),
    Rule.AGREED: Words(
        "Quy tắc quyết định đã thỏa thuận: {rule}{source}.",
        "Agreed decision rule: {rule}{source}.",
    ),
}
COVERS = Words(
    "Áp dụng cho {covers}; yêu cầu: {requirement}. Kết luận: {verdict}.",
    "Covers {covers}; requirement: {requirement}. Statement: {verdict}.",
)
REASON = Words("Lý do: {reason}.", "Reason: {reason}.")
SUMMARY = Words("{verdict}: {requirement} ({covers})", "{verdict}: {requirement} ({covers})")

TRACEABLE = Words(
    "Kết quả được liên kết tới hệ đơn vị quốc tế SI qua các chuẩn nêu ở mục {clause}.",
    "Results are traceable to the SI through the standards listed in clause {clause}.",
)
NO_DEVIATION = Words("Không có sai khác so với phương pháp.", "No deviation from the method.")
DEVIATION = Words("Sai khác so với phương pháp: {text}", "Deviation from the method: {text}")
NO_EXTERNAL = Words("Không có kết quả từ nhà cung cấp bên ngoài.", "No results from external providers.")
EXTERNAL = Words("Kết quả từ nhà cung cấp bên ngoài: {what} ({provider}).", "External provider: {what} ({provider}).")
OPINION = Words(
    "Nhận xét và diễn giải: {text} Cơ sở: {basis} ({person}).", "Opinion: {text} Basis: {basis} ({person})."
)
SAMPLING = Words("Lấy mẫu: {text}", "Sampling: {text}")
ONLY_THE_ITEM = Words(
    "Kết quả chỉ có giá trị đối với phương tiện đo nêu ở trang 1, tại thời điểm thực hiện.",
    "Results relate only to the item named on page 1, at the time of the work.",
)
NOT_REPRODUCED = Words(
    "Không được sao chép một phần nếu không có sự đồng ý bằng văn bản của Trung tâm.",
    "Not to be reproduced except in full without written approval.",
)
NOT_FOR_TRADE = Words(
    "Phương tiện đo này đã được hiệu chuẩn, chưa được kiểm định: không dùng cho các mục đích mà pháp luật yêu cầu "
    "phương tiện đo nhóm 2 phải kiểm định.",
    "Calibrated, not verified: not for purposes for which the law requires a verified (group 2) instrument.",
)
NOT_A_STANDARD = Words(
    "Không dùng trực tiếp làm chuẩn để kiểm định phương tiện đo nhóm 2.",
    "Not to be used directly as a standard for verifying group 2 instruments.",
)
SUPPLIED = Words("Thông tin do khách hàng cung cấp.", "Supplied by the customer.")
SUPPLIED_AFFECTS = Words(
    "Thông tin do khách hàng cung cấp có thể ảnh hưởng đến hiệu lực của kết quả; Trung tâm không chịu trách nhiệm về "
    "thông tin đó.",
    "Information supplied by the customer can affect the validity of the results; the Centre does not answer for it.",
)
AGREED_INTERVAL = Words("Theo thỏa thuận với khách hàng.", "As agreed with the customer.")
PRESERVATION = Words(
    "Với điều kiện tuân thủ các nguyên tắc sử dụng và bảo quản.",
    "Provided that the rules of use and preservation are observed.",
)
AMENDS = Words(
    "Thay thế {title} số {number}{issued}. Nội dung thay đổi: {changes}. Lý do: {reason}.",
    "Replaces {title} No. {number}{issued}. Changes: {changes}. Reason: {reason}.",
)
DEMONSTRATION = Words("Bản trình diễn – Không có giá trị", "Demonstration – not valid")
SCAN = Words("Quét để kiểm tra hiệu lực", "Scan to check validity")
NATION = Words("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
MOTTO = Words("Độc lập - Tự do - Hạnh phúc")
