"""The documents on which every proof of the paper is made: each form, and what is hard to print."""

import unicodedata
from dataclasses import replace
from datetime import date

from certificate_samples import CALIBRATION, CUSTOMER, GAUGE, VERIFICATION, WORK_RECORD, gauge_table

from certificates.document import (
    Amendment,
    Conformity,
    ExternalResult,
    Item,
    Kind,
    Opinion,
    Record,
    Rule,
    Service,
    Stage,
    Verdict,
    Words,
)

MARKUP = '<b>Công ty</b> & "con" <img src="file:///etc/passwd"/>'
ARABIC = "Công ty شركة الأمل للصناعة (قطر) 2026 – שלום, Hà Nội"
TEXTS = {
    "markup": MARKUP,
    "long": "Công ty Cổ phần Thiết bị Đo lường " + "và Tự động hóa miền Trung " * 11,
    "decomposed": unicodedata.normalize("NFD", "Nhà máy Ữ Ợ Ặ Đường Quảng Ngãi"),
    "right to left": ARABIC,
    "one long word": "x" * 300,
    "signs": "≤ ≥ √ Ω µ ° ± ÷ × − ½ ² αβγδ ΔΣΩ",
}


def named(text: str) -> Record:
    """A calibration in which every free text is this one."""
    return replace(
        CALIBRATION,
        customer=replace(CUSTOMER, name=text, address=text, contact=text),
        item=replace(GAUGE, name=Words(text, text), manufacturer=text, condition=Words(text, text)),
        remarks=(Words(text, text),),
        deviations=(Words(text, text),),
    )


HARD_TEXT = replace(
    named(TEXTS["right to left"]),
    customer=replace(CUSTOMER, name=MARKUP, address=TEXTS["long"], contact=TEXTS["decomposed"]),
    item=replace(GAUGE, name=Words(TEXTS["signs"], ARABIC), manufacturer=ARABIC, type=TEXTS["one long word"]),
)
BOTH_STAGES = replace(CALIBRATION, results=(gauge_table(40), replace(gauge_table(40), stage=Stage.AS_LEFT)))
EVERYTHING = replace(
    BOTH_STAGES,
    adjustment=Words("Đã chỉnh điểm 0 và dải", "Zero and span adjusted"),
    sampling=Words("Mẫu do khách hàng mang đến", "Item brought by the customer"),
    deviations=(Words("Chờ 5 phút thay cho 10 phút", "5 minutes waited instead of 10"),),
    opinions=(Opinion(Words("Nên vệ sinh đầu nối.", "Clean the thread."), Words("Quan sát", "Observation"), "Lê An"),),
    external_results=(ExternalResult(Words("Kiểm tra rò rỉ", "Leak test"), "Phòng thử nghiệm Bình Nguyên"),),
    customer_supplied=("item.tag", "item.manufacturer_year"),
    customer_data_affects_results=True,
    remarks=(Words("Tem cũ đã gỡ.", "Old sticker removed."),),
    amendment=Amendment("C26-00400", (Words("Sửa số chế tạo", "Serial corrected"),), Words("Ghi nhầm", "Misread")),
    demonstration=True,
)
FAILED = replace(
    CALIBRATION,
    conformity=(
        Conformity(
            Rule.FOUR_STATE, Verdict.CONDITIONAL_FAIL, Words("điểm 9, 10", "points 9, 10"),
            Words("giới hạn ±8 kPa", "limits ±8 kPa"),
            reason=Words("vượt giới hạn chưa đến U", "beyond by less than U"),
        ),
    ),
)  # fmt: skip
EMPTY = replace(
    CALIBRATION,
    customer=replace(CUSTOMER, contact=""),
    item=Item(Words("Áp kế"), "1"),
    received_on=None,
    adjustment=Words(""),
    summary=Words(""),
    recalibration=None,
    sticker="",
    customer_supplied=(),
    limits_of_use=False,
)
MANY_PAGES = replace(CALIBRATION, results=tuple(replace(gauge_table(40), chart=None) for _ in range(36)))

RECORDS: dict[str, Record] = {
    "calibration": CALIBRATION,
    "forty points twice": BOTH_STAGES,
    "verification": VERIFICATION,
    "verification with results": replace(VERIFICATION, results=WORK_RECORD.results),
    "verification amended": replace(
        VERIFICATION,
        amendment=Amendment("V26-01100", (Words("Sửa số", "Number"),), Words("Nhầm", "Error"), date(2026, 11, 1)),
    ),
    "work record": replace(WORK_RECORD, demonstration=True),
    "test": replace(CALIBRATION, kind=Kind.TEST, service=Service.TEST),
    "everything": EVERYTHING,
    "conditional fail": FAILED,
    "empty fields": EMPTY,
    **{name: named(text) for name, text in TEXTS.items()},
    "hard text": HARD_TEXT,
    "forty pages": MANY_PAGES,
}
