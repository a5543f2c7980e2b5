"""Bodies of requests: strict JSON, its types and names checked, then judged by the form of the page.

The forms are the one place that says what a value may be, so a program is told the same as a person.
"""
from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn, TypeVar

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms import BooleanField, DateField, FieldList, FormField, IntegerField, SelectMultipleField
from wtforms.fields.core import Field

from lims.api.numbers import as_typed, wrong_number
from lims.api.problems import MOST_BYTES, Fault, Faulty, Path, refused
from lims.equipment.fields import NumberField
from lims.shared.arguments import GREATEST
from lims.shared.forms import HouseForm, parse_day

AnyForm = TypeVar("AnyForm", bound=HouseForm)
UNSENT = ("csrf_token", "version")
"""Fields of pages that no body has: the version stands in If-Match."""


def json_body() -> dict[str, Any]:
    """The JSON object of this request. Raises DomainError: 415, 400 for what is no JSON, 422 for no object;
    RequestEntityTooLarge.

    A name given twice and NaN are refused: programs disagree about what they mean."""
    if not request.is_json:
        raise refused(415, "Cần Content-Type: application/json.", "Content-Type: application/json is needed.")
    if (request.content_length or 0) > MOST_BYTES or len(request.get_data()) > MOST_BYTES:
        raise RequestEntityTooLarge
    try:
        document = json.loads(request.get_data().decode("utf-8"), object_pairs_hook=_once_each,
                              parse_constant=_no_number, parse_float=Decimal)
    except UnicodeDecodeError:
        raise refused(400, "Nội dung không phải UTF-8.", "The body is not UTF-8.") from None
    except RecursionError:
        raise refused(400, "JSON lồng quá sâu.", "The JSON is nested too deeply.") from None
    except json.JSONDecodeError as error:
        raise refused(400, f"JSON sai ở dòng {error.lineno}, cột {error.colno}: {error.msg}.",
                      f"Wrong JSON at line {error.lineno}, column {error.colno}: {error.msg}.") from None
    except ValueError as error:
        raise refused(400, f"JSON sai: {error}.", f"Wrong JSON: {error}.") from None
    if not isinstance(document, dict):
        raise Faulty([Fault((), _("Cần một đối tượng JSON."))])
    return document


def judged(kind: type[AnyForm], given: Mapping[str, Any], row: object = None, **choices: Any) -> AnyForm:
    """The form filled in with a body and found right. What the body leaves out keeps its value in `row`, or the
    form's default; null empties a field. `choices` are those of select fields that the page asks the database for.

    Raises Faulty with every fault at its path."""
    blank = _made(kind, None, row, choices)
    faults = list(_wrong_types(blank, given, ()))
    if faults:
        raise Faulty(faults)
    posted: MultiDict[str, str] = MultiDict([("api", "")])  # something is always posted: no field falls back unseen
    for name, value in _posted(blank, {**plain_values(blank), **given}, ""):
        posted.add(name, value)
    form = _made(kind, posted, row, choices)
    if not form.validate():
        raise Faulty(list(_faults(form)))
    return form


def values_of(form: HouseForm) -> dict[str, Any]:
    """What a use case takes of a form: its data without the fields of the page."""
    return {name: value for name, value in form.data.items() if name not in UNSENT}


def plain_values(form: Any) -> dict[str, Any]:
    """What a form holds, as JSON has it."""
    return {field.short_name: _plain(field) for field in fields_of(form)}


def fields_of(form: Any) -> list[Any]:
    """The fields of a form that a body may have."""
    return [field for field in form if field.short_name not in UNSENT]


def _made(kind: type[AnyForm], posted: Any, row: object, choices: Mapping[str, Any]) -> AnyForm:
    form = kind(formdata=posted, obj=row, meta={"csrf": False})
    for name, several in choices.items():
        form[name].choices = several
    return form


def _plain(field: Any) -> Any:
    if isinstance(field, FormField):
        return plain_values(field.form)
    if isinstance(field, FieldList):
        return [_plain(entry) for entry in field.entries]
    if isinstance(field.data, date):
        return field.data.isoformat()
    return f"{field.data:f}" if isinstance(field.data, Decimal) else field.data


