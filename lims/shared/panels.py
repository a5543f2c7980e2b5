"""Panels that features further right add to a page of a feature left of them: a standard, a customer, a job …"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup

Panel = Callable[[Any], str]
"""Given what the page shows, the finished HTML of one panel, or "" when there is nothing to show."""


def add_panel(app: Flask, page: str, panel: Panel) -> None:
    """Show this panel on every page of that name ("standard", "certificate", "customer", "job"), in the order added."""
    app.extensions.setdefault("panels", {}).setdefault(page, []).append(panel)


def panels_of(page: str, shown: object) -> list[Markup]:
    """The finished panels of what a page shows."""
    drawn = [panel(shown) for panel in current_app.extensions.get("panels", {}).get(page, [])]
    return [Markup(text) for text in drawn if text]
