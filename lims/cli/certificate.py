"""`lims certificate check|list|export`."""
from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from certificates.checking import Finding, Status, Verdict
from lims.cli import fail
from lims.cli.context import database
from lims.issue import archive, countersigning, sealed
from lims.issue.check import check_file
from lims.issue.models import Certificate
from lims.issue.plain import plain_of
from lims.issue.sealed import Told
from lims.shared import clock
from lims.shared.clock import local
from lims.shared.db import session
from lims.shared.errors import DomainError, NotFound

LARGEST = 64 * 1024 * 1024
_SAID = {
    Verdict.AUTHENTIC: "authentic: exactly the archived document",
    Verdict.ALTERED: "ALTERED: it names a document of this laboratory, but it is not what was archived",
    Verdict.SUPERSEDED: "superseded: the archived document, replaced since",
    Verdict.WITHDRAWN: "withdrawn: the archived document, no longer valid",
    Verdict.UNKNOWN: "unknown: no document of this laboratory",
}


@click.group()
def certificate() -> None:
    """Check, list and export certificates."""


@certificate.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(file: Path, as_json: bool) -> None:
    """Tell whether FILE (PDF, or the frozen record as JSON) is an archived document, and whether it is in force.

    The verdict is authentic, altered, superseded, withdrawn or unknown. Exit status 0 for authentic, 1 for all others.
    An authentic document whose validity has ended (last day past, or verified again since) is told with the day.

    Example: lims certificate check C26-00417.pdf
    """
    content = _read(file)
    with database():
        finding, signatures = check_file(content), sealed.signatures(content)
    plain = _plain(finding) | {"signatures": [_signature(one) for one in signatures]}
    readable = "\n".join([_readable(finding), *map(_told, signatures)])
    click.echo(json.dumps(plain, ensure_ascii=False, indent=2) if as_json else readable)
    if finding.verdict is not Verdict.AUTHENTIC:
        sys.exit(1)


