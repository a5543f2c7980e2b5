"""Enterprises: the profile, the instruments in use, what is known of their last check, and the legal due dates."""
from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from instruments.legal import legal_rows
from lims.customers import checks, listing, service
from lims.customers.checks import Check
from lims.customers.legal_duty import STATES, Standing, due_on, forget_rows, legal_kinds, state_on
from lims.customers.models import Customer, Instrument
from lims.issue import issuing
from lims.issue import service as issue
from lims.legal.models import CatalogueRow, LegalEdition
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Invalid
from tests.conftest import PASSWORD
from tests.lims import factories, laboratory
from tests.lims.people import logged_in, person

TODAY = date(2026, 11, 23)
ACTOR = ("", "test")
SCALE, GAUGE, TAPE, CALLIPER = "platform_scale", "dial_pressure_gauge", "tape_measure", "calliper"


def enterprise(**other: Any) -> Customer:
    return service.create_customer({"name": "Nhà máy gạo Bình Minh", "address": "Thôn 3", "commune": "Xã Bình Minh",
                                    "sector": "food"} | other)


def owned(owner: Customer, serial: str, kind: str = SCALE, **known: Any) -> Instrument:
    return service.create_instrument(owner.id, {"kind": kind, "name": "Cân bàn", "serial": serial} | known)


# ---- rules ----


def test_the_period_of_the_day_of_verification_decides_the_due_date() -> None:
    before = due_on(SCALE, service="verification", verdict="pass", done_on=date(2026, 3, 31), stated=None)
    assert before == date(2027, 3, 31)  # 12 months by the edition before 15/04/2026


def test_what_the_paper_states_is_not_reckoned_anew() -> None:
    stated = date(2026, 12, 24)
    assert due_on(SCALE, service="verification", verdict="pass", done_on=date(2026, 3, 31), stated=stated) == stated


@pytest.mark.parametrize("verdict", ["fail", "withdrawn", ""])
def test_only_a_check_that_passed_gives_validity(verdict: str) -> None:
    assert due_on(SCALE, service="verification", verdict=verdict, done_on=TODAY, stated=TODAY) is None


def test_a_kind_that_is_verified_once_has_no_due_date_and_is_no_overdue_one() -> None:
    assert due_on(TAPE, service="verification", verdict="pass", done_on=date(2015, 1, 5), stated=None) is None
    assert state_on(Standing(TAPE, "verification", "pass", None), TODAY, 60) == "once"


def test_a_calibration_does_not_stand_for_the_verification_that_the_law_asks_for() -> None:
    later = TODAY + timedelta(days=200)
    assert state_on(Standing(GAUGE, "calibration", "pass", later), TODAY, 60) == "unverified"
    assert state_on(Standing(CALLIPER, "calibration", "pass", later), TODAY, 60) == "in_date"


@given(days=st.integers(-400, 400), window=st.integers(1, 90))
def test_an_instrument_is_usable_through_its_due_date(days: int, window: int) -> None:
    found = state_on(Standing(SCALE, "verification", "pass", TODAY + timedelta(days=days)), TODAY, window)
    assert found == ("overdue" if days < 0 else "due_soon" if days <= window else "in_date")


def test_every_row_of_the_list_in_force_has_a_kind() -> None:
    items = {row.item for row in legal_kinds(TODAY).values()}
    assert items == {row.item for row in legal_rows() if row.in_force(TODAY)}


# ---- what is learned of an instrument ----


def test_a_newer_check_takes_the_place_of_an_older_one_only(app: Any) -> None:
    row = owned(enterprise(), "A1")
    checks.record(row.id, Check("verification", "pass", date(2026, 10, 1), number="KĐ-2"))
    assert not checks.record(row.id, Check("verification", "pass", date(2025, 10, 1), number="KĐ-1"))
    assert not checks.record(row.id, Check("calibration", "pass", date(2026, 11, 1), number="HC-9"))
    assert session().get_one(Instrument, row.id).last_number == "KĐ-2"


def test_an_issued_verification_is_known_at_the_instrument_until_it_is_withdrawn(app_on_both: Any) -> None:
    head = laboratory.approver(laboratory.opened(), factories.GAUGE)
    item = laboratory.waiting(factories.GAUGE, laboratory.officer(factories.technician(factories.GAUGE, "kdv")))
    laboratory.confirmed_gauge(head)
    certificate = issuing.issue_certificate(item.id, signer=head, password=PASSWORD)
    row = session().get_one(Instrument, item.instrument_id)
    assert (row.last_service, row.last_verdict, row.last_number) == ("verification", "pass", certificate.number)
    assert row.due_on == certificate.valid_until is not None
    issue.withdraw(certificate.id, signer=head, password=PASSWORD, reason="nhầm")
    row = session().get_one(Instrument, item.instrument_id)
    assert (row.last_verdict, row.due_on) == ("withdrawn", None)


def test_an_end_before_the_check_is_refused_at_its_field(app: Any) -> None:
    with pytest.raises(Invalid) as refused:
        owned(enterprise(), "A1", last_service="verification", last_on=date(2026, 5, 2), valid_until=date(2026, 5, 1))
    assert refused.value.field == "valid_until"


