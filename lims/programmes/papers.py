"""The programme on paper, drawn from its frozen record alone; and the report on what came of it."""
from __future__ import annotations

from datetime import date, datetime
from typing import Any

from certificates.document import Words
from certificates.report import Column, Line, Report, ReportTable, Section
from certificates.slips import Signatory
from lims.programmes.words import PAPER_EFFECT, PAPER_GAP, PAPER_KIND, PAPER_ROLE, PAPER_STATE

TOPICS = (Column("Nội dung", 18), Column("Hiện trạng, bằng chứng", 32), Column("Thiếu sót, rủi ro", 25),
          Column("Nguyên nhân", 25))
ANSWERED_TOPICS = (Column("Nội dung", 16), Column("Hiện trạng, bằng chứng", 25), Column("Thiếu sót, rủi ro", 19),
                   Column("Nguyên nhân", 17), Column("Nhiệm vụ đề xuất", 25), Column("Đơn vị, người", 15),
                   Column("Thời hạn", 10))
MEASUREMENTS = (Column("TT", 4), Column("Phép đo", 20), Column("Phương tiện đo", 20), Column("Dung sai", 15),
                Column("U (k = 2)", 9, right=True), Column("TUR", 7, right=True), Column("Cm", 7, right=True),
                Column("Hạn", 11, right=True), Column("Thiếu sót", 22))
ACTIONS = (Column("TT", 4), Column("Nhiệm vụ", 36), Column("Loại", 16), Column("Người chịu trách nhiệm", 20),
           Column("Xong trước", 11), Column("Kinh phí, đồng", 13, right=True))
EXPERTS = (Column("TT", 4), Column("Họ và tên", 26), Column("Đơn vị", 36), Column("Vai trò", 14),
           Column("Quyết định", 20))
DONE = (Column("TT", 4), Column("Nhiệm vụ", 30), Column("Tình trạng", 12), Column("Ngày", 10), Column("Kết quả", 24),
        Column("Hiệu lực", 20))


def report_of(record: dict[str, Any]) -> Report:
    """The document of an issued programme, or of a draft (number "")."""
    laboratory, on = record["laboratory"], date.fromisoformat(record["issued_on"])
    period = f"{_day(record['first_on'])} – {_day(record['last_on'])}"
    note = f"{record['enterprise']['name']}; thực hiện {period}"
    if record["edition"] > 1:
        note += f"; sửa đổi lần {record['edition'] - 1}, thay chương trình số {record['replaces']}"
    return Report(
        title=record["title"], short_name=laboratory["short_name"], created=datetime.fromisoformat(record["created"]),
        kind="Chương trình bảo đảm đo lường", superior=laboratory["superior"], issuer=laboratory["name"],
        number=record["number"], dated=_dated(laboratory["place"], on), note=note, landscape=True,
        sections=tuple(_sections(record)), demonstration=laboratory["demonstration"],
        signatories=(Signatory(Words("Trưởng nhóm chuyên gia"), _leader(record)),
                     Signatory(Words(record["signer_title"] or "Lãnh đạo đơn vị"),
                               record["signer"] if record["number"] else "")))


def result_report(record: dict[str, Any]) -> Report:
    """What came of a programme, in the eight parts of a result report; number "" for a draft."""
    laboratory, today = record["laboratory"], date.fromisoformat(record["issued_on"])
    note = f"{record['enterprise']['name']}; chương trình số {record['programme']}"
    return Report(
        title=f"Báo cáo kết quả thực hiện {record['title']}", short_name=laboratory["short_name"],
        created=datetime.fromisoformat(record["created"]), superior=laboratory["superior"], issuer=laboratory["name"],
        number=record["number"], dated=_dated(laboratory["place"], today), landscape=True,
        note=note if record["number"] else f"{note}; bản xem trước, tính đến ngày {today:%d/%m/%Y}",
        demonstration=laboratory["demonstration"], sections=tuple(
            Section(f"{place}.", title, parts) for place, (title, parts) in enumerate(_result_parts(record), 1)),
        signatories=(Signatory(Words("Người lập")), Signatory(Words(record["signer_title"] or "Lãnh đạo đơn vị"),
                                                              record["signer"])))


def _result_parts(record: dict[str, Any]) -> list[tuple[str, tuple[str | ReportTable, ...]]]:
    actions, enterprise = record["actions"], record["enterprise"]
    done = [one for one in actions if one["state"] == "done"]
    works = sum(one["effect"] == "effective" for one in done)
    waiting = [one for one in actions if one["state"] == "open"]
    late = sum(one["due_on"] < record["issued_on"] for one in waiting)
    table = ReportTable(DONE, tuple(Line((
        str(number), one["text"], PAPER_STATE[one["state"]], _day(one["done_on"]) if one["done_on"] else "",
        one["result"], PAPER_EFFECT[one["effect"]] + (f": {one['effect_note']}" if one["effect_note"] else "")))
        for number, one in enumerate(actions, 1)))
    left = [f"- {one['what']}: {'; '.join(PAPER_GAP[gap] for gap in one['gaps'])}." for one in record["left"]]
    asked = [f"- {one['text']} (xong trước {_day(one['due_on'])}, {one['owner']})." for one in waiting]
    return [
        ("Thông tin chung", (f"{enterprise['name']}, {enterprise['address']}. Chương trình số {record['programme']}, "
                             f"thực hiện {_day(record['first_on'])} – {_day(record['last_on'])}; tính đến ngày "
                             f"{_day(record['issued_on'])}.",)),
        ("Mục tiêu", ("\n".join(f"{one['title']}: {one['body']}" for one in record["goals"]) or "Không nêu.",)),
        ("Kết quả thực hiện nhiệm vụ", (f"{len(done)} trên {len(actions)} nhiệm vụ đã xong.", table)),
        ("Hiệu quả", (f"{works} trên {len(done)} nhiệm vụ đã xong được đánh giá là có hiệu lực.",)),
        ("Khó khăn, nguyên nhân", (record["difficulties"] or (
            f"{late} nhiệm vụ quá hạn." if late else "Không có nhiệm vụ quá hạn."),)),
        ("Thiếu sót còn lại và hành động khắc phục", ("\n".join([
            *left, *filter(None, [record["corrections"]])]) or "Không còn thiếu sót nào.",)),
        ("Kiến nghị", ("\n".join([*filter(None, [record["proposals"]]), *asked]) or "Không có.",)),
        ("Kết luận", (record["closing"] or "Chưa kết luận.",))]


