"""Enterprises and their instruments as tables: what a file may hold, and how a line becomes a row."""
from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from instruments.kinds import all_kinds
from lims.auth.models import User
from lims.customers import service, words
from lims.customers.checks import FIELDS as CHECK_FIELDS
from lims.customers.forms import CustomerForm, InstrumentForm
from lims.customers.models import Customer, Instrument
from lims.shared.db import session
from lims.shared.errors import DomainError
from lims.shared.exchange import Column, Kind, Line, Outcome, announce, checked, typed

CUSTOMERS = (
    Column("code", _l("Mã"), example=""), Column("name", _l("Tên doanh nghiệp"), True, example="Công ty TNHH Sao Mai"),
    Column("name_en", _l("Tên tiếng Anh")), Column("tax_code", _l("Mã số thuế"), example="0100109106"),
    Column("address", _l("Địa chỉ"), True, example="12 đường Hùng Vương"), Column("commune", _l("Xã, phường")),
    Column("district", _l("Huyện, thị xã (cũ)")), Column("sector", _l("Ngành"), words=lambda: words.SECTOR),
    Column("metrology_officer", _l("Phụ trách đo lường")),
    Column("metrology_phone", _l("Điện thoại phụ trách đo lường")), Column("contact", _l("Người liên hệ")),
    Column("phone", _l("Điện thoại")), Column("email", _l("Thư điện tử")), Column("note", _l("Ghi chú")),
    Column("active", _l("Đang giao dịch"), shape="yes", example="có"))
INSTRUMENTS = (
    Column("customer", _l("Mã doanh nghiệp"), example="KH-0001"),
    Column("customer_tax_code", _l("Mã số thuế của doanh nghiệp")), Column("customer_name", _l("Tên doanh nghiệp")),
    Column("kind", _l("Loại phương tiện đo"), True, words=lambda: _kinds()),
    Column("name", _l("Tên trên giấy"), True), Column("maker", _l("Nơi (hãng) sản xuất")),
    Column("model", _l("Kiểu")), Column("serial", _l("Số chế tạo"), True), Column("tag", _l("Mã quản lý")),
    Column("year", _l("Năm sản xuất")), Column("range_text", _l("Phạm vi đo")),
    Column("place_of_use", _l("Nơi sử dụng")), Column("in_use", _l("Đang sử dụng"), shape="yes", example="có"),
    Column("last_service", _l("Lần gần nhất"), words=lambda: words.SERVICE),
    Column("last_verdict", _l("Kết quả"), words=lambda: words.VERDICT),
    Column("last_on", _l("Ngày kiểm định, hiệu chuẩn"), shape="day"),
    Column("last_body", _l("Tổ chức thực hiện")), Column("last_number", _l("Số giấy chứng nhận")),
    Column("last_sticker", _l("Số tem")), Column("valid_until", _l("Hạn ghi trên giấy hoặc tem"), shape="day"),
    Column("note", _l("Ghi chú")), Column("fields", _l("Đặc trưng (JSON)"), example=""))
_CHOSEN = {"active": "y", "in_use": "y"}
"""What a blank cell means."""


def _kinds() -> dict[str, str]:
    return {kind.code: kind.name.in_language(str(get_locale())) for kind in all_kinds()}


def _customer_rows() -> Iterator[Mapping[str, Any]]:
    for row in session().scalars(sa.select(Customer).order_by(Customer.id)):
        yield {column.key: getattr(row, column.key) for column in CUSTOMERS}


def _take_customers(current: Session, lines: Sequence[Line], outcome: Outcome, _by: User) -> None:
    for line in lines:
        form = CustomerForm(formdata=typed(_filled(line)), meta={"csrf": False})
        if not checked(form, line, outcome):
            continue
        values = {key: form.data[key] for key in service.CUSTOMER_FIELDS if key in line.values or key in ("name",)}
        known = _customer(current, line.get("code"), line.get("tax_code"), "")
        try:
            if known is None:
                service.add_customer(current, values)
                outcome.done(line, line.get("name"), "new")
            else:
                service.set_customer(current, known, values)
                outcome.done(line, known.code, "changed" if current.is_modified(known) else "same")
        except DomainError as error:
            outcome.refused(line, error)


