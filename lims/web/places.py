"""Pages, acts and procedures that the search offers beside the records, each person's own."""
from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from flask import current_app, url_for
from flask_babel import gettext as _

from lims.jobs.procedures import titles
from lims.shared.i18n import language
from lims.shared.permissions import may
from lims.shared.text import search_key


class Place(NamedTuple):
    """One thing to open: what it is called, more words about it, its address."""

    group: str
    code: str
    text: str
    url: str


# endpoint, permission ("" = everybody inside)
PAGES = (
    ("web.home", ""), ("jobs.index", ""), ("jobs.create", "jobs.receive"), ("jobs.bench", ""),
    ("owners.visits", "jobs.receive"),
    ("issue.review_list", ""), ("issue.certificates", ""), ("legal.index", ""), ("legal.ledger", ""),
    ("equipment.index", ""),
    ("equipment.due", ""), ("equipment.create", "standards.edit"), ("customers.index", ""),
    ("customers.create", "customers.edit"), ("customers.instruments", ""), ("surveys.index", ""),
    ("surveys.analysis", ""), ("surveys.coverage", ""),
    ("surveys.create", "surveys.edit"),
    ("alerts.index", ""), ("staff.index", ""), ("programmes.index", ""), ("auth.users", "users.manage"),
    ("auth.settings", "settings.edit"), ("jobs.procedures", ""), ("jobs.capabilities", ""), ("jobs.loads", ""),
    ("web.tables", ""),
)


def procedures_and_places(text: str) -> list[Place]:
    """Those in whose words each word of the text begins some word."""
    wanted = search_key(text).split()
    return [place for place in (*_pages(), *_procedures())
            if _holds(search_key(place.code, place.text).split(), wanted)]


def _holds(words: list[str], wanted: list[str]) -> bool:
    return bool(wanted) and all(any(word.startswith(one) for word in words) for one in wanted)


def _pages() -> Iterator[Place]:
    labels = _labels()
    for endpoint, permission in PAGES:
        if endpoint in current_app.view_functions and (not permission or may(permission)):
            yield Place(_("Trang"), labels[endpoint], "", url_for(endpoint))


def _procedures() -> Iterator[Place]:
    if "jobs.procedure" not in current_app.view_functions:
        return
    for code, title in titles(language()):
        yield Place(_("Quy trình"), code, title, url_for("jobs.procedure", code=code))


def _labels() -> dict[str, str]:
    return {
        "web.home": _("Hôm nay"), "jobs.index": _("Phiếu tiếp nhận"), "jobs.create": _("Tiếp nhận phương tiện đo"),
        "jobs.bench": _("Việc chờ đo"), "issue.review_list": _("Soát xét và ký"),
        "issue.certificates": _("Giấy đã cấp"), "owners.visits": _("Đề nghị qua tem"),
        "legal.ledger": _("Tem và niêm phong"),
        "legal.index": _("Danh mục phương tiện đo nhóm 2"),
        "equipment.index": _("Chuẩn đo lường"), "equipment.due": _("Chuẩn đến hạn"),
        "equipment.create": _("Thêm chuẩn"), "customers.index": _("Doanh nghiệp"),
        "customers.create": _("Thêm doanh nghiệp"),
        "customers.instruments": _("Phương tiện đo và hạn kiểm định"),
        "surveys.index": _("Phiếu khảo sát"), "surveys.analysis": _("Phân tích phương tiện đo"),
        "surveys.coverage": _("Năng lực kiểm định nhóm 2"), "surveys.create": _("Khảo sát mới"),
        "alerts.index": _("Cảnh báo"), "staff.index": _("Nhân sự"),
        "programmes.index": _("Chương trình bảo đảm đo lường"),
        "auth.users": _("Tài khoản"), "auth.settings": _("Cài đặt"), "jobs.procedures": _("Quy trình đo"),
        "jobs.capabilities": _("Khả năng đo (CMC)"), "jobs.loads": _("Bàn kiểm: đo nhiều cái một lần"),
        "web.tables": _("Nhập, xuất bảng"),
    }
