"""What the demonstration shows of assurance: a drifting standard, a check that failed, comparisons, a room too warm."""
from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from math import sin

import sqlalchemy as sa

from lims.auth.models import User
from lims.demo.clock import MovingClock
from lims.demo.register import Held
from lims.equipment import environment, room_pairs, service
from lims.equipment.certificates import CertificateEntry, enter_certificate
from lims.equipment.environment import RoomDetails
from lims.equipment.models import Standard
from lims.equipment.table import TypedRow
from lims.impact import checks, comparisons, drifting
from lims.impact.checks import PlanDetails
from lims.impact.comparisons import ComparisonDetails, Outcome
from lims.jobs import procedures, room_record
from lims.jobs.models import JobItem, Worksheet
from lims.shared import task_runner
from lims.shared.audit import acting_as
from lims.shared.db import session

DRIFTING, SUSPECT = "CH-DA-002", "CH-AS-009"
EARLIER: dict[str, tuple[tuple[int, tuple[str, ...]], ...]] = {
    DRIFTING: ((1430, ("0", "100,0001", "1000,001")), (1070, ("0", "100,0002", "1000,002")),
               (705, ("0", "100,0003", "1000,0045"))),
    "CH-ND-001": ((1785, ("-0,001", "99,998", "199,998")), (1425, ("0,000", "100,000", "200,001")),
                  (1060, ("0,000", "100,001", "200,002")), (695, ("0,001", "100,003", "200,005"))),
    "CH-AS-003": ((2830, ("0,9999", "59,996")), (2100, ("1,0000", "59,999")), (1370, ("0,9999", "60,000"))),
    "CH-DT-001": ((1250, ("20,001",)), (880, ("20,002",)), (515, ("20,001",))),
}
"""Days before the loading, and the values of the points of today's certificate as older ones stated them."""
CHECKS = ("10,0021", "10,0018", "10,0025", "10,0016", "10,0022", "10,0019", "10,0024")
"""Monthly means of the suspect gauge against the pressure balance, before the one that fails."""


def earlier_certificates(standard: Standard, held: Held, clock: MovingClock, keeper: User) -> None:
    """The history that came with a standard: older certificates of its issuer, with the uncertainties of today's."""
    for days, values in EARLIER.get(held.asset_number, ()):
        on = clock.day_ago(days)
        enter_certificate(standard.id, CertificateEntry(
            number=f"{on:%y}.{held.asset_number.replace('-', '')}", issuer=held.issuer, route=held.route,
            calibrated_on=on, unit=held.unit, spread_unit=held.spread_unit, traceable_to="SI qua chuẩn quốc gia",
            rows=[TypedRow(nominal, value, spread, factor)
                  for (nominal, _value, spread, factor), value in zip(held.rows, values, strict=True)]), by=keeper)


def assure(users: dict[str, User], standards: dict[str, int], clock: MovingClock) -> None:
    """Checks, comparisons and an interval decision, made by the quality manager and a technician."""
    keeper, technician = users["chatluong"], users["ktv1"]
    with acting_as(keeper.id, keeper.full_name):
        _compare(users, clock)
        shown = drifting.history(service.standard(standards[DRIFTING]), Decimal(1000))
        drifting.set_cap(standards[DRIFTING], 12, "Quy định kiểm soát chuẩn QĐ-07", by=keeper)
        drifting.decide_interval(standards[DRIFTING], count=9, unit="months", method="judgement", shown=shown,
                                 by=keeper, reason="Trôi đều khoảng 2 mV mỗi năm ở 1000 V; rút ngắn để U đủ nhỏ")
        plan = checks.create_plan(standards[SUSPECT], PlanDetails(
            title="Điểm 10 bar", artefact="Áp kế pittông CH-AS-003", check_standard_id=standards["CH-AS-003"],
            point="10 bar", unit="bar", repeats=1, reads="indication", method="shewhart", centre=Decimal("10.002"),
            sigma=Decimal("0.0010"), action_limit=Decimal("0.005"), rules=(1, 2, 5)),
            interval_count=1, interval_unit="months", by=keeper)
    with acting_as(technician.id, technician.full_name):
        today = clock.local_day()
        for place, text in enumerate(CHECKS):
            checks.record_run(plan.id, done_on=today - timedelta(days=31 * (len(CHECKS) - place + 1)), readings=[text],
                              note="", release=False, by=technician)
        checks.record_run(plan.id, done_on=today, readings=["9,9777"], release=False, by=technician,
                          note="Lệch hẳn so với các tháng trước")
    while task_runner.run_one():
        pass
    measuring = session().scalars(sa.select(JobItem.code).join(JobItem.worksheet).where(
        JobItem.state == "measuring", Worksheet.performed_on < clock.day_ago(0))).all()
    record_room(users, standards, clock, list(measuring))


