"""Many documents at once, in the background: one PDF for the printer, or a ZIP of files, records and an index."""
from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import sqlalchemy as sa
from flask import current_app

from certificates.copies import Print, joined
from certificates.numbering import slug
from lims.auth.models import User
from lims.issue import archive
from lims.issue.models import PAPER, Certificate, CertificateDocument, CertificateEvent
from lims.issue.review import actor_of
from lims.issue.wording import KINDS
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import DomainError, Invalid
from lims.shared.organisation import organisation
from lims.shared.task_runner import RunningTask
from lims.shared.tasks import BackgroundTask, enqueue, task
from lims.shared.workbook import workbook

PRINT, EXPORT = "certificates.print", "certificates.export"
MOST_PRINTED, MOST_EXPORTED = 200, 5000
CHUNK = 10
_STATES = {"valid": "Còn hiệu lực", "expired": "Hết hạn", "ended": "Hết giá trị", "superseded": "Đã thay thế",
           "withdrawn": "Đã thu hồi", "failed": "Không đạt"}
_SUFFIXES = {"pdf": "pdf", "dcc": "xml", PAPER: "pdf"}
INDEX_HEADS = ("Số", "Loại", "Doanh nghiệp", "Phương tiện đo", "Số chế tạo", "Ngày đo", "Ngày cấp", "Có giá trị đến",
               "Tình trạng", "Tệp PDF", "SHA-256 của PDF", "SHA-256 của bản ghi")


def request_print(ids: Sequence[int], copies: int, by: User) -> BackgroundTask:
    """Have the documents joined for the printer, each counted as printed. Raises Invalid."""
    _within(ids, MOST_PRINTED)
    if not 1 <= copies <= 9:
        raise Invalid("In từ 1 đến 9 bản.", "Print 1 to 9 copies.", "copies")
    with write("certificate.request_print", actor=actor_of(by)):
        title = (f"In {len(ids)} giấy", f"Print {len(ids)} documents")
        return enqueue(PRINT, {"ids": list(ids), "copies": copies}, title, len(ids))


def request_export(ids: Sequence[int], by: User) -> BackgroundTask:
    """Have PDF, DCC and record of each packed, with an index. Raises Invalid."""
    _within(ids, MOST_EXPORTED)
    with write("certificate.request_export", actor=actor_of(by)):
        title = (f"Xuất {len(ids)} giấy (ZIP)", f"Export {len(ids)} documents (ZIP)")
        return enqueue(EXPORT, {"ids": list(ids)}, title, len(ids))


@task(PRINT)
def print_together(work: RunningTask, payload: Any) -> None:
    """The file first, then the count: what is told as printed can be fetched."""
    prints: list[Print] = []
    ready: list[int] = []
    mark = organisation(session()).reprints == "copy"
    for done, certificate_id in enumerate(payload["ids"], start=1):
        try:
            certificate = archive.by_id(certificate_id)
            printed_before = any(event.kind == "printed" and event.reason != _reason(work, payload)
                                 for event in certificate.events)
            pdf = archive.pdf_of(certificate).content
            prints += [Print(pdf, mark and (printed_before or number > 0), certificate.number)
                       for number in range(payload["copies"])]
            ready.append(certificate_id)
        except DomainError as error:
            work.failed(f"#{certificate_id}", error)
        session().expunge_all()
        work.progress(done)
    if prints:
        work.file("in-gop.pdf", joined(prints, clock.now()), "application/pdf")
    for start in range(0, len(ready), CHUNK):
        _count(work, ready[start:start + CHUNK], _reason(work, payload))


def _reason(work: RunningTask, payload: Any) -> str:
    return f"{payload['copies']} bản (việc {work.id})"


def _count(work: RunningTask, ids: Sequence[int], reason: str) -> None:
    """One event for each document; said twice by a run that was cut, it stands once."""
    with write("certificate.print") as current:
        known = set(current.scalars(sa.select(CertificateEvent.certificate_id).where(
            CertificateEvent.certificate_id.in_(ids), CertificateEvent.kind == "printed",
            CertificateEvent.reason == reason)))
        for certificate_id in ids:
            if certificate_id not in known:
                current.add(CertificateEvent(certificate_id=certificate_id, kind="printed", at=clock.now(),
                                             by_id=work.requested_by_id, reason=reason))


