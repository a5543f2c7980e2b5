"""The plan of one document: its frozen record under a number, its anchors and its rendered bytes, all in memory."""
from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import pikepdf

from certificates import document
from certificates.completeness import missing_fields
from certificates.dcc import dcc_xml
from certificates.dcc_check import content_faults, schema_faults
from certificates.document import Anchors, Kind, Record
from certificates.pdf import render, standard_attachments
from certificates.printable import unprintable
from certificates.seal import Sealed, rebuild, statement
from certificates.seal_keys import SealError, is_trial
from certificates.seal_time import AuthorityAway
from certificates.work_record import beside
from lims.auth.models import User
from lims.issue import keys, paper_files, preflight, record, sealing, series
from lims.issue.dossier import Dossier
from lims.issue.finding import Finding, ok, stop, warn
from lims.issue.fitness import Use, uses_of
from lims.issue.keys import Seal
from lims.issue.models import Certificate, Series
from lims.shared import clock
from lims.shared.clock import local_date
from lims.shared.errors import DomainError
from lims.shared.text import search_key

SAME_NAME = "7.8.1.1"
"""Clause under which a record is refused whose performer and approver bear one name; here accounts are compared."""


@dataclass(frozen=True)
class Request:
    """Who wants which item issued, when; `digest` is that of the result that was seen, None = whichever is newest."""

    item_id: int
    signer: User
    at: datetime
    idempotency_key: str | None = None
    digest: str | None = None


@dataclass(frozen=True)
class Draft:
    """The outcome of a dry render: the record under a number that is none, and its pages."""

    record: Record
    pdf: bytes


@dataclass(frozen=True)
class Ready:
    """A document that passed preflight and dry render, all but its number: plain values, from whatever process.

    `seen` is the end of the audit trail before anything was read, `seen_on` the day of it.
    """

    numbered_in: str
    seen: int
    seen_on: date
    kind: str
    item_version: int
    result_id: int
    result_digest: str
    record: Record
    edition: int
    replaces_id: int | None
    verdict: str
    procedure_code: str
    performer_id: int
    measured_on: date
    uses: tuple[Use, ...]


@dataclass(frozen=True)
class Plan:
    """Everything that one transaction will insert."""

    request: Request
    ready: Ready
    series_id: int
    serial: int
    previous: str
    link: str
    record: Record
    content: bytes
    digest: str
    seal: Seal
    pdf: bytes = b""
    pdf_sha256: str = ""
    container: bytes = b""
    dcc: bytes | None = None
    paper: bytes | None = None
    paper_container: bytes = b""

    @property
    def anchors(self) -> Anchors:
        """What ties the pages to the record, the series and the public check."""
        seal = self.seal
        return Anchors(self.digest, self.link, seal.verification_url, seal.qr_payload, seal.code)

    @property
    def valid_until(self) -> date | None:
        """As the lists and the public page show it."""
        return end_of_validity(self.record)

    @property
    def search(self) -> str:
        """Folded words of the document: number, customer, object; serial also without its punctuation."""
        item, customer = self.record.item, self.record.customer
        words = search_key(self.record.number, customer.name, customer.code, item.name.vi, item.type, item.serial)
        return f"{words} {''.join(search_key(item.serial).split())}"


def dry_run(dossier: Dossier, signer: User | None, at: datetime) -> tuple[Draft | None, list[Finding]]:
    """Render under a dummy number of the same length: a missing field, glyph or key, or a layout fault, shows here."""
    numbered = series.series_for(dossier.numbered_in, local_date(at).year, actor=("", "system"))
    frozen = record.build(dossier, series.dummy_number(numbered), record.signature_of(dossier, signer, at))
    found = list(preflight.of_record([one for one in missing_fields(frozen) if one.clause != SAME_NAME]))
    content = document.canonical_json(frozen)
    if lacking := [*preflight.of_characters(unprintable(frozen))]:
        return None, [*found, *lacking]
    try:
        made = rendered(frozen, keys.dummy_anchors(document.digest(content), frozen.number))
    except ValueError as error:
        return None, [*found, stop("render", f"In thử giấy bị lỗi: {error}", f"The dry render failed: {error}")]
    if faults := _dcc_faults(made.dcc):
        return None, [*found, stop("dcc", f"Giấy chứng nhận số (DCC) không hợp lệ: {faults[0]}",
                                   f"The digital certificate (DCC) is not valid: {faults[0]}")]
    found.extend(_seal_findings())
    with pikepdf.open(io.BytesIO(made.pdf)) as opened:
        count = len(opened.pages)
    return Draft(frozen, made.pdf), [*found, ok("render", "In thử giấy không lỗi", "The dry render is in order",
                                           f"{count} trang", f"{count} pages")]


def ready(dossier: Dossier, frozen: Record, seen: int) -> Ready:
    """What is kept of a dossier and its checked record until the number is there."""
    replaced = dossier.replaces
    return Ready(
        numbered_in=dossier.numbered_in, seen=seen, seen_on=clock.today(), kind=dossier.kind,
        item_version=dossier.item_version, result_id=dossier.result.id, result_digest=dossier.result.digest,
        record=frozen, edition=1 if replaced is None else replaced.edition + 1,
        replaces_id=None if replaced is None else replaced.id, verdict=dossier.result.verdict,
        procedure_code=dossier.procedure.code, performer_id=dossier.worksheet.performed_by_id,
        measured_on=dossier.measured_on, uses=uses_of(dossier))


