"""Measures over the features left of the plan: documents issued, jobs, standards, scope, staff, comparisons.

Features to the right, or that come later, register theirs in the same way (`lims.shared.measures`).
"""
from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import Flask, url_for
from flask_babel import lazy_gettext as _l

from instruments.recall import RETIRED
from lims.auth.models import User
from lims.customers.models import Customer
from lims.equipment.models import DutyRecord, Schedule, Standard
from lims.equipment.record_models import StandardEvent
from lims.impact.models import Comparison
from lims.issue.models import Certificate
from lims.jobs.capability_models import CapabilityLine
from lims.jobs.models import Job
from lims.shared import clock
from lims.shared.db import session
from lims.shared.measures import Line, Measure, Period, Rows, counted, register
from lims.staff.models import Authorisation, OfficerCard


def init_app(app: Flask) -> None:
    """Register the measures."""
    documents = (
        ("verification", Certificate.verified,  # by certificate, or by marks and sticker alone: the record stands
         _l("Phương tiện đo kiểm định đạt (giấy chứng nhận, hoặc dấu và tem)")),
        ("verified", Certificate.kind.in_(("verification", "work_record")),
         _l("Phương tiện đo đã kiểm định (đạt và không đạt)")),
        ("calibration", Certificate.kind == "calibration",
         _l("Phương tiện đo được cấp giấy chứng nhận hiệu chuẩn")),
        ("test", Certificate.kind == "test", _l("Phương tiện đo được cấp giấy chứng nhận thử nghiệm")),
        ("all", sa.true(), _l("Phương tiện đo đã kiểm định, hiệu chuẩn, thử nghiệm")))
    register(app, *(_certificates(*one) for one in documents))
    register(
        app,
        Measure("jobs.received", _l("Phiếu tiếp nhận"), _l("phiếu"), *counted(_jobs)),
        Measure("customers.served", _l("Doanh nghiệp, tổ chức được phục vụ"), _l("doanh nghiệp"), *counted(_served)),
        Measure("standards.in_date", _l("Chuẩn đo lường còn hạn hiệu chuẩn"), "%", _in_date, _standards, share=True),
        Measure("standards.commissioned", _l("Thiết bị, chuẩn đưa vào sử dụng"), _l("thiết bị"),
                *counted(_commissioned)),
        Measure("standards.checked", _l("Lần kiểm tra giữa kỳ, bảo dưỡng chuẩn"), _l("lần"), *counted(_duties)),
        Measure("scope.lines", _l("Dòng năng lực (CMC) đang có hiệu lực"), _l("dòng"), *counted(_scope)),
        Measure("scope.added", _l("Dòng năng lực mới trong kỳ"), _l("dòng"), *counted(_scope_added)),
        Measure("staff.authorised", _l("Người được giao quyền mới trong kỳ"), _l("người"), *counted(_authorised)),
        Measure("staff.officers", _l("Kiểm định viên có thẻ còn hiệu lực"), _l("người"), *counted(_officers)),
        Measure("comparisons.done", _l("Chương trình so sánh liên phòng, thử nghiệm thành thạo đã tham gia"),
                _l("chương trình"), *counted(_comparisons)))


def _certificates(code: str, condition: sa.ColumnElement[bool], title: Any) -> Measure:
    def query(period: Period) -> Rows:
        rows = sa.select(Certificate.id, Certificate.issued_on, Certificate.number, Certificate.object_name,
                         Certificate.customer_name).where(
            Certificate.issued_on.between(period.first, period.until), Certificate.edition == 1, condition)
        return rows, Certificate.id, lambda row: Line(
            row.id, row.issued_on, row.number, row.object_name, row.customer_name,
            url_for("issue.show", number=row.number))

    return Measure(f"certificates.{code}", title, _l("phương tiện đo"), *counted(query))


def _jobs(period: Period) -> Rows:
    rows = sa.select(Job.id, Job.received_on, Job.number, Customer.name).join(Customer).where(
        Job.received_on.between(period.first, period.until))
    return rows, Job.id, lambda row: Line(row.id, row.received_on, row.number, row.name, "",
                                          url_for("jobs.show", job_id=row.id))


def _served(period: Period) -> Rows:
    served = sa.select(Job.customer_id).where(Job.received_on.between(period.first, period.until))
    rows = sa.select(Customer.id, Customer.code, Customer.name, Customer.address).where(Customer.id.in_(served))
    return rows, Customer.id, lambda row: Line(row.id, None, row.code, row.name, row.address,
                                               url_for("customers.show", customer_id=row.id))


_CALIBRATION = sa.and_(Schedule.standard_id == Standard.id, Schedule.duty == "calibration", Schedule.label == "")


