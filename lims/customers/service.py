"""Use cases of customers and their instruments."""
from __future__ import annotations

import secrets
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from instruments.kinds import kind as kind_of
from lims.customers.checks import check_of, set_check
from lims.customers.models import Customer, Instrument
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Invalid, NotFound
from lims.shared.freshness import require_version
from lims.shared.text import search_key
from lims.shared.word_index import find

CUSTOMER_FIELDS = ("name", "name_en", "tax_code", "address", "commune", "district", "sector", "metrology_officer",
                   "metrology_phone", "contact", "phone", "email", "note", "active")
MOST_FOUND = 1000
INSTRUMENT_FIELDS = ("kind", "name", "maker", "model", "serial", "tag", "year", "range_text", "place_of_use", "note")


def serial_key(serial: str) -> str:
    """Serials are the same when they differ only in case, space and punctuation."""
    return "".join(search_key(serial).split()) or serial.casefold()


def customer(customer_id: int) -> Customer:
    """The customer, or NotFound."""
    found = session().get(Customer, customer_id)
    if found is None:
        raise NotFound("Không có doanh nghiệp này.", "No such customer.")
    return found


def customer_by_code(code: str, field: str = "") -> Customer:
    """The customer with this code, case aside. Raises NotFound, or Invalid at the field that names it."""
    found = session().scalar(sa.select(Customer).where(Customer.code == code.strip().upper()))
    if found is None:
        if field:
            raise Invalid(f"Không có doanh nghiệp “{code}”.", f"There is no customer “{code}”.", field)
        raise NotFound("Không có doanh nghiệp này.", "No such customer.")
    return found


def instrument(instrument_id: int) -> Instrument:
    """The instrument, or NotFound."""
    found = session().get(Instrument, instrument_id)
    if found is None:
        raise NotFound("Không có phương tiện đo này.", "No such instrument.")
    return found


def create_customer(values: Mapping[str, object]) -> Customer:
    """A new customer with the next code KH-nnnn. Raises Invalid when the tax code is known already."""
    with write("customer.create") as current:
        added = add_customer(current, values)
    return added


def add_customer(current: Session, values: Mapping[str, object]) -> Customer:
    """The same inside a transaction that is open already (reception)."""
    _refuse_known_tax_code(current, str(values.get("tax_code") or ""), None)
    added = Customer(code=secrets.token_hex(8), created_at=clock.now(), search="",
                     **{key: values[key] for key in CUSTOMER_FIELDS if key in values})
    current.add(added)
    current.flush()  # the key given by the database makes the code: two people at once cannot get the same
    added.code = f"KH-{added.id:04d}"
    added.search = search_key(added.code, added.name, added.name_en, added.tax_code)
    return added


def change_customer(customer_id: int, values: Mapping[str, object], version: int = 0) -> None:
    """Change particulars; certificates issued before keep theirs.

    Raises Conflict when somebody changed them since the form was opened."""
    with write("customer.change") as current:
        changed = customer(customer_id)
        require_version(changed, version, "doanh nghiệp này", "this enterprise")
        set_customer(current, changed, values)


def set_customer(current: Session, changed: Customer, values: Mapping[str, object]) -> None:
    """The same inside a transaction that is open already."""
    _refuse_known_tax_code(current, str(values.get("tax_code") or ""), changed.id)
    for key in CUSTOMER_FIELDS:
        if key in values and getattr(changed, key) != values[key]:
            setattr(changed, key, values[key])
    changed.search = search_key(changed.code, changed.name, changed.name_en, changed.tax_code)


def add_instrument(current: Session, customer_id: int, values: Mapping[str, object]) -> Instrument:
    """A new instrument of a customer, inside an open transaction. Raises Invalid at `serial` when it is known."""
    _known_kind(str(values["kind"]))
    key = serial_key(str(values["serial"]))
    _refuse_known_serial(current, customer_id, values, key)
    added = Instrument(customer_id=customer_id, serial_key=key, created_at=clock.now(), search="",
                       fields={},
                       **{name: values.get(name) or "" for name in INSTRUMENT_FIELDS})
    added.in_use = bool(values.get("in_use", True))
    set_check(added, check_of(values))
    added.search = search_text(added)
    current.add(added)
    current.flush()
    return added