def _wrong_types(form: Any, given: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    known = {field.short_name: field for field in fields_of(form)}
    for name, value in given.items():
        here = (*path, name)
        if name not in known:
            yield Fault(here, _("Không có trường này, hoặc không ghi được. Các trường: %(names)s.",
                                names=", ".join(known)))
        else:
            yield from _wrong_type(known[name], value, here)


def _wrong_type(field: Any, value: Any, path: Path) -> Iterator[Fault]:
    if isinstance(field, FormField):
        if isinstance(value, dict):
            yield from _wrong_types(field.form, value, path)
        elif value is not None or isinstance(path[-1], int):
            yield Fault(path, _("Cần một đối tượng JSON."))
    elif isinstance(field, FieldList | SelectMultipleField):
        yield from _wrong_list(field, value, path)
    elif isinstance(field, BooleanField):
        if not isinstance(value, bool):
            yield Fault(path, _("Cần true hoặc false."))
    elif value is None:
        return
    elif isinstance(field, DateField):
        if not isinstance(value, str) or (value and (parse_day(value) is None or "/" in value)):
            yield Fault(path, _("Cần một ngày có thật dạng YYYY-MM-DD."))
    elif isinstance(field, IntegerField) or getattr(field, "coerce", str) is int:
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) > GREATEST:
            yield Fault(path, _("Cần một số nguyên."))
    elif isinstance(field, NumberField):
        yield from wrong_number(value, path)
    elif not isinstance(value, str):
        yield Fault(path, _("Cần một chuỗi ký tự."))


def _wrong_list(field: Any, value: Any, path: Path) -> Iterator[Fault]:
    if not isinstance(value, list):
        yield Fault(path, _("Cần một danh sách JSON."))
        return
    most = getattr(field, "max_entries", None)
    if most and len(value) > most:
        yield Fault(path, _("Nhiều nhất %(most)s mục.", most=most))
        return
    pattern = entry_of(field)
    for at, one in enumerate(value):
        if pattern is not None:
            yield from _wrong_type(pattern, one, (*path, at))
        elif not isinstance(one, str):
            yield Fault((*path, at), _("Cần một chuỗi ký tự."))


def entry_of(field: Any) -> Any:
    """A blank line of a list of fields; None for a list of choices."""
    if not isinstance(field, FieldList):
        return None
    entry = field.append_entry()
    field.pop_entry()
    return entry


def _posted(form: Any, values: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    """The body as a form posts it: names joined with "-", an unticked box not there."""
    for field in fields_of(form):
        yield from _posted_value(field, values.get(field.short_name), f"{prefix}{field.short_name}")


def _posted_value(field: Any, value: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(field, FormField):
        yield from _posted(field.form, {**plain_values(field.form), **(value or {})}, f"{name}-")
    elif isinstance(field, FieldList):
        pattern: Field = entry_of(field)
        for at, one in enumerate(value or []):
            yield from _posted_value(pattern, one, f"{name}-{at}")
    elif isinstance(field, SelectMultipleField):
        yield from ((name, str(one)) for one in value or [])
    elif isinstance(field, BooleanField):
        if value:
            yield name, "y"
    elif isinstance(field, NumberField) and value is not None:
        yield name, as_typed(value)
    elif value is not None:
        yield name, str(value)


def _faults(form: HouseForm) -> Iterator[Fault]:
    for message in form.form_errors:
        yield Fault((), str(message))
    for field in fields_of(form):
        yield from _field_faults(field, (field.short_name,))


def _field_faults(field: Any, path: Path) -> Iterator[Fault]:
    if isinstance(field, FormField):
        for child in field.form:
            yield from _field_faults(child, (*path, child.short_name))
    elif isinstance(field, FieldList):
        for at, entry in enumerate(field.entries):
            yield from _field_faults(entry, (*path, at))
        yield from (Fault(path, str(one)) for one in field.errors if not isinstance(one, list | dict | tuple))
    else:
        yield from (Fault(path, str(one)) for one in field.errors)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        raise ValueError(next(name for name in names if names.count(name) > 1) + " ×2")
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)
