"""Loading the demonstration laboratory into an empty data folder."""
from __future__ import annotations

import json
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from lims.auth.models import User
from lims.demo import archive, assurance, assured, competence, laboratory, plan, scope, surveyed, work
from lims.demo.clock import MovingClock
from lims.demo.people import PEOPLE
from lims.jobs import procedures
from lims.shared.db import session
from lims.shared.errors import Conflict
from lims.shared.organisation import Organisation

ACCOUNTS = "demonstration-accounts.json"


def load(app: Flask) -> dict[str, str]:
    """Fill the database behind `app`; {user name: password}. A loaded demonstration is left as it is.

    Raises Conflict where a real laboratory lives, or where an earlier loading was broken off.
    """
    folder: Path = app.extensions["settings"].data_dir
    if _is_loaded(folder):
        return _accounts(folder)
    clock = MovingClock(app.extensions["clock"]())
    real_clock, app.extensions["clock"] = app.extensions["clock"], clock
    try:
        users, passwords = laboratory.make_people()
        laboratory.describe(users)
        procedures.publish_shipped(actor=laboratory.SETTING_UP)
        laboratory.authorise(users, clock)
        customer_ids = laboratory.add_customers(users)
        standard_ids = laboratory.register_standards(users, clock)
        scope.enter(users, clock)
        work.do_the_work(users, customer_ids, standard_ids, clock, passwords)
        assurance.assure(users, standard_ids, clock)
        laboratory.see_papers(users, clock)
        surveyed.survey(users, customer_ids, clock)
        competence.record(users, clock)
        surveyed.buy(users)
        assured.assure(users, customer_ids, clock)
        plan.enter(users, clock)
        archive.keep(users)
    finally:
        app.extensions["clock"] = real_clock
    _keep(folder, passwords)
    return passwords


def titles() -> dict[str, str]:
    """{user name: full name, title} for the printed list."""
    return {person.username: f"{person.full_name}, {person.title}" for person in PEOPLE}


def _is_loaded(folder: Path) -> bool:
    laboratory_row = session().get(Organisation, 1)
    people = session().scalar(sa.select(sa.func.count()).select_from(User)) or 0
    if laboratory_row is None and not people:
        return False
    if laboratory_row is not None and laboratory_row.demonstration:
        if (folder / ACCOUNTS).exists():  # written last
            return True
        raise Conflict("Lần nạp trước bị ngắt giữa chừng; hãy xóa thư mục dữ liệu rồi nạp lại.",
                       "An earlier loading was broken off; remove the data folder and load again.")
    raise Conflict("Thư mục dữ liệu này đã có dữ liệu; dữ liệu trình diễn chỉ nạp vào chỗ trống.",
                   "This data folder holds data already; the demonstration is loaded into an empty one only.")


def _accounts(folder: Path) -> dict[str, str]:
    return dict(json.loads((folder / ACCOUNTS).read_text()))


def _keep(folder: Path, passwords: dict[str, str]) -> None:
    path = folder / ACCOUNTS
    path.touch(mode=0o600)
    path.write_text(json.dumps(passwords, indent=1))
