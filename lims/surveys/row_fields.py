"""What a row of a survey says of one instrument, read from texts as typed: pure rules for phone, Excel and commands."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from instruments.kinds import all_kinds
from lims.shared.forms import parse_day
from lims.shared.text import TextError, clean, search_key

SERVICES = ("", "verification", "calibration")
VERDICTS = ("", "pass", "fail")
ADVICE = ("", "verify", "calibrate", "repair", "replace", "none")
LONGEST = {"name": 200, "maker": 200, "model": 200, "serial": 60, "tag": 60, "year": 4, "range_text": 120,
           "place_of_use": 120, "last_body": 200, "last_number": 60, "last_sticker": 60, "note": 500}
DATES = ("last_on", "valid_until")
CODES = {"last_service": SERVICES, "last_verdict": VERDICTS, "advice": ADVICE}
FIELDS = ("kind", *LONGEST, *DATES, *CODES)
COMPARED = ("name", "maker", "model", "tag", "year", "range_text", "place_of_use")
"""Particulars that the register and a survey may tell differently."""
KIND_CODES = tuple(kind.code for kind in all_kinds())
_NAMES = {search_key(words): kind.code for kind in all_kinds() for words in (kind.name.vi, kind.name.en, kind.code)}


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field, in both languages."""

    vi: str
    en: str


@dataclass(frozen=True)
class Reading:
    """The values of a row (texts, dates or None, codes) and the faults by field; without faults it may be taken."""

    values: dict[str, Any]
    faults: dict[str, Fault] = field(default_factory=dict)


def read(typed: Mapping[str, object], visited_on: date) -> Reading:
    """A row as typed; what cannot be read is a fault at its field and stays out of the values."""
    values: dict[str, Any] = {}
    faults: dict[str, Fault] = {}
    for name in FIELDS:
        try:
            values[name] = _value(name, str(typed.get(name) or ""))
        except _Wrong as wrong:
            values[name] = None if name in DATES else ""
            faults[name] = wrong.fault
    _together(values, faults, visited_on)
    return Reading(values, faults)


def kind_named(text: str) -> str:
    """The code of a kind given by its code or its name in either language; "" when there is none."""
    return text if text in KIND_CODES else _NAMES.get(search_key(text), "")


def differences(register: Mapping[str, str], seen: Mapping[str, Any]) -> dict[str, list[str]]:
    """{field: [in the register, seen]} where the survey says something and says it differently."""
    return {name: [register.get(name) or "", seen[name]] for name in COMPARED
            if seen.get(name) and search_key(register.get(name) or "") != search_key(seen[name])}


class _Wrong(Exception):
    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.fault = Fault(vi, en)


def _value(name: str, text: str) -> Any:
    try:
        text = clean(text)
    except TextError:
        raise _Wrong("Có ký tự không dùng được.", "A character cannot be used.") from None
    if name == "kind":
        code = kind_named(text)
        if not code:
            raise _Wrong("Hãy chọn loại phương tiện đo." if not text else f"Danh mục không có loại “{text[:60]}”.",
                         "Choose the kind." if not text else f"The catalogue has no kind “{text[:60]}”.")
        return code
    if name in DATES:
        day = parse_day(text) if text else None
        if text and day is None:
            raise _Wrong("Không có ngày này; gõ ngày/tháng/năm.", "No such date; type dd/mm/yyyy.")
        return day
    if name in CODES:
        if text not in CODES[name]:
            raise _Wrong("Hãy chọn một mục trong danh sách.", "Choose one of the list.")
        return text
    if len(text) > LONGEST[name]:
        raise _Wrong(f"Dài quá {LONGEST[name]} ký tự.", f"More than {LONGEST[name]} characters.")
    return text


def _together(values: dict[str, Any], faults: dict[str, Fault], visited_on: date) -> None:
    if not values["serial"] and "serial" not in faults:
        faults["serial"] = Fault("Hãy ghi số chế tạo hoặc số quản lý.", "Give the serial number or a tag.")
    year = values["year"]
    if year and not (year.isascii() and year.isdigit() and 1900 <= int(year) <= visited_on.year):
        faults.setdefault("year", Fault("Năm gồm bốn chữ số.", "A year has four digits."))
    service, done, until = values["last_service"], values["last_on"], values["valid_until"]
    if service and done is None and until is None and not {"last_on", "valid_until"} & faults.keys():
        faults["last_on"] = Fault("Hãy ghi ngày làm hoặc hạn ghi trên tem.", "Give its day, or the end on the sticker.")
    if not service and (done or until):
        faults.setdefault("last_service", Fault("Hãy chọn kiểm định hay hiệu chuẩn.",
                                                "Say verification or calibration."))
    if done is not None and done > visited_on:
        faults["last_on"] = Fault("Ngày này sau ngày khảo sát.", "This day is after the visit.")
    if done is not None and until is not None and until < done:
        faults["valid_until"] = Fault("Hạn không thể trước ngày làm.", "The validity cannot end before it began.")
