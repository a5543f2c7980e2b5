"""Labels and slips of a job: rows turned into the plain values that `certificates` prints."""
from __future__ import annotations

from datetime import date

from flask import current_app

from certificates.document import Organisation as Heading
from certificates.document import Words
from certificates.labels import ItemLabel, render_labels
from certificates.slips import (
    DELIVERY_CLOSING,
    DELIVERY_TITLE,
    RECEPTION_CLOSING,
    RECEPTION_TITLE,
    Signatory,
    Slip,
    SlipField,
    SlipItem,
    render_slip,
)
from lims.jobs.models import Job, JobItem
from lims.shared import clock
from lims.shared.db import session
from lims.shared.organisation import Organisation, label_size, organisation

SERVICES = {"calibration": "Hiệu chuẩn", "verification": "Kiểm định", "test": "Thử nghiệm"}
REGIMES = {"initial": "ban đầu", "periodic": "định kỳ", "after_repair": "sau sửa chữa",
           "counter": "đối chứng", "other": "theo yêu cầu khác", "": ""}
PLACES = {"laboratory": Words("Phòng thí nghiệm", "Laboratory"),
          "customer": Words("Cơ sở khách hàng", "Customer's site"), "field": Words("Hiện trường", "In the field")}


def item_labels(job: Job) -> bytes:
    """One label for each item that is in the house, for a label printer (PDF)."""
    size = label_size(_laboratory().item_label_mm)
    labels = [item_label(item, size) for item in job.items if item.state != "cancelled"]
    return render_labels(labels, f"Nhãn {job.number}", clock.now(), int(_laboratory().label_dpi))


def item_label(item: JobItem, size_mm: tuple[float, float]) -> ItemLabel:
    """The label of one item; its code opens the item."""
    job = item.job
    return ItemLabel(
        identification=item.code, name=item.instrument.name, serial=item.instrument.serial,
        customer=job.customer.name, service=SERVICES[item.service], received_on=_day(job.received_on),
        promised_on=_day(job.promised_on), accessories=item.accessories, qr_payload=f"{_base()}/I/{item.code}",
        size_mm=size_mm, demonstration=_laboratory().demonstration)


def receipt(job: Job) -> bytes:
    """The reception slip (PDF): what came in, what was asked for, when it is promised."""
    request = ((SlipField(Words("Xem xét yêu cầu", "Review of request"), _reviewed(job)),),
               (SlipField(Words("Ghi chú", "Remarks"), job.review_note or job.note or "Không"),))
    return render_slip(Slip(
        title=RECEPTION_TITLE, number=job.number, organisation=heading(), fields=_fields(job), items=_items(job.items),
        request=request, closing=RECEPTION_CLOSING, created=clock.now(), qr_payload=f"{_base()}/I/{job.number}",
        demonstration=_laboratory().demonstration,
        signatories=(Signatory(Words("Người giao", "Delivered by"), job.delivered_by),
                     Signatory(Words("Người nhận", "Received by"), job.received_by.full_name))))


def delivery(job: Job, outcomes: dict[int, str]) -> bytes:
    """The delivery slip (PDF) of what is issued or handed over; `outcomes` are document numbers by item id."""
    done = [item for item in job.items if item.state in ("issued", "handed_over")]
    receivers = {item.handed_over_to for item in done if item.handed_over_to}
    return render_slip(Slip(
        title=DELIVERY_TITLE, number=job.number, organisation=heading(), fields=_fields(job),
        items=_items(done, outcomes), closing=DELIVERY_CLOSING, created=clock.now(),
        qr_payload=f"{_base()}/I/{job.number}", demonstration=_laboratory().demonstration,
        signatories=(Signatory(Words("Bên giao", "Handed over by")),
                     Signatory(Words("Bên nhận", "Received by"), ", ".join(sorted(receivers))))))


def _fields(job: Job) -> tuple[tuple[SlipField, ...], ...]:
    customer = job.customer
    return (
        (SlipField(Words("Doanh nghiệp", "Customer"), customer.name, strong=True),
         SlipField(Words("Mã số thuế", "Tax code"), customer.tax_code or "–")),
        (SlipField(Words("Địa chỉ", "Address"), customer.address),
         SlipField(Words("Liên hệ", "Contact"), " · ".join(filter(None, (customer.contact, customer.phone))) or "–")),
        (SlipField(Words("Ngày nhận", "Received on"), _day(job.received_on)),
         SlipField(Words("Hẹn trả", "Promised on"), _day(job.promised_on) or "–", strong=True)),
        (SlipField(Words("Nơi thực hiện", "Place"), PLACES[job.place].vi, PLACES[job.place].en),),
    )


def _items(items: list[JobItem], outcomes: dict[int, str] | None = None) -> tuple[SlipItem, ...]:
    return tuple(SlipItem(
        identification=item.code, name=item.instrument.name,
        type_and_serial=", ".join(filter(None, (item.instrument.model, item.instrument.serial))),
        service=f"{SERVICES[item.service]} {REGIMES[item.regime]}".strip(),
        condition="; ".join(filter(None, (item.condition, item.accessories))) or "–",
        outcome=(outcomes or {}).get(item.id, "")) for item in items if item.state != "cancelled")


def _reviewed(job: Job) -> str:
    if job.reviewed_at is None or job.reviewed_by is None:
        return "chưa xem xét"
    return f"{job.reviewed_by.full_name}, {_day(clock.local_date(job.reviewed_at))}"


def _laboratory() -> Organisation:
    return organisation(session())


def heading() -> Heading:
    """The laboratory as it heads its papers."""
    row = _laboratory()
    return Heading(name=Words(row.name_vi, row.name_en), short_name=row.short_name, place=row.place,
                   address=row.address, superior=row.superior_vi, phone=row.phone, email=row.email,
                   registration_code=row.registration_code, accreditation_code=row.accreditation_code)


def _base() -> str:
    """Upper case keeps a QR in its compact alphanumeric mode; host names and our paths read it all the same."""
    return str(current_app.extensions["settings"].base_url).upper()


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


