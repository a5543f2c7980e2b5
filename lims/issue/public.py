"""The public page behind the QR code: live status of a document for whoever holds its number and code."""
from __future__ import annotations

import hmac
import threading
import time
from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import abort, render_template, request
from sqlalchemy.orm import selectinload

from certificates import wording
from certificates.document import Kind, Record, Verdict
from certificates.numbering import LONGEST, normalised
from certificates.verification import SealError, read_code
from lims.issue import archive, keys, retention
from lims.issue.blueprint import blueprint
from lims.issue.models import PAPER, Certificate
from lims.jobs.models import JobItem
from lims.shared import clock
from lims.shared.clock import local_date
from lims.shared.db import session
from lims.shared.i18n import instant, language
from lims.shared.permissions import PUBLIC, permit

NO_CODE = "-" * 16  # compared with when there is no such number, so that both refusals do the same work
MISSES_A_MINUTE = 60
_REMEMBERED = 10_000


class Misses:
    """Counts wrong numbers and codes of each address in the running minute; right ones are never held up."""

    def __init__(self, most: int = MISSES_A_MINUTE) -> None:
        self.most = most
        self._minute = 0
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()

    def too_many(self, address: str, *, now: float) -> bool:
        """Whether this address has used up its minute."""
        with self._lock:
            return self._minute == int(now // 60) and self._counts.get(address, 0) >= self.most

    def add(self, address: str, *, now: float) -> None:
        """One more miss; when very many addresses miss, the minute's counts are forgotten rather than grow."""
        with self._lock:
            if self._minute != int(now // 60) or len(self._counts) > _REMEMBERED:
                self._minute, self._counts = int(now // 60), {}
            self._counts[address] = self._counts.get(address, 0) + 1


misses = Misses()


@blueprint.get("/v/<path:number>")
@permit(PUBLIC)
def verify(number: str) -> str:
    """Status of a document. A wrong or missing code gives the same answer, by the same work, as an unknown number."""
    address, now = request.remote_addr or "", time.monotonic()
    if misses.too_many(address, now=now):
        abort(429)
    found = _known(number, request.args.get("c", ""))
    if found is None:
        misses.add(address, now=now)
        abort(404)
    certificate = session().scalars(sa.select(Certificate).where(Certificate.id == found).options(
        selectinload(Certificate.events), selectinload(Certificate.documents))).one()
    return render_template("issue/verify.html", certificate=told(certificate), checked_at=instant(clock.now()))


def told(certificate: Certificate) -> dict[str, Any]:
    """Everything that the page tells, and nothing else."""
    today = clock.today()
    status, disposal = archive.status(certificate, today), retention.disposal_of(certificate.id)
    record = None if disposal else archive.record_of(certificate)
    since = local_date(status.since) if status.since else None
    return {
        "number": certificate.number, "kind": certificate.kind, "status": status.state,
        "object_name": certificate.object_name, "object_serial": certificate.object_serial,
        "performed_on": certificate.performed_on, "issued_on": certificate.issued_on,
        "valid_until": certificate.valid_until, "conclusion": _conclusion(record) if record else "",
        "sticker": record.sticker if record else "",
        "superseded_by": status.by, "superseded_on": since if status.state == "superseded" else None,
        "withdrawn_on": since if status.state == "withdrawn" else None, "later": status.later,
        "record_digest": certificate.record_digest,
        "documents": [{"form": one.form, "sha256": one.sha256, "size": one.size, "revision": one.revision}
                      for one in certificate.documents if one.form != PAPER],  # that stays in the house
        "disposed": None if disposal is None else {
            "on": local_date(disposal.at), "years": disposal.rule.years, "basis": disposal.rule.basis},
        "keys": keys.public_keys(), "earlier": _others(certificate, today),
    }


def _known(number: str, code: str) -> int | None:
    """Key of the document with this number and this code; one question to the database, answered by one row."""
    wanted = sa.and_(Certificate.number_key == normalised(number[:LONGEST]),
                     Certificate.kind != "work_record")  # a record stays in the house and carries no code
    row = session().execute(sa.select(sa.select(Certificate.id).where(wanted).scalar_subquery(),
                                      sa.select(Certificate.code).where(wanted).scalar_subquery())).one()
    kept = row[1] or NO_CODE
    same = hmac.compare_digest(kept.encode(), _typed(code).encode())
    return row[0] if same and row[0] is not None else None


def _typed(code: str) -> str:
    """A code as kept; another text of the same length for one that cannot be a code."""
    try:
        return read_code(code)
    except SealError:
        return "=" * len(NO_CODE)


def _conclusion(record: Record) -> str:
    if not record.conformity:
        return ""
    passed = all(statement.verdict is Verdict.PASS for statement in record.conformity)
    words = wording.COMPLIES if record.kind is Kind.VERIFICATION and passed else (
        wording.VERDICTS[Verdict.PASS if passed else record.conformity[0].verdict])
    return words.en if language() == "en" else words.vi


def _others(certificate: Certificate, today: date) -> list[dict[str, Any]]:
    """Other documents of the same instrument, newest first."""
    rows: Sequence[Certificate] = session().scalars(
        sa.select(Certificate).join(JobItem, JobItem.id == Certificate.item_id)
        .where(JobItem.instrument_id == certificate.item.instrument_id, Certificate.id != certificate.id)
        .options(selectinload(Certificate.events)).order_by(Certificate.id.desc()).limit(10)).all()
    status = archive.statuses(rows, today)
    return [{"number": row.number, "issued_on": row.issued_on, "status": status[row.id].state} for row in rows]
