"""The demonstration laboratory before its first job: accounts, heading, procedures, enterprises, standards."""
from __future__ import annotations

import secrets
from datetime import timedelta
from decimal import Decimal

from lims.auth.models import User
from lims.auth.service import create_user
from lims.customers import checks
from lims.customers import service as customers
from lims.demo import assurance, library_work
from lims.demo.clock import MovingClock
from lims.demo.competence import RARELY_USED
from lims.demo.enterprises import ENTERPRISES, INSTRUMENTS, KNOWN
from lims.demo.people import ALL, LABORATORY, PEOPLE
from lims.demo.register import SCHEDULES, STANDARDS, USE, VMI, Held
from lims.equipment import functions, records, reservations, schedules, uses
from lims.equipment import service as equipment
from lims.equipment.certificates import CertificateEntry, enter_certificate
from lims.equipment.table import TypedRow
from lims.jobs import procedures
from lims.shared import organisation
from lims.shared.audit import acting_as
from lims.staff import service as staff

SETTING_UP = ("", "demonstration")


def make_people() -> tuple[dict[str, User], dict[str, str]]:
    """Accounts and their passwords, made now and nowhere stored but in the owner's file."""
    passwords = {person.username: secrets.token_urlsafe(9) for person in PEOPLE}
    users = {person.username: create_user(
        email=f"{person.username}@minhson.example", username=person.username, full_name=person.full_name,
        title=person.title, title_en=person.title_en, roles=list(person.roles),
        password=passwords[person.username], actor=SETTING_UP)
        for person in PEOPLE}
    return users, passwords


def describe(users: dict[str, User]) -> None:
    """The laboratory's heading, and its mark as a demonstration."""
    with acting_as(*_of(users["quantri"])):
        organisation.save({**LABORATORY, "demonstration": True})


def authorise(users: dict[str, User], clock: MovingClock) -> None:
    """Who may perform, review and approve which procedure; officer cards."""
    codes = [row.code for row, _procedure in procedures.current()]
    start = clock.local_day()
    with acting_as(*_of(users["chatluong"])):
        for person in PEOPLE:
            granted = {"perform": person.performs, "review": person.reviews, "approve": person.approves}
            for code in codes:
                activities = [activity for activity, given in granted.items() if given == ALL or code in given]
                if activities:
                    rarely = code in RARELY_USED.get(person.username, ())
                    staff.grant(user_id=users[person.username].id, procedure_code=code, activities=activities,
                                valid_from=start if rarely else clock.day_ago(300), valid_to=None,
                                basis="QĐ giao nhiệm vụ (trình diễn)")
        for number, (username, field) in enumerate((("ktv1", "Áp suất"), ("soatxet", "Áp suất")), start=1):
            staff.add_card(user_id=users[username].id, number=f"TD-{number:04d}", field=field,
                           issued_by="Sở Khoa học và Công nghệ tỉnh Minh Sơn", valid_from=start,
                           valid_to=start + timedelta(days=5 * 365))


def add_customers(users: dict[str, User]) -> dict[str, int]:
    """{key of the enterprise: customer id}, with their instruments."""
    ids: dict[str, int] = {}
    with acting_as(*_of(users["tiepnhan"])):
        for enterprise in ENTERPRISES:
            ids[enterprise.key] = customers.create_customer({
                "name": enterprise.name, "name_en": enterprise.name_en, "tax_code": enterprise.tax_code,
                "address": enterprise.address, "contact": enterprise.contact, "phone": enterprise.phone,
                "sector": enterprise.sector, "commune": enterprise.commune, "metrology_officer": enterprise.officer,
                "metrology_phone": enterprise.phone}).id
        for owned in INSTRUMENTS:
            customers.create_instrument(ids[owned.owner], {
                "kind": owned.kind, "name": owned.name, "maker": owned.maker, "model": owned.model,
                "serial": owned.serial, "tag": owned.tag, "year": owned.year})
    return ids


def see_papers(users: dict[str, User], clock: MovingClock) -> None:
    """Checks that others made, or that were made before this register, as their papers and stickers say."""
    with acting_as(*_of(users["tiepnhan"])):
        for known in KNOWN:
            (owned,) = customers.recognise(known.serial)
            checks.record(owned.id, checks.Check(
                known.service, known.verdict, clock.day_ago(known.days_ago), "Trung tâm Kỹ thuật 2 (trình diễn)",
                known.number, known.sticker, None if known.until is None else clock.day_ago(-known.until)))


