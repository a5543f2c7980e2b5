"""Decimal numbers in bodies: digits with a point, as text (every digit counts) or as a JSON number."""
from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from instruments.typed_number import NumberError, parse_typed
from lims.api.problems import Fault, Path
from lims.shared.i18n import language


def wrong_number(value: Any, path: Path) -> Iterator[Fault]:
    """What is wrong with a value where a number is wanted; blank text is no number and no fault."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        yield Fault(path, _("Cần một số, hoặc các chữ số của nó trong một chuỗi."))
    elif str(value).strip():
        try:
            parse_typed(str(value), convention="api")
        except NumberError as error:
            yield Fault(path, error.vi if language() == "vi" else error.en)


def as_typed(value: Any) -> str:
    """A number that is not wrong, as a person would type it: with the comma, which never groups."""
    text = str(value).strip()
    return parse_typed(text, convention="api").canonical.replace(".", ",") if text else ""
