"""The register of reference standards."""
from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from lims.equipment import (  # noqa: F401  (kinds of tables are announced)
    area,
    certificate_views,
    exchange,
    exchange_certificates,
    plan_views,
    record_views,
    reservation_views,
    schedule_views,
    views,
)


def init_app(app: Flask) -> None:
    """Register the pages of this feature."""
    # each adds its pages to the one blueprint
    for pages in (certificate_views, schedule_views, plan_views, record_views, reservation_views):
        assert pages.blueprint is views.blueprint
    app.register_blueprint(views.blueprint)
    area.init_app(app)
    area.add_section(app, "equipment.index", _l("Sổ chuẩn"))
    area.add_section(app, "equipment.due", _l("Đến hạn"))
    area.add_section(app, "equipment.calendar", _l("Lịch"))
    area.add_section(app, "equipment.year_plan", _l("Kế hoạch năm"))
    area.add_section(app, "equipment.reserved", _l("Đang giữ"))
    area.add_tab(app, "equipment.show", _l("Hồ sơ"))
    app.jinja_env.filters["quantity"] = views.words.quantity_word
