"""Stickers and seals: a number is used once, whoever is how fast; hands and balance add up; documents carry them."""
from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from lims.auth.models import User
from lims.issue import afterwards, archive, issuing
from lims.issue.dossier import load
from lims.jobs import submission
from lims.jobs.cells import Change
from lims.jobs.models import JobItem
from lims.legal import sticker_reports as reports
from lims.legal import sticker_rules as rules
from lims.legal import stickers
from lims.legal.sticker_models import Sticker, StickerMove
from lims.legal.stickers import NewSeries
from lims.shared import clock
from lims.shared.db import db, session
from lims.shared.errors import Conflict, DomainError, Invalid
from tests.conftest import PASSWORD
from tests.lims import factories, laboratory
from tests.lims.factories import GAUGE
from tests.lims.people import logged_in, person

SERIES = NewSeries("verification", "26V.00001", "26V.00020", date(2026, 11, 20), "Ủy ban TCĐLCL")
PLAYED = st.lists(st.sampled_from(sorted(rules.ACTS)), max_size=12)


@settings(deadline=None)
@given(PLAYED)
def test_no_act_leads_back_from_the_end(acts: list[str]) -> None:
    state, used = "stock", 0
    for act in acts:
        before, state = state, rules.after(state, act) or state
        used += act == "use" and before != state
        assert not (before in ("used", "spoiled", "lost", "void") and state not in (before, "void"))
    assert used <= 1


@settings(deadline=None)
@given(st.lists(PLAYED, max_size=8))
def test_a_hand_holds_what_its_numbers_say(numbers: list[list[str]]) -> None:
    moved: list[tuple[str, int]] = []
    held = 0
    for acts in numbers:
        state = "stock"
        for act in acts:
            following = rules.after(state, act)
            if following is None or (state == "stock" and act != "assign"):
                continue
            state = following
            moved.append((act, 1))
        held += state in ("assigned", "drawn")
    assert rules.held_change(moved) == held


@settings(deadline=None)
@given(st.text("AB.-/0", max_size=6), st.integers(0, 10**6), st.integers(1, 7))
def test_a_written_number_is_taken_apart_again(prefix: str, serial: int, width: int) -> None:
    number = rules.written(prefix.rstrip("0"), serial, width)
    assert rules.taken_apart(number) == (prefix.rstrip("0"), serial, max(width, len(str(serial))))


@pytest.fixture
def keeper(app: Any) -> User:
    laboratory.opened()
    return person("quality_manager", "chatluong")


def stocked(keeper: User, holder: User, count: int = 5, kind: str = "verification") -> int:
    """A series of twenty of which the holder has the first few."""
    series = stickers.receive(NewSeries(kind, "26V.00001", "26V.00020", date(2026, 11, 20)), keeper)
    stickers.move(series.id, "26V.00001", f"26V.{count:05d}", "assign", keeper, holder_id=holder.id)
    return series.id


def test_a_series_is_received_once(keeper: User) -> None:
    series = stickers.receive(SERIES, keeper)
    assert [line.balance.received for line in reports.balances()] == [20]
    for first, last in (("26V.00020", "26V.00030"), ("26V.00005", "26V.00006"), ("26V.00001", "26V.00020")):
        with pytest.raises(Invalid):
            stickers.receive(NewSeries("verification", first, last, date(2026, 11, 20)), keeper)
    for first, last in (("A", "B"), ("26V.2", "26V.1"), ("26V.1", "27V.2"), ("1", "99999")):
        with pytest.raises(Invalid):
            stickers.receive(NewSeries("verification", first, last, date(2026, 11, 20)), keeper)
    assert series.width == 5


def test_all_of_a_run_move_or_none(keeper: User) -> None:
    holder = factories.technician(GAUGE)
    series_id = stocked(keeper, holder)
    with pytest.raises(Conflict):
        stickers.move(series_id, "26V.00005", "26V.00006", "assign", keeper, holder_id=keeper.id)
    with pytest.raises(Invalid):
        stickers.move(series_id, "26V.00021", "", "return", keeper)
    with pytest.raises(Invalid):
        stickers.move(series_id, "4", "4", "spoil", keeper)
    stickers.move(series_id, "4", "5", "lose", keeper, reason="rơi ở hiện trường")
    stickers.move(series_id, "26V.00003", "", "return", keeper)
    (line,) = reports.balances()
    assert (line.balance.counts, line.balance.left) == ({"assigned": 2, "lost": 2, "stock": 16}, 18)
    (mine,) = reports.day(clock.today())
    assert (mine.hand.opening, mine.hand.closing) == (0, 2)


