"""From the text of a JSON or TOML file to plain values in which no number was changed by reading it."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Iterator

from uncertainty.documents import join, wrong_kind
from uncertainty.errors import Fault, InputError, InputErrors

MAX_DOCUMENT_CHARACTERS = 20_000_000
"""Longest document text that is read (10⁶ readings with 15 digits fit)."""


def load_document(text: str, name: str) -> dict[str, object]:
    """Parse the text of a JSON file, or of a TOML file when `name` ends in `.toml`.

    Refuses (`InputError`) what is not an object, duplicate keys, NaN, infinities, numbers beyond a double's range
    and numbers so small that they would silently become 0.
    """
    if len(text) > MAX_DOCUMENT_CHARACTERS:
        raise InputError(
            "",
            vi=f"{name}: tài liệu quá dài (tối đa {MAX_DOCUMENT_CHARACTERS} ký tự)",
            en=f"{name}: the document is too long (at most {MAX_DOCUMENT_CHARACTERS} characters)",
        )
    parse = _parse_toml if name.lower().endswith(".toml") else _parse_json
    try:
        data = parse(text)
    except InputError:
        raise
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise InputError("", vi=f"{name}: không đọc được ({reason})", en=f"{name}: cannot be read ({reason})") from None
    if not isinstance(data, dict):
        raise wrong_kind("", data, vi=f"một đối tượng JSON {{…}} trong {name}", en=f"a JSON object {{…}} in {name}")
    faults = list(_number_faults(data, ""))
    if faults:
        raise InputErrors(faults)
    return data


def _parse_json(text: str) -> object:
    return json.loads(text, parse_float=_exact_float, parse_int=_exact_int, object_pairs_hook=_unique_keys)


def _parse_toml(text: str) -> object:
    return tomllib.loads(text, parse_float=_exact_float)


class _Vanished(float):
    """A number that was not written as zero and that a double cannot tell from zero."""


def _exact_float(text: str) -> float:
    number = float(text)
    mantissa = text.lower().split("e")[0]
    if number == 0.0 and any(digit in "123456789" for digit in mantissa):
        return _Vanished(0.0)
    return number


def _exact_int(text: str) -> int | float:
    # Beyond a double's range the caller refuses it with its path; int() itself would take quadratic time.
    return int(text) if len(text) <= 400 else math.inf


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members: dict[str, object] = {}
    for key, value in pairs:
        if key in members:
            raise InputError(key, vi="khóa này xuất hiện hai lần", en="this key appears twice; keep one")
        members[key] = value
    return members


def _number_faults(value: object, path: str) -> Iterator[Fault]:
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _number_faults(member, join(path, key))
    elif isinstance(value, list):
        for position, member in enumerate(value):
            yield from _number_faults(member, join(path, position))
    elif isinstance(value, _Vanished):
        yield Fault(path, "số quá nhỏ, sẽ thành 0", "this number is too small and would become 0")
    elif isinstance(value, float) and not math.isfinite(value):
        yield Fault(
            path,
            "cần một số hữu hạn (không NaN, không vô cùng)",
            "expected a finite number (no NaN, no infinity)",
        )
