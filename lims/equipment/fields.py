"""A form field for one number typed by a person, read by the one parser; and options made from pairs."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from wtforms import SelectChoice, StringField
from wtforms.validators import Optional

from instruments.typed_number import NumberError, parse_typed
from lims.shared.i18n import language


class NumberField(StringField):
    """`data` is a Decimal, or None when the box is empty. Vietnamese and international ways of typing are read."""

    data: Any

    def __init__(self, label: Any = None, validators: Sequence[Any] = (Optional(),), **kwargs: Any) -> None:
        super().__init__(label, list(validators), **{"render_kw": {"inputmode": "decimal", "autocomplete": "off"},
                                                     **kwargs})

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:f}".replace(".", ",") if isinstance(self.data, Decimal) else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = valuelist[0] if valuelist else ""
        if not text.strip():
            return
        try:
            self.data = parse_typed(text, convention="vi").value
        except NumberError as error:
            raise ValueError(error.en if language() == "en" else error.vi) from error


def options(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """(value, word) pairs as the options of a select or radio field; words may be lazy."""
    return [SelectChoice(value, word) for value, word in pairs]
