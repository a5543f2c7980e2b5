"""The frozen record of one document, built from a dossier: a mapping of values, without a query or a clock."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from certificates import document
from certificates.document import (
    NO_WORDS,
    Approval,
    Check,
    CheckGroup,
    Condition,
    Customer,
    Item,
    Method,
    Organisation,
    Outcome,
    Photograph,
    Provenance,
    Recalibration,
    Record,
    Specification,
    Step,
    Validity,
    Words,
)
from certificates.edition import edition
from certificates.formats import figure, is_figure, span
from instruments.chosen_units import with_units
from instruments.kinds import kind as kind_of
from instruments.legal import Policy, valid_until
from instruments.procedure_model import EnvironmentLimit, Field
from instruments.recall import add_months
from lims import __version__
from lims.auth.models import User
from lims.issue import fitness, printed, remarks, wording
from lims.issue.dossier import Dossier
from lims.issue.standards_used import served_by, standards_used
from lims.issue.stated import stated, supplied
from lims.jobs.room_record import recorded_span
from lims.shared.clock import local_date

SOFTWARE = f"Chuẩn LIMS {__version__}+{edition()}"


@dataclass(frozen=True)
class Signature:
    """The approval that is being given: who signs in which capacity, and when (whole seconds)."""

    person: str
    title: Words
    at: datetime


def signature_of(dossier: Dossier, signer: User | None, at: datetime) -> Signature:
    """This person's signature; None stands for whoever will sign (a preview)."""
    if signer is None:
        return Signature("…", wording.AUTHORISED_BY, at)
    head = Words(dossier.organisation.head_title_vi, dossier.organisation.head_title_en)
    title = head if "head" in signer.role_names else _title(signer, wording.AUTHORISED_BY)
    return Signature(signer.full_name, title, at)


def build(dossier: Dossier, number: str, signature: Signature) -> Record:
    """The record under this number, approved by this signature."""
    item, job, evaluation = dossier.item, dossier.item.job, dossier.evaluation
    results = printed.tables(evaluation, dossier.procedure)
    place_kind, place = wording.PLACES[job.place]
    return Record(
        kind=document.Kind(dossier.kind), number=number, organisation=_organisation(dossier),
        customer=_customer(dossier), item=_item(dossier), service=wording.SERVICE_OF[item.service],
        place=_place(dossier, place), place_kind=place_kind,
        performed_from=dossier.measured_on, performed_until=dossier.measured_on,
        issued_on=local_date(signature.at), issued_at=signature.at, received_on=job.received_on,
        methods=_methods(dossier), approvals=tuple(_approvals(dossier, signature)), provenance=_provenance(dossier),
        regime=wording.REGIMES[item.regime], legal_group="2" if dossier.legal else "1",
        standards=tuple(standards_used(dossier.worksheet.standards, served_by(evaluation))),
        environment=tuple(_environment(dossier)),
        adjustment=printed.adjustment(results) if item.service == "calibration" else NO_WORDS,
        checks=_checks(dossier), photographs=tuple(
            Photograph(one.sha256, wording.SUBJECTS[one.subject], one.caption) for one in dossier.photographs),
        results=results,
        uncertainty=printed.uncertainty(evaluation, dossier.procedure),
        conformity=printed.conformity(evaluation, dossier.procedure, dossier.bench_reason),
        deviations=_sentences(dossier.worksheet.deviation),
        **stated(dossier.statements),
        customer_supplied=("item.tag",) if item.instrument.tag else (),
        limits_of_use=item.service == "calibration" and not dossier.verified,
        recalibration=_recalibration(dossier), validity=_validity(dossier),
        sticker=item.sticker if dossier.kind != "work_record" or dossier.passed else "",
        form_code=dossier.form_code,
        remarks=(*remarks.legal(dossier), *(printed.words(note) for note in evaluation["notes"]),
                 *supplied(dossier.statements)),
        amendment=_amendment(dossier),
        layout_sha256=dossier.organisation.layout_sha256, demonstration=dossier.organisation.demonstration)


def _organisation(dossier: Dossier) -> Organisation:
    row = dossier.organisation
    return Organisation(
        name=Words(row.name_vi, row.name_en), short_name=row.short_name, place=row.place, address=row.address,
        superior=row.superior_vi, phone=row.phone, email=row.email, registration_code=row.registration_code,
        accreditation_code=row.accreditation_code, logo_sha256=row.logo_sha256,
        accreditation_mark_sha256=row.mark_sha256 if fitness.bears_mark(dossier) else "")


