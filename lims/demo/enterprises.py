"""Ten invented enterprises and their forty instruments: real kinds, makers and ranges."""
from __future__ import annotations

from typing import NamedTuple


class Enterprise(NamedTuple):
    """One customer; `key` names it in the demonstration data only."""

    key: str
    name: str
    name_en: str
    tax_code: str
    address: str
    contact: str
    phone: str
    sector: str = "manufacturing"
    commune: str = ""
    officer: str = ""


class Owned(NamedTuple):
    """One instrument of an enterprise."""

    owner: str
    kind: str
    name: str
    maker: str
    model: str
    serial: str
    tag: str = ""
    year: str = ""


class Known(NamedTuple):
    """What an instrument's papers say: service, verdict, days ago, number, sticker, days until its stated end."""

    serial: str
    service: str
    verdict: str
    days_ago: int
    number: str = ""
    sticker: str = ""
    until: int | None = None


KNOWN = (
    Known("0915077", "verification", "pass", 402, "KĐ-0118/25", "A 025118"),
    Known("H300-552", "verification", "pass", 340, "KĐ-0302/25", "A 025302"),
    Known("QC-10-2291", "calibration", "pass", 150, "HC-0077/26"),
    Known("B80-3311", "verification", "pass", 395, "KĐ-1120/25", "B 001120", -30),
    Known("TL-55012", "verification", "pass", 310, "KĐ-0440/26", "B 000440", 55),
    Known("SX-20117", "verification", "pass", 200, "KĐ-0871/26", "B 000871", 165),
    Known("GB-70533", "verification", "fail", 20, "BB-0052/26"),
    Known("HA-770112", "verification", "pass", 120, "KĐ-0990/26", "A 026990", 245),
    Known("Z24-0101001", "verification", "pass", 610, "KĐ-2210/25", "N 102210", 1215),
    Known("Z24-0101002", "verification", "pass", 610, "KĐ-2211/25", "N 102211", 1215),
)
"""Instruments whose last check somebody else did, or that was done before this register."""

ENTERPRISES = (
    Enterprise("boiler", "Công ty CP Nồi hơi Tân An", "Tan An Boiler JSC", "0100000011",
               "Lô B4 KCN Tân An, phường Tân An, tỉnh Minh Sơn", "Trịnh Văn Khoa", "0200 360 0101",
               "manufacturing", "Phường Tân An", "Trịnh Văn Khoa"),
    Enterprise("power", "Công ty TNHH Cơ điện Phú Hòa", "Phu Hoa Electromechanical Co., Ltd", "0100000022",
               "45 Lý Thường Kiệt, phường Phú Hòa, tỉnh Minh Sơn", "Đỗ Thị Lan", "0200 360 0202",
               "power", "Phường Phú Hòa", "Phan Văn Tùng"),
    Enterprise("rice", "Nhà máy gạo Bình Minh", "Binh Minh Rice Mill", "0100000033",
               "Thôn 3, xã Bình Minh, tỉnh Minh Sơn", "Cao Văn Phúc", "0200 360 0303",
               "food", "Xã Bình Minh", "Cao Văn Phúc"),
    Enterprise("mould", "Công ty TNHH Khuôn mẫu Đại Thành", "Dai Thanh Mould Co., Ltd", "0100000044",
               "Lô C2 KCN Tân An, phường Tân An, tỉnh Minh Sơn", "Lý Quang Huy", "0200 360 0404",
               "manufacturing", "Phường Tân An", "Lý Quang Huy"),
    Enterprise("gas", "Hợp tác xã Khí đốt An Bình", "An Binh Gas Cooperative", "0100000055",
               "18 Nguyễn Huệ, phường An Bình, tỉnh Minh Sơn", "Mai Thị Hồng", "0200 360 0505",
               "gas", "Phường An Bình", "Mai Thị Hồng"),
    Enterprise("cement", "Công ty CP Xi măng Minh Sơn", "Minh Son Cement JSC", "0100000066",
               "Xã Đá Bạc, tỉnh Minh Sơn", "Nguyễn Hữu Lộc", "0200 360 0606",
               "construction", "Xã Đá Bạc", "Vũ Đình Nam"),
    Enterprise("water", "Công ty CP Cấp nước Minh Sơn", "Minh Son Water Supply JSC", "0100000077",
               "2 Hùng Vương, phường Đông Hà, tỉnh Minh Sơn", "Tạ Đình Quân", "0200 360 0707",
               "water", "Phường Đông Hà", "Tạ Đình Quân"),
    Enterprise("hospital", "Bệnh viện Đa khoa tỉnh Minh Sơn", "Minh Son General Hospital", "0100000088",
               "60 Lê Duẩn, phường Đông Hà, tỉnh Minh Sơn", "Phạm Thị Tuyết", "0200 360 0808",
               "health", "Phường Đông Hà", "Đinh Thị Sen"),
    Enterprise("fuel", "Công ty Xăng dầu Minh Sơn", "Minh Son Petroleum Company", "0100000099",
               "111 Quốc lộ 9, phường Đông Lương, tỉnh Minh Sơn", "Lê Bá Dũng", "0200 360 0909",
               "petrol", "Phường Đông Lương", "Lê Bá Dũng"),
    Enterprise("seafood", "Công ty TNHH Thủy sản Cửa Việt", "Cua Viet Seafood Co., Ltd", "0100000100",
               "KCN Cửa Việt, xã Cửa Việt, tỉnh Minh Sơn", "Hồ Thị Diệu", "0200 360 1010",
               "food", "Xã Cửa Việt", "Hồ Thị Diệu"),
)