def _instrument_rows() -> Iterator[Mapping[str, Any]]:
    for row in session().scalars(sa.select(Instrument).order_by(Instrument.id)):
        yield {**{column.key: getattr(row, column.key, None) for column in INSTRUMENTS},
               "customer": row.customer.code, "customer_tax_code": row.customer.tax_code,
               "customer_name": row.customer.name,
               "fields": json.dumps(row.fields, ensure_ascii=False, sort_keys=True) if row.fields else ""}


def _take_instruments(current: Session, lines: Sequence[Line], outcome: Outcome, _by: User) -> None:
    for line in lines:
        owner = _customer(current, line.get("customer"), line.get("customer_tax_code"), line.get("customer_name"))
        if owner is None:
            outcome.wrong(line, "customer", _("Không tìm thấy doanh nghiệp theo mã, mã số thuế hoặc tên."))
            continue
        form = InstrumentForm(formdata=typed(_filled(line)), meta={"csrf": False}).of_table()
        fields = _fields(line, outcome)
        if not checked(form, line, outcome) or fields is None:
            continue
        try:
            known = _instrument(current, owner, form)
            row = known or service.add_instrument(current, owner.id, form.data)
            before = _state(row)
            if known is not None:
                service.set_instrument(known, {**{key: getattr(known, key) for key in _KEPT}, **{
                    key: value for key, value in form.data.items() if key in line.values}})
            if "fields" in line.values and row.fields != fields:
                row.fields = fields
            what = "new" if known is None else "changed" if before != _state(row) else "same"
            outcome.done(line, f"{owner.code} {row.serial}", what)
        except DomainError as error:
            outcome.refused(line, error)


_KEPT = (*service.INSTRUMENT_FIELDS, *CHECK_FIELDS, "in_use")


def _state(row: Instrument) -> dict[str, Any]:
    return {key: getattr(row, key) for key in (*_KEPT, "fields")}


def _filled(line: Line) -> Line:
    """The line with what blank cells mean; a box that is not ticked is no value of a form."""
    answers = {key: line.get(key) or usual for key, usual in _CHOSEN.items()}
    return Line(line.number, {**line.values, **{key: "" if text == "n" else text for key, text in answers.items()}})


def _customer(current: Session, code: str, tax_code: str, name: str) -> Customer | None:
    """By code (of the same enterprise, where its name stands beside it), tax code or exact name."""
    looks = [(Customer.code, code.strip().upper()), (Customer.tax_code, tax_code.strip()),
             (Customer.name, name.strip())]
    for column, text in looks:
        found = list(current.scalars(sa.select(Customer).where(column == text).limit(2))) if text else []
        if len(found) == 1 and not (column is Customer.code and name and found[0].name != name.strip()):
            return found[0]
    return None


def _instrument(current: Session, owner: Customer, form: InstrumentForm) -> Instrument | None:
    return current.scalar(sa.select(Instrument).where(
        Instrument.customer_id == owner.id, Instrument.kind == form.kind.data,
        Instrument.serial_key == service.serial_key(form.serial.data), Instrument.maker == form.maker.data,
        Instrument.model == form.model.data))


def _fields(line: Line, outcome: Outcome) -> dict[str, str] | None:
    """The characteristics, a JSON object of texts; None with a fault."""
    text = line.get("fields")
    if not text:
        return {}
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(one, str) and len(one) < 200 for one in found.values()):
        outcome.wrong(line, "fields", _('Cần một đối tượng JSON gồm các chuỗi, ví dụ {"division": "0.2"}.'))
        return None
    return found


announce(Kind("customers", _l("Doanh nghiệp"), "customers.edit", CUSTOMERS, _customer_rows, _take_customers))
announce(Kind("instruments", _l("Phương tiện đo"), "customers.edit", INSTRUMENTS, _instrument_rows,
              _take_instruments))
