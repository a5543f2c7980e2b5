"""Records for the tests: an invented province, people and numbers, filled in as a laboratory would."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from math import sqrt

from certificates.document import (
    Anchors,
    Approval,
    Chart,
    ChartPoint,
    Check,
    CheckGroup,
    Column,
    Condition,
    Conformity,
    Customer,
    Item,
    Kind,
    Method,
    Organisation,
    Outcome,
    Provenance,
    Recalibration,
    Record,
    ResultTable,
    Role,
    Rule,
    Service,
    Specification,
    Stage,
    StandardUsed,
    Step,
    Uncertainty,
    Validity,
    Verdict,
    Words,
    canonical_json,
    digest,
    link,
)

ORGANISATION = Organisation(
    superior="SỞ KHOA HỌC VÀ CÔNG NGHỆ TỈNH MINH SƠN",
    name=Words(
        "TRUNG TÂM KỸ THUẬT\nTIÊU CHUẨN ĐO LƯỜNG CHẤT LƯỢNG",
        "Technical Centre for Standards, Metrology and Quality of Minh Son Province",
    ),
    short_name="Trung tâm Kỹ thuật TCĐLCL Minh Sơn",
    place="Minh Sơn",
    address="Số 18 đường Trần Hưng Đạo, phường Đông Hà Sơn, tỉnh Minh Sơn",
    phone="0200 385 0000",
    email="tdc@minhson.example",
    registration_code="ĐK 000",
)
CUSTOMER = Customer(
    name="Công ty TNHH Khí công nghiệp Bình Nguyên",
    address="Lô C4, Khu công nghiệp Nam Sơn, phường Phú Lương, tỉnh Minh Sơn",
    contact="Bà Trần Ngọc Quỳnh, phòng Kỹ thuật, 0200 386 1122",
)
GAUGE = Item(
    name=Words("Áp kế lò xo", "Bourdon tube pressure gauge"),
    type="HP-232",
    serial="11A04-2871",
    identification="26-01834/3",
    tag="PG-07",
    manufacturer="Hanbit Instruments, Hàn Quốc",
    year="2022",
    specifications=(
        Specification(Words("Phạm vi đo", "Range"), "(0 ÷ 1 000) kPa"),
        Specification(Words("giá trị độ chia", "scale interval"), "10 kPa"),
        Specification(Words("cấp chính xác", "accuracy class"), "1"),
    ),
    condition=Words("Bình thường, ren G½ và mặt kính nguyên vẹn", "Normal, thread and window intact"),
)
REFERENCE = StandardUsed(
    asset_number="CH-P-003",
    name=Words("Áp kế chuẩn", "Digital reference pressure gauge"),
    characteristics="(0 ÷ 1 600) kPa; 0,05 %",
    serial="88-10442",
    certificate_number="V06.CN2.1184.26",
    certificate_issued_on=date(2026, 3, 18),
    issuer="Viện Đo lường Việt Nam",
    traceability=Words("Viện Đo lường Việt Nam", "VMI, national institute, CIPM MRA"),
    due_on=date(2027, 3, 18),
    version="3",
)
THERMOMETER = StandardUsed(
    asset_number="CH-T-011",
    name=Words("Nhiệt ẩm kế", "Thermo-hygrometer"),
    characteristics="(0 ÷ 50) °C; (20 ÷ 90) %RH",
    certificate_number="C26-00102",
    certificate_issued_on=date(2026, 2, 9),
    traceability=Words("Chuẩn CH-T-001", "Own standard, traceable to VMI"),
    due_on=date(2027, 2, 9),
    auxiliary=True,
)
APPROVALS = (
    Approval(
        Step.PERFORMED,
        "Phạm Hữu Nghĩa",
        Words("Người thực hiện", "Performed by"),
        Words("Số liệu do tôi ghi", "readings are mine"),
        datetime(2026, 11, 13, 9, 25, tzinfo=UTC),
    ),
    Approval(
        Step.REVIEWED,
        "Lê Thị Hường",
        Words("Trưởng phòng thí nghiệm", "Head of laboratory"),
        Words("Kết quả đã kiểm tra", "results checked"),
        datetime(2026, 11, 16, 7, 10, tzinfo=UTC),
    ),
    Approval(
        Step.AUTHORISED,
        "Nguyễn Đức Thắng",
        Words("Giám đốc", "Director"),
        Words("Cho phép phát hành", "authorised for issue"),
        datetime(2026, 11, 16, 8, 42, tzinfo=UTC),
    ),
)
PROVENANCE = Provenance(
    software="Chuẩn LIMS 0.1.0",
    engine="uncertainty 0.1.0; numpy 2.4.6",
    procedure="QTHC 05:2026",
    evaluation_sha256="0" * 64,
    seed=1,
)
PRESSURE = Words("Áp suất chuẩn", "Reference pressure")
COLUMNS = (
    Column("no", Words("TT", "No."), role=Role.NUMBER),
    Column("indication", Words("Chỉ thị", "Indication"), "kPa", Role.INDICATION),
    Column("rising", Words("tăng", "rising"), "kPa", Role.REFERENCE, PRESSURE),
    Column("falling", Words("giảm", "falling"), "kPa", Role.REFERENCE, PRESSURE),
    Column("mean", Words("trung bình", "mean"), "kPa", Role.REFERENCE, PRESSURE),
    Column("error", Words("Sai số", "Error"), "kPa", Role.ERROR, symbol="e"),
    Column("U", Words("", "Expanded unc."), "kPa", Role.UNCERTAINTY, symbol="U"),
    Column("k", Words("", "Coverage factor"), "", Role.COVERAGE_FACTOR, symbol="k"),
    Column("limit", Words("|e| chấp nhận", "Accepted up to"), "kPa", Role.LIMIT),
    Column("verdict", Words("Kết luận", "Conformity"), role=Role.VERDICT),
)


def gauge_table(points: int = 10) -> ResultTable:
    """Errors of a gauge with hysteresis at `points` pressures, with their chart."""
    rows, chart = [], []
    step = Decimal(1000) / points
    for place in range(1, points + 1):
        indication = (step * place).quantize(Decimal(1))
        rise = Decimal("0.4") + Decimal("0.75") * Decimal(place) * 10 / points
        hysteresis = Decimal("2.4") - abs(Decimal(place) * 10 / points - Decimal("5.5")) * Decimal("0.4")
        up = (indication - rise).quantize(Decimal("0.1"))
        down = (up - hysteresis).quantize(Decimal("0.1"))
        mean = ((up + down) / 2).quantize(Decimal("0.1"), ROUND_HALF_EVEN)
        error = indication - mean
        spread = float(abs(up - down))
        u = sqrt((1 / sqrt(3)) ** 2 + (0.05 + 0.00025 * float(mean)) ** 2 + spread**2 / 12 + 0.06)
        expanded = Decimal(2 * u).quantize(Decimal("0.1"), ROUND_HALF_EVEN)
        limit = Decimal("10.0") - expanded
        texts = (place, indication, up, down, mean, error, expanded, "2.00", limit, Verdict.PASS.value)
        rows.append(tuple(str(text) for text in texts))
        chart.append(ChartPoint(str(indication), str(error), str(expanded), "-10", "10"))
    return ResultTable(
        title=Words("Kết quả hiệu chuẩn", "Calibration results"),
        stage=Stage.AS_FOUND,
        columns=COLUMNS,
        rows=tuple(rows),
        notes=(
            Words(
                "e = chỉ thị − áp suất chuẩn trung bình. Kim đặt đúng vạch, đọc áp suất chuẩn.",
                "e = indication − mean reference pressure. The pointer was set on the mark and the reference was read.",
            ),
        ),
        chart=Chart(Words("Chỉ thị", "Indication"), "kPa", Words("Sai số", "Error"), "kPa", tuple(chart)),
    )


CALIBRATION = Record(
    kind=Kind.CALIBRATION,
    number="C26-00417",
    organisation=ORGANISATION,
    customer=CUSTOMER,
    item=GAUGE,
    service=Service.CALIBRATION,
    place=Words("Phòng Đo lường Áp suất của Trung tâm", "Pressure laboratory of the Centre"),
    performed_from=date(2026, 11, 13),
    performed_until=date(2026, 11, 13),
    received_on=date(2026, 11, 12),
    issued_on=date(2026, 11, 16),
    issued_at=datetime(2026, 11, 16, 8, 42, tzinfo=UTC),
    methods=(Method("DKD-R 6-1", "2014"), Method("quy trình nội bộ QTHC 05:2026")),
    approvals=APPROVALS,
    provenance=PROVENANCE,
    standards=(REFERENCE, THERMOMETER),
    environment=(
        Condition(Words("Nhiệt độ", "Temperature"), "°C", "22.6", "23.1"),
        Condition(Words("Độ ẩm tương đối", "Rel. humidity"), "%RH", "54", "58"),
        Condition(Words("Áp suất khí quyển", "Atmospheric pressure"), "hPa", "1007", "1009"),
        Condition(Words("Môi chất", "Medium"), text=Words("khí nén", "air")),
    ),
    adjustment=Words("Không hiệu chỉnh, kết quả như khi nhận", "No adjustment, results as found"),
    results=(gauge_table(),),
    summary=Words("Cả 10 điểm đo phù hợp giới hạn ±10 kPa (mục 5.2)", "All 10 points conform to ±10 kPa (clause 5.2)"),
    uncertainty=(Uncertainty(probability="95.45", coverage_factor="2.00", not_below_cmc=True),),
    conformity=(
        Conformity(
            Rule.GUARDED,
            Verdict.PASS,
            Words("các điểm 1 ÷ 10", "points 1 to 10"),
            Words("giới hạn ±10 kPa", "limits ±10 kPa"),
            rule_source="ILAC-G8:09/2019",
        ),
    ),
    customer_supplied=("item.tag",),
    limits_of_use=True,
    recalibration=Recalibration(date(2027, 11, 13), agreed=True, interval_months=12),
    sticker="26C-00417",
)

HOSPITAL = Customer(
    name="Bệnh viện Đa khoa khu vực Hải Thành",
    address="Số 5 đường Lê Thánh Tông, phường Hải Thành, tỉnh Minh Sơn",
    contact="Phòng Vật tư, 0200 387 3344",
    place_of_use="Nồi hấp tiệt trùng số 2, khoa Kiểm soát nhiễm khuẩn",
)
STERILISER_GAUGE = Item(
    name=Words("Áp kế lò xo", "Bourdon tube pressure gauge"),
    type="YB-100",
    serial="23.06.0418",
    tag="NH-02-AK1",
    manufacturer="Suku Đông Á, Việt Nam",
    year="2023",
    specifications=(
        Specification(Words("Phạm vi đo", "Range"), "(0 ÷ 10) bar"),
        Specification(Words("giá trị độ chia", "scale interval"), "0,2 bar"),
        Specification(Words("cấp chính xác", "accuracy class"), "1,6"),
    ),
)
OFFICER = Approval(
    Step.PERFORMED,
    "Vũ Thị Ánh Tuyết",
    Words("Kiểm định viên", "Verified by"),
    Words("Ký nhận kết quả", "results signed"),
    datetime(2026, 11, 10, 3, 5, tzinfo=UTC),
    officer_card="0000-01",
)
VERIFICATION = replace(
    CALIBRATION,
    kind=Kind.VERIFICATION,
    number="V26-01208",
    customer=HOSPITAL,
    item=STERILISER_GAUGE,
    service=Service.VERIFICATION,
    regime=Words("Định kỳ", "Periodic"),
    legal_group="2",
    place=Words("Khoa Kiểm soát nhiễm khuẩn", "At the customer's"),
    performed_from=date(2026, 11, 10),
    performed_until=date(2026, 11, 10),
    received_on=None,
    issued_on=date(2026, 11, 10),
    issued_at=datetime(2026, 11, 10, 3, 20, tzinfo=UTC),
    methods=(Method("ĐLVN 08", "2011"),),
    approvals=(OFFICER, replace(APPROVALS[2], at=datetime(2026, 11, 10, 3, 20, tzinfo=UTC))),
    results=(),
    summary=Words(""),
    uncertainty=(),
    conformity=(
        Conformity(
            Rule.PROCEDURE,
            Verdict.PASS,
            Words("mọi điểm kiểm", "all points"),
            Words("giới hạn ±0,16 bar", "limits ±0.16 bar"),
            rule_source="ĐLVN 08:2011",
        ),
    ),
    customer_supplied=(),
    limits_of_use=False,
    recalibration=None,
    sticker="26V-01208",
    validity=Validity(
        date(2027, 11, 10),
        Words("chu kỳ 12 tháng kể từ ngày kiểm định 10/11/2026", "12 months from the verification on 10/11/2026"),
        12,
        "TT 23/2013/TT-BKHCN",
    ),
)


def _record_rows() -> tuple[tuple[str, ...], ...]:
    readings = (("0.00", "0.00", "0.00", "0.00"), ("2.00", "2.00", "2.04", "0.02"), ("4.00", "4.04", "4.08", "0.02"))
    readings += (
        ("6.00", "6.04", "6.10", "0.02"),
        ("8.00", "8.06", "8.10", "0.04"),
        ("10.00", "10.08", "10.08", "0.02"),
    )
    rows = []
    for place, (reference, up, down, tapping) in enumerate(readings, 1):
        p, rise, fall = map(Decimal, (reference, up, down))
        texts = (place, reference, up, down, rise - p, fall - p, fall - rise, tapping, Verdict.PASS.value)
        rows.append(tuple(str(text) for text in texts))
    return tuple(rows)


_SHOWN = Words("Chỉ thị của áp kế", "Indication")
_ERROR = Words("Sai số", "Error")
WORK_RECORD = replace(
    VERIFICATION,
    kind=Kind.WORK_RECORD,
    number="01208/BB-KĐ",
    certificate_number="V26-01208",
    standards=(replace(REFERENCE, asset_number="CH-P-005", characteristics="(0 ÷ 16) bar, cấp 0,25"),),
    environment=(
        Condition(Words("Nhiệt độ", "Temperature"), "°C", "23", "24"),
        Condition(Words("Độ ẩm", "Humidity"), "%RH", "56", "60"),
    ),
    approvals=(OFFICER, replace(APPROVALS[1], at=datetime(2026, 11, 10, 3, 12, tzinfo=UTC))),
    checks=(
        CheckGroup(
            Words("Kiểm tra bên ngoài", "Visual check"),
            (
                Check(Words("Mặt số, kính, kim nguyên vẹn"), Outcome.PASS),
                Check(Words("Nhãn, số hiệu rõ, đúng khai báo"), Outcome.PASS),
                Check(Words("Đầu nối không hư hỏng"), Outcome.PASS),
            ),
        ),
        CheckGroup(
            Words("Kiểm tra kỹ thuật", "Technical check"),
            (
                Check(Words("Kim chuyển động êm, không vướng"), Outcome.PASS),
                Check(Words("Kim về vạch 0"), Outcome.PASS),
                Check(Words("Kín ở 10 bar trong 5 phút"), Outcome.PASS),
            ),
        ),
    ),
    results=(
        ResultTable(
            title=Words("Kiểm tra đo lường", "Metrological check"),
            columns=(
                Column("no", Words("TT", "No."), role=Role.NUMBER),
                Column("reference", Words("Áp suất chuẩn", "Reference"), "bar", Role.REFERENCE),
                Column("rising", Words("tăng", "rising"), "bar", Role.INDICATION, _SHOWN),
                Column("falling", Words("giảm", "falling"), "bar", Role.INDICATION, _SHOWN),
                Column("error_rising", Words("tăng", "rising"), "bar", Role.ERROR, _ERROR),
                Column("error_falling", Words("giảm", "falling"), "bar", Role.ERROR, _ERROR),
                Column("hysteresis", Words("Độ hồi sai", "Hysteresis"), "bar"),
                Column("tapping", Words("Gõ nhẹ", "Tapping"), "bar"),
                Column("verdict", Words("Đánh giá", "Verdict"), role=Role.VERDICT),
            ),
            rows=_record_rows(),
            notes=(Words("Giới hạn: |sai số| ≤ 0,16 bar; độ hồi sai ≤ 0,16 bar; dịch kim khi gõ nhẹ ≤ 0,08 bar."),),
        ),
    ),
    remarks=(Words("Tem cũ 25V-00977 đã gỡ và hủy."),),
    validity=None,
)


def anchors(record: Record) -> Anchors:
    """Anchors as the issue gives them, with a code of realistic length."""
    own = digest(canonical_json(record))
    return Anchors(
        record_digest=own,
        link=link("", own),
        verification_url="kd.minhson.example/v",
        qr_payload="HTTPS://KD.MINHSON.EXAMPLE/V/" + "7QK4M2ZDX9PA3W8C" * 9,
    )
