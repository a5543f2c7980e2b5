"""Every form of every page, found by walking the routes, answers bad input at its field, in Vietnamese, losing nothing.

By default each field meets a few of the attacks, chosen by its name; `LIMS_TEST_ATTACKS=all` sends every one to all.
"""
from __future__ import annotations

import json
import math
import os
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.exceptions import HTTPException

import config
from tests.browser.places import NO_PAGE, Places, walker
from tests.browser.site import copy_of_demonstration
from tests.browser.wording import english_in
from tests.lims.form_crawl import Answer, Box, FoundForm, answer, forms_of
from tests.promises import promise

EVERY = os.environ.get("LIMS_TEST_ATTACKS") == "all"
LISTED = json.loads((Path(__file__).parent / "attacks.json").read_text(encoding="utf-8"))["cases"]
NUMBERS = ["nan", "1e400", "１２", "1.400", "-", "1_000", "inf", "²", "0x1p3", "−", "1e-400"]
DATES = ["31/02/2026", "01/01/0001", "31/12/9999", "2026-13-45", "１２/3/2026"]
LONG, DECOMPOSED = "ă" * 5000, unicodedata.normalize("NFD", "Lê Thị Ngọc Ánh")
UNSENDABLE = ["a\x00b", "a\x0bb"]
"""What no page can show again: a browser cannot hold these signs in a box."""
TEXTS = ["", "<b>đậm</b>", DECOMPOSED, LONG, "{{7*7}}", "\u202e0123", "=1+1",
         *(part for case in LISTED if case["id"][0] in "TD" for part in case["input"].split(" | "))]
ATTACKS = [*NUMBERS, *DATES, *UNSENDABLE, *TEXTS]
ALSO_OF = {"jobs.show": ("tiepnhan",), "legal.item_sticker": ("ktv1",),
           "legal.status_record": ("ktv1",), "legal.ledger": ("chatluong",),
           "legal.series": ("chatluong",), "legal.sticker_day": ("chatluong",)}
"""Pages that show other forms to others."""
LEFT_OUT = {"auth.switch_language": "a switch of two buttons"}
FORGED = ["nan", "-1", "９", "a\x00b", "no-such-choice", "1e400"]
"""In the place of what the page itself fills in: hidden fields, choices, ticks."""


@dataclass
class Found:
    """What is wrong, by kind, and how much was tried."""

    requests: int = 0
    refused: int = 0
    nowhere: list[str] = field(default_factory=list)
    crashed: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    english: list[str] = field(default_factory=list)
    spoiled: list[str] = field(default_factory=list)


class Visitor:
    """The demonstration's people at an application on a copy of it, without a browser."""

    def __init__(self, folder: Path) -> None:
        self.app = _application(folder, guarded=False)
        self.guarded = _application(folder, guarded=True)
        self.places = Places(folder / "lims.db")
        self.all: list[FoundForm] = []
        self.found = Found()

    def client(self, name: str, app: Any = None) -> Any:
        """A browser in which the person is logged in, whatever was done to the account before."""
        client = (app or self.app).test_client()
        (unique,) = self.places.values(f"select fs_uniquifier from user_account where username = '{name}'")
        with client.session_transaction() as state:
            state.update({"_user_id": unique, "_fresh": True, "fs_cc": "set", "fs_paa": 0})
        return client

    def forms(self) -> list[FoundForm]:
        """One of each form that the pages show: same target and same fields are the same form."""
        forms: dict[Any, FoundForm] = {}
        for rule in sorted(self.app.url_map.iter_rules(), key=lambda one: one.rule):
            if "GET" not in rule.methods or rule.endpoint in NO_PAGE:
                continue
            for name in (walker(self.app, rule.endpoint), *ALSO_OF.get(rule.endpoint, ())):
                for form in self._forms_seen(name, rule):
                    if form.endpoint not in LEFT_OUT:
                        forms.setdefault((form.endpoint, frozenset(box.name for box in form.boxes)), form)
        return list(forms.values())

    def _forms_seen(self, name: str, rule: Any) -> Iterator[FoundForm]:
        try:
            addresses = self.places.addresses(rule)
        except (KeyError, IndexError):  # the walk through the pages fails there, and says which
            return
        client = self.client(name)
        for address in addresses:
            page = client.get(address)
            if page.status_code == 200 and page.mimetype == "text/html":
                yield from forms_of(page.get_data(as_text=True), address, name, self._endpoint)

    def _endpoint(self, path: str) -> str:
        try:
            return str(self.app.url_map.bind("localhost").match(path, method="POST")[0])
        except HTTPException as error:
            self.found.nowhere.append(f"{path}: {error.name}")
            return path

    def send(self, form: FoundForm, changes: dict[str, str]) -> None:
        """The form with these boxes changed; whatever is wrong with the answer is noted."""
        data = form.filled() | {name: [value] for name, value in changes.items()}
        before = self.last_event()
        response = self.client(form.person).post(form.action, data=data)
        self.found.requests += 1
        where = f"{form.endpoint} {_short(changes)}"
        if response.status_code >= 500:
            self.found.crashed.append(f"{response.status_code} {where}")
        elif response.status_code in (301, 302, 303):
            self._stored(before, where)
        else:
            self.found.refused += 1
            if response.mimetype == "text/html" and response.status_code != 409:  # 409: moved on since it was seen
                self._read(answer(response.get_data(as_text=True)), form, changes, where)

    def _read(self, page: Answer, form: FoundForm, changes: dict[str, str], where: str) -> None:
        if not page.faults:
            self.found.silent.append(where)
        self.found.english += [f"{where}: {text}" for text in english_in(list(page.faults), frozenset())]
        typed = {box.name for box in form.typed}
        for name, values in (form.filled() | {name: [value] for name, value in changes.items()}).items():
            if name in typed and values[0] and values[0] not in UNSENDABLE and not page.holds(name, values[0]):
                self.found.lost.append(f"{where}: {name}")

    def last_event(self) -> int:
        return int(self.places.values("select coalesce(max(id), 0) from audit_event")[0])

    def _stored(self, before: int, where: str) -> None:
        """What the accepted form wrote: text is clean, numbers are finite, days are of this age."""
        from lims.shared.db import Base

        rows = self.places.database.execute("select entity, changes from audit_event where id > ?", (before,))
        for entity, changes in rows:
            for column, (_old, new) in json.loads(changes).items():
                kind = Base.metadata.tables[entity].c[column].type if entity in Base.metadata.tables else None
                if _spoiled(new, kind):
                    self.found.spoiled.append(f"{where}: {entity}.{column} = {str(new)[:60]!a}")