@certificate.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(as_json: bool) -> None:
    """List every document: number, kind, status, object, date.

    Example: lims certificate list --json
    """
    with database():
        found = session().scalars(
            sa.select(Certificate).options(selectinload(Certificate.events)).order_by(Certificate.id)).all()
        status = archive.statuses(found, clock.today())
        rows = [plain_of(one, status[one.id]) for one in found]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    shown = ("number", "kind", "status", "object", "serial", "date")
    lines = [[key.capitalize() for key in shown], *([str(row[key]) for key in shown] for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    for line in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


@certificate.command()
@click.argument("number")
@click.option("--pdf", type=click.Path(path_type=Path), help="Write the archived PDF here.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write the frozen record here.")
@click.option("--dcc", type=click.Path(path_type=Path), help="Write the digital calibration certificate here.")
def export(number: str, pdf: Path | None, json_file: Path | None, dcc: Path | None) -> None:
    """Write the archived document NUMBER and its frozen content, byte for byte.

    Only a calibration has a digital calibration certificate (--dcc): exit status 1 for other documents.

    Example: lims certificate export "C26-00417" --pdf C26-00417.pdf --dcc C26-00417.xml --json C26-00417.json
    """
    if not (pdf or json_file or dcc):
        fail("nothing to write: give --pdf FILE, --dcc FILE, --json FILE")
    with database():
        try:
            found = archive.by_number(number)
        except NotFound:
            fail(f"NUMBER: no document has the number {number!r}")
            raise
        digital = archive.dcc_of(found)
        for target, content in ((pdf, archive.pdf_of(found).content), (json_file, archive.record_bytes(found)),
                                (dcc, digital.content if digital else None)):
            if target is not None and content is not None:
                _write(target, content)
    if dcc is not None and digital is None:
        click.echo(f"--dcc: {number} is no calibration and has no digital calibration certificate", err=True)
        sys.exit(1)


@certificate.command()
@click.argument("number")
@click.argument("file", type=click.Path(path_type=Path))
def signed(number: str, file: Path) -> None:
    """Take back FILE: the archived PDF of NUMBER, signed by a person on a token of their own.

    Export it with `lims certificate export NUMBER --pdf FILE`, sign it with any program that makes PAdES signatures,
    without a visible mark. It becomes a further revision of the same number; earlier ones stay.

    Example: lims certificate signed C26-00417 C26-00417-signed.pdf
    """
    content = _read(file)
    with database():
        try:
            row = countersigning.accept(archive.by_number(number).id, content, by=None)
        except NotFound:
            fail(f"NUMBER: no document has the number {number!r}")
            raise
        except DomainError as error:
            fail(f"FILE: {error.en}")
            raise
        click.echo(f"{number}: revision {row.document.revision}, signed by {row.signer} ({row.user.full_name})")


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except OSError as error:
        fail(f"FILE: {file}: {error.strerror}")
        raise
    if len(content) > LARGEST:
        fail(f"FILE: {file}: larger than {LARGEST // 1024 // 1024} MB")
    return content


def _write(target: Path, content: bytes) -> None:
    try:
        target.write_bytes(content)
    except OSError as error:
        fail(f"{target}: {error.strerror}")
    click.echo(f"{target}: {len(content)} bytes")


def _plain(finding: Finding) -> dict[str, Any]:
    archived = finding.archived
    return {
        "verdict": finding.verdict.value, "number": finding.number or None, "sha256": finding.sha256,
        "archived_sha256": archived.sha256 if archived else None, "status": archived.status.value if archived else None,
        "superseded_by": (archived.superseded_by or None) if archived else None,
        "revision": (archived.revision or None) if archived and finding.verdict is not Verdict.ALTERED else None,
        "reason": (archived.reason or None) if archived else None,
        "ended_on": archived.ended_on.isoformat() if archived and archived.ended_on else None,
    }


def _readable(finding: Finding) -> str:
    lines = [_SAID[finding.verdict] + _force(finding)]
    if finding.number:
        lines.append(f"number: {finding.number}")
    if finding.archived is not None and finding.archived.revision and finding.verdict is not Verdict.ALTERED:
        lines.append(f"archived file: {finding.archived.revision}")
    if finding.archived is not None and finding.archived.superseded_by:
        lines.append(f"replaced by: {finding.archived.superseded_by}")
    if finding.archived is not None and finding.archived.reason:
        lines.append(f"reason: {finding.archived.reason}")
    return "\n".join([*lines, f"SHA-256: {finding.sha256}"])


def _force(finding: Finding) -> str:
    """Whether an authentic document counts today."""
    if finding.verdict is not Verdict.AUTHENTIC or finding.archived is None:
        return ""
    day = f"{finding.archived.ended_on:%d/%m/%Y}" if finding.archived.ended_on else ""
    return {Status.EXPIRED: f", expired: valid until {day}",
            Status.ENDED: f", NO LONGER IN FORCE since {day}",
            Status.FAILED: ", the record of a verification that DID NOT PASS: it certifies nothing",
            }.get(finding.archived.status, ", in force")


def _signature(told: Told) -> dict[str, Any]:
    seal = told.seal
    return {
        "field": seal.field, "signer": seal.signer, "certificate_sha256": seal.fingerprint, "ours": told.ours,
        "trial": seal.trial, "intact": seal.intact, "covers_whole_file": seal.covers_whole_file,
        "sealed_at": seal.sealed_at.isoformat() if seal.sealed_at else None,
        "stamped_at": seal.stamped_at.isoformat() if seal.stamped_at else None,
    }


def _told(told: Told) -> str:
    seal = told.seal
    whose = "sealed by" if seal.is_seal else "signed by"
    state = [("intact" if seal.intact else "BROKEN"), *(["trial, without validity"] if seal.trial else []),
             *([] if told.ours or not seal.is_seal else ["NOT a key of this laboratory"])]
    at = f", {local(seal.sealed_at):%d/%m/%Y %H:%M}" if seal.sealed_at else ""
    return f"{whose}: {seal.signer}{at} ({', '.join(state)})"
