"""Twenty reference standards of the demonstration laboratory, in every due state."""
from __future__ import annotations

from typing import NamedTuple


class Held(NamedTuple):
    """One standard. `calibrated` and `months` give its due date; `rows` are (nominal, value, U, k) as on its certificate."""

    asset_number: str
    name: str
    name_en: str
    quantity: str
    unit: str
    maker: str
    model: str
    serial: str
    accuracy: str
    low: str
    high: str
    drift: str
    calibrated: int
    """Days before the day of loading."""
    months: int
    rows: tuple[tuple[str, str, str, str], ...]
    issuer: str = "Viện Đo lường Việt Nam (VMI)"
    route: str = "cipm_mra"
    state: str = "in_use"
    reason: str = ""
    level: str = "working"
    custodian: str = "ktv1"
    location: str = "Phòng chuẩn"
    spread_unit: str = ""
    resolution: str = ""
    mpe: str = ""
    """Limits of its grade where the procedure uses them instead of the certificate's value."""
    parents: tuple[str, ...] = ()
    """Asset numbers of the laboratory's own standards it was calibrated with."""
    part_of: str = ""
    """Asset number of the set or system that it is a part of."""


VMI = "Viện Đo lường Việt Nam (VMI)"
OWN = "Phòng Áp suất của Trung tâm"
Q3 = "Trung tâm Kỹ thuật TCĐLCL khu vực (VILAS)"

STANDARDS = (
    Held("CH-KL-001", "Quả cân chuẩn 10 kg", "Reference weight 10 kg", "mass", "g", "Kern (Đức)", "F2", "K10-5531", "F2",
         "10000", "10000", "15", 120, 24, (("10000", "10000,005", "45", "2"),), level="reference", spread_unit="mg"),
    Held("CH-KL-002", "Quả cân chuẩn 5 kg", "Reference weight 5 kg", "mass", "g", "Kern (Đức)", "F2", "K05-5532", "F2",
         "5000", "5000", "8", 120, 24, (("5000", "5000,004", "25", "2"),), level="reference", spread_unit="mg"),
    Held("CH-KL-003", "Bộ quả cân chuẩn 1 g – 2 kg", "Weight set 1 g – 2 kg", "mass", "g", "Häfner (Đức)", "F1", "H-22107",
         "F1", "1", "2000", "0,5", 340, 12, (("1", "1,00002", "0,03", "2"), ("1000", "1000,0012", "1,6", "2"),
                                              ("2000", "2000,002", "3,0", "2")), spread_unit="mg"),
    Held("CH-KL-004", "Quả cân chuẩn 20 kg", "Standard weight 20 kg", "mass", "g", "Kern (Đức)", "M1", "K20-7710", "M1",
         "20000", "20000", "300", 395, 12, (("20000", "20000,12", "300", "2"),), spread_unit="mg", issuer=Q3,
         route="ilac_mra"),
    Held("CH-DA-001", "Thiết bị tạo chuẩn điện đa năng", "Multi-product calibrator", "dc_voltage", "V", "Fluke (Mỹ)", "5522A",
         "2310077", "", "0", "1000", "0,011", 60, 12, (
             ("0", "0", "0,0005", "2"), ("10", "10,0000", "0,0006", "2"), ("100", "100,0000", "0,002", "2"),
             ("500", "500,000", "0,012", "2"), ("1000", "1000,000", "0,02", "2")), level="reference"),
    Held("CH-DA-002", "Đồng hồ vạn năng chuẩn 6½ chữ số", "Reference multimeter 6½ digits", "dc_voltage", "V", "Keysight (Mỹ)",
         "34461A", "MY60012345", "", "0", "1000", "0,002", 340, 12, (
             ("0", "0", "0,0003", "2"), ("100", "100,0004", "0,003", "2"), ("1000", "1000,006", "0,03", "2")), mpe="0,05"),
    Held("CH-DA-003", "Hộp điện trở chuẩn", "Decade resistance box", "resistance", "Ω", "Yokogawa (Nhật Bản)", "2793-01",
         "79AB0012", "0,01", "0,1", "111111", "0,01", 40, 24, (("100", "100,0008", "0,004", "2"),
                                                                ("10000", "10000,4", "0,4", "2"))),
    Held("CH-DD-001", "Căn mẫu song phẳng 150 mm", "Gauge block 150 mm", "length", "mm", "Mitutoyo (Nhật Bản)", "cấp 2",
         "611-150-31", "2", "150", "150", "0", 200, 24, (("150", "150,0000", "0,3", "2"),), level="reference",
         spread_unit="µm", mpe="0,8"),
    Held("CH-DD-002", "Bộ căn mẫu song phẳng 0,5 – 100 mm", "Gauge block set 0.5 – 100 mm", "length", "mm",
         "Mitutoyo (Nhật Bản)", "516-940, cấp 1", "0702215", "1", "0.5", "100", "0,05", 310, 12, (
             ("0,5", "0,50003", "0,10", "2"), ("25", "25,00006", "0,12", "2"), ("50", "50,00004", "0,14", "2"),
             ("100", "100,00011", "0,20", "2")), spread_unit="µm"),
    Held("CH-DD-003", "Thước vạch chuẩn 500 mm", "Standard line scale 500 mm", "length", "mm", "Insize (Trung Quốc)", "7110",
         "IS-5001", "", "0", "500", "2", 500, 24, (("0", "0", "1,0", "2"), ("500", "500,003", "3,0", "2")),
         spread_unit="µm", issuer=Q3, route="ilac_mra"),
    Held("CH-AS-014", "Áp kế chuẩn hiện số 0–25 bar", "Digital reference gauge 0–25 bar", "pressure", "bar",
         "Additel (Mỹ)", "681", "2116801", "0,05", "0", "25", "0,003", 100, 12, (
             ("0", "0", "0,002", "2"), ("5", "5,001", "0,003", "2"), ("10", "10,001", "0,004", "2"),
             ("16", "16,002", "0,005", "2"), ("25", "25,003", "0,007", "2")), resolution="0,001", issuer=OWN,
         route="internal", parents=("CH-AS-003",)),
    Held("CH-AS-009", "Áp kế chuẩn hiện số 0–10 bar", "Digital reference gauge 0–10 bar", "pressure", "bar",
         "Fluke (Mỹ)", "2700G", "4120087", "0,05", "0", "10", "0,003", 386, 12, (
             ("0", "0", "0,002", "2"), ("10", "10,002", "0,004", "2")), resolution="0,001"),
    Held("CH-AS-003", "Áp kế pittông 1–60 bar", "Pressure balance 1–60 bar", "pressure", "bar", "Budenberg (Anh)", "580",
         "B580-2277", "0,02", "1", "60", "0,002", 640, 24, (("1", "1,0000", "0,0004", "2"), ("60", "60,002", "0,012", "2")),
         level="reference"),
    Held("CH-AS-021", "Áp kế chuẩn hiện số −1–6 bar", "Digital reference gauge −1–6 bar", "pressure", "bar", "Additel (Mỹ)",
         "681", "2116830", "0,05", "-1", "6", "0,002", 200, 12, (("-1", "-1,000", "0,002", "2"), ("0", "0", "0,002", "2"),
                                                                  ("6", "6,001", "0,003", "2")), state="quarantined",
         reason="Rơi khi chuyển ra hiện trường; chờ kiểm tra", resolution="0,001"),
    Held("CH-ND-001", "Nhiệt kế điện trở platin chuẩn", "Standard platinum resistance thermometer", "temperature", "°C",
         "Isotech (Anh)", "909Q", "909Q-4412", "", "-40", "420", "0,02", 330, 12, (
             ("0", "0,002", "0,010", "2"), ("100", "100,004", "0,012", "2"), ("200", "200,006", "0,015", "2")),
         level="reference", custodian="ktv2"),
    Held("CH-ND-002", "Nhiệt ẩm kế tự ghi phòng Điện", "Thermo-hygrometer, electrical room", "temperature", "°C",
         "Testo (Đức)", "175 H1", "45881207", "", "0", "50", "0,1", 250, 12, (("20", "20,1", "0,3", "2"),
                                                                               ("30", "30,1", "0,3", "2")),
         custodian="ktv2", issuer=Q3, route="ilac_mra"),
    Held("TB-MT-003", "Nhiệt ẩm kế tự ghi phòng Áp suất", "Thermo-hygrometer, pressure room", "temperature", "°C",
         "Testo (Đức)", "175 H1", "45881211", "", "0", "50", "0,1", 348, 12, (("20", "20,0", "0,3", "2"),
                                                                               ("30", "30,1", "0,3", "2")),
         custodian="ktv2", issuer=Q3, route="ilac_mra"),
    Held("CH-DT-001", "Bình chuẩn 20 L", "Standard measure 20 L", "volume", "L", "Việt Nam", "BC-20", "BC20-17", "0,05",
         "20", "20", "0,002", 150, 12, (("20", "20,003", "0,010", "2"),), issuer=Q3, route="ilac_mra", custodian="ktv2"),
    Held("CH-DT-002", "Bình chuẩn 5 L", "Standard measure 5 L", "volume", "L", "Việt Nam", "BC-5", "BC05-09", "0,05", "5",
         "5", "0,001", 372, 12, (("5", "5,001", "0,003", "2"),), issuer=Q3, route="ilac_mra", custodian="ktv2",
         state="out_for_calibration", reason="Gửi hiệu chuẩn định kỳ"),
    Held("CH-TG-001", "Đồng hồ bấm giây chuẩn", "Reference stopwatch", "time", "s", "Casio (Nhật Bản)", "HS-70W",
         "HS70-118", "", "0", "36000", "0,1", 90, 12, (("60", "60,00", "0,05", "2"), ("3600", "3600,02", "0,08", "2")),
         custodian="ktv2"),
)


