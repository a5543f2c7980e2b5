"""Frozen dataclasses to plain JSON data and back: strict, versionable, without floats."""

import dataclasses
import enum
import re
import types
import typing
import unicodedata
from datetime import UTC, date, datetime
from functools import cache

Plain = None | bool | int | str | list["Plain"] | dict[str, "Plain"]

T = typing.TypeVar("T")

_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class PlainError(ValueError):
    """Data that does not fit the record; the message starts with the path of the field, e.g. `record.item.serial`."""

    def __init__(self, path: str, fault: str) -> None:
        self.path, self.fault = path, fault
        super().__init__(f"{path}: {fault}")


def to_plain(value: object) -> Plain:
    """Plain data of a record built from dataclasses, tuples, enums, dates and scalars.

    Text becomes NFC, an instant `YYYY-MM-DDThh:mm:ssZ` (whole seconds, UTC), an enum its value. A dataclass field
    that holds its default is left out, so that a field added in a later version leaves earlier bytes unchanged.
    Raises PlainError for a float, a naive or fractional instant, and any other type.
    """
    try:
        return _plain(value)
    except _Unfit as error:
        raise PlainError("record" + "".join(reversed(error.path)), error.fault) from error


class _Unfit(Exception):
    """A value without a plain form; the path grows from the inside, so that the usual case builds none."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault
        self.path: list[str] = []


def _plain(value: object) -> Plain:
    if type(value) is str:
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if type(value) is tuple:
        return [_part(part, f"[{place}]") for place, part in enumerate(value)]
    if value is None or type(value) is bool or type(value) is int:
        return value
    kind = type(value)
    if dataclasses.is_dataclass(kind):
        plain: dict[str, Plain] = {}
        for name, default in _fields(kind):
            part = getattr(value, name)
            if not (part is default or (type(part) is type(default) and part == default)):
                plain[name] = _part(part, f".{name}")
        return plain
    return _rarer(value)


def _rarer(value: object) -> Plain:
    match value:
        case enum.Enum() if isinstance(value.value, str):
            return unicodedata.normalize("NFC", value.value)
        case datetime():
            return _instant_text(value)
        case date():
            return value.isoformat()
    raise _Unfit(f"{type(value).__name__} has no plain form; give text")


@cache
def _fields(kind: type) -> tuple[tuple[str, object], ...]:
    """Names and defaults of a dataclass."""
    return tuple((field.name, field.default) for field in dataclasses.fields(kind))


def _part(value: object, name: str) -> Plain:
    try:
        return _plain(value)
    except _Unfit as error:
        error.path.append(name)
        raise


def from_plain(kind: type[T], data: Plain, path: str = "record") -> T:
    """The inverse of `to_plain` for the dataclass `kind`; unknown, missing or ill-typed fields raise PlainError."""
    return typing.cast(T, _read(kind, data, path))


def _instant_text(value: datetime) -> str:
    if value.tzinfo is None:
        raise _Unfit("an instant needs a time zone")
    if value.microsecond:
        raise _Unfit("an instant is stated in whole seconds")
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _read(kind: typing.Any, data: Plain, path: str) -> object:
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        return _read_optional(kind, data, path)
    if origin is tuple:
        if not isinstance(data, list):
            raise PlainError(path, "a list is expected")
        element = typing.get_args(kind)[0]
        return tuple(_read(element, part, f"{path}[{i}]") for i, part in enumerate(data))
    if dataclasses.is_dataclass(kind):
        return _read_dataclass(kind, data, path)
    return _read_scalar(kind, data, path)


def _read_optional(kind: typing.Any, data: Plain, path: str) -> object:
    if data is None:
        return None
    (inner,) = (part for part in typing.get_args(kind) if part is not types.NoneType)
    return _read(inner, data, path)


def _read_dataclass(kind: typing.Any, data: Plain, path: str) -> object:
    if not isinstance(data, dict):
        raise PlainError(path, "an object is expected")
    hints = typing.get_type_hints(kind)
    fields = {field.name: field for field in dataclasses.fields(kind)}
    if unknown := sorted(set(data) - set(fields)):
        raise PlainError(f"{path}.{unknown[0]}", "unknown field")
    required = {name for name, field in fields.items() if field.default is dataclasses.MISSING}
    if missing := sorted(required - set(data)):
        raise PlainError(f"{path}.{missing[0]}", "missing")
    return kind(**{name: _read(hints[name], part, f"{path}.{name}") for name, part in data.items()})


def _read_scalar(kind: typing.Any, data: Plain, path: str) -> object:
    if kind in (bool, int, str):
        if type(data) is not kind:
            raise PlainError(path, f"{kind.__name__} is expected")
        return data
    if not isinstance(data, str):
        raise PlainError(path, "text is expected")
    try:
        if kind is datetime and _INSTANT.fullmatch(data):
            return datetime.fromisoformat(data)
        if kind is date and _DATE.fullmatch(data):
            return date.fromisoformat(data)
        if issubclass(kind, enum.Enum):
            return kind(data)
    except ValueError as error:
        raise PlainError(path, f"{error}") from error
    raise PlainError(path, f"{data!r} is not a {kind.__name__}")
