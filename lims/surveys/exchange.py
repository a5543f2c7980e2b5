"""Surveys as a table for `lims import surveys` and `lims export surveys`: a line an instrument, drafts by visit."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from lims.auth.models import User
from lims.customers.words import SERVICE, VERDICT, kind_word
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import DomainError
from lims.shared.exchange import Column, Kind, Line, Outcome, announce
from lims.shared.forms import parse_day
from lims.shared.i18n import language
from lims.surveys import intake, service, survey_forms, words
from lims.surveys.models import Survey, SurveyRow
from lims.surveys.row_fields import DATES, FIELDS, KIND_CODES, read

NEEDED = ("kind", "serial")
COLUMNS = (
    Column("customer", _l("Doanh nghiệp (mã, mã số thuế hoặc tên)"), True, example="KH-0001"),
    Column("visited_on", _l("Ngày khảo sát"), True, shape="day", example="12/11/2026"),
    Column("team", _l("Đoàn khảo sát"), True, example="Nguyễn Văn Minh, Lê Thị Thu Hà"),
    Column("findings", _l("Nhận xét của đoàn")),
    *(Column(name, words.FIELD[name], name in NEEDED, shape="day" if name in DATES else "text", words={
        "kind": lambda: {code: kind_word(code) for code in KIND_CODES}, "last_service": lambda: SERVICE,
        "last_verdict": lambda: VERDICT, "advice": lambda: words.ADVICE}.get(name),
        example="" if name in DATES else intake.EXAMPLE.get(name, "")) for name in FIELDS))


def _rows() -> Iterator[Mapping[str, Any]]:
    query = sa.select(SurveyRow).join(Survey).order_by(Survey.id, SurveyRow.position, SurveyRow.id)
    for row in session().scalars(query):
        survey = row.survey
        yield {"customer": survey.customer.code, "visited_on": survey.visited_on, "team": survey.team,
               "findings": survey.findings, **{name: row.fields.get(name, "") for name in FIELDS}}


def _take(current: Session, lines: Sequence[Line], outcome: Outcome, by: User) -> None:
    """Rows known to a survey of that enterprise and day are the same; others go to its draft, or to a new one."""
    drafts: dict[tuple[int, date], Survey] = {}
    seen: dict[tuple[int, date], set[tuple[str, str]]] = {}
    for line in lines:
        customer, day = intake.customer_named(line.get("customer")), parse_day(line.get("visited_on"))
        if customer is None:
            outcome.wrong(line, "customer", _said("Không có doanh nghiệp này, hoặc có nhiều.",
                                                  "No such enterprise, or several."))
        if day is None or day > clock.today():
            outcome.wrong(line, "visited_on", _said("Không có ngày này, hoặc ngày chưa tới.",
                                                    "No such date, or it is yet to come."))
        if not line.get("team"):
            outcome.wrong(line, "team", _said("Hãy ghi đoàn khảo sát.", "Give the team."))
        if customer is None or day is None:
            continue
        reading = read({name: line.get(name) for name in FIELDS}, day)
        for name, fault in reading.faults.items():
            outcome.wrong(line, name, _said(fault.vi, fault.en))
        if reading.faults:
            continue
        visit, fields = (customer, day), intake.stored(reading.values)
        if visit not in seen:
            seen[visit] = _known(current, visit, drafts)
        name = f"{line.get('customer')} {fields['serial']}"
        if intake.identity(fields) in seen[visit]:
            outcome.done(line, name, "same")
            continue
        seen[visit].add(intake.identity(fields))
        try:
            if visit not in drafts:
                form = survey_forms.newest_in(current)
                drafts[visit] = service.add(current, customer, form.id, day, line.get("team")[:500], by)
                drafts[visit].findings = line.get("findings")[:4000]
            intake.add_rows(drafts[visit], [fields])
            outcome.done(line, name, "new")
        except DomainError as error:
            outcome.refused(line, error)


def _known(current: Session, visit: tuple[int, date], drafts: dict[tuple[int, date], Survey]) -> set[tuple[str, str]]:
    """Instruments in surveys of the visit; its draft, where there is one, is kept in `drafts`."""
    found: set[tuple[str, str]] = set()
    for survey in current.scalars(sa.select(Survey).where(Survey.customer_id == visit[0],
                                                          Survey.visited_on == visit[1]).order_by(Survey.id)):
        found |= {intake.identity(row.fields) for row in survey.rows}
        if survey.state == "draft":
            drafts[visit] = survey
    return found


def _said(vi: str, en: str) -> str:
    return vi if language() == "vi" else en


announce(Kind("surveys", _l("Khảo sát"), "surveys.edit", COLUMNS, _rows, _take))
