"""Retention of documents (ISO/IEC 17025:2017, 8.4): rules, what falls due for disposal, holds, and the act itself.

A document is kept whole years after its day of issue, or after the end of its validity where that is later. The rule
that counts is the one in force on the day of asking. What was disposed of keeps number, digests, dates and history.
"""
from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from instruments.recall import add_months
from lims.auth.models import User
from lims.auth.service import confirm_password
from lims.issue.models import KINDS, Certificate, CertificateDocument
from lims.issue.retention_models import Disposal, LegalHold, RetentionRule
from lims.issue.review import actor_of, require_permission
from lims.shared import audit, clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, DomainError, Invalid, NotFound
from lims.shared.text import clean

MOST_YEARS = 100
MOST_AT_ONCE = 200
JOB = "job"
"""The rule for what documents rest on: readings, results, photographs (`lims.issue.work_retention`)."""
MAY_DISPOSE, MAY_HOLD = "archive.dispose", "archive.hold"


def kept_until(base: date, years: int) -> date:
    """Last day on which a document must still be there; `base` is the day from which its years count.

    >>> kept_until(date(2024, 2, 29), 1)
    datetime.date(2025, 2, 28)
    """
    return add_months(base, 12 * years)


def base_of(certificate: Certificate) -> date:
    """The day from which the years of a document count."""
    return max(certificate.issued_on, certificate.valid_until or certificate.issued_on)


def rules() -> Sequence[RetentionRule]:
    """Every rule, by kind, the newest first."""
    return session().scalars(sa.select(RetentionRule).order_by(
        RetentionRule.kind, RetentionRule.valid_from.desc(), RetentionRule.id.desc())).all()


def rules_on(on: date) -> dict[str, RetentionRule]:
    """Kind -> the rule in force on the day; a kind without one is kept for ever."""
    found: dict[str, RetentionRule] = {}
    for rule in rules():
        if rule.valid_from <= on:
            found.setdefault(rule.kind, rule)
    return found


def set_rule(kind: str, years: int, valid_from: date, basis: str, *, by: User) -> RetentionRule:
    """Enter a rule; those before it stay to be read. Raises Invalid at the field, or NotPermitted."""
    require_permission(by, MAY_DISPOSE)
    if kind not in (*KINDS, JOB):
        raise Invalid("Hãy chọn loại giấy.", "Choose the kind of document.", "kind")
    if not 1 <= years <= MOST_YEARS:
        raise Invalid(f"Số năm từ 1 đến {MOST_YEARS}.", f"Years are 1 to {MOST_YEARS}.", "years")
    basis = clean(basis)
    if not basis:
        raise Invalid("Hãy ghi căn cứ.", "Give the basis.", "basis")
    with write("retention.set_rule", reason=basis, actor=actor_of(by)) as current:
        rule = RetentionRule(kind=kind, years=years, valid_from=valid_from, basis=basis, entered_at=clock.now(),
                             entered_by_id=by.id)
        current.add(rule)
    return rule


def due(on: date) -> sa.Select[Certificate]:
    """Documents whose time is over on the day, held ones among them, disposed ones not."""
    ended = [sa.and_(Certificate.kind == kind, Certificate.issued_on < cutoff(on, rule.years),
                     sa.or_(Certificate.valid_until.is_(None), Certificate.valid_until < cutoff(on, rule.years)))
             for kind, rule in rules_on(on).items() if kind in KINDS]
    return sa.select(Certificate).where(sa.or_(sa.false(), *ended), ~is_disposed())


def is_disposed() -> sa.ColumnElement[bool]:
    """Condition: the content of the document is gone."""
    return sa.exists().where(Disposal.certificate_id == Certificate.id)


def cutoff(on: date, years: int) -> date:
    """What began before this day has been kept its years."""
    return add_months(on, -12 * years)


def disposal_of(certificate_id: int) -> Disposal | None:
    """How a document was disposed of; None while it is there."""
    return session().scalar(sa.select(Disposal).where(Disposal.certificate_id == certificate_id))


def disposals_of(certificate_ids: Sequence[int]) -> dict[int, Disposal]:
    """Document -> its disposal, of those that were."""
    rows = session().scalars(sa.select(Disposal).where(Disposal.certificate_id.in_(certificate_ids)))
    return {row.certificate_id: row for row in rows}


def holds_of(certificate_ids: Sequence[int]) -> dict[int, LegalHold]:
    """Document -> the hold that stands on it."""
    rows = session().scalars(sa.select(LegalHold).where(
        LegalHold.certificate_id.in_(certificate_ids), LegalHold.lifted_at.is_(None)).order_by(LegalHold.id))
    return {row.certificate_id: row for row in rows}


def history_of(certificate_id: int) -> Sequence[LegalHold]:
    """Every hold that stood or stands on a document, oldest first."""
    return session().scalars(sa.select(LegalHold).where(LegalHold.certificate_id == certificate_id)
                             .order_by(LegalHold.id)).all()


def place_hold(certificate_id: int, reason: str, *, by: User) -> LegalHold:
    """Keep a document whatever the rules say. Raises Invalid at `reason`, Conflict or NotPermitted."""
    require_permission(by, MAY_HOLD)
    reason = given_reason(reason)
    with write("retention.hold", reason=reason, actor=actor_of(by)) as current:
        _locked(current, certificate_id)
        if certificate_id in holds_of([certificate_id]):
            raise Conflict("Giấy này đang được giữ lại.", "A hold stands on this document.")
        hold = LegalHold(certificate_id=certificate_id, reason=reason, placed_at=clock.now(), placed_by_id=by.id)
        current.add(hold)
    return hold


