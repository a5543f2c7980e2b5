"""Visits to enterprises in the demonstration: what was found there, what was recommended, one visit under way."""
from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import timedelta

from PIL import Image, ImageDraw

from lims.auth.models import User
from lims.demo.clock import MovingClock
from lims.shared.audit import acting_as
from lims.surveys import finishing, purchases, service
from lims.surveys.models import Survey
from lims.surveys.service import Entry

TEAM = "Nguyễn Văn Minh, Lê Thị Thu Hà"
Row = tuple[str, str, str, str, str, str, str, int | None, int | None]
"""kind, name, maker, model, serial, range, place, days from its verification to the visit, from today to its end."""

VISITS: tuple[tuple[str, int, dict[str, str], str, tuple[Row, ...]], ...] = (
    ("fuel", 70, {"so_lao_dong": "48", "co_so_theo_doi_phuong_tien_do": "yes"},
     "Cột đo được niêm phong đủ; hai cột quá hạn kiểm định.", (*(
         ("fuel_dispenser", "Cột đo xăng dầu", "Tatsuno (Nhật Bản)", "Sunny-XE", f"SX-2012{number}", "(5 ÷ 50) L/min",
          f"Cửa hàng số {1 + number // 3}", 420 if number < 2 else 170 + 12 * number, None) for number in range(8)),
       ("fuel_dispenser", "Cột đo xăng dầu", "Gilbarco (Mỹ)", "SK700", "GB-70533", "(5 ÷ 50) L/min",
         "Cửa hàng số 3", 65, 300))),
    ("rice", 52, {"so_lao_dong": "65", "co_so_theo_doi_phuong_tien_do": "no"},
     "Cân tại kho chưa có người theo dõi hạn; đề nghị lập sổ.", (
         ("platform_scale", "Cân bàn điện tử 150 kg", "CAS (Hàn Quốc)", "DB-II", "0915077", "Max 150 kg, d = 50 g",
          "Kho thành phẩm", 402, None),
         ("platform_scale", "Cân bàn điện tử 300 kg", "Vibra (Nhật Bản)", "HGM", "H300-552", "Max 300 kg, d = 100 g",
          "Khu đóng bao", 340, None),
         ("vehicle_weighbridge", "Cân ô tô 60 t", "Keli (Trung Quốc)", "XK3118", "K60-1187", "Max 60 t, d = 20 kg",
          "Cổng chính", 350, 30),
         ("grain_moisture_meter", "Máy đo độ ẩm gạo", "Kett (Nhật Bản)", "PM-450", "KT450-3381", "(8 ÷ 35) %",
          "Phòng KCS", None, None))),
    ("hospital", 33, {"so_lao_dong": "520", "co_he_thong_quan_ly_iso": "yes"},
     "Huyết áp kế ở các khoa được luân chuyển, một số không còn tem.", (*(
         ("sphygmomanometer", "Huyết áp kế lò xo", "ALPK2 (Nhật Bản)", "500V", f"HA-77011{number}", "(0 ÷ 300) mmHg",
          "Khoa Khám bệnh" if number < 5 else "Khoa Nội", 120 if number % 3 else None,
          245 if number % 3 else None) for number in range(2, 9)),
       ("electrocardiograph", "Máy điện tim 6 cần", "Nihon Kohden (Nhật Bản)", "ECG-2250", "NK-22507", "",
         "Khoa Tim mạch", 600, 130),
        ("clinical_electronic_thermometer", "Nhiệt kế y học điện tử", "Omron (Nhật Bản)", "MC-246", "OM246-018",
         "(32 ÷ 42) °C", "Khoa Nhi", None, None))),
    ("seafood", 18, {"so_lao_dong": "210", "co_he_thong_quan_ly_iso": "yes"},
     "Cân phân xưởng kiểm tra hằng ngày bằng quả cân chuẩn.", (*(
         ("platform_scale", "Cân bàn thủy sản 60 kg", "Vibra (Nhật Bản)", "SHINKO SSH", f"SS60-41{number:02d}",
          "Max 60 kg, d = 20 g", "Phân xưởng 1", 210, 155) for number in range(5, 9)),
       ("dial_pressure_gauge", "Áp kế lò xo 0–16 bar", "Danfoss (Đan Mạch)", "DP-16", "DF-160022", "(0 ÷ 16) bar",
         "Kho lạnh", None, None))),
)