def register_standards(users: dict[str, User], clock: MovingClock) -> dict[str, int]:
    """{asset number: standard id}; each is entered when its certificate came, oldest first."""
    ids: dict[str, int] = {}
    keeper = users["chatluong"]
    with acting_as(*_of(keeper)):
        for held in sorted((*STANDARDS, *library_work.STANDARDS), key=lambda held: -held.calibrated):
            clock.move_to(days_ago=held.calibrated - 5, hour=9)
            standard = equipment.register_standard(
                _details(held, users), interval_count=held.months, interval_unit="months", by=keeper)
            assurance.earlier_certificates(standard, held, clock, keeper)
            enter_certificate(standard.id, _entry(held, clock, [ids[name] for name in held.parents]), by=keeper)
            ids[held.asset_number] = standard.id
            if held.part_of:
                functions.add_part(ids[held.part_of], held.asset_number, by=keeper)
    return ids


def set_schedules(users: dict[str, User], standard_ids: dict[str, int], clock: MovingClock) -> None:
    """Checks, maintenance and limits of use beside the calibrations, with who acts and what outside work costs."""
    keeper = users["chatluong"]
    with acting_as(*_of(keeper)):
        for planned in SCHEDULES:
            schedules.set_schedule(
                standard_ids[planned.asset_number], planned.duty, label=planned.label, interval_count=planned.every,
                interval_unit=planned.unit, last_done_on=None if planned.done is None else clock.day_ago(planned.done),
                terms=schedules.Terms(provider=planned.provider, cost=_number(planned.cost), team=planned.team))
        for asset_number, days_ago, hours in USE:
            uses.log_use(standard_ids[asset_number], unit="hours", amount=Decimal(hours), note="",
                         used_on=clock.day_ago(days_ago), by=keeper)


def fill_records(users: dict[str, User], standard_ids: dict[str, int], clock: MovingClock) -> None:
    """A calibrator's second function with its table, a document and a repair, a standard kept for a job."""
    keeper, technician = users["chatluong"], users["ktv1"]
    calibrator = standard_ids["CH-DA-001"]
    with acting_as(*_of(keeper)):
        functions.save_function(calibrator, functions.FunctionDetails(
            name="Điện trở 4 dây", quantity="resistance", unit="Ω", range_low=Decimal(1), range_high=Decimal(10000),
            drift_half_width=Decimal("0.002")), by=keeper)
        (added,) = equipment.standard(calibrator).functions
        held = next(one for one in STANDARDS if one.asset_number == "CH-DA-001")
        enter_certificate(calibrator, CertificateEntry(
            number=f"{clock.day_ago(held.calibrated):%y}.CHDA001", issuer=VMI, route="cipm_mra", unit="Ω",
            calibrated_on=clock.day_ago(held.calibrated), function_id=added.id, rows=[
                TypedRow("1", "1,00001", "0,00004", "2"), TypedRow("100", "100,0008", "0,002", "2"),
                TypedRow("10000", "10000,02", "0,2", "2")]), by=keeper)
        records.add_event(calibrator, records.Event(
            kind="repair", on=clock.day_ago(30), text="Thay quạt làm mát, đã chạy thử 24 giờ", cost=Decimal(1_250_000)),
            by=keeper)
        reservations.reserve(standard_ids["CH-AS-014"], first_on=clock.local_day(), user_id=technician.id,
                             last_on=clock.local_day() + timedelta(days=20), despite=False, by=keeper,
                             purpose="Kiểm định áp kế tại Nhà máy Bia Minh Sơn")


def take_out_of_use(users: dict[str, User], standard_ids: dict[str, int]) -> None:
    """The standards that are away, quarantined or the like today."""
    keeper = users["chatluong"]
    with acting_as(*_of(keeper)):
        for held in STANDARDS:
            if held.state != "in_use":
                equipment.change_state(standard_ids[held.asset_number], held.state, held.reason, expected="in_use",
                                       by=keeper)


def _details(held: Held, users: dict[str, User]) -> equipment.StandardDetails:
    return equipment.StandardDetails(
        asset_number=held.asset_number, name=held.name, name_en=held.name_en, quantity=held.quantity, unit=held.unit,
        serial=held.serial, maker=held.maker, model=held.model, accuracy=held.accuracy, range_low=_number(held.low),
        range_high=_number(held.high), drift_half_width=_number(held.drift), resolution=_number(held.resolution),
        mpe=_number(held.mpe),
        spread_unit=held.spread_unit, level=held.level, location=held.location,
        custodian_id=users[held.custodian].id)


def _entry(held: Held, clock: MovingClock, parent_ids: list[int]) -> CertificateEntry:
    on = clock.day_ago(held.calibrated)
    return CertificateEntry(
        number=f"{on:%y}.{held.asset_number.replace('-', '')}", issuer=held.issuer, route=held.route, calibrated_on=on,
        unit=held.unit, spread_unit=held.spread_unit, accreditation="VILAS 000" if held.route == "ilac_mra" else "",
        parent_ids=parent_ids, traceable_to="" if parent_ids else "SI qua chuẩn quốc gia",
        rows=[TypedRow(*row) for row in held.rows])


def _number(text: str) -> Decimal | None:
    return Decimal(text.replace(",", ".")) if text else None


def _of(user: User) -> tuple[int, str]:
    return user.id, user.full_name