def lift_hold(certificate_id: int, reason: str, *, by: User) -> None:
    """Let the rules count again. Raises Invalid at `reason`, Conflict or NotPermitted."""
    require_permission(by, MAY_HOLD)
    reason = given_reason(reason)
    with write("retention.lift_hold", reason=reason, actor=actor_of(by)) as current:
        _locked(current, certificate_id)
        hold = holds_of([certificate_id]).get(certificate_id)
        if hold is None:
            raise Conflict("Giấy này không bị giữ lại.", "No hold stands on this document.")
        hold.lifted_at, hold.lifted_by_id, hold.lifted_why = clock.now(), by.id, reason


@dataclass(frozen=True)
class Disposed:
    """What became of one document or one item; `name` is its number or code, `error` says why it is still there."""

    key: int
    name: str
    error: DomainError | None = None


def dispose(certificate_ids: Sequence[int], *, head: User, password: str, reason: str) -> list[Disposed]:
    """Empty the content of documents whose time is over; each is one audited act, one that cannot be is reported.

    Raises NotPermitted (permission, wrong password) or Invalid at `reason` or `certificate`.
    """
    reason = permitted(head, password, reason)
    return one_by_one(certificate_ids, lambda key: _dispose(key, head, reason), Certificate.number, (
        f"Chọn từ 1 đến {MOST_AT_ONCE} giấy.", f"Choose 1 to {MOST_AT_ONCE} documents.", "certificate"))


def permitted(head: User, password: str, reason: str) -> str:
    """The reason of a disposal. Raises NotPermitted (permission, wrong password) or Invalid at `reason`."""
    require_permission(head, MAY_DISPOSE)
    confirm_password(head, password)
    return given_reason(reason)


def one_by_one(keys: Sequence[int], act: Callable[[int], None], name: InstrumentedAttribute[str],
               too_many: tuple[str, str, str]) -> list[Disposed]:
    """Dispose of each by itself and tell it by its name; Invalid with these words where none or too many are asked."""
    wanted = list(dict.fromkeys(keys))
    if not 0 < len(wanted) <= MOST_AT_ONCE:
        raise Invalid(*too_many)
    key_of = name.class_.id
    names: dict[int, str] = dict(session().execute(sa.select(key_of, name).where(key_of.in_(wanted))).all())
    outcomes = []
    for key in wanted:
        try:
            act(key)
            outcomes.append(Disposed(key, names.get(key, "")))
        except DomainError as error:
            outcomes.append(Disposed(key, names.get(key, ""), error))
    return outcomes


def _dispose(certificate_id: int, head: User, reason: str) -> None:
    with write("certificate.dispose", reason=reason, actor=actor_of(head)) as current:
        certificate = _locked(current, certificate_id)
        rule, today = rules_on(clock.today()).get(certificate.kind), clock.today()
        if certificate_id in holds_of([certificate_id]):
            raise Conflict("Giấy đang được giữ lại.", "A hold stands on the document.")
        if rule is None or kept_until(base_of(certificate), rule.years) >= today:
            raise Conflict("Giấy chưa hết thời hạn lưu giữ.", "The document must still be kept.")
        files = current.scalars(sa.select(CertificateDocument).where(
            CertificateDocument.certificate_id == certificate_id).order_by(CertificateDocument.id)).all()
        told = [{"form": one.form, "revision": one.revision, "size": one.size, "sha256": one.sha256} for one in files]
        current.add(Disposal(
            certificate_id=certificate_id, rule_id=rule.id, due_on=kept_until(base_of(certificate), rule.years),
            reason=reason, at=clock.now(), by_id=head.id, record_digest=certificate.record_digest,
            files=audit.canonical_json(told)))
        current.flush()
        _empty(current, certificate_id, [one.id for one in files])


def _empty(current: Session, certificate_id: int, document_ids: Sequence[int]) -> None:
    """The bytes go from the tables, and on SQLite from the pages of the file too."""
    if current.get_bind().dialect.name == "sqlite":
        current.connection().exec_driver_sql("PRAGMA secure_delete=ON")
    unsynchronised = {"synchronize_session": False}
    current.execute(sa.update(Certificate).where(Certificate.id == certificate_id).values(record=b""),
                    execution_options=unsynchronised)
    current.execute(sa.update(CertificateDocument).where(CertificateDocument.certificate_id == certificate_id)
                    .values(content=b"", container=None), execution_options=unsynchronised)
    audit.note(current, "certificate", certificate_id, "update", {"record": ["archived", "disposed"]})
    for document_id in document_ids:
        audit.note(current, "certificate_document", document_id, "update", {"files": ["archived", "disposed"]})


def files_of(disposal: Disposal) -> list[dict[str, str | int]]:
    """What the files were: form, revision, size, sha256."""
    found: list[dict[str, str | int]] = json.loads(disposal.files)
    return found


def _locked(current: Session, certificate_id: int) -> Certificate:
    """The document, kept from others until the transaction ends; refused when its content is gone."""
    found = current.get(Certificate, certificate_id, populate_existing=True, with_for_update={"of": Certificate})
    if found is None:
        raise NotFound("Không có giấy này.", "No such document.")
    if disposal_of(certificate_id) is not None:
        raise Conflict("Giấy này đã hủy theo quy định lưu giữ.", "The document was disposed of under a retention rule.")
    return found


def given_reason(text: str) -> str:
    """The reason without what surrounds it. Raises Invalid at `reason` when there is none."""
    reason = clean(text, multiline=True)
    if not reason:
        raise Invalid("Hãy ghi lý do.", "Give the reason.", "reason")
    return reason
