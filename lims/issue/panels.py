"""Panels that features further right add to a certificate's page."""
from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app
from markupsafe import Markup

from lims.issue.models import Certificate

Panel = Callable[[Certificate], str]
"""Given the certificate, the finished HTML of one panel, or ""."""


def add_panel(app: Flask, panel: Panel) -> None:
    """Show this panel on every certificate's page."""
    app.extensions.setdefault("certificate_panels", []).append(panel)


def panels_of(certificate: Certificate) -> list[Markup]:
    """The finished panels of one certificate."""
    drawn = [panel(certificate) for panel in current_app.extensions.get("certificate_panels", [])]
    return [Markup(text) for text in drawn if text]
