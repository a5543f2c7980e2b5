"""The day on which the drift of a standard is forecast to reach its limit; told by a feature further right."""
from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date

from flask import Flask, current_app

Asked = Callable[[Collection[int]], Mapping[int, date]]
_KEY = "drift_forecasts"


def ask_forecasts(app: Flask, ask: Asked) -> None:
    """This answers for some standards, by id, which drift to their limit before they are due, and when."""
    app.extensions[_KEY] = ask


def drift_forecasts(standard_ids: Collection[int]) -> Mapping[int, date]:
    """{standard id: day} of those that reach their limit before they are due, as far as it can be told."""
    ask: Asked | None = current_app.extensions.get(_KEY)
    return {} if ask is None or not standard_ids else ask(standard_ids)