def test_the_laboratory_s_own_list_decides_and_due_dates_follow_it(app_on_both: Any) -> None:
    """An edition that came later with another period moves what was reckoned, not what the paper states."""
    owner = enterprise()
    reckoned = owned(owner, "A1", last_service="verification", last_on=date(2026, 6, 1))
    stated = owned(owner, "A2", last_service="verification", last_on=date(2026, 6, 1), valid_until=date(2027, 5, 31))
    assert reckoned.due_on == date(2027, 6, 1)
    row = session().scalars(sa.select(CatalogueRow).where(CatalogueRow.key == "8b@2026-04-15")).one()
    with write("test.period", actor=ACTOR) as current:
        shipped = current.get_one(LegalEdition, row.edition_id)
        edition = LegalEdition(document="thử", in_force_from=date(2026, 5, 1), whole=False, source="thử",
                               imported_by="thử", imported_at=clock.now(), file_id=shipped.file_id)
        current.add(edition)
        current.flush()
        values = {column.key: getattr(row, column.key) for column in sa.inspect(CatalogueRow).column_attrs}
        current.add(CatalogueRow(**values | {"id": None, "edition_id": edition.id, "key": "8b@2026-05-01",
                                             "effective_from": date(2026, 5, 1), "cycle_months": 24}))
    forget_rows()
    assert checks.refresh_due_dates(page=1) == 1
    assert session().get_one(Instrument, reckoned.id).due_on == date(2028, 6, 1)
    assert session().get_one(Instrument, stated.id).due_on == date(2027, 5, 31)


# ---- the list ----


def test_the_filters_of_the_list_and_its_figures_follow_the_rule(app_on_both: Any) -> None:
    """Every combination of kind, service, verdict and date is in the list of its state and in no other."""
    owner, today = enterprise(), clock.today()
    dates = [None, today - timedelta(days=1), today, today + timedelta(days=60), today + timedelta(days=61)]
    with write("test.rows", actor=ACTOR) as current:
        for number, (kind, done, verdict, due) in enumerate(product(
                (SCALE, TAPE, CALLIPER), ("", "verification", "calibration"), ("", "pass", "fail"), dates)):
            current.add(Instrument(customer_id=owner.id, kind=kind, name="Cân", serial=str(number), search=f"{number}",
                                   serial_key=str(number), created_at=clock.now(), last_service=done,
                                   last_verdict=verdict, due_on=due))
    every = listing.everything(listing.Filter(today))
    assert len(every) == 135
    found = {state: {line.instrument.id for line in listing.everything(listing.Filter(today, state=state))}
             for state in STATES}
    assert found == {state: {line.instrument.id for line in every if line.state == state} for state in STATES}
    assert listing.tally(listing.Filter(today, state="overdue")) == {
        "": 135, **{state: len(ids) for state, ids in found.items() if ids}}
    now = {line.instrument.id for line in listing.everything(listing.Filter(today, need="now"))}
    assert now == found["overdue"] | found["unverified"]


def test_pages_of_the_list_follow_each_other_without_gap(app_on_both: Any) -> None:
    owner = enterprise()
    for number in range(7):
        owned(owner, f"A{number}", last_service="verification" if number % 2 else "",
              last_on=date(2026, 1, 1 + number // 4) if number % 2 else None)
    seen, after = [], ""
    while True:
        lines, after = listing.page(listing.Filter(clock.today()), after, size=2)
        seen += [line.instrument.serial for line in lines]
        if not after:
            break
    assert seen == ["A1", "A3", "A5", "A0", "A2", "A4", "A6"]


# ---- pages ----


def test_the_profile_shows_what_is_overdue_and_the_list_leads_there(app: Any) -> None:
    owner = enterprise(metrology_officer="Cao Văn Phúc")
    owned(owner, "H300-552", last_service="verification", last_on=date(2025, 11, 20), last_number="KĐ-0302")
    browser = logged_in(app, person("reception"))
    page = browser.get(f"/customers/{owner.id}").get_data(as_text=True)
    assert "Cao Văn Phúc" in page
    assert "Quá hạn 3 ngày" in page
    assert "KĐ-0302" in page
    assert "H300-552" in browser.get("/instruments?state=overdue&commune=Xã Bình Minh").get_data(as_text=True)
    assert "H300-552" not in browser.get("/instruments?state=in_date").get_data(as_text=True)
    gone = owned(owner, "CŨ-01")
    with write("test.gone", actor=("", "test")):
        session().get_one(Instrument, gone.id).in_use = False
    page = browser.get(f"/customers/{owner.id}").get_data(as_text=True)
    assert "CŨ-01" not in page
    assert f"/customers/{owner.id}?unused=1" in page
    page = browser.get(f"/customers/{owner.id}?unused=1&q=cu").get_data(as_text=True)
    assert "CŨ-01" in page
    assert "H300-552" not in page


def test_the_last_check_is_typed_at_the_instrument(app: Any) -> None:
    owner = enterprise()
    browser = logged_in(app, person("reception"))
    values = {"kind": SCALE, "name": "Cân bàn", "serial": "B7", "in_use": "y", "last_service": "verification",
              "last_verdict": "pass", "last_on": "31/03/2026"}
    assert browser.post(f"/customers/{owner.id}/instruments/new", data=values | {"last_on": "01/01/2099"}
                        ).status_code == 422
    assert browser.post(f"/customers/{owner.id}/instruments/new", data=values).status_code == 303
    (row,) = service.recognise("B7")
    assert row.due_on == date(2027, 3, 31)


def test_what_another_changed_about_an_enterprise_is_not_overwritten_unseen(app: Any) -> None:
    row = factories.customer(phone="0200 360 0101")
    client, seen = logged_in(app, person("reception")), row.version
    mine = {"name": row.name, "address": "đường khác", "phone": "0200 360 0101", "active": "y", "version": str(seen)}
    assert f'name="version" type="hidden" value="{seen}"' in client.get(f"/customers/{row.id}/edit").text
    assert client.post(f"/customers/{row.id}/edit", data={**mine, "phone": "0200 360 0999"}).status_code == 303
    refused = client.post(f"/customers/{row.id}/edit", data=mine)
    assert refused.status_code == 422
    assert "Người khác vừa sửa doanh nghiệp này" in refused.text
    session().expire_all()
    assert service.customer(row.id).phone == "0200 360 0999"
