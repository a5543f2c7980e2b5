"""What each person must act on today, by what they may do: a number, its words, the list behind it."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _

from lims.alerts.models import OutboxMessage
from lims.auth.models import User
from lims.equipment.models import Standard
from lims.equipment.recall import count_overdue
from lims.impact.comparisons import answered_by, overdue, overdue_actions, without_follow_up
from lims.impact.concerned import recalls_waiting
from lims.impact.models import Comparison, ComparisonAction, ImpactReview
from lims.issue import scrub
from lims.jobs.models import Job, JobItem
from lims.legal import catalogue
from lims.owners import requests
from lims.plans.models import PlanDifficulty
from lims.plans.progress import PlanProgress
from lims.plans.rules import Standing
from lims.reports import service as reports
from lims.reports.rules import Standing as ReportStanding
from lims.shared import clock
from lims.shared.db import session
from lims.shared.i18n import language
from lims.shared.tasks import BackgroundTask
from lims.staff.overview import SOON, ending

RECENT = timedelta(days=7)
"""How long a background task that failed stays on the page."""


@dataclass(frozen=True)
class Duty:
    """One thing to act on; `light` is bad, warn or idle."""

    number: int
    words: str
    url: str
    light: str = "idle"


def duties(user: User, today: date, plan: PlanProgress | None = None, alerts: int = 0) -> list[Duty]:
    """Everything that waits for this person, gravest first; what there is none of is left out.

    `plan`: how far this year's plan is, for whoever answers for it; `alerts`: how many are open for the person; both
    reckoned once for the page."""
    found: dict[str, Duty] = {}
    may = user.permissions
    for needed, source in _SOURCES:
        if needed in may:
            for duty in source(user, today):
                if duty.number:
                    found.setdefault(duty.words, duty)
    for duty in (*_planning(plan), *_reporting(today)) if "plans.edit" in may else ():
        if duty.number:
            found.setdefault(duty.words, duty)
    if alerts and "standards.edit" in may:
        found["alerts"] = Duty(alerts, _("cảnh báo chưa xử lý"), url_for("alerts.index"), "warn")
    elif alerts and "jobs.measure" in may:
        found["alerts"] = Duty(alerts, _("nhắc hạn đang chờ nhận"), url_for("alerts.index"), "warn")
    order = ("bad", "warn", "idle")
    return sorted(found.values(), key=lambda one: order.index(one.light))


def _reception(_user: User, today: date) -> Iterator[Duty]:
    yield Duty(_count(Job, Job.reviewed_at.is_(None)), _("phiếu chờ xem xét yêu cầu"),
               url_for("jobs.index", show="unreviewed"), "warn")
    yield Duty(requests.waiting(), _("đề nghị qua tem, chờ gọi lại"), url_for("owners.visits"), "warn")
    yield Duty(_items(JobItem.state == "issued"), _("phương tiện đo xong, chờ trả khách"),
               url_for("workload.listing", show="ready"))
    yield Duty(_late(today), _("phương tiện đo quá hẹn trả, cần báo khách"),
               url_for("workload.listing", show="overdue"), "bad")
    yield Duty(_items(JobItem.state.in_(_OPEN), Job.promised_on == today), _("phương tiện đo hẹn trả hôm nay"),
               url_for("workload.listing", show="due_today"), "warn")


def _assigning(_user: User, _today: date) -> Iterator[Duty]:
    yield Duty(_items(JobItem.state == "received", Job.reviewed_at.is_not(None)), _("phương tiện đo chờ giao việc"),
               url_for("workload.listing", show="unassigned"), "warn")


def _measuring(user: User, today: date) -> Iterator[Duty]:
    mine = (assigned_to(user), JobItem.state.in_(("assigned", "measuring")))
    yield Duty(_items(*mine, JobItem.return_reason != ""), _("bảng đo bị trả lại, cần sửa"),
               url_for("jobs.bench", only="returned"), "bad")
    yield Duty(_items(*mine, Job.promised_on < today), _("việc của tôi đã quá hẹn"),
               url_for("jobs.bench", only="overdue"), "bad")
    yield Duty(_items(*mine, Job.promised_on == today), _("việc của tôi hẹn hôm nay"),
               url_for("jobs.bench", only="today"), "warn")
    yield Duty(_items(*mine), _("việc của tôi đang chờ đo"), url_for("jobs.bench"))


def _reviewing(_user: User, _today: date) -> Iterator[Duty]:
    yield Duty(_items(JobItem.state == "submitted"), _("bảng đo chờ soát xét"),
               url_for("issue.review_list", state="submitted"), "warn")


def _signing(_user: User, _today: date) -> Iterator[Duty]:
    yield Duty(len(recalls_waiting()), _("xem xét ảnh hưởng chờ thu hồi hoặc thay thế giấy"),
               url_for("impact.reviews_index", state="recall"), "bad")
    yield Duty(_items(JobItem.state == "reviewed"), _("giấy chờ ký"),
               url_for("issue.review_list", state="reviewed"), "warn")


def _quality(user: User, today: date) -> Iterator[Duty]:
    yield Duty(count_overdue(today), _("việc của chuẩn quá hạn"), url_for("equipment.due", show="overdue"), "bad")
    yield Duty(_count(Standard, Standard.state == "quarantined"), _("chuẩn đang cách ly"),
               url_for("equipment.index", state="quarantined"), "bad")
    yield Duty(_count(ImpactReview, ImpactReview.state != "closed"), _("xem xét ảnh hưởng chưa đóng"),
               url_for("impact.reviews_index", state="waiting"), "bad")
    yield Duty(overdue_actions(today), _("việc sau so sánh liên phòng quá hạn"),
               url_for("impact.comparisons_index", show="overdue"), "bad")
    yield Duty(_count(Comparison, without_follow_up()), _("so sánh liên phòng không đạt chưa có việc khắc phục"),
               url_for("impact.comparisons_index", show="unanswered"), "bad")


def _people(_user: User, today: date) -> Iterator[Duty]:
    yield Duty(len(ending(today)), _("thẻ, giao quyền, chứng chỉ hết hạn trong %(days)s ngày", days=SOON.days),
               url_for("staff.cards") + "#ending", "warn")


def _planning(plan: PlanProgress | None) -> Iterator[Duty]:
    if plan is not None:
        tally = plan.tally
        yield Duty(tally[Standing.BEHIND] + tally[Standing.MISSED], _("nhiệm vụ kế hoạch chậm hoặc không đạt"),
                   url_for("plans.show", yearly_id=plan.plan.id, standing="late") + "#tasks", "bad")
    waiting = _count(PlanDifficulty, PlanDifficulty.resolved_on.is_(None))
    yield Duty(waiting, _("khó khăn của kế hoạch chưa giải quyết"), url_for("plans.difficulties"), "warn")


def _reporting(today: date) -> Iterator[Duty]:
    for one in reports.waiting(today):
        words = reports.title_of(one.kind, one.year)[language() == "en"]
        told = _("%(title)s, hạn %(day)s", title=words, day=f"{one.due_on:%d/%m/%Y}")
        yield Duty(1, told,
                   url_for("reports.show", kind=one.kind, year=one.year),
                   "bad" if one.standing is ReportStanding.OVERDUE else "warn")


def _overseeing(_user: User, today: date) -> Iterator[Duty]:
    yield Duty(_late(today), _("phương tiện đo quá hẹn trả"), url_for("workload.listing", show="overdue"), "bad")


def _legal(_user: User, today: date) -> Iterator[Duty]:
    yield Duty(len(catalogue.waiting(today)), _("mục danh mục nhóm 2 chờ xác nhận"),
               url_for("legal.index", all=1), "warn")


def _running(_user: User, _today: date) -> Iterator[Duty]:
    failed = _count(BackgroundTask, BackgroundTask.state == "failed", BackgroundTask.finished_at > clock.now() - RECENT)
    yield Duty(failed, _("việc nền bị lỗi trong 7 ngày"), url_for("tasks.index"), "bad")
    unsent = _count(OutboxMessage, OutboxMessage.sent_at.is_(None), OutboxMessage.last_error != "")
    yield Duty(unsent, _("thư không gửi được"), url_for("alerts.outbox", show="waiting"), "bad")
    newest = scrub.newest(session())
    if newest is not None and not newest.in_order:
        yield Duty(len(newest.faults), _("lỗi trong kho lưu giấy"), url_for("issue.scrub_page"), "bad")
    yield Duty(_count(User, User.active.is_(True), ~User.roles.any()), _("tài khoản chưa có vai trò"),
               url_for("auth.users"), "warn")


def _answering(user: User, today: date) -> Iterator[Duty]:
    late = _count(ComparisonAction, overdue(today), ComparisonAction.responsible_id == user.id)
    yield Duty(_count(Comparison, answered_by(user.id)), _("so sánh liên phòng chờ tôi"),
               url_for("impact.comparisons_index", show="mine"), "bad" if late else "idle")


_OPEN = ("received", "assigned", "measuring", "submitted", "reviewed")
_SOURCES = (("jobs.receive", _reception), ("jobs.assign", _assigning), ("jobs.measure", _measuring),
            ("issue.review", _reviewing), ("issue.sign", _signing), ("standards.edit", _quality),
            ("staff.edit", _people), ("issue.sign", _overseeing),
            ("legal.confirm", _legal), ("settings.edit", _running), ("alerts.act", _answering))


def _late(today: date) -> int:
    return _items(JobItem.state.in_(_OPEN), Job.promised_on < today)


def _items(*conditions: Any) -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(JobItem).join(Job).where(*conditions)) or 0


def assigned_to(user: User) -> sa.ColumnElement[bool]:
    """The person's items, found among the open ones: those ever assigned grow for years, so their index is no help."""
    return JobItem.assigned_to_id + 0 == user.id


def _count(model: Any, *conditions: Any) -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(model).where(*conditions)) or 0