class Recurring(NamedTuple):
    """A schedule beside the main calibration; `done`: days ago (a calibration takes its certificate's day)."""

    asset_number: str
    duty: str
    label: str
    every: int
    unit: str
    done: int | None
    team: str = ""
    provider: str = ""
    cost: str = ""
    """Đồng for one time."""


SCHEDULES = (
    Recurring("CH-KL-001", "calibration", "", 24, "months", None, "Tổ Khối lượng", VMI, "3200000"),
    Recurring("CH-KL-003", "calibration", "", 12, "months", None, "Tổ Khối lượng", VMI, "5400000"),
    Recurring("CH-DA-001", "calibration", "", 12, "months", None, "Tổ Điện", VMI, "18500000"),
    Recurring("CH-AS-003", "calibration", "", 24, "months", None, "Tổ Áp suất", VMI, "9800000"),
    Recurring("CH-AS-014", "intermediate_check", "", 13, "weeks", 80, "Tổ Áp suất"),
    Recurring("CH-AS-003", "maintenance", "", 6, "months", 120, "Tổ Áp suất"),
    Recurring("CH-AS-003", "maintenance", "thay dầu", 300, "hours", 200, "Tổ Áp suất"),
)
USE = (("CH-AS-003", 150, "64"), ("CH-AS-003", 70, "82.5"), ("CH-AS-003", 12, "91"))
"""(asset number, days ago, hours) of the log of use."""
