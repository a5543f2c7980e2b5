"""The words of a person's mail of the day, in that person's language."""
from __future__ import annotations

from collections.abc import Sequence

from instruments.words import Words
from lims.alerts.models import Alert, PersonAlert
from lims.alerts.people import path_of, source_of
from lims.auth.models import User

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
    -2: Words("QUÁ HẠN, CHƯA AI LÀM", "OVERDUE, NOT DONE YET"),
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

_PERSONAL = {
    "card": Words("thẻ kiểm định viên", "verification officer's card"),
    "paper": Words("giấy tờ", "paper"),
    "authorisation": Words("ủy quyền", "authorisation"),
    "need": Words("nhu cầu đào tạo", "training need"),
}
_PERSONAL_TODO = {
    "card": Words("Sau ngày này người đó không được kiểm định; hãy xin cấp lại.",
                  "After this day the person may not verify; apply for a new one."),
    "paper": Words("Hãy gia hạn hoặc thay bằng giấy mới.", "Renew it, or enter the one that replaces it."),
    "authorisation": Words("Sau ngày này không bắt đầu, soát xét hay ký được; hãy đánh giá và giao quyền lại.",
                           "After this day nothing can be begun, reviewed or signed under it; assess and grant again."),
    "need": Words("Hãy đào tạo và ghi kết quả, hoặc khép nhu cầu có lý do.",
                  "Train and record the result, or close the need with a reason."),
}


def duty_word(duty: str, language: str) -> str:
    """The duty's name inside a sentence."""
    return _DUTY[duty].in_language(language)


def _personal(kind: str) -> Words:
    source = source_of(kind)
    return source.word if source is not None else _PERSONAL[kind]


def _personal_todo(kind: str) -> Words:
    source = source_of(kind)
    return source.todo if source is not None else _PERSONAL_TODO[kind]


def personal_word(kind: str, language: str) -> str:
    """What expires for a person, at the beginning of a line."""
    word = _personal(kind).in_language(language)
    return word[:1].upper() + word[1:]


def subject(alerts: Sequence[Alert | PersonAlert], language: str) -> str:
    """One line: of one alert its number, duty, how urgent, due date; of several how many and how many are overdue."""
    if len(alerts) == 1:
        alert, = alerts
        return f"{_whose(alert)}: {_what(alert, language)} ({alert.due_on:%d/%m/%Y})"
    late = sum(alert.stage < 0 for alert in alerts)
    if any(isinstance(alert, PersonAlert) for alert in alerts):
        named = "Reminders" if language == "en" else "Nhắc hạn"
    else:
        named = "Standards" if language == "en" else "Chuẩn"
    if language == "en":
        return f"{named}: {len(alerts)} duties" + (f", {late} OVERDUE" if late else "")
    return f"{named}: {len(alerts)} việc cần làm" + (f", {late} QUÁ HẠN" if late else "")


def body(alerts: Sequence[Alert | PersonAlert], person: User, base_url: str) -> str:
    """Plain text: for each alert which standard, where it is, what to do, and the address of its page."""
    vi = person.language != "en"
    lines = [f"Kính gửi {person.full_name}," if vi else f"Dear {person.full_name},", ""]
    for number, alert in enumerate(alerts, start=1):
        if len(alerts) > 1:
            lines.append(f"{number}/{len(alerts)}")
        lines += [*_one(alert, person.language, base_url), ""]
    lines.append(f"{'Nhận hoặc hoãn nhắc' if vi else 'Acknowledge or put off'}: {base_url}/alerts")
    return "\n".join(lines) + "\n"


def _whose(alert: Alert | PersonAlert) -> str:
    return alert.user.full_name if isinstance(alert, PersonAlert) else alert.standard.asset_number


def _what(alert: Alert | PersonAlert, language: str) -> str:
    if isinstance(alert, PersonAlert):
        kind = _personal(alert.kind).in_language(language)
        return f"{kind} {alert.label}, {_STAGE[alert.stage].in_language(language)}"
    label = f" ({alert.label})" if alert.label else ""
    return f"{duty_word(alert.duty, language)}{label} {_STAGE[alert.stage].in_language(language)}"


def _one(alert: Alert | PersonAlert, language: str, base_url: str) -> list[str]:
    vi = language != "en"
    if isinstance(alert, PersonAlert):
        return [f"{'Người' if vi else 'Person'}: {alert.user.full_name}",
                f"{'Việc' if vi else 'Duty'}: {_what(alert, language)}",
                f"{'Hạn' if vi else 'Due'}: {alert.due_on:%d/%m/%Y}",
                _personal_todo(alert.kind).in_language(language),
                f"{base_url}{path_of(alert.kind, alert.subject_id, alert.user_id)}"]
    row = alert.standard
    keeper = row.custodian.full_name if row.custodian else "–"
    return [
        f"{'Chuẩn' if vi else 'Standard'}: {row.asset_number} – {row.name}",
        f"{'Số chế tạo' if vi else 'Serial number'}: {row.serial}",
        f"{'Nơi để' if vi else 'Location'}: {row.location or '–'}",
        *([f"{'Người giữ' if vi else 'Custodian'}: {keeper}"] if alert.stage == -2 else []),
        f"{'Việc' if vi else 'Duty'}: {_what(alert, language)}",
        f"{'Hạn' if vi else 'Due'}: {alert.due_on:%d/%m/%Y}",
        _TODO[alert.duty].in_language(language),
        f"{base_url}/standards/{row.id}",
    ]
