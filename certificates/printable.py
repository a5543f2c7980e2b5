"""Which texts of a record hold characters that no face can print, told by field before a page is drawn."""

import dataclasses
from collections.abc import Iterator
from typing import NamedTuple

from certificates.document import Record
from certificates.fonts import clean, missing
from certificates.righttoleft import joined

_LONGEST = 60


class Unprintable(NamedTuple):
    """A field by its path in the record ("customer.name", "results[0].rows[3][1]"), its text and the characters."""

    field: str
    text: str
    characters: str

    @property
    def codes(self) -> str:
        """As "漢 (U+6F22)"."""
        return ", ".join(f"{sign} (U+{ord(sign):04X})" for sign in self.characters)


def unprintable(record: Record) -> list[Unprintable]:
    """Every text that would be printed as empty boxes; empty when all can be printed."""
    found = []
    for field, text in _texts(record, ""):
        if not text.isascii() and (lacking := missing(joined(clean(text)))):
            shown = clean(text, _LONGEST)
            found.append(Unprintable(field, shown, lacking))
    return found


def _texts(value: object, path: str) -> Iterator[tuple[str, str]]:
    if type(value) is str:
        yield path, value
    elif isinstance(value, tuple):
        for place, part in enumerate(value):
            yield from _texts(part, f"{path}[{place}]")
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from _texts(getattr(value, field.name), f"{path}.{field.name}" if path else field.name)
