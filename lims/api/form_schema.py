"""JSON Schema of a body, from the form that judges it: names, types, lengths and choices stand in one place."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
)
from wtforms.validators import InputRequired, Length

from lims.api.bodies import entry_of, fields_of
from lims.api.operation import Schema
from lims.equipment.fields import NumberField
from lims.shared.forms import HouseForm


def body_of(kind: type[HouseForm], *, partial: bool = False, **instead: Schema) -> Callable[[], Schema]:
    """Schema of the body that this form judges, made when the description is read, for a form needs the application.

    `partial`: of a change, which names only what it changes. `instead` are schemas of fields of which the form itself
    does not tell enough."""
    def made() -> Schema:
        schema = _of_form(kind(formdata=None, meta={"csrf": False}))
        schema["properties"] |= instead
        if partial:
            schema.pop("required")
        return schema
    return made


def _of_form(form: Any) -> Schema:
    fields = fields_of(form)
    return {"type": "object", "additionalProperties": False,
            "properties": {field.short_name: _of_field(field) for field in fields},
            "required": [field.short_name for field in fields if _is_required(field)]}


def _is_required(field: Any) -> bool:
    return any(isinstance(rule, InputRequired) for rule in getattr(field, "validators", ()))


def _of_field(field: Any) -> Schema:
    if isinstance(field, FormField):
        return _of_form(field.form)
    if isinstance(field, FieldList):
        most = {"maxItems": field.max_entries} if field.max_entries else {}
        return {"type": "array", "items": _of_field(entry_of(field)), **most}
    if isinstance(field, SelectMultipleField):
        return {"type": "array", "items": _with_choices(field, {"type": "string"})}
    if isinstance(field, BooleanField):
        return {"type": "boolean"}
    required = _is_required(field)
    if isinstance(field, DateField):
        return {"type": "string" if required else ["string", "null"], "format": "date"}
    if isinstance(field, NumberField):
        return {"type": ["string", "number"] if required else ["string", "number", "null"]}
    whole = isinstance(field, IntegerField) or getattr(field, "coerce", str) is int
    plain = "integer" if whole else "string"
    found: Schema = {"type": plain if required else [plain, "null"]}
    longest = [rule.max for rule in field.validators if isinstance(rule, Length) and rule.max > 0]
    return _with_choices(field, found | ({"maxLength": min(longest)} if longest else {}))


def _with_choices(field: Any, schema: Schema) -> Schema:
    if not isinstance(field, SelectField | SelectMultipleField) or not field.choices:
        return schema
    # Sorted by themselves and not by their words, which differ by language.
    codes = sorted(one.value if isinstance(one, SelectChoice) else one if isinstance(one, str) else one[0]
                   for one in field.choices)
    return schema | {"enum": codes if schema["type"] in ("string", "integer") else [*codes, None]}
