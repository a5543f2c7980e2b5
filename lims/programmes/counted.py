"""Figures of programmes for plans and reports."""
from __future__ import annotations

import sqlalchemy as sa
from flask import Flask, url_for
from flask_babel import lazy_gettext as _l

from lims.customers.models import Customer
from lims.programmes.models import Programme, ProgrammeAction, ProgrammeDocument
from lims.shared.measures import Line, Measure, Period, Rows, counted, register


def init_app(app: Flask) -> None:
    """Register the measures."""
    register(app, Measure("programmes.issued", _l("Chương trình bảo đảm đo lường được ban hành"), _l("chương trình"),
                          *counted(_issued)),
             Measure("programmes.actions_done", _l("Nhiệm vụ của chương trình đã hoàn thành"), _l("nhiệm vụ"),
                     *counted(_done)))


def _issued(period: Period) -> Rows:
    """First editions issued in the period: an amendment is not another programme."""
    rows = sa.select(ProgrammeDocument.id, ProgrammeDocument.issued_on, ProgrammeDocument.number, Programme.title,
                     Customer.name, Programme.id.label("programme_id")).join(
        Programme, Programme.id == ProgrammeDocument.programme_id).join(
        Customer, Customer.id == Programme.customer_id).where(
        Programme.edition == 1, ProgrammeDocument.issued_on.between(period.first, period.until))
    return rows, ProgrammeDocument.id, lambda row: Line(
        row.id, row.issued_on, row.number, row.title, row.name,
        url_for("programmes.show", programme_id=row.programme_id))


def _done(period: Period) -> Rows:
    rows = sa.select(ProgrammeAction.id, ProgrammeAction.done_on, ProgrammeAction.text, ProgrammeAction.result,
                     Customer.name, Programme.id.label("programme_id")).join(
        Programme, Programme.id == ProgrammeAction.programme_id).join(
        Customer, Customer.id == Programme.customer_id).where(
        ProgrammeAction.state == "done", ProgrammeAction.done_on.between(period.first, period.until),
        Programme.state.in_(("issued", "closed")))
    return rows, ProgrammeAction.id, lambda row: Line(
        row.id, row.done_on, row.name, row.text, row.result,
        url_for("programmes.show", programme_id=row.programme_id))
