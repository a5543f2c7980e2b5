"""Assurance of results: what a standard touched, what follows from a failed check, drift, checks, comparisons."""
from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from lims.equipment.area import add_section, add_tab
from lims.equipment.consequences import before_use, on_certificate, on_failed_check
from lims.equipment.forecasts import ask_forecasts
from lims.impact import (  # noqa: F401  (routes and handlers register)
    check_views,
    comparison_views,
    drift_views,
    drifting,
    evidence,
    pending,
    personal,
    recomputing,
    releasing,
    review_views,
    reviews,
    room_pair_views,
    room_views,
    trace_views,
)
from lims.impact.blueprint import blueprint
from lims.issue.preflight import look_further
from lims.shared.panels import add_panel
from lims.staff.catalogue import add_history


def init_app(app: Flask) -> None:
    """Register the pages of this feature, its places in the Standards area, and what it does after others' acts."""
    app.register_blueprint(blueprint)
    add_history(app, personal.comparisons_of)
    add_tab(app, "impact.trace", _l("Liên kết chuẩn"))
    add_tab(app, "impact.touched", _l("Đã dùng cho"))
    add_tab(app, "impact.drift", _l("Độ trôi và chu kỳ"))
    add_tab(app, "impact.checks_of", _l("Kiểm tra giữa kỳ"))
    add_section(app, "impact.checks_index", _l("Kiểm tra giữa kỳ"))
    add_section(app, "impact.reviews_index", _l("Xem xét ảnh hưởng"))
    add_section(app, "impact.comparisons_index", _l("So sánh liên phòng"))
    add_section(app, "impact.rooms_index", _l("Phòng"))
    add_panel(app, "standard", review_views.panel)
    add_panel(app, "certificate", evidence.panel)
    ask_forecasts(app, drifting.forecasts)
    on_failed_check(app, reviews.after_failed_check)
    look_further(app, pending.findings)
    before_use(app, releasing.require_good_checks)
    on_certificate(app, reviews.after_certificate)
