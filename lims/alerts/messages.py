"""The words of an alert's mail, in the language of the person who gets it."""
from __future__ import annotations

from instruments.words import Words
from lims.alerts.models import Alert
from lims.auth.models import User
from lims.equipment.models import Standard

_DUTY = {
    "calibration": Words("hiệu chuẩn", "calibration"),
    "intermediate_check": Words("kiểm tra giữa kỳ", "intermediate check"),
    "maintenance": Words("bảo dưỡng", "maintenance"),
}
_STAGE = {
    60: Words("còn không quá 60 ngày", "due within 60 days"),
    30: Words("còn không quá 30 ngày", "due within 30 days"),
    7: Words("còn không quá 7 ngày", "due within 7 days"),
    0: Words("đến hạn hôm nay", "due today"),
    -1: Words("QUÁ HẠN", "OVERDUE"),
}
_TODO = {
    "calibration": Words(
        "Từ sau ngày đến hạn, chuẩn này không chọn được vào phiếu đo cho tới khi nhập giấy chứng nhận mới.",
        "After the due date it cannot be chosen for a measurement until its new certificate has been entered."),
    "intermediate_check": Words("Hãy kiểm tra và ghi kết quả ở trang của chuẩn.",
                                "Make the check and record it on the page of the standard."),
    "maintenance": Words("Hãy bảo dưỡng và ghi lại ở trang của chuẩn.",
                         "Do the maintenance and record it on the page of the standard."),
}


def duty_word(duty: str, language: str) -> str:
    """The duty's name inside a sentence."""
    return _DUTY[duty].in_language(language)


def subject(alert: Alert, language: str) -> str:
    """One line: number, duty, how urgent, due date."""
    duty, stage = duty_word(alert.duty, language), _STAGE[alert.stage].in_language(language)
    return f"{alert.standard.asset_number}: {duty} {stage} ({alert.due_on:%d/%m/%Y})"


def body(alert: Alert, person: User, base_url: str) -> str:
    """Plain text: which standard, where it is, what to do, and the address of its page."""
    vi, row = person.language != "en", alert.standard
    duty = duty_word(alert.duty, person.language)
    lines = [
        f"Kính gửi {person.full_name}," if vi else f"Dear {person.full_name},",
        "",
        f"{'Chuẩn' if vi else 'Standard'}: {row.asset_number} – {row.name}",
        f"{'Số chế tạo' if vi else 'Serial number'}: {row.serial}",
        f"{'Nơi để' if vi else 'Location'}: {row.location or '–'}",
        f"{'Việc' if vi else 'Duty'}: {duty}, {_STAGE[alert.stage].in_language(person.language)}",
        f"{'Hạn' if vi else 'Due'}: {alert.due_on:%d/%m/%Y}",
        "",
        _TODO[alert.duty].in_language(person.language),
        _page(row, base_url),
    ]
    return "\n".join(lines) + "\n"


def _page(row: Standard, base_url: str) -> str:
    return f"{base_url}/standards/{row.id}"
