"""What competence asks of features to its right: the procedures with their fields, and what was done by whom."""
from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask, current_app

Practice = dict[tuple[int, str, str], date]
"""(person, procedure, activity) -> the last day it was done."""


@dataclass(frozen=True)
class KnownProcedure:
    """A published procedure: `field` is the code of its quantity, `field_word` its name in the page's language."""

    code: str
    title: str
    field: str
    field_word: str
    legal: bool


@dataclass(frozen=True)
class Doing:
    """Something in a person's history that another feature keeps."""

    on: date
    text: str
    detail: str
    good: bool | None
    url: str


def procedures(language: str) -> list[KnownProcedure]:
    """The newest publication of each procedure, by field and code."""
    known: Callable[[str], list[KnownProcedure]] = current_app.extensions["known_procedures"]
    return sorted(known(language), key=lambda one: (one.field_word.casefold(), one.code))


def add_practice(app: Flask, found: Callable[[date | None, Collection[int] | None], Practice]) -> None:
    """A feature tells what was last done by whom, since a day and by some people where these are given."""
    app.extensions.setdefault("practice", []).append(found)


def practice(since: date | None = None, people: Collection[int] | None = None) -> Practice:
    """The last day on which each person did each activity of each procedure, among what was done since that day."""
    last: Practice = {}
    for found in current_app.extensions.get("practice", []):
        for key, on in found(since, people).items():
            last[key] = max(on, last.get(key, on))
    return last


def add_history(app: Flask, found: Callable[[int], list[Doing]]) -> None:
    """A feature tells what it keeps of a person."""
    app.extensions.setdefault("personal_history", []).append(found)


def history(user_id: int) -> list[Doing]:
    """What other features keep of a person, newest first."""
    sources: list[Any] = current_app.extensions.get("personal_history", [])
    return sorted((one for found in sources for one in found(user_id)), key=lambda one: one.on, reverse=True)
