"""Labels of anything that has a code: stickers of certificates, labels of items and of standards, in one file."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from certificates.flow import LayoutError
from certificates.label_parts import Label
from certificates.label_printing import render_label_sheet, render_labels
from certificates.labels import ItemLabel, StandardLabel
from certificates.numbering import normalised
from certificates.stickers import CalibrationSticker, VerificationSticker
from lims.equipment.models import Standard
from lims.equipment.papers import standard_label
from lims.issue import archive, paper_files
from lims.issue.models import Certificate
from lims.jobs.models import Job, JobItem
from lims.jobs.papers import item_label
from lims.owners.sticker_code import address_part
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import Invalid
from lims.shared.i18n import day
from lims.shared.organisation import Organisation, label_size, organisation

MOST = 200
FORMATS = ("roll", "sheet")


@dataclass(frozen=True)
class Fault:
    """A code of which no label can be made, and why."""

    code: str
    reason: str


@dataclass(frozen=True)
class Found:
    """Labels in the order of the codes, and what could not be found."""

    labels: Sequence[Label]
    faults: Sequence[Fault]


def labels_of(codes: Sequence[str]) -> Found:
    """A label for each certificate number, item code, number of a standard; all items for the number of a job."""
    laboratory = organisation(session())
    labels: list[Label] = []
    faults: list[Fault] = []
    for code in dict.fromkeys(codes):
        made = _made(code, laboratory)
        if isinstance(made, str):
            faults.append(Fault(code, made))
        else:
            labels += made
    return Found(labels, faults)


def printed(labels: Sequence[Label], form: str, dpi: int, start: int) -> bytes:
    """The PDF: one label a page for a label printer ("roll"), or A4 sheets from position `start`. Raises Invalid."""
    logo = paper_files.content_of(organisation(session()).logo_sha256) or b""
    try:
        if form == "sheet":
            return render_label_sheet(labels, _("Tem và nhãn"), clock.now(), dpi, logo, start)
        return render_labels(labels, _("Tem và nhãn"), clock.now(), dpi, logo)
    except LayoutError as error:
        tight = ", ".join(_name(label) for label in labels if not _fits(label, dpi))
        raise Invalid(f"Không vừa nhãn: {tight}. Hãy chọn cỡ nhãn lớn hơn trong Cài đặt, hoặc độ phân giải cao hơn.",
                      f"Does not fit the label: {tight}. Choose a larger label in the settings, or a finer printer.",
                      "codes") from error


def _fits(label: Label, dpi: int) -> bool:
    try:
        render_labels([label], "", clock.now(), dpi)
    except LayoutError:
        return False
    return True


def _name(label: Label) -> str:
    """What the label is called by whoever typed its code."""
    match label:
        case CalibrationSticker() | VerificationSticker():
            return label.number
        case StandardLabel():
            return label.asset_number
        case ItemLabel():
            return label.identification
    return ""


def _made(code: str, laboratory: Organisation) -> list[Label] | str:
    """The labels of a code, or why there are none."""
    makers: tuple[Callable[[str, Organisation], list[Label] | str | None], ...] = (
        _of_item, _of_job, _of_standard, _of_certificate)
    for maker in makers:
        if (made := maker(code, laboratory)) is not None:
            return made
    return _("không có mã này")


def _of_item(code: str, laboratory: Organisation) -> list[Label] | str | None:
    item = session().scalar(sa.select(JobItem).where(JobItem.code == code.upper()))
    return None if item is None else [item_label(item, label_size(laboratory.item_label_mm))]


def _of_job(code: str, laboratory: Organisation) -> list[Label] | str | None:
    job = session().scalar(sa.select(Job).where(Job.number == code.upper()))
    if job is None:
        return None
    size = label_size(laboratory.item_label_mm)
    return [item_label(item, size) for item in job.items if item.state != "cancelled"]


def _of_standard(code: str, laboratory: Organisation) -> list[Label] | str | None:
    found = session().scalar(sa.select(Standard).where(sa.func.upper(Standard.asset_number) == code.upper()))
    return None if found is None else [standard_label(found, label_size(laboratory.standard_label_mm))]


def _of_certificate(code: str, laboratory: Organisation) -> list[Label] | str | None:
    certificate = session().scalar(sa.select(Certificate).where(Certificate.number_key == normalised(code[:200])))
    if certificate is None:
        return None
    if (state := archive.status(certificate, clock.today()).state) != "valid":
        return {"expired": _("giấy đã hết hạn"), "ended": _("phương tiện đã được kiểm định lại"),
                "superseded": _("giấy đã được thay thế"), "failed": _("loại giấy này không dán tem"),
                "withdrawn": _("giấy đã thu hồi")}[state]
    if certificate.verified and (certificate.kind == "verification" or archive.record_of(certificate).sticker):
        return [_verification(certificate, laboratory)]
    if certificate.kind == "calibration":
        return [_calibration(certificate, laboratory)]
    return _("loại giấy này không dán tem")


def _verification(certificate: Certificate, laboratory: Organisation) -> Label:
    until = certificate.valid_until
    return VerificationSticker(
        number=_sticker_number(certificate), registration_code=laboratory.registration_code,
        valid_until=f"{until:%m/%Y}" if until else "–", qr_payload=_address(certificate),
        size_mm=label_size(laboratory.verification_sticker_mm), demonstration=laboratory.demonstration)


def _calibration(certificate: Certificate, laboratory: Organisation) -> Label:
    contact = " · ".join(filter(None, (laboratory.short_name, laboratory.phone)))
    return CalibrationSticker(
        number=_sticker_number(certificate), registration_code=laboratory.registration_code,
        calibrated_on=day(certificate.performed_on), contact=contact, qr_payload=_address(certificate),
        recalibration_on=day(certificate.valid_until), size_mm=label_size(laboratory.calibration_sticker_mm),
        demonstration=laboratory.demonstration)


def _sticker_number(certificate: Certificate) -> str:
    """The number of the sticker that was drawn for the item; without one, that of the document."""
    return certificate.item.sticker or certificate.number


def _address(certificate: Certificate) -> str:
    """The owner's page, in capitals for a small code: /T/number.code; the code is the sticker's, not the paper's."""
    base = str(current_app.extensions["settings"].base_url).upper()
    return f"{base}/T/{quote(address_part(certificate.number, certificate.code), safe='-./')}"
