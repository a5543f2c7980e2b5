"""Finds every form of every page as a person would, and reads what came back after it was sent."""
from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lxml import html

TYPED = {"text", "search", "tel", "email", "password", "number", "url", "date"}


@dataclass(frozen=True)
class Box:
    """One field of a form: `kind` is text, password, hidden, choice or tick; `value` is what the page offers."""

    name: str
    kind: str
    value: str


@dataclass(frozen=True)
class FoundForm:
    """A posting form: the page it stands on, where it goes, who is looking, and its fields."""

    page: str
    action: str
    person: str
    endpoint: str
    boxes: tuple[Box, ...]

    @property
    def typed(self) -> tuple[Box, ...]:
        """Fields that somebody types into."""
        return tuple(box for box in self.boxes if box.kind == "text")

    def filled(self) -> dict[str, list[str]]:
        """What the page would send untouched; one value for each unticked box is left out."""
        data: dict[str, list[str]] = {}
        for box in self.boxes:
            if box.kind != "tick" or box.value:
                data.setdefault(box.name, []).append(box.value)
        return data


def forms_of(text: str, page: str, person: str, endpoint: Any) -> Iterator[FoundForm]:
    """Posting forms of a page; `endpoint(path)` names the route that an address reaches."""
    tree = html.fromstring(text, base_url=page)
    for form in tree.iter("form"):
        if form.get("method", "get").lower() != "post":
            continue
        targets = {one.get("formaction") or form.get("action") or page
                   for one in tree.xpath("//button[not(@type) or @type='submit']") if _within(one, form)}
        own = [one for one in form.iter("input", "select", "textarea") if one.get("name") and one.get("form") is None]
        if form.get("id"):
            own += tree.xpath("//*[@form=$id][@name][self::input or self::select or self::textarea]", id=form.get("id"))
        boxes = tuple(box for one in own if (box := _box(one)) is not None)
        for target in sorted(targets):
            action = target.split("#")[0]
            yield FoundForm(page, action, person, endpoint(urlsplit(action).path), boxes)


def _within(one: Any, form: Any) -> bool:
    """Whether a button belongs to a form, standing in it or naming it."""
    return one.get("form") == form.get("id") if one.get("form") else form in one.iterancestors("form")


def _box(one: Any) -> Box | None:
    name, sort = one.get("name"), one.get("type", "text")
    if name == "csrf_token":
        return None
    if one.tag == "textarea":
        return Box(name, "text", (one.text or "").removeprefix("\n"))
    if one.tag == "select":
        options = list(one.iter("option"))
        chosen = next((option for option in options if option.get("selected") is not None), None)
        offered = chosen if chosen is not None and chosen.get("value") else next(
            (option for option in options if option.get("value")), None)
        return Box(name, "choice", "" if offered is None else offered.get("value"))
    if sort in ("checkbox", "radio"):
        return Box(name, "tick", one.get("value", "on") if one.get("checked") is not None else "")
    if sort == "hidden":
        return Box(name, "hidden", one.get("value", ""))
    if sort == "password":
        return Box(name, "password", "")
    return Box(name, "text", one.get("value", "")) if sort in TYPED else None


@dataclass(frozen=True)
class Answer:
    """A page that came back: what its boxes hold now, by name, and what it says is wrong."""

    boxes: Mapping[str, list[str]]
    faults: tuple[str, ...]

    def holds(self, name: str, typed: str) -> bool:
        """Whether a box of that name still shows what was typed (line ends, and letters composed or not, are one)."""
        return any(_shown(value) == _shown(typed) for value in self.boxes.get(name, ()))


def answer(text: str) -> Answer:
    """Read a page that was sent back."""
    tree = html.fromstring(text)
    boxes: dict[str, list[str]] = {}
    for one in tree.iter("input", "textarea"):
        if one.get("name"):
            boxes.setdefault(one.get("name"), []).append(
                (one.text or "").removeprefix("\n") if one.tag == "textarea" else one.get("value", ""))
    said = tree.xpath("//*[contains(concat(' ', @class, ' '), ' invalid-feedback ') or @role='alert']")
    return Answer(boxes, tuple(" ".join(one.text_content().split()) for one in said if one.text_content().strip()))


def _shown(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))