def test_an_item_gets_the_lowest_number_of_the_hand_and_the_job_s_first(keeper: User) -> None:
    holder = factories.technician(GAUGE)
    series_id = stocked(keeper, holder, 3)
    item, other = factories.item(GAUGE, holder), factories.item(GAUGE, holder)
    stickers.move(series_id, "10", "10", "assign", keeper, holder_id=holder.id, job_id=item.job_id)
    assert stickers.draw(other.id, holder) == "26V.00001"
    assert stickers.draw(item.id, holder) == "26V.00010"
    with pytest.raises(Conflict):
        stickers.draw(item.id, holder)
    with pytest.raises(Conflict):
        stickers.draw(factories.item(GAUGE, holder).id, keeper)
    with pytest.raises(Invalid):
        stickers.draw(factories.item(GAUGE, holder).id, holder, "26V.00001")
    stickers.release(item.id, holder, number="26V.00010", spoiled="in lệch")
    assert session().get_one(JobItem, item.id).sticker == ""
    assert stickers.draw(item.id, holder, "26V.00002") == "26V.00002"


def test_two_people_never_get_one_number(app_on_both: Any) -> None:
    laboratory.opened()
    keeper, holder = person("quality_manager", "chatluong"), factories.technician(GAUGE)
    stocked(keeper, holder, 6)
    items = [factories.item(GAUGE, holder).id for _number in range(8)]
    holder_id, got, refused = holder.id, [], []
    gate = threading.Barrier(4)

    def work(mine: list[int]) -> None:
        with app_on_both.app_context():
            user = session().get_one(User, holder_id)
            gate.wait(30)
            for item_id in mine:
                try:
                    got.append(stickers.draw(item_id, user))
                except DomainError:
                    refused.append(item_id)
            db.session.remove()

    threads = [threading.Thread(target=work, args=(items[place::4],)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == len(set(got)) == 6
    assert len(refused) == 2
    session().rollback()
    drawn = session().scalars(sa.select(Sticker).where(Sticker.state == "drawn")).all()
    assert sorted(one.number for one in drawn) == sorted(got)
    assert {session().get_one(JobItem, one.item_id).sticker for one in drawn} == set(got)
    assert session().scalar(sa.select(sa.func.count()).select_from(StickerMove).where(
        StickerMove.act == "draw")) == 6


def verified(keeper: User, head: User, cells: dict[str, str] | None = None, **other: Any) -> JobItem:
    """A gauge that waits for its signature, measured by somebody with a card."""
    holder = factories.technician(GAUGE, f"ktv{session().query(User).count()}")
    laboratory.officer(holder)
    return laboratory.waiting(GAUGE, holder, cells=cells, **other)


@pytest.fixture
def head(keeper: User) -> User:
    signer = laboratory.approver(person("head", "kyten"), GAUGE)
    laboratory.confirmed_gauge(keeper)
    return signer


def test_a_passed_verification_uses_its_number_and_prints_it(keeper: User, head: User) -> None:
    item = verified(keeper, head)
    with pytest.raises(DomainError):  # the ledger is kept from here on
        stocked(keeper, item.worksheet.performed_by)
        issuing.issue_certificate(item.id, signer=head, password=PASSWORD)
    stickers.draw(item.id, item.worksheet.performed_by)
    made = issuing.issue_certificate(item.id, signer=head, password=PASSWORD)
    record = archive.record_of(made)
    assert (record.sticker, made.kind) == ("26V.00001", "verification")
    assert "mục 31" in record.validity.rule.vi  # type: ignore[union-attr]
    assert session().scalar(sa.select(Sticker.state).where(Sticker.number == "26V.00001")) == "used"
    afterwards.withdraw(made.id, signer=head, password=PASSWORD, reason="sai khách hàng")
    assert session().scalar(sa.select(Sticker.state).where(Sticker.number == "26V.00001")) == "void"


def test_without_room_the_reason_stands_in_its_place(keeper: User, head: User) -> None:
    item = verified(keeper, head)
    stocked(keeper, item.worksheet.performed_by)
    stickers.waive(item.id, "không có chỗ dán", item.worksheet.performed_by)
    made = issuing.issue_certificate(item.id, signer=head, password=PASSWORD)
    record = archive.record_of(made)
    assert record.sticker == ""
    assert any("không có chỗ dán" in remark.vi for remark in record.remarks)


def test_a_failed_verification_voids_the_old_sticker_and_uses_none(keeper: User, head: User) -> None:
    first = verified(keeper, head)
    stocked(keeper, first.worksheet.performed_by)
    stickers.draw(first.id, first.worksheet.performed_by)
    issuing.issue_certificate(first.id, signer=head, password=PASSWORD)
    holder = laboratory.officer(factories.technician(GAUGE, "kdv2"))
    sheet = factories.started(GAUGE, holder, of=first.instrument, served_by=first.worksheet.standards[0].standard)
    factories.type_cells(sheet, holder, [
        Change(cell, {"main/3/up/1": "5,700", "main/3/down/1": "5,690"}.get(cell, text), 0, "đọc lại hai lần", True)
        for cell, text in GAUGE.cells.items()])
    submission.submit(sheet.item.code, holder)
    again = sheet.item
    series_id = session().scalars(sa.select(Sticker.series_id)).first()
    assert series_id is not None
    stickers.move(series_id, "26V.00011", "", "assign", keeper, holder_id=again.worksheet.performed_by_id)
    stickers.draw(again.id, again.worksheet.performed_by)
    assert load(again.id).stickers.old == ("26V.00001",)
    made = issuing.issue_certificate(again.id, signer=head, password=PASSWORD)
    record = archive.record_of(made)
    assert (made.kind, record.sticker) == ("work_record", "")
    assert any("26V.00001: đã hủy" in remark.vi for remark in record.remarks)
    states = dict(session().execute(sa.select(Sticker.number, Sticker.state).where(
        Sticker.number.in_(("26V.00001", "26V.00011")))).all())
    assert states == {"26V.00001": "void", "26V.00011": "assigned"}


def test_a_count_that_differs_says_why(keeper: User) -> None:
    holder = factories.technician(GAUGE)
    stocked(keeper, holder)
    today = clock.today()
    with pytest.raises(Invalid):
        reports.count(today, holder.id, "verification", 4, "", keeper)
    assert reports.count(today, holder.id, "verification", 4, "một tem rách, chưa báo", keeper).expected == 5
    assert reports.day(today)[0].count is not None
    with pytest.raises(Conflict):
        reports.count(today, keeper.id, "verification", 0, "", keeper)


def test_the_pages_receive_hand_out_draw_and_count(app: Any, keeper: User) -> None:
    holder = factories.technician(GAUGE)
    client = logged_in(app, keeper)
    received = {"kind": "verification", "first": "26V.00001", "last": "26V.00010", "received_on": "20/11/2026"}
    assert client.post("/stickers", data={**received, "last": "26V"}).status_code == 422
    made = client.post("/stickers", data=received)
    assert made.status_code == 303
    moved = {"act": "assign", "first": "1", "last": "4", "holder": str(holder.id)}
    assert client.post(made.location, data={**moved, "holder": ""}).status_code == 422
    assert client.post(made.location, data={**moved, "job": "99-1"}).status_code == 422
    assert client.post(made.location, data=moved).status_code == 303
    item = factories.item(GAUGE, holder)
    own = logged_in(app, holder)
    assert own.post(f"/stickers/item/{item.code}/draw", data={"number": "26V.00009"}).status_code == 422
    assert own.post(f"/stickers/item/{item.code}/draw", data={}).status_code == 303
    assert "26V.00001" in own.get(f"/stickers/item/{item.code}").text
    counted = {"day": "23/11/2026", "holder": str(holder.id), "kind": "verification", "counted": "4"}
    assert client.post("/stickers/day", data={**counted, "counted": "3"}).status_code == 422
    assert client.post("/stickers/day", data=counted).status_code == 303
    assert client.get("/stickers/balance.pdf").data.startswith(b"%PDF")
    assert client.get("/stickers/balance.xlsx").status_code == 200
