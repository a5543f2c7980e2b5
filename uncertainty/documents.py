"""Reading checked JSON: every number finite, every key known, every fault with its path and in two languages."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence

from uncertainty.errors import Fault, FaultList, InputError, InputErrors


class Reader:
    """One JSON object being read at a path; unknown keys are refused when it is opened.

    Getters without a default refuse a missing key. `null` counts as a wrong value except in the `optional_…` getters,
    where it means "not given".
    """

    def __init__(self, data: object, path: str, known: Sequence[str]) -> None:
        if not isinstance(data, Mapping):
            raise wrong_kind(path, data, vi="một đối tượng JSON {…}", en="a JSON object {…}")
        self.path = path
        self._data: Mapping[object, object] = data
        unknown = [key for key in data if key not in known]
        if unknown:
            raise InputErrors(_unknown_key(join(path, str(key)), known) for key in unknown)

    def __contains__(self, key: str) -> bool:
        return key in self._data

    def __iter__(self) -> Iterator[str]:
        """The keys that are there, in their order."""
        return (str(key) for key in self._data)

    def at(self, key: str | int) -> str:
        """JSON path of a key."""
        return join(self.path, key)

    def raw(self, key: str) -> object:
        """The value as it stands, unchecked."""
        if key not in self._data:
            raise InputError(self.at(key), vi="thiếu: giá trị này là bắt buộc", en="missing: this value is required")
        return self._data[key]

    def number(
        self,
        key: str,
        default: float | None = None,
        *,
        above: float | None = None,
        at_least: float | None = None,
        below: float | None = None,
        at_most: float | None = None,
    ) -> float:
        """A finite number, `default` when the key is missing; bounds as in `checked_number`."""
        if default is not None and key not in self._data:
            return default
        return checked_number(self.raw(key), self.at(key), above=above, at_least=at_least, below=below, at_most=at_most)

    def optional_number(
        self,
        key: str,
        *,
        above: float | None = None,
        at_least: float | None = None,
        below: float | None = None,
        at_most: float | None = None,
    ) -> float | None:
        """A finite number, or None when the key is missing or null."""
        if self._data.get(key) is None:
            return None
        return self.number(key, above=above, at_least=at_least, below=below, at_most=at_most)

    def integer(
        self, key: str, default: int | None = None, *, at_least: int | None = None, at_most: int | None = None
    ) -> int:
        """A whole number written as one (`1.0` and `1e3` are refused)."""
        if default is not None and key not in self._data:
            return default
        raw = self.raw(key)
        if isinstance(raw, bool) or not isinstance(raw, int):
            raise wrong_kind(self.at(key), raw, vi="một số nguyên", en="a whole number")
        _check_bounds(raw, self.at(key), at_least=at_least, at_most=at_most)
        return raw

    def text(self, key: str, default: str | None = None) -> str:
        """A string."""
        if default is not None and key not in self._data:
            return default
        raw = self.raw(key)
        if not isinstance(raw, str):
            raise wrong_kind(self.at(key), raw, vi="một chuỗi ký tự", en="a text string")
        return raw

    def flag(self, key: str, default: bool) -> bool:
        """true or false."""
        if key not in self._data:
            return default
        raw = self.raw(key)
        if not isinstance(raw, bool):
            raise wrong_kind(self.at(key), raw, vi="true hoặc false", en="true or false")
        return raw

    def choice(self, key: str, choices: Sequence[str], default: str | None = None) -> str:
        """One of the given words."""
        if default is not None and key not in self._data:
            return default
        raw = self.raw(key)
        if not isinstance(raw, str) or raw not in choices:
            words = ", ".join(choices)
            raise wrong_kind(self.at(key), raw, vi=f"một trong: {words}", en=f"one of: {words}")
        return raw

    def numbers(self, key: str, *, at_least: int = 1, default: Sequence[float] | None = None) -> list[float]:
        """A list of finite numbers with at least so many elements."""
        if default is not None and key not in self._data:
            return list(default)
        return checked_numbers(self.raw(key), self.at(key), at_least=at_least)

    def matrix(self, key: str) -> list[list[float]]:
        """A list of rows of finite numbers, all of one length."""
        rows = [checked_numbers(row, path, at_least=1) for path, row in self.elements(key)]
        for position, row in enumerate(rows):
            if len(row) != len(rows[0]):
                raise InputError(
                    join(self.at(key), position),
                    vi=f"hàng có {len(row)} số, hàng đầu có {len(rows[0])}",
                    en=f"this row has {len(row)} numbers, the first has {len(rows[0])}",
                )
        return rows

    def elements(self, key: str) -> list[tuple[str, object]]:
        """(path, raw element) of a list."""
        raw = self.raw(key)
        if not isinstance(raw, list | tuple):
            raise wrong_kind(self.at(key), raw, vi="một danh sách […]", en="a list […]")
        return [(join(self.at(key), position), element) for position, element in enumerate(raw)]

    def child(self, key: str, known: Sequence[str]) -> Reader:
        """The object under a key, opened with its own known keys."""
        return Reader(self.raw(key), self.at(key), known)

    def optional_child(self, key: str, known: Sequence[str]) -> Reader | None:
        """The object under a key, or None when it is missing or null."""
        return None if self._data.get(key) is None else self.child(key, known)

    def members(self, key: str) -> Iterator[tuple[str, str, object]]:
        """(name, path, raw value) of an object whose keys are names."""
        for name, value in self.mapping(key).items():
            yield str(name), join(self.at(key), str(name)), value

    def mapping(self, key: str) -> Mapping[object, object]:
        """The object under a key, its members unchecked."""
        raw = self.raw(key)
        if not isinstance(raw, Mapping):
            raise wrong_kind(self.at(key), raw, vi="một đối tượng JSON {…}", en="a JSON object {…}")
        return raw


def open_document(document: object, kind: str, known: Sequence[str]) -> Reader:
    """Open the top of a document of one kind; its format version, `{kind: 1}`, may be left out but not be another."""
    reader = Reader(document, "", (kind, *known))
    if kind in reader and (reader.raw(kind) != 1 or isinstance(reader.raw(kind), bool | float)):
        raise wrong_kind(kind, reader.raw(kind), vi="phiên bản định dạng 1", en="format version 1")
    return reader


def join(path: str, key: str | int) -> str:
    """JSON path of a member of what stands at `path`."""
    return f"{path}.{key}" if path else str(key)


def checked_number(
    raw: object,
    path: str,
    *,
    above: float | None = None,
    at_least: float | None = None,
    below: float | None = None,
    at_most: float | None = None,
) -> float:
    """A finite float inside the bounds (`above`, `below` exclusive; `at_least`, `at_most` inclusive).

    Booleans, strings, null, NaN, infinities and numbers beyond the range of a double are refused.
    """
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise wrong_kind(path, raw, vi="một số", en="a number")
    try:
        number = float(raw)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise InputError(
            path,
            vi="cần một số hữu hạn (không NaN, không vô cùng, |x| < 1.8e308)",
            en="expected a finite number (no NaN, no infinity, |x| < 1.8e308)",
        )
    _check_bounds(number, path, above=above, at_least=at_least, below=below, at_most=at_most)
    return number


def checked_numbers(raw: object, path: str, *, at_least: int = 1) -> list[float]:
    """A list of finite numbers with at least so many elements; each bad element is a fault of its own."""
    if not isinstance(raw, list | tuple):
        raise wrong_kind(path, raw, vi="một danh sách số […]", en="a list of numbers […]")
    if len(raw) < at_least:
        raise InputError(
            path,
            vi=f"cần ít nhất {at_least} số, chỉ có {len(raw)}",
            en=f"expected at least {at_least} number{'s' * (at_least > 1)}, found {len(raw)}",
        )
    if all(type(element) is float and math.isfinite(element) for element in raw):
        return list(raw)
    faults = FaultList()
    numbers: list[float] = []
    for position, element in enumerate(raw):
        with faults.gathering():
            numbers.append(checked_number(element, join(path, position)))
    faults.raise_if_any()
    return numbers


def wrong_kind(path: str, raw: object, *, vi: str, en: str) -> InputError:
    """The fault "expected this, found that"."""
    found = _shown(raw)
    return InputError(path, vi=f"cần {vi}, nhưng gặp {found}", en=f"expected {en}, found {found}")


def _unknown_key(path: str, known: Sequence[str]) -> Fault:
    words = ", ".join(known)
    return Fault(path, f"khóa không biết; được dùng: {words}", f"unknown key; known here: {words}")


def _check_bounds(
    number: float,
    path: str,
    *,
    above: float | None = None,
    at_least: float | None = None,
    below: float | None = None,
    at_most: float | None = None,
) -> None:
    if above is not None and not number > above:
        raise _out_of_bounds(path, number, above, "lớn hơn", "greater than")
    if at_least is not None and not number >= at_least:
        raise _out_of_bounds(path, number, at_least, "ít nhất là", "at least")
    if below is not None and not number < below:
        raise _out_of_bounds(path, number, below, "nhỏ hơn", "less than")
    if at_most is not None and not number <= at_most:
        raise _out_of_bounds(path, number, at_most, "nhiều nhất là", "at most")


def _out_of_bounds(path: str, number: float, bound: float, vi: str, en: str) -> InputError:
    return InputError(
        path,
        vi=f"phải {vi} {bound:.12g}, nhưng gặp {number:.12g}",
        en=f"must be {en} {bound:.12g}, found {number:.12g}",
    )


def _shown(raw: object) -> str:
    """A short picture of what was found, safe for a message."""
    if isinstance(raw, Mapping):
        return "{…}"
    if isinstance(raw, list | tuple):
        return "[…]"
    try:
        text = json.dumps(raw, ensure_ascii=True)
    except (TypeError, ValueError):
        text = type(raw).__name__
    return text if len(text) <= 40 else text[:37] + "…"