INSTRUMENTS = (
    Owned("rice", "weight", "Quả cân 10 kg", "Häfner (Đức)", "cấp M1", "QC-10-2291", "QC-01", "2021"),
    Owned("rice", "weight", "Quả cân 10 kg", "Häfner (Đức)", "cấp M1", "QC-10-2292", "QC-02", "2021"),
    Owned("rice", "weight", "Quả cân 5 kg", "Häfner (Đức)", "cấp M1", "QC-05-1187", "QC-03", "2021"),
    Owned("rice", "platform_scale", "Cân bàn điện tử 150 kg", "CAS (Hàn Quốc)", "DB-II", "0915077", "CB-01", "2020"),
    Owned("rice", "platform_scale", "Cân bàn điện tử 300 kg", "Vibra (Nhật Bản)", "HGM", "H300-552", "CB-02", "2022"),
    Owned("power", "multimeter", "Đồng hồ vạn năng hiện số", "Fluke (Mỹ)", "117", "38120441", "DM-01", "2022"),
    Owned("power", "multimeter", "Đồng hồ vạn năng hiện số", "Fluke (Mỹ)", "179", "40250733", "DM-02", "2023"),
    Owned("power", "multimeter", "Đồng hồ vạn năng hiện số", "Kyoritsu (Nhật Bản)", "1109S", "W0512210", "DM-03", "2019"),
    Owned("power", "multimeter", "Đồng hồ vạn năng hiện số", "Hioki (Nhật Bản)", "DT4256", "210938811", "DM-04", "2024"),
    Owned("power", "digital_thermometer", "Nhiệt kế hiện số", "Testo (Đức)", "925", "33457781", "NK-01", "2021"),
    Owned("mould", "calliper", "Thước cặp du xích 150 mm", "Mitutoyo (Nhật Bản)", "530-101", "05188231", "TC-01", "2020"),
    Owned("mould", "calliper", "Thước cặp du xích 150 mm", "Mitutoyo (Nhật Bản)", "530-101", "05188232", "TC-02", "2020"),
    Owned("mould", "calliper", "Thước cặp điện tử 200 mm", "Insize (Trung Quốc)", "1108-200", "I2210775", "TC-03", "2022"),
    Owned("mould", "micrometer", "Panme đo ngoài 0–25 mm", "Mitutoyo (Nhật Bản)", "103-137", "30112877", "PM-01", "2018"),
    Owned("mould", "micrometer", "Panme đo ngoài 25–50 mm", "Mitutoyo (Nhật Bản)", "103-138", "30115510", "PM-02", "2018"),
    Owned("boiler", "dial_pressure_gauge", "Áp kế lò xo 0–10 bar", "WIKA (Đức)", "213.53", "AK-2291745", "AK-01", "2023"),
    Owned("boiler", "dial_pressure_gauge", "Áp kế lò xo 0–10 bar", "WIKA (Đức)", "213.53", "AK-2291746", "AK-02", "2023"),
    Owned("boiler", "dial_pressure_gauge", "Áp kế lò xo 0–16 bar", "WIKA (Đức)", "232.50", "AK-2300118", "AK-03", "2023"),
    Owned("boiler", "dial_pressure_gauge", "Áp kế lò xo 0–25 bar", "Wise (Hàn Quốc)", "P252", "W25-88120", "AK-04", "2019"),
    Owned("boiler", "dial_pressure_gauge", "Áp kế lò xo 0–10 bar", "Suku (Đức)", "6420", "S10-70551", "AK-05", "2017"),
    Owned("gas", "dial_pressure_gauge", "Áp kế lò xo 0–25 bar", "Wise (Hàn Quốc)", "P254", "G-118801", "GA-01", "2022"),
    Owned("gas", "dial_pressure_gauge", "Áp kế lò xo 0–25 bar", "Wise (Hàn Quốc)", "P254", "G-118802", "GA-02", "2022"),
    Owned("gas", "dial_pressure_gauge", "Áp kế lò xo 0–6 bar", "Wise (Hàn Quốc)", "P252", "G-060914", "GA-03", "2020"),
    Owned("gas", "lpg_dispenser", "Cột đo LPG", "Tatsuno (Nhật Bản)", "LPG-2", "TL-55012", "", "2019"),
    Owned("cement", "vehicle_weighbridge", "Cân ô tô 80 t", "Mettler Toledo (Mỹ)", "IND570", "B80-3311", "", "2018"),
    Owned("cement", "dial_pressure_gauge", "Áp kế lò xo 0–16 bar", "WIKA (Đức)", "213.53", "XM-16-0087", "XM-01", "2021"),
    Owned("cement", "multimeter", "Đồng hồ vạn năng hiện số", "Fluke (Mỹ)", "87V", "29870145", "XM-02", "2016"),
    Owned("cement", "digital_thermometer", "Nhiệt kế hiện số", "Omega (Mỹ)", "HH-800", "OM-80117", "XM-03", "2019"),
    Owned("water", "water_meter_mechanical", "Đồng hồ nước lạnh DN15", "Zenner (Đức)", "MTKD-N", "Z24-0101001", "", "2024"),
    Owned("water", "water_meter_mechanical", "Đồng hồ nước lạnh DN15", "Zenner (Đức)", "MTKD-N", "Z24-0101002", "", "2024"),
    Owned("water", "water_meter_mechanical", "Đồng hồ nước lạnh DN15", "Zenner (Đức)", "MTKD-N", "Z24-0101003", "", "2024"),
    Owned("water", "dial_pressure_gauge", "Áp kế lò xo 0–10 bar", "Suku (Đức)", "6420", "CN-10-3301", "CN-01", "2020"),
    Owned("hospital", "sphygmomanometer", "Huyết áp kế lò xo", "ALPK2 (Nhật Bản)", "500V", "HA-770112", "BV-01", "2022"),
    Owned("hospital", "sphygmomanometer", "Huyết áp kế lò xo", "ALPK2 (Nhật Bản)", "500V", "HA-770113", "BV-02", "2022"),
    Owned("hospital", "micropipette", "Pipet pittông 100–1000 µL", "Eppendorf (Đức)", "Research plus", "R12345K", "BV-03", "2023"),
    Owned("hospital", "micropipette", "Pipet pittông 10–100 µL", "Eppendorf (Đức)", "Research plus", "R22810K", "BV-04", "2023"),
    Owned("fuel", "fuel_dispenser", "Cột đo xăng dầu", "Tatsuno (Nhật Bản)", "Sunny-XE", "SX-20117", "", "2021"),
    Owned("fuel", "fuel_dispenser", "Cột đo xăng dầu", "Gilbarco (Mỹ)", "SK700", "GB-70533", "", "2020"),
    Owned("seafood", "dial_pressure_gauge", "Áp kế lò xo 0–16 bar", "Danfoss (Đan Mạch)", "DP-16", "DF-160022", "TS-01", "2019"),
    Owned("seafood", "digital_thermometer", "Nhiệt kế hiện số", "Testo (Đức)", "106", "T106-5512", "TS-02", "2023"),
)
