"""A calculation's result as a table that a person reads in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


def as_table(kind: str, result: Mapping[str, object], language: str) -> str:
    """The result of one `kind` of calculation as aligned lines of text; `language` is `vi` or `en`."""
    rows = list(_rows("", result))
    width = max((len(name) for name, _ in rows), default=0)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in rows) + "\n"


def _rows(path: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, member in value.items():
            yield from _rows(f"{path}.{key}" if path else str(key), member)
    elif isinstance(value, list) and any(isinstance(member, Mapping | list) for member in value):
        for position, member in enumerate(value):
            yield from _rows(f"{path}.{position}", member)
    elif isinstance(value, list):
        yield path, ", ".join(_shown(member) for member in value)
    else:
        yield path, _shown(value)


def _shown(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.9g}" if isinstance(value, float) else str(value)