def _application(folder: Path, *, guarded: bool) -> Any:
    from lims.app import create_app

    return create_app(config.load({"LIMS_DATA_DIR": str(folder)}), overrides={
        "TESTING": True, "PROPAGATE_EXCEPTIONS": False, "WTF_CSRF_ENABLED": guarded})


def _spoiled(value: Any, kind: Any) -> bool:
    if isinstance(value, float):
        return not math.isfinite(value)
    if not isinstance(value, str):
        return False
    if isinstance(kind, sa.Numeric):
        return not math.isfinite(float(value)) or value in {"12", "1.4", "1.400", "1400", "1000"}
    if isinstance(kind, sa.Date | sa.DateTime):
        return not 1900 <= int(value[:4]) < 2200 or value.startswith(("2026-02-28", "2026-03-03"))
    return (unicodedata.normalize("NFC", value) != value or len(value) > 4000
            or any(unicodedata.category(sign) in ("Cs", "Cc") and sign not in "\n\t" for sign in value))


def _short(changes: dict[str, str]) -> str:
    return ", ".join(f"{name}={value[:24]!a}" for name, value in list(changes.items())[:2])


def _a_few(form: FoundForm, box: Box) -> list[str]:
    """One number or day, and one text, chosen by the names alone: the same in every run."""
    return [kind[zlib.crc32(f"{form.endpoint} {box.name} {at}".encode()) % len(kind)]
            for at, kind in enumerate((NUMBERS + DATES, UNSENDABLE + TEXTS))]


def attack(visitor: Visitor, forms: list[FoundForm]) -> None:
    """Every form with one thing in all of its boxes, then each box alone."""
    for form in forms:
        together = [box.name for box in form.typed]
        for text in ATTACKS if EVERY else ["", LONG]:
            visitor.send(form, dict.fromkeys(together, text))
        for box in {box.name: box for box in form.typed}.values():
            for text in ATTACKS if EVERY else _a_few(form, box):
                visitor.send(form, {box.name: text})
        offered = list({box.name: 0 for box in form.boxes if box.kind != "text"})
        for names in [[name] for name in offered] if EVERY else [offered]:
            for text in FORGED if EVERY else [FORGED[zlib.crc32(form.endpoint.encode()) % len(FORGED)]]:
                visitor.send(form, dict.fromkeys(names, text))


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """Everything tried once; the tests read what was found."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder = tmp_path_factory.mktemp("attacked") / "laboratory"
    copy_of_demonstration(shared / "demonstration", folder)
    visitor = Visitor(folder)
    visitor.all = visitor.forms()
    attack(visitor, visitor.all)
    yield visitor
    from lims.shared.db import db

    for app in (visitor.app, visitor.guarded):
        with app.app_context():
            db.engine.dispose()
    visitor.places.database.close()


@pytest.mark.promise
def test_no_form_however_filled_gives_a_server_error(visitor: Visitor) -> None:
    found = visitor.found
    print(f"{len(visitor.all)} forms, {sum(len(form.boxes) for form in visitor.all)} fields")
    assert len(visitor.all) > 40
    promise("P-S12 (forms)", f"requests={found.requests} refused={found.refused} 5xx={len(found.crashed)}",
            target="requests>=500 5xx=0", kept=found.requests >= 500 and not found.crashed)


def test_every_form_leads_somewhere(visitor: Visitor) -> None:
    assert visitor.found.nowhere == []


def test_what_is_refused_is_told(visitor: Visitor) -> None:
    assert visitor.found.silent == []


def test_what_was_typed_stands_in_its_box_again(visitor: Visitor) -> None:
    assert visitor.found.lost == []


def test_faults_are_told_in_vietnamese(visitor: Visitor) -> None:
    assert visitor.found.english == []


def test_what_is_accepted_is_stored_clean_and_finite(visitor: Visitor) -> None:
    assert visitor.found.spoiled == []


def test_a_form_without_its_token_is_refused_and_changes_nothing(visitor: Visitor) -> None:
    before, let_in = visitor.last_event(), []
    for form in visitor.all:
        response = visitor.client(form.person, visitor.guarded).post(form.action, data=form.filled())
        if response.status_code != 400:
            let_in.append((form.endpoint, response.status_code))
    assert let_in == []
    assert visitor.last_event() == before


@pytest.mark.parametrize("data", [{"name": "a" * 20_000_000}, {f"field-{at}": "1" for at in range(20_000)}],
                         ids=["one long field", "many fields"])
def test_a_huge_form_is_refused(visitor: Visitor, data: dict[str, str]) -> None:
    before = visitor.last_event()
    response = visitor.client("tiepnhan").post("/customers/new", data=data)
    assert response.status_code in (200, 413, 422)
    assert visitor.last_event() == before
