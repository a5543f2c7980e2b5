"""Navigation of the Standards area: its sections, and the tabs of one standard; features further right add theirs."""
from __future__ import annotations

from typing import Any

from flask import Flask, current_app, request, url_for

SECTIONS, TABS = "standards_sections", "standard_tabs"


def init_app(app: Flask) -> None:
    """The two lists as functions of the templates."""
    app.jinja_env.globals.update(standards_sections=sections, standard_tabs=tabs)


def add_section(app: Flask, endpoint: str, label: Any) -> None:
    """A page beside the register, in the order of adding; `label` is a lazy word."""
    app.extensions.setdefault(SECTIONS, []).append((endpoint, label))


def add_tab(app: Flask, endpoint: str, label: Any) -> None:
    """A page of one standard; its view takes `standard_id`."""
    app.extensions.setdefault(TABS, []).append((endpoint, label))


def sections() -> list[tuple[str, str, bool]]:
    """(label, address, whether it is this page) of every section."""
    return [(str(label), url_for(endpoint), _family(endpoint) == _family(request.endpoint))
            for endpoint, label in current_app.extensions.get(SECTIONS, [])]


def tabs(standard_id: int) -> list[tuple[str, str, bool]]:
    """The same for the pages of one standard."""
    return [(str(label), url_for(endpoint, standard_id=standard_id), request.endpoint == endpoint)
            for endpoint, label in current_app.extensions.get(TABS, [])]


def _family(endpoint: str | None) -> str:
    """Pages whose names begin alike stand in one section: impact.reviews, impact.reviews_show."""
    return (endpoint or "").partition("_")[0]
