"""Assurance of results: what a standard touched, what follows from a failed check, drift, checks, comparisons."""
from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from lims.equipment.area import add_section, add_tab
from lims.equipment.consequences import on_certificate, on_failed_check
from lims.equipment.panels import add_panel
from lims.impact import recomputing, review_views, reviews, trace_views  # noqa: F401  (routes and handlers register)
from lims.impact.blueprint import blueprint


def init_app(app: Flask) -> None:
    """Register the pages of this feature, its places in the Standards area, and what it does after others' acts."""
    app.register_blueprint(blueprint)
    add_tab(app, "impact.trace", _l("Liên kết chuẩn"))
    add_tab(app, "impact.touched", _l("Đã dùng cho"))
    add_section(app, "impact.reviews_index", _l("Xem xét ảnh hưởng"))
    add_panel(app, review_views.panel)
    on_failed_check(app, reviews.after_failed_check)
    on_certificate(app, reviews.after_certificate)
