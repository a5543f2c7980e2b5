"""Use of a standard that measurements tell by themselves; asked of a feature further right, which keeps the sheets."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from flask import Flask, current_app
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class SheetUse:
    """One submitted sheet on which the standard was used: its day, and from when to when it was measured."""

    code: str
    day: date
    begin: datetime
    end: datetime


Asked = Callable[[Session, int, date | None], list[SheetUse]]
_KEY = "sheet_uses"


def ask_sheets(app: Flask, ask: Asked) -> None:
    """This answers which sheets used a standard after a day (None: ever), oldest first."""
    app.extensions[_KEY] = ask


def sheet_uses(current: Session, standard_id: int, after: date | None) -> list[SheetUse]:
    """Submitted sheets on which the standard was used on days after this one, oldest first."""
    ask: Asked | None = current_app.extensions.get(_KEY)
    return [] if ask is None else ask(current, standard_id, after)