def plan(checked: Ready, request: Request, numbered: Series, serial: int, previous: str, key: keys.Key) -> Plan:
    """Freeze and link one document under `serial`, its pages still to come; `previous` is the link before it."""
    frozen = replace(checked.record, number=series.number(numbered, serial))
    content = document.canonical_json(frozen)
    digest = document.digest(content)
    return Plan(
        request=request, ready=checked, series_id=numbered.id, serial=serial, previous=previous,
        link=document.link(previous, digest), record=frozen, content=content, digest=digest,
        seal=keys.seal(frozen.number, digest, request.at, key))


def sealed(plans: Sequence[Plan], pages: Sequence[Rendered | DomainError]) -> Iterator[Plan | DomainError]:
    """The plans of a chunk with their sealed pages; one that was not rendered or cannot be sealed is told by its error.
    """
    paged = [(one, made) for one, made in zip(plans, pages, strict=True) if isinstance(made, Rendered)]
    seals = iter(sealing.seal_all([file for one, made in paged for file in _to_seal(one.record, made)]))
    for one, made in zip(plans, pages, strict=True):
        yield _sealed(one, made, seals) if isinstance(made, Rendered) else made


def _to_seal(frozen: Record, made: Rendered) -> Iterator[tuple[bytes, Record]]:
    yield made.pdf, frozen
    if made.paper is not None:
        yield made.paper, beside(frozen)


def _sealed(plan: Plan, made: Rendered, seals: Iterator[Sealed | DomainError]) -> Plan | DomainError:
    done = next(seals)
    paper = next(seals) if made.paper is not None else None
    if isinstance(done, DomainError):
        return done
    if isinstance(paper, DomainError):
        return paper
    whole = replace(plan, pdf=done.pdf, pdf_sha256=hashlib.sha256(done.pdf).hexdigest(), container=done.container,
                    dcc=made.dcc)
    return whole if paper is None else replace(whole, paper=paper.pdf, paper_container=paper.container)


@dataclass(frozen=True)
class Rendered:
    """What is made from a record alone: its pages, for a calibration the DCC that they carry, for a verification the
    record of the work (biên bản) beside its certificate."""

    pdf: bytes
    dcc: bytes | None
    paper: bytes | None = None


def rendered(frozen: Record, anchors: Anchors) -> Rendered:
    """The documents of a record. Raises ValueError, naming the cause."""
    dcc = dcc_xml(frozen, anchors.record_digest) if frozen.kind is Kind.CALIBRATION else None
    paper = paper_beside(frozen, anchors) if frozen.kind is Kind.VERIFICATION else None
    return Rendered(_drawn(frozen, frozen, anchors, dcc), dcc, paper)


def paper_beside(frozen: Record, anchors: Anchors) -> bytes:
    """The record of the work beside a certificate of verification, not sealed yet. Raises ValueError."""
    return _drawn(beside(frozen), frozen, anchors)


def _drawn(paper: Record, frozen: Record, anchors: Anchors, dcc: bytes | None = None) -> bytes:
    return render(paper, anchors, layout=paper_files.layout_of(frozen), artwork=paper_files.artwork_of(frozen),
                  attachments=standard_attachments(frozen, anchors.record_digest, dcc))


def archived_again(certificate: Certificate, frozen: Record, container: bytes | None,
                   paper_container: bytes | None = None) -> Rendered:
    """The archived files made again: the record gives everything but the containers of the seals. Raises ValueError."""
    made = rendered(frozen, anchors_of(certificate))
    if container is not None:
        made = replace(made, pdf=rebuild(made.pdf, statement(frozen), container))
    if made.paper is not None and paper_container is not None:
        made = replace(made, paper=rebuild(made.paper, statement(beside(frozen)), paper_container))
    return made


def _seal_findings() -> Iterator[Finding]:
    """Whether a document can be sealed now, and whether the seal would count."""
    try:
        sealer = sealing.active()
    except DomainError as error:
        yield stop("seal", error.vi, error.en)
        return
    if is_trial(sealer.certificate):
        yield warn("seal", "Dấu điện tử là dấu thử, không có giá trị", "The seal is a trial seal, without validity")
    try:
        stamps = sealing.stamps_in_use()
        stamps.check(sealer)
    except DomainError as error:
        yield stop("seal", error.vi, error.en)
    except AuthorityAway as error:
        said = f"Không có dấu thời gian: {error.vi}", f"No time stamp: {error}"
        yield warn("time_stamp", *said) if stamps.goes_without else stop("time_stamp", *said)
    except SealError as error:
        yield stop("seal", f"Không đóng được dấu điện tử: {error.vi}", f"The seal cannot be made: {error}")


def _dcc_faults(dcc: bytes | None) -> list[str]:
    """Checked in the dry render, never under the lease."""
    from certificates.dcc_rules import rule_faults  # its XPath engine is read in at the first dry render

    return [] if dcc is None else [*schema_faults(dcc), *content_faults(dcc), *rule_faults(dcc)]


def end_of_validity(frozen: Record) -> date | None:
    """Last valid day of a verification, or where the customer agreed an interval; None: it does not expire."""
    if frozen.validity is not None:
        return frozen.validity.until
    return frozen.recalibration.recommended_on if frozen.recalibration and frozen.recalibration.agreed else None


def anchors_of(certificate: Certificate) -> Anchors:
    """What tied an archived page to its record, its series and the public check."""
    return Anchors(certificate.record_digest, certificate.link, certificate.verification_url, certificate.qr_payload,
                   certificate.code)
