"""Labels and slips of a job: rows turned into the plain values that `certificates` prints."""
from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from flask import current_app

from certificates.document import Organisation as Heading
from certificates.document import Words
from certificates.label_printing import render_labels
from certificates.labels import ItemLabel
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
from lims.jobs import procedures
from lims.jobs.models import Job, JobItem
from lims.shared import clock
from lims.shared.db import session
from lims.shared.files import StoredFile
from lims.shared.organisation import Organisation, label_size, organisation

SERVICES = {"calibration": "Hiệu chuẩn", "verification": "Kiểm định", "test": "Thử nghiệm"}
SERVICES_EN = {"calibration": "Calibration", "verification": "Verification", "test": "Test"}
REGIMES = {"initial": "ban đầu", "periodic": "định kỳ", "after_repair": "sau sửa chữa",
           "counter": "đối chứng", "other": "theo yêu cầu khác", "": ""}
PLACES = {"laboratory": Words("Phòng thí nghiệm", "Laboratory"),
          "customer": Words("Cơ sở khách hàng", "Customer's site"), "field": Words("Hiện trường", "In the field")}


RULES = {"": Words("không công bố sự phù hợp", "no statement of conformity"),
         "none": Words("không công bố sự phù hợp", "no statement of conformity"),
         "simple": Words("chấp nhận đơn giản, |E| ≤ MPE", "simple acceptance, |E| ≤ MPE"),
         "guarded": Words("dải bảo vệ w = U", "guard band w = U"),
         "guarded_r": Words("dải bảo vệ w = r·U", "guard band w = r·U"),
         "four_state": Words("bốn mức, w = U", "four states, w = U")}
"""How conformity is decided (ILAC-G8, JCGM 106), as the customer agreed to it."""


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
    kept = [item for item in job.items if item.state != "cancelled"]
    dates = (SlipField(Words("Ngày nhận", "Received on"), _day(job.received_on)),
             SlipField(Words("Hẹn trả", "Promised on"), _day(job.promised_on) or "–", strong=True))
    return render_slip(Slip(
        title=RECEPTION_TITLE, number=job.number, organisation=heading(), fields=_fields(job, dates),
        items=tuple(_item(item, "; ".join(filter(None, (item.condition, item.accessories))) or "–") for item in kept),
        request=_request(job, kept), closing=RECEPTION_CLOSING, created=clock.now(),
        qr_payload=f"{_base()}/I/{job.number}", logo=_logo(), demonstration=_laboratory().demonstration,
        signatories=(Signatory(Words("Người giao", "Delivered by"), job.delivered_by),
                     Signatory(Words("Người nhận", "Received by"), job.received_by.full_name))))


def delivery(job: Job, outcomes: dict[int, str]) -> bytes:
    """The delivery slip (PDF) of what is issued or handed over; `outcomes` are document numbers by item id."""
    done = [item for item in job.items if item.state in ("issued", "handed_over")]
    receivers = {item.handed_over_to for item in done if item.handed_over_to}
    days = sorted({clock.local_date(item.handed_over_at) for item in done if item.handed_over_at is not None})
    dates = (SlipField(Words("Ngày nhận", "Received on"), _day(job.received_on)),
             SlipField(Words("Ngày trả", "Returned on"), ", ".join(_day(day) for day in days) or "…", strong=True))
    return render_slip(Slip(
        title=DELIVERY_TITLE, number=job.number, organisation=heading(), fields=_fields(job, dates),
        items=tuple(_item(item, item.accessories, outcomes.get(item.id, "–")) for item in done),
        closing=DELIVERY_CLOSING, created=clock.now(),
        qr_payload=f"{_base()}/I/{job.number}", logo=_logo(), demonstration=_laboratory().demonstration,
        signatories=(Signatory(Words("Bên giao", "Handed over by")),
                     Signatory(Words("Bên nhận", "Received by"), ", ".join(sorted(receivers))))))


def _fields(job: Job, dates: tuple[SlipField, ...]) -> tuple[tuple[SlipField, ...], ...]:
    customer = job.customer
    contact = " · ".join(filter(None, (customer.contact, customer.phone)))
    return (
        (SlipField(Words("Doanh nghiệp", "Customer"), customer.name, strong=True),),
        (SlipField(Words("Địa chỉ", "Address"), customer.address),),
        (SlipField(Words("Liên hệ", "Contact"), contact or "–"),
         SlipField(Words("Mã số thuế", "Tax code"), customer.tax_code or "–")),
        dates,
        (SlipField(Words("Nơi thực hiện", "Place"), PLACES[job.place].vi, PLACES[job.place].en),),
    )


def _request(job: Job, items: list[JobItem]) -> tuple[tuple[SlipField, ...], ...]:
    """What was agreed (ISO/IEC 17025:2017, 7.1.1 and 7.1.3): methods, decision rules, intervals, who reviewed it."""
    methods = "; ".join(dict.fromkeys(procedures.procedure_of(item).method.document for item in items))
    rules = list(dict.fromkeys((item.service, item.decision_rule) for item in items))
    vi = "; ".join(f"{SERVICES[service]}: {RULES[rule].vi}" for service, rule in rules)
    en = "; ".join(f"{SERVICES_EN[service]}: {RULES[rule].en}" for service, rule in rules)
    rows = [(SlipField(Words("Phương pháp", "Method"), methods),),
            (SlipField(Words("Quy tắc quyết định", "Decision rule"), vi, en),)]
    if calibrated := [item for item in items if item.service == "calibration"]:
        rows.append((SlipField(Words("Ghi ngày hiệu chuẩn lại", "Recalibration date"), _intervals(calibrated)),))
    rows.append((SlipField(Words("Xem xét yêu cầu", "Review of request"), _reviewed(job)),))
    rows.append((SlipField(Words("Ghi chú", "Remarks"), job.review_note or job.note or "Không"),))
    return tuple(rows)


def _intervals(items: list[JobItem]) -> str:
    """The intervals that the customer wants to be stated (7.8.4.3); one text for all where they are the same."""
    told = {item.code: f"{item.interval_agreed_months} tháng" if item.interval_agreed_months else "không"
            for item in items}
    if len(set(told.values())) == 1:
        return next(iter(told.values())).capitalize()
    return "; ".join(f"{code}: {text}" for code, text in told.items())


def _item(item: JobItem, condition: str, outcome: str = "") -> SlipItem:
    return SlipItem(
        identification=item.code, name=item.instrument.name,
        type_and_serial=", ".join(filter(None, (item.instrument.model, item.instrument.serial))),
        service=f"{SERVICES[item.service]} {REGIMES[item.regime]}".strip(), condition=condition, outcome=outcome)


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


def _logo() -> bytes:
    """The laboratory's logo as it was uploaded; empty for none."""
    digest = _laboratory().logo_sha256
    return (session().scalar(sa.select(StoredFile.content).where(StoredFile.sha256 == digest).limit(1)) or b""
            ) if digest else b""


def _base() -> str:
    """Upper case keeps a QR in its compact alphanumeric mode; host names and our paths read it all the same."""
    return str(current_app.extensions["settings"].base_url).upper()


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


