"""The one error of the engine: an input that is wrong, where it stands, and what was expected there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple


class Fault(NamedTuple):
    """One wrong thing in a document."""

    path: str
    """Where: JSON path with dots, list positions counted from 0, such as `inputs.da.half_width` or `x.3`."""
    vi: str
    """What is wrong and what is expected, in Vietnamese."""
    en: str
    """The same in English."""

    def __str__(self) -> str:
        return f"{self.path}: {self.en}" if self.path else self.en

    def message(self, language: str) -> str:
        """What is wrong in Vietnamese for "vi", else in English."""
        return self.vi if language == "vi" else self.en


class InputError(ValueError):
    """A document, or a value given to the engine, that cannot be calculated with.

    `path`, `vi` and `en` are those of the first fault; `faults` holds them all (one message each for the reader).
    """

    def __init__(self, path: str, *, vi: str, en: str) -> None:
        self.faults: tuple[Fault, ...] = (Fault(path, vi, en),)
        super().__init__(str(self))

    @property
    def path(self) -> str:
        return self.faults[0].path

    @property
    def vi(self) -> str:
        return self.faults[0].vi

    @property
    def en(self) -> str:
        return self.faults[0].en

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class InputErrors(InputError):
    """Several faults found in one reading."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        if not self.faults:
            raise ValueError("an InputErrors needs at least one fault")
        ValueError.__init__(self, str(self))


class FaultList:
    """Gathers faults, so that one reading reports all of them.

    ```
    faults = FaultList()
    for name in names:
        with faults.gathering():
            inputs[name] = read_input(name)
    faults.raise_if_any()
    ```
    """

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """Keep the faults of an `InputError` raised inside and go on after the block."""
        try:
            yield
        except InputError as error:
            self._faults.extend(error.faults)

    def raise_if_any(self) -> None:
        """Raise what was gathered, as one error."""
        if self._faults:
            raise InputErrors(self._faults)
