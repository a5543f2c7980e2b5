"""The status record of an instrument: its parts as found, compared with the last time.

Fuel dispensers are recorded part by part at every verification (a record apart from the certificate). The parts listed
here follow usual practice; the form of ĐLVN 10:2017 was not seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from instruments.words import Words


@dataclass(frozen=True, slots=True)
class Part:
    """A part that is looked at; `key` names it in stored records."""

    key: str
    name: Words


DISPENSER = (
    Part("meter", Words("Bộ đo (buồng đong)", "Meter")),
    Part("pulser", Words("Bộ tạo xung", "Pulser")),
    Part("board", Words("Bo mạch điều khiển", "Control board")),
    Part("indicator", Words("Bộ chỉ thị", "Indicator")),
    Part("program", Words("Chương trình, mã kiểm", "Program and checksum")),
    Part("pump", Words("Bơm, bộ tách khí", "Pump and gas separator")),
    Part("hose", Words("Vòi, van", "Hose and valve")),
)
PARTS: Mapping[str, tuple[Part, ...]] = {"19": DISPENSER}
"""Item of the group-2 list -> the parts of its status record."""
FIELDS = ("type", "serial", "seal")
Entries = Mapping[str, Mapping[str, str]]
"""Part -> field -> text as typed."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one part that is not as it was; "" stands for nothing recorded."""

    part: str
    field: str
    before: str
    now: str


def differences(before: Entries, now: Entries) -> tuple[Difference, ...]:
    """What changed, in the order of the later record; case and spaces do not count. A new seal is a difference too."""
    parts = [*now, *(part for part in before if part not in now)]
    return tuple(
        Difference(part, field, old, new)
        for part in parts for field in FIELDS
        for old, new in [(_text(before, part, field), _text(now, part, field))]
        if _folded(old) != _folded(new)
    )  # fmt: skip


def _text(entries: Entries, part: str, field: str) -> str:
    return entries.get(part, {}).get(field, "").strip()


def _folded(text: str) -> str:
    return "".join(text.casefold().split())
