"""Words of alerts on the pages."""
from __future__ import annotations

from flask_babel import lazy_gettext as _l

from lims.equipment.words import DUTY

__all__ = ["DUTY", "STAGE"]

STAGE = {
    60: _l("Trước 60 ngày"),
    30: _l("Trước 30 ngày"),
    7: _l("Trước 7 ngày"),
    0: _l("Đến hạn"),
    -1: _l("Quá hạn"),
    -2: _l("Quá hạn, đã báo cấp trên"),
}