def record_room(users: dict[str, User], standards: dict[str, int], clock: MovingClock, worksheets: list[str]) -> None:
    """The pressure room: a week of its logger, warm for two hours two days ago; sheets begun before today name it."""
    keeper, technician = users["chatluong"], users["ktv1"]
    with acting_as(keeper.id, keeper.full_name):
        made = environment.save_room(None, RoomDetails(
            name="Phòng Áp suất", logger_id=standards["TB-MT-003"], longest_gap_minutes=90, limits={
                "temperature": (Decimal(18), Decimal(22)), "humidity": (Decimal(40), Decimal(70))}),
            version=0, by=keeper)
        pressure = next(one for _row, one in procedures.current() if one.code == "QT-AS-02")
        room_pairs.set_pair(made.id, pressure.code, {"temperature": (Decimal("18.5"), Decimal("21.5"))},
                            room_record.asked_by(pressure), version=made.version, by=keeper)
    with acting_as(technician.id, technician.full_name):
        for code in worksheets:
            room_record.choose_room(code, made.id, technician)
        environment.import_file(made.id, "TB-MT-003.csv", _logger_file(clock), by=technician)


def _logger_file(clock: MovingClock) -> bytes:
    """Half-hourly readings of seven days through yesterday, as the logger's program exports them."""
    lines = ["Testo 175 H1;Phòng Áp suất", "Ngày;Giờ;Nhiệt độ [°C];Độ ẩm [%RH]"]
    for days_ago in range(7, 0, -1):
        for half_hour in range(48):
            warm = 2.6 if days_ago == 2 and 20 <= half_hour <= 24 else 0.0
            temperature = 20.1 + 0.5 * sin((half_hour - 16) / 7.6) + 0.1 * (half_hour % 3) + warm
            humidity = 55.0 - 3 * sin((half_hour - 16) / 7.6) + 0.4 * (half_hour % 4)
            lines.append(f"{clock.day_ago(days_ago):%d/%m/%Y};{half_hour // 2:02d}:{30 * (half_hour % 2):02d};"
                         f"{temperature:.1f};{humidity:.1f}".replace(".", ","))
    return "\r\n".join(lines).encode()


def _compare(users: dict[str, User], clock: MovingClock) -> None:
    keeper = users["chatluong"]
    common = {"provider": "Ban Thử nghiệm thành thạo Miền Trung", "accreditation": "VPT 000"}
    pressure = comparisons.plan_comparison(ComparisonDetails(
        code="PT-AS-03", title="Áp kế lò xo 0–10 bar", measurand="Sai số ở 6 bar", unit="bar",
        procedure_code="QT-AS-02", planned_on=clock.day_ago(120), responsible_id=users["ktv1"].id, **common), by=keeper)
    comparisons.record_outcome(pressure.id, Outcome(
        measured_on=clock.day_ago(118), lab_value=Decimal("-0.062"), lab_uncertainty=Decimal("0.021"),
        reference_value=Decimal("-0.055"), reference_uncertainty=Decimal("0.012")), version=0, by=keeper)
    mass = comparisons.plan_comparison(ComparisonDetails(
        code="PT-KL-11", title="Quả cân 1 kg cấp M1", measurand="Sai lệch khối lượng", unit="mg",
        procedure_code="QT-KL-01", planned_on=clock.day_ago(60), responsible_id=users["ktv2"].id, **common), by=keeper)
    comparisons.record_outcome(mass.id, Outcome(
        measured_on=clock.day_ago(55), lab_value=Decimal("31.4"), lab_uncertainty=Decimal("8.0"),
        reference_value=Decimal("18.9"), reference_uncertainty=Decimal("6.0"), sigma_pt=Decimal("6.5")), version=0,
        by=keeper)
    comparisons.add_action(mass.id, "Kiểm tra ảnh hưởng sức nâng không khí và lặp lại phép cân", users["ktv2"].id,
                           clock.day_ago(10), by=keeper)
    comparisons.plan_comparison(ComparisonDetails(
        code="PT-DA-05", title="Đồng hồ vạn năng 4½ chữ số", measurand="Sai số ở 100 V một chiều", unit="V",
        procedure_code="QT-DI-01", planned_on=clock.day_ago(-45), responsible_id=users["ktv2"].id, **common), by=keeper)