def _customer(dossier: Dossier) -> Customer:
    row = dossier.item.job.customer
    return Customer(name=row.name, address=row.address, contact=row.contact, tax_code=row.tax_code, code=row.code)


def _item(dossier: Dossier) -> Item:
    row = dossier.item.instrument
    return Item(
        name=Words(row.name, _english_name(row.kind)), serial=row.serial, type=row.model, tag=row.tag,
        identification=dossier.item.code, manufacturer=row.maker, year=row.year,
        specifications=tuple(_specifications(dossier)),
        condition=Words(dossier.item.condition), type_approval=str(row.fields.get("type_approval") or ""))


def _english_name(kind: str) -> str:
    try:
        return kind_of(kind).name.en
    except KeyError:
        return ""


def _specifications(dossier: Dossier) -> Iterator[Specification]:
    """What the procedure asks of the instrument, as typed or as it stands by default."""
    procedure = with_units(dossier.procedure, dossier.worksheet.instrument_fields)
    asked = {field.key: field for field in procedure.fields
             if field.where == "instrument" and field.key not in procedure.unit_fields}
    typed = {key: str(dossier.worksheet.instrument_fields.get(key) or "").strip() or (field.default or "")
             for key, field in asked.items()}
    if typed.get("range_min") and typed.get("range_max"):  # two fields, one characteristic
        yield Specification(wording.RANGE, span(typed.pop("range_min"), typed.pop("range_max"),
                                                asked["range_max"].unit))
    for key, text in typed.items():
        field = asked[key]
        if text:
            yield Specification(printed.words(field.label), f"{_shown(field, text)} {field.unit}".strip())


def _shown(field: Field, text: str) -> str:
    if text in field.labels:  # the value of a specification is one text for both languages
        return " / ".join(dict.fromkeys(field.labels[text]))
    if field.type == "text":
        return text
    return figure(text) if is_figure(text) else text.replace(".", ",")


def _place(dossier: Dossier, place: Words) -> Words:
    at_home = dossier.item.job.place == "laboratory"
    address = dossier.organisation.address if at_home else dossier.item.job.customer.address
    return Words(f"{place.vi}: {address}", f"{place.en}: {address}") if address else place


def _methods(dossier: Dossier) -> tuple[Method, ...]:
    """The document followed, and the laboratory's own procedure where that is another."""
    procedure, method = dossier.procedure, dossier.procedure.method
    own = f"{procedure.code}, lần ban hành {procedure.edition}"
    if method.document == procedure.code:
        return (Method(own, "", printed.words(procedure.title)),)
    title = NO_WORDS if procedure.title == method.title else printed.words(procedure.title)
    return Method(method.document, method.edition, printed.words(method.title)), Method(own, "", title)


def _environment(dossier: Dossier) -> Iterator[Condition]:
    """Each condition from start to end as typed; where the room's record went beyond them, it is what is stated."""
    recorded = recorded_span(dossier.worksheet)
    for limit in dossier.procedure.environment:
        typed = [value for when in ("start", "end") if (value := _condition(dossier, limit, when)) is not None]
        beyond = recorded.get(limit.key)
        if beyond and (not typed or beyond[0] < min(typed) or beyond[1] > max(typed)):
            typed = [min(*beyond, *typed), max(*beyond, *typed)]
        if typed:
            yield Condition(printed.words(limit.label), limit.unit, f"{typed[0]:f}", f"{typed[-1]:f}")


def _condition(dossier: Dossier, limit: EnvironmentLimit, when: str) -> Decimal | None:
    entry = dossier.cells.get(f"env/{limit.key}/{when}")
    return None if entry is None else entry.value


def _checks(dossier: Dossier) -> tuple[CheckGroup, ...]:
    checks = tuple(
        Check(printed.words(check["label"]), wording.OUTCOMES.get(check["state"], Outcome.NOT_DONE),
              _note(dossier, check["key"], check["state"]))
        for check in dossier.evaluation["checks"])
    return (CheckGroup(wording.STEPS_OF_THE_PROCEDURE, checks),) if checks else ()