def _sections(record: dict[str, Any]) -> list[Section]:
    parts: list[tuple[str, tuple[str | ReportTable, ...]]] = []
    enterprise = record["enterprise"]
    general = [f"Doanh nghiệp: {enterprise['name']}, {enterprise['address']}."]
    if enterprise["officer"]:
        general.append(f"Phụ trách đo lường của doanh nghiệp: {enterprise['officer']}.")
    if record["basis"]:
        general.append(f"Căn cứ: {record['basis']}")
    if record["change_reason"]:
        general.append(f"Lý do sửa đổi: {record['change_reason']}.")
    parts.append(("Thông tin chung", tuple(general)))
    parts += [(one["title"], (one["body"] or "Để trống.",)) for one in record["parts"] if one["kind"] == "section"]
    topics = [one for one in record["parts"] if one["kind"] == "topic"]
    if topics:
        parts.append(("Hiện trạng đo lường của doanh nghiệp", (_topics(topics),)))
    parts.append(("Các phép đo, dung sai và năng lực của phương tiện đo", (
        "TUR = T/(2U), U với k = 2 (ANSI/NCSL Z540.3:2006); Cm = T/(4u) (JCGM 106:2012, 7.6.3); T là độ rộng dung "
        f"sai. Yêu cầu TUR không nhỏ hơn {_comma(record['wanted_ratio'])}. Khi chỉ biết sai số cho phép lớn nhất: "
        "u = MPE/√3 (JCGM 100:2008, 4.3.7).",
        ReportTable(MEASUREMENTS, tuple(_measured(number, one)
                                        for number, one in enumerate(record["measurements"], 1))))))
    parts.append(("Nhiệm vụ", (ReportTable(ACTIONS, tuple(Line((
        str(number), one["text"], PAPER_KIND[one["kind"]], one["owner"], _day(one["due_on"]), _money(one["cost"])))
        for number, one in enumerate(record["actions"], 1))),)))
    parts.append(("Nhóm chuyên gia", (ReportTable(EXPERTS, tuple(Line((
        str(number), one["name"], one["body"], PAPER_ROLE[one["role"]], one["decision"]))
        for number, one in enumerate(record["experts"], 1))),)))
    return [Section(f"{place}.", title, body) for place, (title, body) in enumerate(parts, 1)]


def _topics(topics: list[dict[str, Any]]) -> ReportTable:
    """The state of measurement, with what is to be done about each topic; records of before know no such tasks."""
    if not any(one.get("actions") for one in topics):
        return ReportTable(TOPICS, tuple(Line((one["title"], one["body"], one["gap"], one["cause"]))
                                         for one in topics))
    lines = []
    for one in topics:
        told = [(task["text"], task["owner"], _day(task["due_on"])) for task in one["actions"]] or [("", "", "")]
        lines += [Line((*((one["title"], one["body"], one["gap"], one["cause"]) if not place else [""] * 4), *task))
                  for place, task in enumerate(told)]
    return ReportTable(ANSWERED_TOPICS, tuple(lines))


def _measured(number: int, one: dict[str, Any]) -> Line:
    return Line((str(number), one["what"], one["instrument"], tolerance(one), _comma(one["expanded"]) or "–",
                 _comma(one["ratio"]) or "–", _comma(one["index"]) or "–",
                 _day(one["due_on"]) if one["due_on"] else "–",
                 "; ".join(PAPER_GAP[gap] for gap in one["gaps"]) or "Không"))


def tolerance(one: dict[str, Any]) -> str:
    """ "0 ÷ 10 bar", "≥ 5 g", "≤ 3 %"."""
    lower, upper, unit = _comma(one["lower"]), _comma(one["upper"]), one["unit"]
    if lower and upper:
        return f"{lower} ÷ {upper} {unit}"
    return f"≥ {lower} {unit}" if lower else f"≤ {upper} {unit}" if upper else "–"


def _leader(record: dict[str, Any]) -> str:
    return next((str(one["name"]) for one in record["experts"] if one["role"] == "leader"), "")


def _comma(text: str) -> str:
    return text.replace(".", ",")


def _money(text: str) -> str:
    return f"{int(float(text)):,}".replace(",", ".") if text else ""


def _day(text: str) -> str:
    return f"{date.fromisoformat(text):%d/%m/%Y}"


def _dated(place: str, on: date) -> str:
    text = f"ngày {on:%d} tháng {on:%m} năm {on:%Y}"
    return f"{place}, {text}" if place else text.capitalize()
