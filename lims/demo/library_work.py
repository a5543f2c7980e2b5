"""Jobs of further kinds: a scale, a pipette and a thermometer calibrated, sphygmomanometers verified.

Their readings are those of the procedures' reference cases, typed with a decimal comma, against this laboratory's own
standards.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from instruments.library import reference_cases
from instruments.typed_number import TypedNumber
from lims.demo import law
from lims.demo.register import Held
from lims.jobs import cells, standards_choice, submission, worksheet
from lims.jobs.service import item_by_code
from lims.shared.audit import acting_as

if TYPE_CHECKING:
    from lims.demo.work import Desk

STANDARDS = (
    Held("CH-KL-010", "Bộ quả cân chuẩn 1 kg – 20 kg", "Weight set 1 kg – 20 kg", "mass", "kg", "Häfner (Đức)", "M1",
         "H-30412", "M1", "1", "20", "0", 96, 12, (
             ("1", "1,00001", "0,000016", "2"), ("2", "1,99998", "0,00003", "2"), ("5", "5,00003", "0,00008", "2"),
             ("10", "10,00012", "0,00016", "2"), ("20", "19,9998", "0,0003", "2")), mpe="0,001"),
    Held("CH-DT-010", "Bình chuẩn 10 L và 100 L của bàn thử đồng hồ nước", "Tanks of the water-meter bench",
         "volume", "L", "Việt Nam", "BT-40", "BT40-03", "0,1", "10", "100", "0,005", 74, 12, (
             ("10", "10,004", "0,010", "2"), ("100", "99,98", "0,08", "2")), resolution="0,01"),
    Held("CH-AS-030", "Áp kế chuẩn hiện số 0–300 mmHg", "Digital reference manometer 0–300 mmHg", "pressure", "mmHg",
         "Additel (Mỹ)", "672", "2117742", "0,05", "0", "300", "0,2", 88, 12, (
             ("0", "0", "0,2", "2"), ("150", "150,1", "0,3", "2"), ("300", "300,2", "0,3", "2")), resolution="0,1"),
    Held("TB-CAN-01", "Cân phân tích 220 g, d = 0,01 mg", "Analytical balance 220 g, d = 0.01 mg", "weighing", "g",
         "Sartorius (Đức)", "MSA225", "33206118", "I", "0", "220", "0,00002", 120, 12, (
             ("0", "0", "0,00002", "2"), ("1", "1,00001", "0,00004", "2"), ("200", "200,00002", "0,0002", "2")),
         resolution="0,00001", custodian="ktv2"),
    Held("CH-ND-010", "Cầu đo nhiệt độ của nhiệt kế chuẩn", "Thermometry bridge of the standard thermometer",
         "resistance", "Ω", "Isotech (Anh)", "milliK", "33512", "0,0005", "0", "400", "0,0004", 84, 12, (
             ("25", "25,0001", "0,0002", "2"), ("100", "100,0002", "0,0004", "2")), level="reference",
         custodian="ktv2", part_of="CH-ND-001"),
)
"""Standards that these jobs need beside those of the register."""


def do_the_work(desk: Desk) -> None:
    """All of it today, after the other jobs; the second sphygmomanometer fails and one job is still measured."""
    _confirm_the_row(desk)
    scale = desk.receive("rice", [("0915077", "QT-KL-02")], days_ago=0)
    desk.assign(scale, "ktv1")
    _measure(desk, f"{scale.number}/01", "ktv1", {"ref": "CH-KL-010"}, _cells("scale-calibration"))
    cuffs = desk.receive("hospital", [("HA-770112", "QT-AS-04"), ("HA-770113", "QT-AS-04"), ("R12345K", "QT-DT-01")],
                         days_ago=0)
    desk.assign(cuffs, "ktv1")
    _measure(desk, f"{cuffs.number}/01", "ktv1", {"ref": "CH-AS-030"}, _cells("sphygmomanometer"))
    _measure(desk, f"{cuffs.number}/02", "ktv1", {"ref": "CH-AS-030"}, _cells("sphygmomanometer", 1))
    _measure(desk, f"{cuffs.number}/03", "ktv1", {"balance": "TB-CAN-01"}, _cells("micropipette"))
    thermometer = desk.receive("power", [("33457781", "QT-ND-02")], days_ago=0)
    desk.assign(thermometer, "ktv2")
    _measure(desk, f"{thermometer.number}/01", "ktv2", {"ref": "CH-ND-001"}, _cells("thermometer-bath"))
    for code in (f"{scale.number}/01", f"{cuffs.number}/01", f"{cuffs.number}/03", f"{thermometer.number}/01"):
        desk.review(code)
        desk.issue(code)


def _confirm_the_row(desk: Desk) -> None:
    """The legal rows of sphygmomanometers and a few more kinds, confirmed for the demonstration only."""
    administrator = desk.users["quantri"]
    with acting_as(administrator.id, administrator.full_name):
        for item in ("32", "19", "2", "6", "8a"):
            law.confirm_item(item, desk.clock.day_ago(0), administrator)


def _cells(procedure: str, case: int = 0) -> dict[str, str]:
    """The cells of a reference case as a person types them."""
    seen = reference_cases(procedure)[case].observations
    typed = {f"field/{key}": text for key, text in seen.instrument.items()}
    numbers = {**{f"env/{key}": number for key, number in seen.environment.items()}, **seen.readings}
    typed |= {f"check/{key}": result for key, result in seen.checks.items()}
    return typed | {cell: (number.text if isinstance(number, TypedNumber) else f"{number}").replace(".", ",")
                    for cell, number in numbers.items()}


def _measure(desk: Desk, code: str, username: str, standards: Mapping[str, str], typed: Mapping[str, str]) -> None:
    person = desk.users[username]
    with acting_as(person.id, person.full_name):
        worksheet.start(code, person)
        fields = {cell: text.replace(".", ",") for cell, text in typed.items() if cell.startswith("field/")}
        for cells_typed in (fields, {cell: text for cell, text in typed.items() if cell not in fields}):
            changes = [cells.Change(cell, text, 0) for cell, text in cells_typed.items()]
            for outcome in cells.save_cells(code, changes, person):
                if outcome.status != "saved":
                    raise AssertionError(f"{code} {outcome.cell}: {outcome.message}")
        for slot, asset_number in standards.items():
            standards_choice.choose(code, slot, desk.standards[asset_number], person)
        submission.submit(code, person)
        law.give_sticker(item_by_code(code), person)
