"""What the sheet promises, measured: nothing overwritten silently, nothing replaced, nothing kept but plain numbers."""
from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from lims.auth.models import User
from lims.equipment.models import Standard
from lims.jobs.cells import Change, Outcome, save_cells
from lims.jobs.models import Worksheet
from lims.jobs.observations import entries, latest
from lims.jobs.worksheet import sheet_of
from tests.lims import factories as make
from tests.promises import promise

POINTS = 100
STEPS = 5
TEXTS = ("1", "1,0", "2", "2,5", "")
SURE = {"reason": "thử", "confirmed": True}
Save = Callable[[str, Change, User], Outcome]


def save(code: str, change: Change, user: User) -> Outcome:
    (outcome,) = save_cells(code, [change], user)
    return outcome


def overwrite(code: str, change: Change, user: User) -> Outcome:
    """The planted defect: whatever the person saw, the newest revision is taken as seen."""
    now = latest(entries(sheet_of(code).id)).get(change.cell)
    return save(code, Change(change.cell, change.text, now.revision if now else 0, **SURE), user)


@dataclass
class Tally:
    """What happened over many interleavings."""

    interleavings: int = 0
    edits: int = 0
    lost: int = 0
    conflicts: int = 0
    shown: int = 0
    written: set[tuple[str, str, int, str]] = field(default_factory=set)


@dataclass
class Editor:
    """Somebody at a page: which revision of the cell their page shows."""

    user: User
    seen: int = 0


def interleave(code: str, cell: str, editors: tuple[Editor, Editor], dice: random.Random, save: Save,
               tally: Tally) -> None:
    """Two people type into one cell, each from what their own page shows; sometimes a page is refreshed."""
    tally.interleavings += 1
    stands, stood = 0, ""
    for _step in range(STEPS):
        editor = dice.choice(editors)
        if dice.random() < 0.2:
            editor.seen = stands
            continue
        text, seen = dice.choice(TEXTS), editor.seen
        outcome = save(code, Change(cell, text, seen, **SURE), editor.user)
        tally.edits += 1
        if outcome.status == "conflict":
            tally.conflicts += 1
            tally.shown += outcome.now is not None and (outcome.now.revision, outcome.now.text) == (stands, stood)
            continue
        assert outcome.status == "saved"
        if outcome.now is not None:
            tally.lost += seen != stands and outcome.now.revision > stands and text != stood
            editor.seen, stands, stood = outcome.now.revision, outcome.now.revision, outcome.now.text
            tally.written.add((code, cell, stands, stood))


def sheet_with_many_cells(user: User, standard: Standard) -> Worksheet:
    sheet = make.started(make.MULTIMETER, user, served_by=standard)
    points = "; ".join(str(point) for point in range(1, POINTS + 1))
    make.type_cells(sheet, user, {"field/test_points": points})
    return sheet_of(sheet.item.code)


def run(interleavings: int, save: Save) -> tuple[Tally, list[Worksheet]]:
    """So many interleavings, each in a cell of its own."""
    one, two = make.technician(), make.technician(name="ktv2")
    standard, tally, dice, codes = make.standard(by=one), Tally(), random.Random(20261123), []
    for turn in range(interleavings):
        if turn % POINTS == 0:
            codes.append(sheet_with_many_cells(one, standard).item.code)
        interleave(codes[-1], f"main/{1 + turn % POINTS}/ind/1", (Editor(one), Editor(two)), dice, save, tally)
    return tally, [sheet_of(code) for code in codes]


@pytest.mark.promise
def test_two_people_never_overwrite_each_other_silently(app: Any) -> None:
    """P-R6, and P-S3 on the same edits: what was acknowledged stands there for ever, each correction with a reason."""
    tally, sheets = run(500, save)
    all_entries = [(sheet.item.code, entry) for sheet in sheets for entry in entries(sheet.id)]
    kept = {(code, entry.cell, entry.revision, entry.text) for code, entry in all_entries}
    silent = [entry for _code, entry in all_entries if entry.revision > 1 and not entry.reason]
    vanished = tally.written - kept
    assert tally.conflicts > 100
    promise("P-R6", f"interleavings={tally.interleavings} lost_updates={tally.lost} "
            f"conflicts_shown={100 * tally.shown // tally.conflicts}%",
            target="lost_updates=0 conflicts_shown=100%", kept=tally.lost == 0 and tally.shown == tally.conflicts)
    promise("P-S3", f"edits={tally.edits} vanished={len(vanished)} without_reason={len(silent)}",
            target="vanished=0 without_reason=0", kept=not vanished and not silent)


def test_the_same_holds_on_both_databases(app_on_both: Any) -> None:
    tally, _sheets = run(15, save)
    assert (tally.lost, tally.shown) == (0, tally.conflicts)


def test_the_measurement_finds_a_planted_overwrite(app: Any) -> None:
    tally, _sheets = run(15, overwrite)
    assert tally.lost > 0


ODD = [
    "nan", "NaN", "-nan", "inf", "-inf", "Infinity", "1e400", "1E5", "1e-400", "0x1F", "0b1", "1_000", "9" * 5000,
    "１２", "１２.５", "١٢", "𝟏𝟐", "²", "½", "Ⅻ", "一", "1\u200b2", "\u202e21", "1\u00ad2", "1\t2", "1\n2",
    "-", "+", "--1", "+-1", "1-", ".", ",", "1,", ",5", "1.", ".5", "1,2,3", "1.2.3", "1,234,567", "1..2", "1,,2",
    "1 23", "12 34", "1 2345", "1;2", "1/2", "1:2", "1%", "$1", "1V", "V1", "=1+1", "@1", "1+1", "<b>1</b>",
    "' OR 1=1", "null", "None", "true",
]
PLAIN = {
    "100,1": "100.1", "100.1": "100.1", "+100,1": "100.1", "0100,10": "100.10", "100": "100", "100,0": "100.0",
    " 100,2 ": "100.2", "\u00a0100,3\u202f": "100.3", "100,100000000000000001": "100.100000000000000001",
}


@pytest.mark.promise
def test_only_plain_numbers_get_in_and_every_digit_stays(app: Any) -> None:
    """P-C2, through the one interface that saves cells."""
    user = make.technician()
    code = make.started(make.MULTIMETER, user).item.code
    wrong = [text for text in ODD if save(code, Change("main/1/ind/1", text, 0, **SURE), user).status == "saved"]
    lost, revision = [], 0
    for text, canonical in PLAIN.items():
        outcome = save(code, Change("main/1/ind/1", text, revision, **SURE), user)
        assert outcome.now is not None
        revision = outcome.now.revision
        stored = latest(entries(sheet_of(code).id))["main/1/ind/1"]
        if (stored.text, str(stored.value)) != (text.strip(), str(Decimal(canonical))):
            lost.append(text)
    promise("P-C2", f"inputs={len(ODD) + len(PLAIN)} accepted_wrong={len(wrong)} digits_lost={len(lost)}",
            target="accepted_wrong=0 digits_lost=0", kept=not wrong and not lost)