def _note(dossier: Dossier, key: str, state: str) -> str:
    """Why a check does not apply or, in the words of whoever made it, failed; readings speak for themselves."""
    if state == "na":
        return wording.NOT_APPLICABLE
    entry = dossier.cells.get(f"check/{key}")
    return entry.reason if entry is not None and state == entry.text == "fail" else ""


def _approvals(dossier: Dossier, signature: Signature) -> Iterator[Approval]:
    performer, card = dossier.worksheet.performed_by, dossier.card
    verification = dossier.item.service == "verification"
    yield Approval(
        Step.PERFORMED, performer.full_name,
        wording.OFFICER if verification else _title(performer, wording.PERFORMED_BY), wording.PERFORMED,
        _whole(dossier.result.computed_at), officer_card=card.number if verification and card else "")
    if dossier.review is not None:
        yield Approval(Step.REVIEWED, dossier.review.person, _reviewer_title(dossier), wording.REVIEWED,
                       _whole(dossier.review.at))
    yield Approval(Step.AUTHORISED, signature.person, signature.title, wording.APPROVED, signature.at)


def _reviewer_title(dossier: Dossier) -> Words:
    """As it was at the review; the English belongs to it while the person keeps that position."""
    given = dossier.review.title if dossier.review else ""
    if dossier.reviewer is not None and dossier.reviewer.title == given:
        return _title(dossier.reviewer, wording.REVIEWED_BY)
    return Words(given) if given else wording.REVIEWED_BY


def _title(person: User, otherwise: Words) -> Words:
    return Words(person.title, person.title_en) if person.title else otherwise


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=0)


def _provenance(dossier: Dossier) -> Provenance:
    procedure, result = dossier.procedure, dossier.result
    return Provenance(
        software=SOFTWARE, engine=result.engine_version,
        procedure=f"{procedure.code}, {procedure.edition}, v{procedure.version}", procedure_sha256=procedure.digest,
        evaluation_sha256=result.digest, seed=dossier.evaluation["seed"])


def _sentences(text: str) -> tuple[Words, ...]:
    return tuple(Words(line) for line in text.splitlines() if line.strip())


def _recalibration(dossier: Dossier) -> Recalibration | None:
    months = dossier.item.interval_agreed_months
    if months is None or dossier.kind != "calibration":
        return None
    return Recalibration(add_months(dossier.measured_on, months), True, months)


def _validity(dossier: Dossier) -> Validity | None:
    """End of validity by the legal list; for group 1 by the procedure's suggestion."""
    if not dossier.passed:
        return None
    if dossier.legal is None:
        return _until(dossier, dossier.procedure.validity.suggested_months, NO_WORDS, NO_WORDS)
    row, confirmed = dossier.legal.row, dossier.legal.confirmed_by
    confirmation = Words(f"dòng {row.item} của danh mục: {confirmed}") if confirmed else NO_WORDS
    basis = Words(f"{dossier.legal.document}, mục {row.item}", f"{dossier.legal.document}, item {row.item}")
    return _until(dossier, row.cycle_months, basis, confirmation)


def _until(dossier: Dossier, months: int | None, basis: Words, confirmation: Words) -> Validity:
    """The end with its rule in words: which row of which document, how many months, and to which day they count."""
    of = Words(f" ({basis.vi})" if basis.vi else "", f" ({basis.en})" if basis.en else "")
    if months is None:
        return Validity(None, Words(f"Không quy định chu kỳ kiểm định{of.vi}", f"No verification period is set{of.en}"),
                        None, basis.vi, confirmation)
    policy: Policy = "end_of_month" if dossier.organisation.validity_policy == "end_of_month" else "same_day"
    until = valid_until(dossier.measured_on, months, policy)
    rule = Words(f"Chu kỳ {months} tháng{of.vi}: {until.rule.vi.rstrip('.')}",
                 f"Period of {months} months{of.en}: {until.rule.en.rstrip('.')}")
    return Validity(until.on, rule, months, basis.vi, confirmation)


def _amendment(dossier: Dossier) -> document.Amendment | None:
    replaced, order = dossier.replaces, dossier.amendment
    if replaced is None or order is None:
        return None
    return document.Amendment(replaced.number, _sentences(order.changes), Words(order.reason), replaced.issued_on)