def survey(users: Mapping[str, User], customers: Mapping[str, int], clock: MovingClock) -> None:
    """Four finished visits, and one begun today with two rows and a photograph."""
    user = users["tiepnhan"]
    with acting_as(user.id, user.full_name):
        for owner, days_ago, answers, finding, rows in VISITS:
            made = service.begin(customers[owner], clock.day_ago(days_ago), TEAM, user)
            _send(made, user, clock, answers, finding, rows)
            finishing.finish(made.id, keep=(), out_of_use=(), user=user)
        begun = service.begin(customers["cement"], clock.day_ago(0), TEAM, user)
        _send(begun, user, clock, {}, "", (
            ("vehicle_weighbridge", "Cân ô tô 80 t", "Mettler Toledo (Mỹ)", "IND570", "B80-3311", "Max 80 t, d = 20 kg",
             "Cổng nhập nguyên liệu", 395, -30),
            ("belt_weigher", "Cân băng tải", "Schenck (Đức)", "Multibelt", "SCH-0417", "", "Dây chuyền 1", None, None)))
        service.keep_photo(begun.id, content=_picture(), row_key="demo-0001", mark="photo-demo-1", user=user)


def buy(users: Mapping[str, User]) -> None:
    """Equipment of the yearly plan: one that came and is in use, one on its way."""
    user = users["chatluong"]
    with acting_as(user.id, user.full_name):
        purchases.save(None, "31", {
            "name": "Áp kế chuẩn hiện số (0 ÷ 60) bar", "plan_reference": "Kế hoạch năm, mục 2.4",
            "decision": "QĐ phê duyệt đầu tư giai đoạn 2 (trình diễn)", "standard": "CH-AS-014"}, user)
        purchases.save(None, "35", {
            "name": "Bộ chuẩn độ ẩm hạt", "plan_reference": "Kế hoạch năm, mục 2.4",
            "note": "Đang lựa chọn nhà thầu"}, user)


def _send(made: Survey, user: User, clock: MovingClock, answers: dict[str, str], finding: str,
          rows: tuple[Row, ...]) -> None:
    entries = [Entry("head", made.version, service.head_of(made) | {
        "findings": finding, **{f"answer-{key}": text for key, text in answers.items()}})]
    for number, (kind, name, maker, model, serial, span, place, ago, left) in enumerate(rows, start=1):
        today = clock.day_ago(0)
        fields = {"kind": kind, "name": name, "maker": maker, "model": model, "serial": serial, "range_text": span,
                  "place_of_use": place}
        if ago is not None:
            fields |= {"last_service": "verification", "last_on": f"{made.visited_on - timedelta(days=ago):%d/%m/%Y}",
                       "valid_until": "" if left is None else f"{today + timedelta(days=left):%d/%m/%Y}",
                       "last_body": "Trung tâm Kỹ thuật 2 (trình diễn)", "last_sticker": f"A {26000 + number:06d}"}
        entries.append(Entry(f"demo-{number:04d}", 0, fields, position=number))
    service.save(made.id, entries, user)


def _picture() -> bytes:
    """A drawn name plate in the place of a photograph."""
    picture = Image.new("RGB", (640, 480), (196, 202, 204))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((60, 90, 580, 390), fill=(232, 235, 236), outline=(60, 70, 74), width=6)
    for line, words in enumerate(("IND570", "Max 80 t   e = 20 kg", "S/N B80-3311")):
        draw.text((110, 150 + 70 * line), words, fill=(20, 35, 42), font_size=40)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()
