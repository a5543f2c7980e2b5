"""Panels that features further right add to a standard's page (its alerts, what it touched)."""
from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app
from markupsafe import Markup

from lims.equipment.models import Standard

Panel = Callable[[Standard], str]
"""Given the standard, the finished HTML of one panel, or "" when there is nothing to show."""


def add_panel(app: Flask, panel: Panel) -> None:
    """Show this panel on every standard's page; panels stand in the order in which they were added."""
    app.extensions.setdefault("equipment_panels", []).append(panel)


def panels_of(standard: Standard) -> list[Markup]:
    """The finished panels of one standard."""
    drawn = [panel(standard) for panel in current_app.extensions.get("equipment_panels", [])]
    return [Markup(text) for text in drawn if text]
