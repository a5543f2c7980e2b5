"""What each person chose for the register: how many days before a due date its light turns amber."""
from __future__ import annotations

from flask import current_app

from lims.auth.models import User
from lims.equipment.recall import LONGEST_WINDOW
from lims.equipment.record_models import RegisterChoice
from lims.shared.db import session, write
from lims.shared.errors import Invalid


def due_soon_days(user_id: int) -> int:
    """The person's window, else the laboratory's (LIMS_DUE_SOON_DAYS)."""
    chosen = session().get(RegisterChoice, user_id)
    return chosen.due_soon_days if chosen else int(current_app.extensions["settings"].due_soon_days)


def choose_due_soon(days: int, *, by: User) -> None:
    """Keep this window for the person's lists and traffic lights. Raises Invalid."""
    if not 1 <= days <= LONGEST_WINDOW:
        raise Invalid(f"Một số ngày từ 1 đến {LONGEST_WINDOW}.", f"A number of days from 1 to {LONGEST_WINDOW}.",
                      "window")
    user_id = by.id
    with write("register.choose", actor=(str(by.id), by.full_name)) as current:
        chosen = current.get(RegisterChoice, user_id)
        if chosen is None:
            chosen = RegisterChoice(user_id=user_id)
            current.add(chosen)
        chosen.due_soon_days = days