def create_instrument(customer_id: int, values: Mapping[str, object]) -> Instrument:
    """A new instrument of a customer."""
    with write("instrument.create") as current:
        customer(customer_id)
        return add_instrument(current, customer_id, values)


def change_instrument(instrument_id: int, values: Mapping[str, object], version: int) -> None:
    """Change an instrument's particulars. Raises Conflict when somebody changed it since the form was opened."""
    with write("instrument.change"):
        changed = instrument(instrument_id)
        require_version(changed, version, "phương tiện đo này", "this instrument")
        set_instrument(changed, values)


def set_instrument(changed: Instrument, values: Mapping[str, object]) -> None:
    """The same inside a transaction that is open already."""
    _known_kind(str(values["kind"]))
    key = serial_key(str(values["serial"]))
    wanted = (values["kind"], values.get("maker") or "", values.get("model") or "", key)
    if wanted != (changed.kind, changed.maker, changed.model, changed.serial_key):
        _refuse_known_serial(session(), changed.customer_id, values, key)
    for name in INSTRUMENT_FIELDS:
        if getattr(changed, name) != (values.get(name) or ""):
            setattr(changed, name, values.get(name) or "")
    changed.in_use = bool(values.get("in_use", True))
    set_check(changed, check_of(values))
    changed.serial_key = key
    changed.search = search_text(changed)


def recognise(serial: str, customer_id: int | None = None) -> list[Instrument]:
    """Instruments with this serial (or tag), those of the customer first; at most ten."""
    key = serial_key(serial)
    query = sa.select(Instrument).where(sa.or_(Instrument.serial_key == key, Instrument.tag == serial))
    if customer_id is not None:
        query = query.where(Instrument.customer_id == customer_id)
    return list(session().scalars(query.order_by(Instrument.id.desc()).limit(10)))


def find_customers(text: str, limit: int = 8) -> list[Customer]:
    """Active customers of whose name, code or tax code every word begins some word, without accents."""
    query = sa.select(Customer).where(Customer.active, Customer.id.in_(ids_found(text)))
    return list(session().scalars(query.order_by(Customer.name).limit(limit)))


def ids_found(text: str) -> list[int]:
    """Customers found by the beginnings of their words, in any order, without accents or đ; the newest MOST_FOUND."""
    return find("customer", text, MOST_FOUND)


def _refuse_known_tax_code(current: Session, tax_code: str, own: int | None) -> None:
    if not tax_code:
        return
    other = current.scalar(sa.select(Customer).where(Customer.tax_code == tax_code, Customer.id != (own or 0)))
    if other is not None:
        raise Invalid(f"Mã số thuế này là của {other.code} {other.name}.",
                      f"This tax code belongs to {other.code} {other.name}.", "tax_code")


def _refuse_known_serial(current: Session, customer_id: int, values: Mapping[str, object], key: str) -> None:
    if current.scalar(sa.select(Instrument.id).where(
            Instrument.customer_id == customer_id, Instrument.kind == values["kind"], Instrument.serial_key == key,
            Instrument.maker == (values.get("maker") or ""),
            Instrument.model == (values.get("model") or ""))) is not None:
        raise Invalid("Doanh nghiệp này đã có phương tiện đo cùng loại, cùng số.",
                      "This customer already has an instrument of this kind and serial.", "serial")


def _known_kind(code: str) -> None:
    try:
        kind_of(code)
    except KeyError:
        raise Invalid("Hãy chọn loại phương tiện đo.", "Choose the kind of instrument.", "kind") from None


def search_text(row: Instrument) -> str:
    """The folded words by which an instrument is found."""
    return search_key(row.name, row.maker, row.model, row.serial, row.tag) + " " + row.serial_key
