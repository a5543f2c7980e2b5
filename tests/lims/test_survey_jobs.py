"""From the recommendation of a survey to a job, once."""
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import sqlalchemy as sa

from lims.auth.models import User
from lims.jobs import procedures
from lims.jobs.models import Job
from lims.shared import clock
from lims.shared.db import db, session
from lims.shared.errors import Conflict
from lims.surveys import finishing, follow_up, listing, service
from tests.lims.people import logged_in, person
from tests.lims.surveying import SCALE, VISIT, begun


def test_a_recommendation_becomes_a_job_once(app: Any, surveyor: User) -> None:
    procedures.publish_shipped(actor=("", "test"))
    survey = begun(surveyor, None, SCALE, SCALE | {"serial": "TH", "kind": "grain_moisture_meter"})
    finishing.finish(survey.id, keep=(), out_of_use=(), user=surveyor)
    first, second = follow_up.wishes(service.get(survey.id), "vi")
    assert first.offered
    assert second.offered == []
    today = clock.today()
    browser = logged_in(app, surveyor)
    data = {"row": str(first.row.id), "received_on": f"{today:%d/%m/%Y}",
            "promised_on": f"{today + timedelta(days=7):%d/%m/%Y}"}
    assert browser.post(f"/surveys/{survey.id}/job", data=data).status_code == 303
    (job,) = session().scalars(sa.select(Job))
    assert (job.place, [item.instrument.serial for item in job.items], survey.number in job.note) == (
        "customer", ["0915077"], True)
    assert browser.post(f"/surveys/{survey.id}/job", data=data).status_code == 422
    for query, number in ((listing.rows(), 2), (listing.rows(year=2026), 2), (listing.rows(year=2025), 0),
                          (listing.rows(waiting=True), 1), (listing.rows(advice="verify"), 2)):
        assert listing.number_of(query) == number
    left = browser.get("/surveys/rows?waiting=1").text
    assert "TH" in left
    assert "0915077" not in left
    profile = browser.get(f"/customers/{survey.customer_id}").text
    assert survey.number in profile
    assert "1 trên 2 đã lập phiếu" in profile
    assert session().scalar(sa.select(sa.func.count()).select_from(Job)) == 1


def test_two_people_in_the_same_second_make_one_job(app_on_both: Any) -> None:
    procedures.publish_shipped(actor=("", "test"))
    users = [person("reception", "mot"), person("reception", "hai")]
    survey = begun(users[0], None, SCALE)
    finishing.finish(survey.id, keep=(), out_of_use=(), user=users[0])
    (wish,) = follow_up.wishes(service.get(survey.id), "vi")
    survey_id, chosen = survey.id, {wish.row.id: wish.offered[0][0].id}
    user_ids, together = [user.id for user in users], Barrier(2)
    session().rollback()

    def press(turn: int) -> str:
        with app_on_both.app_context():
            user = session().get_one(User, user_ids[turn])
            together.wait(30)
            try:
                made = follow_up.receive(survey_id, chosen, received_on=VISIT, promised_on=None, note="", user=user)
                return made.number
            except Conflict:
                return ""
            finally:
                db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(press, range(2)))
    (job,) = session().scalars(sa.select(Job))
    assert answers == ["", job.number]


def test_what_was_typed_stays_when_the_recommendations_were_taken_up_meanwhile(app: Any, surveyor: User) -> None:
    survey = begun(surveyor, None, {"kind": "calliper", "serial": "TC"})
    finishing.finish(survey.id, keep=(), out_of_use=(), user=surveyor)
    answer = logged_in(app, surveyor).post(f"/surveys/{survey.id}/job", data={"received_on": "31/02/2026"})
    assert answer.status_code == 422
    assert "31/02/2026" in answer.get_data(as_text=True)