def _standards_then(on: date) -> Any:
    """Standards of the register on a day that are not retired, with the day their calibration is due."""
    return sa.select(Standard.id, Standard.asset_number, Standard.name, Standard.state, Schedule.due_on).join(
        Schedule, _CALIBRATION).where(Standard.created_at < _after(on), Standard.state != RETIRED)


def _in_date(period: Period) -> Decimal | None:
    """Share of the standards whose calibration is not overdue on the last day that can be counted."""
    on = period.until
    kept = _standards_then(on).subquery()
    good = sa.func.sum(sa.case((kept.c.due_on >= on, 1), else_=0))
    number, valid = session().execute(sa.select(sa.func.count(), good).select_from(kept)).one()
    return None if not number else Decimal(100 * int(valid or 0)) / Decimal(number)


def _standards(period: Period, below: int | None, size: int) -> list[Line]:
    rows, on = _standards_then(period.until), period.until
    if below is not None:
        rows = rows.where(Standard.id < below)
    return [Line(row.id, row.due_on, row.asset_number, row.name, "", url_for("equipment.show", standard_id=row.id),
                 counts=row.due_on is not None and row.due_on >= on)
            for row in session().execute(rows.order_by(Standard.id.desc()).limit(size))]


def _commissioned(period: Period) -> Rows:
    rows = sa.select(StandardEvent.id, StandardEvent.on, Standard.id.label("standard_id"), Standard.asset_number,
                     Standard.name, StandardEvent.text).join(Standard, Standard.id == StandardEvent.standard_id).where(
        StandardEvent.kind == "commissioning", StandardEvent.passed.is_(True),
        StandardEvent.on.between(period.first, period.until))
    return rows, StandardEvent.id, lambda row: Line(row.id, row.on, row.asset_number, row.name, row.text,
                                                    url_for("equipment.show", standard_id=row.standard_id))


def _duties(period: Period) -> Rows:
    rows = sa.select(DutyRecord.id, DutyRecord.done_on, Standard.id.label("standard_id"), Standard.asset_number,
                     Standard.name, DutyRecord.note).join(Standard, Standard.id == DutyRecord.standard_id).where(
        DutyRecord.done_on.between(period.first, period.until))
    return rows, DutyRecord.id, lambda row: Line(row.id, row.done_on, row.asset_number, row.name, row.note,
                                                 url_for("equipment.show", standard_id=row.standard_id))


def _scope(period: Period) -> Rows:
    on = period.until
    return _scope_where(CapabilityLine.valid_from <= on,
                        sa.or_(CapabilityLine.valid_to.is_(None), CapabilityLine.valid_to >= on))


def _scope_added(period: Period) -> Rows:
    return _scope_where(CapabilityLine.valid_from.between(period.first, period.until))


def _scope_where(*conditions: Any) -> Rows:
    rows = sa.select(CapabilityLine.id, CapabilityLine.valid_from, CapabilityLine.field, CapabilityLine.lower,
                     CapabilityLine.upper, CapabilityLine.unit, CapabilityLine.reference).where(*conditions)
    return rows, CapabilityLine.id, lambda row: Line(
        row.id, row.valid_from, row.field, f"({row.lower:f} ÷ {row.upper:f}) {row.unit}", row.reference,
        url_for("jobs.capability", line_id=row.id))


def _authorised(period: Period) -> Rows:
    return _people(sa.select(Authorisation.user_id).where(
        Authorisation.valid_from.between(period.first, period.until)))


def _officers(period: Period) -> Rows:
    on = period.until
    return _people(sa.select(OfficerCard.user_id).where(OfficerCard.in_force(on)))


def _people(ids: Any) -> Rows:
    rows = sa.select(User.id, User.username, User.full_name, User.title).where(User.id.in_(ids))
    return rows, User.id, lambda row: Line(row.id, None, row.username or "", row.full_name, row.title,
                                           url_for("staff.person", user_id=row.id))


def _comparisons(period: Period) -> Rows:
    earlier = sa.orm.aliased(Comparison)  # a round counts once, however many points it has
    rows = sa.select(Comparison.id, Comparison.measured_on, Comparison.code, Comparison.title,
                     Comparison.provider).where(
        Comparison.measured_on.between(period.first, period.until),
        ~sa.exists().where(earlier.provider == Comparison.provider, earlier.code == Comparison.code,
                           earlier.measured_on.is_not(None), earlier.id < Comparison.id))
    return rows, Comparison.id, lambda row: Line(row.id, row.measured_on, row.code, row.title, row.provider,
                                                 url_for("impact.comparisons_show", comparison_id=row.id))


def _after(on: date) -> datetime:
    """The instant at which the day after `on` begins in the laboratory."""
    return datetime.combine(on + timedelta(days=1), time(), clock.LOCAL_ZONE)
