"""What every page shows around its content: navigation by job of the day, the person, the demonstration band."""
from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from lims.shared.db import session
from lims.shared.i18n import language
from lims.shared.organisation import Organisation
from lims.shared.permissions import may


@dataclass(frozen=True)
class Entry:
    """One entry of the navigation rail."""

    url: str
    icon: str
    label: str
    current: bool
    phone: bool


# endpoint, icon, permission ("" = everybody inside), shown on a phone's short rail
ENTRIES = (
    ("web.home", "home", "", True),
    ("jobs.index", "receive", "", True),
    ("jobs.bench", "measure", "", True),
    ("issue.review_list", "review", "", True),
    ("issue.certificates", "certificate", "", False),
    ("equipment.index", "standard", "", False),
    ("customers.index", "enterprise", "", False),
    ("surveys.index", "search", "", False),
    ("plans.index", "plan", "", False),
    ("alerts.index", "bell", "", False),
    ("staff.index", "people", "", False),
    ("auth.users", "person", "users.manage", False),
    ("auth.settings", "settings", "settings.edit", False),
)

RECEPTION = {"index", "create", "show", "change", "review_request", "assign", "hand_over", "cancel"}
ARCHIVE = {"certificates", "show", "amend", "withdraw", "signed", "scrub_page", "retention_page", "retention_rule",
           "dispose", "hold", "work_retention", "dispose_of_work"}


def _labels() -> dict[str, str]:
    return {
        "web.home": _("Hôm nay"), "jobs.index": _("Tiếp nhận"), "jobs.bench": _("Đo"),
        "issue.review_list": _("Soát xét"), "issue.certificates": pgettext("list", "Giấy"),
        "equipment.index": pgettext("list", "Chuẩn"), "customers.index": pgettext("list", "Doanh nghiệp"),
        "surveys.index": _("Khảo sát"),
        "plans.index": pgettext("list", "Kế hoạch"), "staff.index": _("Nhân sự"), "alerts.index": _("Cảnh báo"),
        "auth.users": _("Tài khoản"), "auth.settings": _("Cài đặt"),
    }


def context() -> dict[str, object]:
    """Template variables: navigation, demonstration, organisation's short name, may()."""
    laboratory = _laboratory()
    return {
        "language": language(),
        "navigation": _navigation() if current_user.is_authenticated else [],
        "demonstration": bool(laboratory and laboratory.demonstration),
        "laboratory": laboratory,
        "may": may,
    }


def _laboratory() -> Organisation | None:
    """None also while the database is away: the page that says so is framed by this too."""
    try:
        return session().get(Organisation, 1)
    except SQLAlchemyError:
        session().rollback()
        return None


def _navigation() -> list[Entry]:
    labels, here = _labels(), _section(request.endpoint or "")
    entries = []
    for endpoint, icon, permission, phone in ENTRIES:
        if endpoint not in current_app.view_functions or (permission and not may(permission)):
            continue
        entries.append(Entry(url_for(endpoint), icon, labels[endpoint], endpoint == here, phone))
    return entries


def _section(endpoint: str) -> str:
    """The entry under which a page stands."""
    blueprint, _dot, page = endpoint.partition(".")
    if blueprint == "jobs":
        return "jobs.index" if page in RECEPTION else "jobs.bench"
    if page in ("series_settings", "choose_series", "key_settings", "retire_key") or page.startswith("paper_"):
        return "auth.settings"
    if blueprint == "issue":
        return "issue.certificates" if page in ARCHIVE else "issue.review_list"
    if blueprint == "auth":
        return "auth.settings" if page == "settings" else "auth.users"
    if (blueprint == "legal" and "sticker" in page) or page == "ledger":
        return "issue.certificates"
    if blueprint == "programmes":
        return "plans.index"
    if blueprint == "legal":
        return "issue.review_list"
    if blueprint == "owners":
        return "jobs.index"
    if blueprint == "impact":
        return "equipment.index"
    if blueprint in ("workload", "reports"):
        return "plans.index"
    return "web.home" if blueprint == "web" else f"{blueprint}.index"
