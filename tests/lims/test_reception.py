"""Reception: what comes in, what is agreed, who gets it, what goes back."""
from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa

from lims.auth.models import User
from lims.customers import service as customers
from lims.customers.models import Customer, Instrument
from lims.jobs import procedures, service
from lims.jobs.models import Job, JobItem
from lims.jobs.service import ReceivedItem, Reception
from lims.shared import clock
from lims.shared.db import db, session, write
from lims.shared.errors import Conflict, Invalid
from lims.staff import service as staff
from tests.conftest import StoppedClock
from tests.lims.people import logged_in, person


def published() -> dict[str, int]:
    return {row.code: row.id for row in procedures.publish_shipped(actor=("", "test"))}


def rice_mill() -> Customer:
    return customers.create_customer({"name": "Nhà máy gạo Bình Minh", "address": "Thôn 3", "tax_code": "0100000033"})


def meters(versions: dict[str, int], *serials: str) -> list[ReceivedItem]:
    return [ReceivedItem(versions["QT-DI-01"], kind="multimeter", name="Đồng hồ vạn năng", maker="Fluke", model="117",
                         serial=serial) for serial in serials]


def received(user: User, *serials: str) -> Job:
    customer = session().scalar(sa.select(Customer)) or rice_mill()
    return service.receive(Reception(customer.id, clock.today(), meters(published(), *serials)), user)


def test_numbers_run_on_within_a_year_of_the_laboratory(app_on_both: Any, clock: StoppedClock) -> None:
    user = person("reception")
    first, second = received(user, "A1"), received(user, "A2")
    clock.instant = clock.instant.replace(month=12, day=31, hour=17, minute=30)  # 00:30 on 1 January in the laboratory
    third = received(user, "A3")
    assert [job.number for job in (first, second, third)] == ["26-00001", "26-00002", "27-00001"]
    assert [item.code for item in second.items] == ["26-00002/01"]


def test_a_known_serial_is_recognised_however_it_is_typed(app_on_both: Any) -> None:
    received(person("reception"), "AK-229 1745")
    assert [row.serial for row in customers.recognise("ak2291745")] == ["AK-229 1745"]


def test_the_same_instrument_is_not_registered_twice(app_on_both: Any) -> None:
    user = person("reception")
    received(user, "38120441")
    with pytest.raises(Invalid) as refusal:
        received(user, "3812 0441")
    assert refusal.value.field == "items.0.serial"


