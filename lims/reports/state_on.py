"""What was in force on a day: standards and certificates, scope, procedures, people, quality."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from lims.auth.models import User
from lims.equipment.facts import certificate_on, valid_through
from lims.equipment.models import DutyRecord, Standard, StandardCertificate, StandardStateChange
from lims.equipment.record_models import StandardEvent
from lims.impact.models import Comparison, ImpactReview
from lims.jobs.capability_models import CapabilityLine
from lims.jobs.models import ProcedureVersion
from lims.jobs.procedures import parsed
from lims.shared import clock
from lims.shared.db import session
from lims.staff.models import Authorisation, CompetenceEvent, OfficerCard, PersonPaper


@dataclass(frozen=True)
class StandardThen:
    """A standard as it stood: its state, the certificate whose values counted, through which day it was valid."""

    standard: Standard
    state: str
    certificate: StandardCertificate | None
    valid_to: date | None

    def in_order(self, on: date) -> bool:
        """Whether it could be used on the day."""
        return (self.state == "in_use" and self.certificate is not None
                and (self.valid_to is None or self.valid_to >= on))


def end_of(on: date) -> datetime:
    """The instant at which the day is over in the laboratory."""
    return datetime.combine(on + timedelta(days=1), time(), clock.LOCAL_ZONE)


def standards(on: date) -> list[StandardThen]:
    """Every standard in the register on the day, by number; those retired before are left out."""
    rows = session().scalars(sa.select(Standard).where(Standard.created_at < end_of(on)).options(
        selectinload(Standard.certificates), selectinload(Standard.schedules),
        sa.orm.joinedload(Standard.custodian)).order_by(Standard.asset_number)).unique().all()
    states = _states(on)
    found = []
    for row in rows:
        state = states.get(row.id, row.state)
        if state != "retired":
            certificate = certificate_on(row, on)
            found.append(StandardThen(row, state, certificate,
                                      valid_through(row, certificate) if certificate is not None else None))
    return found


def _states(on: date) -> dict[int, str]:
    """{standard: the state it was put in last, until the end of the day}."""
    newest = (sa.select(sa.func.max(StandardStateChange.id)).where(StandardStateChange.at < end_of(on))
              .group_by(StandardStateChange.standard_id))
    return {row.standard_id: row.state for row in session().execute(
        sa.select(StandardStateChange.standard_id, StandardStateChange.state)
        .where(StandardStateChange.id.in_(newest)))}


def scope(on: date) -> list[CapabilityLine]:
    """Lines of capability in force, both ends included."""
    return list(session().scalars(sa.select(CapabilityLine).where(
        CapabilityLine.valid_from <= on, sa.or_(CapabilityLine.valid_to.is_(None), CapabilityLine.valid_to >= on))
        .order_by(CapabilityLine.field, CapabilityLine.quantity, CapabilityLine.id)))


def procedures(on: date) -> list[tuple[ProcedureVersion, Any]]:
    """The newest publication of each code that was out on the day."""
    newest = (sa.select(sa.func.max(ProcedureVersion.id)).where(ProcedureVersion.published_at < end_of(on))
              .group_by(ProcedureVersion.code))
    rows = session().scalars(sa.select(ProcedureVersion).where(ProcedureVersion.id.in_(newest))
                             .order_by(ProcedureVersion.code))
    return [(row, parsed(row)) for row in rows]


def authorisations(on: date) -> list[Authorisation]:
    """Authorisations in force, by person and procedure."""
    return list(session().scalars(sa.select(Authorisation).join(User).where(
        Authorisation.valid_from <= on, sa.or_(Authorisation.valid_to.is_(None), Authorisation.valid_to >= on))
        .order_by(User.full_name, Authorisation.procedure_code, Authorisation.activity)).unique())


def officers(on: date) -> list[OfficerCard]:
    """Officer cards valid on the day."""
    return list(session().scalars(sa.select(OfficerCard).where(
        OfficerCard.in_force(on)).order_by(OfficerCard.number)).unique())


def papers(on: date) -> list[PersonPaper]:
    """Degrees, courses, certificates and decisions of people that were in force on the day."""
    return list(session().scalars(sa.select(PersonPaper).join(User, User.id == PersonPaper.user_id).where(
        PersonPaper.issued_on <= on, sa.or_(PersonPaper.valid_to.is_(None), PersonPaper.valid_to >= on),
        sa.or_(PersonPaper.ended_on.is_(None), PersonPaper.ended_on > on))
        .order_by(User.full_name, PersonPaper.issued_on)).unique())


def learning(since: date, on: date) -> list[CompetenceEvent]:
    """Training, assessments and supervised work within the days; what was struck out is left out."""
    return list(session().scalars(sa.select(CompetenceEvent).where(
        CompetenceEvent.on.between(since, on), CompetenceEvent.struck_at.is_(None))
        .order_by(CompetenceEvent.on, CompetenceEvent.id)).unique())


def comparisons(since: date, on: date) -> list[Comparison]:
    """Comparisons measured within the days."""
    return list(session().scalars(sa.select(Comparison).where(Comparison.measured_on.between(since, on))
                                  .order_by(Comparison.measured_on)).unique())


def checks(since: date, on: date) -> list[Any]:
    """Checks and maintenance done within the days: number and name of the standard, the record."""
    return list(session().execute(
        sa.select(Standard.asset_number, Standard.name, DutyRecord)
        .join(Standard, Standard.id == DutyRecord.standard_id)
        .where(DutyRecord.done_on.between(since, on)).order_by(DutyRecord.done_on, DutyRecord.id)))


def events(since: date, on: date) -> list[Any]:
    """What happened to standards within the days: number and name of the standard, the event."""
    return list(session().execute(
        sa.select(Standard.asset_number, Standard.name, StandardEvent)
        .join(Standard, Standard.id == StandardEvent.standard_id)
        .where(StandardEvent.on.between(since, on)).order_by(StandardEvent.on, StandardEvent.id)))


def reviews(since: date, on: date) -> list[ImpactReview]:
    """Impact reviews opened within the days."""
    first = datetime.combine(since, time(), clock.LOCAL_ZONE)
    return list(session().scalars(sa.select(ImpactReview).where(
        ImpactReview.opened_at >= first, ImpactReview.opened_at < end_of(on)).order_by(ImpactReview.id)))