@task(EXPORT)
def pack(work: RunningTask, payload: Any) -> None:
    """A ZIP written to a temporary file ten documents at a time, so that memory stays flat."""
    folder = current_app.extensions["settings"].data_dir
    with tempfile.TemporaryFile(dir=folder) as target:
        _pack(work, payload["ids"], target)
        work.file("giay-chung-nhan.zip", target, "application/zip")


def _pack(work: RunningTask, ids: Sequence[int], target: BinaryIO) -> None:
    rows: list[tuple[str, ...]] = []
    names: set[str] = set()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive_file:
        for start in range(0, len(ids), CHUNK):
            chunk = _chunk(ids[start:start + CHUNK])
            status = archive.statuses(chunk, clock.today())
            for certificate in chunk:
                name = _own_name(slug(certificate.number), names)
                if not certificate.record:
                    work.failed(certificate.number, archive.Gone(certificate.number))
                    continue
                for file_name, content in _files(certificate, name):
                    archive_file.writestr(file_name, content)
                rows.append(_index_row(certificate, name, status[certificate.id]))
            session().expunge_all()
            work.progress(min(start + CHUNK, len(ids)))
        archive_file.writestr("muc-luc.csv", _csv(rows))
        archive_file.writestr("muc-luc.xlsx", workbook("Mục lục", INDEX_HEADS, rows))


def _chunk(ids: Sequence[int]) -> Sequence[Certificate]:
    found = session().scalars(sa.select(Certificate).where(Certificate.id.in_(ids)).options(
        sa.orm.undefer(Certificate.record), sa.orm.selectinload(Certificate.events),
        sa.orm.selectinload(Certificate.documents).undefer(CertificateDocument.content))).all()
    order = {certificate_id: place for place, certificate_id in enumerate(ids)}
    return sorted(found, key=lambda one: order[one.id])


def _files(certificate: Certificate, name: str) -> Iterator[tuple[str, bytes]]:
    """Every archived revision and the frozen record, byte for byte."""
    for archived in certificate.documents:
        revision = "" if archived.revision == 1 else f"-r{archived.revision}"
        suffix = _SUFFIXES.get(archived.form, archived.form)
        yield f"{archived.form}/{name}{revision}.{suffix}", archived.content
    yield f"record/{name}.json", certificate.record


def _index_row(certificate: Certificate, name: str, status: archive.Status) -> tuple[str, ...]:
    pdf = next(one for one in certificate.documents if one.form == "pdf")
    return (certificate.number, KINDS[certificate.kind].vi, certificate.customer_name, certificate.object_name,
            certificate.object_serial, f"{certificate.performed_on:%d/%m/%Y}", f"{certificate.issued_on:%d/%m/%Y}",
            f"{certificate.valid_until:%d/%m/%Y}" if certificate.valid_until else "", _STATES[status.state],
            f"pdf/{name}.pdf", pdf.sha256, certificate.record_digest)


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    """UTF-8 with a mark, as Excel wants it; a cell that a spreadsheet would take for a formula is made text."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(INDEX_HEADS)
    writer.writerows([[f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell for cell in row]
                      for row in rows])
    return out.getvalue().encode("utf-8-sig")


def _own_name(name: str, taken: set[str]) -> str:
    """Two numbers may share a slug; their files do not."""
    wanted, number = name, 2
    while wanted in taken:
        wanted, number = f"{name}-{number}", number + 1
    taken.add(wanted)
    return wanted


def _within(ids: Sequence[int], most: int) -> None:
    if not 0 < len(ids) <= most:
        raise Invalid(f"Chọn từ 1 đến {most} giấy; hãy thu hẹp tìm kiếm.", f"Choose 1 to {most} documents; narrow the "
                      "search.", "certificate")