def test_two_lines_with_one_serial_are_refused_at_the_second(app: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        received(person("reception"), "7", "8", " 7")
    assert refusal.value.field == "items.2.serial"
    assert session().scalar(sa.select(sa.func.count()).select_from(Job)) == 0


def test_a_procedure_serves_only_its_kinds(app: Any) -> None:
    versions, user, customer = published(), person("reception"), rice_mill()
    wrong = ReceivedItem(versions["QT-KL-01"], kind="multimeter", name="Đồng hồ", serial="1")
    with pytest.raises(Invalid) as refusal:
        service.receive(Reception(customer.id, clock.today(), [wrong]), user)
    assert refusal.value.field == "items.0.procedure_id"


def test_nothing_is_assigned_before_the_request_is_reviewed(app: Any) -> None:
    user, technician = person("reception"), person("technician")
    job = received(user, "1")
    with pytest.raises(Conflict):
        service.assign([job.items[0].id], technician.id)


def test_an_item_is_assigned_to_an_authorised_person_only(app: Any) -> None:
    user, technician = person("reception"), person("technician")
    job = received(user, "1")
    service.review_request(job.id, rules={job.items[0].id: "simple"}, intervals={}, note="", user=user)
    with pytest.raises(Invalid):
        service.assign([job.items[0].id], technician.id)
    staff.grant(user_id=technician.id, procedure_code="QT-DI-01", activities=["perform"], valid_from=clock.today(),
                valid_to=None, basis="QĐ 1")
    service.assign([job.items[0].id], technician.id)
    assert service.get_item(job.items[0].id).state == "assigned"


def form_of(page: str) -> dict[str, str]:
    """What the browser would send back from the reception page's first line."""
    names = re.findall(r'name="((?:items-0-)?[a-z_]+)"', page)
    return dict.fromkeys(names, "")


def test_a_refused_form_says_why_at_the_field_and_keeps_what_was_typed(app: Any) -> None:
    versions, client = published(), logged_in(app, person("reception"))
    typed = form_of(client.get("/jobs/new").get_data(as_text=True)) | {
        "customer": "Cơ sở Hồng Phát", "received_on": "31/02/2026", "place": "laboratory",
        "items-0-serial": "X\u202e1", "items-0-kind": "multimeter", "items-0-name": "Đồng hồ vạn năng",
        "items-0-procedure_id": str(versions["QT-DI-01"])}
    response = client.post("/jobs/new", data=typed)
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "Không có ngày này" in page
    assert "ký tự ẩn" in page
    assert all(f'value="{text}"' in page for text in ("Cơ sở Hồng Phát", "31/02/2026", "Đồng hồ vạn năng"))
    assert session().scalar(sa.select(sa.func.count()).select_from(Customer)) == 0


def test_a_refused_form_says_what_was_recognised_and_which_lists_are_left_empty(app: Any) -> None:
    user = person("reception")
    job, client = received(user, "77001"), logged_in(app, user)
    page = client.post("/jobs/new", data={
        "customer_id": str(job.customer_id), "customer": job.customer.name, "received_on": "", "place": "laboratory",
        "items-0-instrument_id": str(job.items[0].instrument_id), "items-0-serial": "77001", "items-0-kind": "",
        "items-0-name": "Đồng hồ", "items-0-procedure_id": ""}).get_data(as_text=True)
    assert re.search(r"data-recognised>\s*Đã có trong sổ: Đồng hồ 77001", page)
    told = dict(re.findall(r'id="([\w-]+)-e".*?((?:Hãy [^<]*)|$)', page))
    assert told["received_on"].strip() == "Hãy điền ô này."
    chosen = [told[f"items-0-{name}"].strip() for name in ("kind", "procedure_id")]
    assert chosen == ["Hãy chọn một mục trong danh sách."] * 2


def test_nothing_is_ticked_before_the_request_is_reviewed(app: Any) -> None:
    user = person("reception")
    job, client = received(user, "1"), logged_in(app, user)
    ticked = re.compile(r'name="item"[^>]* checked')
    assert not ticked.search(client.get(f"/jobs/{job.id}").text)
    service.review_request(job.id, rules={job.items[0].id: "simple"}, intervals={}, note="", user=user)
    assert ticked.search(client.get(f"/jobs/{job.id}").text)


def test_a_new_customer_and_a_new_instrument_come_in_by_one_form(app: Any) -> None:
    versions, client = published(), logged_in(app, person("reception"))
    response = client.post("/jobs/new", data={
        "customer": "Cơ sở Hồng Phát <b>&", "new_address": "Chợ Đông Hà", "received_on": "23/11/2026",
        "promised_on": "30/11/2026", "place": "laboratory", "items-0-serial": "00123", "items-0-kind": "multimeter",
        "items-0-name": "Đồng hồ vạn năng", "items-0-procedure_id": str(versions["QT-DI-01"]), "items-0-regime": ""})
    assert response.status_code == 303
    page = client.get(response.headers["Location"]).get_data(as_text=True)
    assert "Cơ sở Hồng Phát &lt;b&gt;&amp;" in page
    assert session().scalars(sa.select(Instrument.serial)).all() == ["00123"]
    assert session().scalars(sa.select(JobItem.decision_rule)).all() == [""]


def test_a_wrong_interval_is_told_at_its_field_and_nothing_is_recorded(app: Any) -> None:
    user = person("reception")
    job = received(user, "1")
    item = job.items[0].id
    response = logged_in(app, user).post(f"/jobs/{job.id}/review", data={
        f"rule-{item}": "guarded", f"interval-{item}": "１２", "note": "Đã gọi chị Lan"})
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "Cần một số nguyên từ 1 đến 240" in page
    assert all(text in page for text in ('value="１２"', 'selected value="guarded"', "Đã gọi chị Lan"))
    assert service.get_job(job.id).reviewed_at is None


def test_giving_work_needs_no_receiver_and_somebody_authorised(app: Any) -> None:
    user, technician = person("reception"), person("technician")
    job = received(user, "1")
    item = job.items[0].id
    service.review_request(job.id, rules={item: ""}, intervals={}, note="", user=user)
    client, wanted = logged_in(app, user), {"item": str(item), "user": str(technician.id), "to": ""}
    refused = client.post(f"/jobs/{job.id}/assign", data=wanted)
    assert refused.status_code == 422
    assert "chưa được giao thực hiện QT-DI-01" in refused.get_data(as_text=True)
    staff.grant(user_id=technician.id, procedure_code="QT-DI-01", activities=["perform"], valid_from=clock.today(),
                valid_to=None, basis="QĐ 1")
    assert client.post(f"/jobs/{job.id}/assign", data=wanted).status_code == 303
    assert service.get_item(item).assigned_to_id == technician.id


def test_the_promised_day_is_moved_on_the_page_and_nobody_overwrites_unseen(app: Any) -> None:
    user = person("reception")
    job = received(user, "1")
    client, said = logged_in(app, user), {"version": job.version, "delivered_by": "Anh Ba", "note": ""}
    assert client.get(f"/jobs/{job.id}").get_data(as_text=True).count('id="change-job"') == 1
    early = client.post(f"/jobs/{job.id}/change", data={**said, "promised_on": "01/01/2026"})
    assert early.status_code == 422
    assert "Anh Ba" in early.get_data(as_text=True)
    later = {**said, "promised_on": "24/12/2026"}
    assert client.post(f"/jobs/{job.id}/change", data=later).status_code == 303
    assert service.get_job(job.id).promised_on.isoformat() == "2026-12-24"
    assert client.post(f"/jobs/{job.id}/change", data={**later, "note": "x"}).status_code == 422  # an older version


def test_an_item_is_cancelled_with_its_reason_only(app: Any) -> None:
    user = person("reception")
    job = received(user, "1")
    item, client = job.items[0].id, logged_in(app, user)
    refused = client.post(f"/items/{item}/cancel", data={"reason": " "})
    assert refused.status_code == 422
    assert f'id="cancel-{item}" aria-labelledby="cancel-{item}-t" data-open-now' in refused.get_data(as_text=True)
    assert client.post(f"/items/{item}/cancel", data={"reason": "Khách mang về"}).status_code == 303
    assert service.get_item(item).state == "cancelled"


def test_handing_over_takes_what_is_ready_of_the_ticked(app: Any) -> None:
    user = person("reception")
    job = received(user, "1", "2")
    ready, waiting = (item.id for item in job.items)
    with write("item.issue", actor=("", "test")):
        service.get_item(ready).state = "issued"
    client = logged_in(app, user)
    ticked = {"item": [str(ready), str(waiting)]}
    assert client.post(f"/jobs/{job.id}/hand-over", data={**ticked, "to": ""}).status_code == 422
    assert client.post(f"/jobs/{job.id}/hand-over", data={**ticked, "to": "Chị Lan"}).status_code == 303
    assert [service.get_item(item).state for item in (ready, waiting)] == ["handed_over", "received"]


@pytest.mark.parametrize("word", ["binh minh", "BÌNH MINH", "gao binh", "KH-0001", "0100000033"])
def test_a_customer_is_found_without_accents(app: Any, word: str) -> None:
    rice_mill()
    assert [found.code for found in customers.find_customers(word)] == ["KH-0001"]


def test_wildcards_in_a_search_are_plain_text(app: Any) -> None:
    rice_mill()
    assert customers.find_customers("zz%_") == []


def test_the_list_of_jobs_asks_the_database_as_often_for_many_rows_as_for_few(app: Any) -> None:
    user_id = person("reception").id
    client, counts = logged_in(app, session().get_one(User, user_id)), []
    for batch in (("1", "2"), ("3", "4", "5", "6")):
        for serial in batch:
            received(session().get_one(User, user_id), serial)
        db.session.remove()
        statements: list[str] = []

        def note(*args: Any, kept: list[str] = statements) -> None:
            kept.append(args[2])

        sa.event.listen(db.engine, "before_cursor_execute", note)
        client.get("/jobs")
        sa.event.remove(db.engine, "before_cursor_execute", note)
        counts.append(len(statements))
    assert counts[0] == counts[1]
