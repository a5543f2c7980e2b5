"""One field finds everything: a scanned code opens its object, words list what holds them (without accents)."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _

from certificates.numbering import LONGEST, normalised
from lims.customers.models import Customer, Instrument
from lims.customers.service import serial_key
from lims.equipment.models import Standard
from lims.issue.models import Certificate
from lims.jobs.models import Job, JobItem
from lims.shared.db import Base, session
from lims.shared.text import search_key
from lims.shared.word_index import find as find_ids
from lims.web.places import procedures_and_places

LISTED = 12
OPEN_STATES = ("received", "assigned", "measuring", "submitted", "reviewed")


@dataclass(frozen=True)
class Hit:
    """One thing found."""

    group: str
    code: str
    text: str
    url: str


@dataclass(frozen=True)
class Named:
    """The one object that a code names; `kind` is item, job, standard, customer, certificate or instrument."""

    kind: str
    code: str
    url: str


def code_of(scanned: str) -> str:
    """The code inside a scan: the last part of an address (QR of a certificate, label or sticker), or the text."""
    text = scanned.strip()
    if "://" not in text:
        return text
    parts = urlsplit(text)
    named = parse_qs(parts.query).get("q")
    path = unquote(parts.path)
    for prefix in ("/v/", "/V/", "/i/", "/I/", "/s/", "/S/", "/t/", "/T/"):
        if path.startswith(prefix):
            return path[len(prefix):]
    return named[0] if named else path.rsplit("/", 1)[-1]


def named(text: str) -> Named | None:
    """The one object whose code this is; None when no code matches, or a serial is that of several instruments."""
    if not text:
        return None
    return next((found for look in (_item, _row, _certificate, _sticker, _instrument)
                 if (found := look(text)) is not None), None)


def find(text: str, limit: int = LISTED) -> list[Hit]:
    """Everything in which each word begins some word, by kind; the newest `limit` of each kind."""
    return [hit for part in (_items, _certificates, _standards, _customers, procedures_and_places_hits)
            for hit in part(text, limit)] if search_key(text) else []


def procedures_and_places_hits(text: str, limit: int) -> list[Hit]:
    """Procedures, pages and acts that this person may use."""
    return [Hit(*place) for place in procedures_and_places(text)][:limit]


def _item(text: str) -> Named | None:
    item = session().scalar(sa.select(JobItem).where(JobItem.code == text.upper()))
    return None if item is None else Named("item", item.code, _address(item))


def _row(text: str) -> Named | None:
    code = text.upper()
    looks: Sequence[tuple[str, Any, str, str]] = (
        ("job", sa.select(Job.id).where(Job.number == code), "jobs.show", "job_id"),
        ("standard", sa.select(Standard.id).where(sa.func.upper(Standard.asset_number) == code), "equipment.show",
         "standard_id"),
        ("customer", sa.select(Customer.id).where(Customer.code == code), "customers.show", "customer_id"))
    for kind, query, endpoint, argument in looks:
        found = session().scalar(query)
        if found is not None:
            values: dict[str, Any] = {argument: found}
            return Named(kind, code, url_for(endpoint, **values))
    return None


def _certificate(text: str) -> Named | None:
    number = session().scalar(sa.select(Certificate.number).where(Certificate.number_key == normalised(text[:LONGEST])))
    return Named("certificate", number, url_for("issue.show", number=number)) if number else None


def _sticker(text: str) -> Named | None:
    """The newest item that carries this sticker."""
    item = session().scalar(sa.select(JobItem).where(JobItem.sticker == text).order_by(JobItem.id.desc()).limit(1))
    return None if item is None else Named("sticker", item.code, _address(item))


def _instrument(text: str) -> Named | None:
    """The instrument with this serial or tag: its newest item, which is the one at hand; its owner without any."""
    key = serial_key(text)
    found = session().scalars(sa.select(Instrument).where(
        sa.or_(Instrument.serial_key == key, Instrument.tag == text)).limit(2)).unique().all() if key else []
    if len(found) != 1:
        return None
    item = session().scalar(sa.select(JobItem).where(JobItem.instrument_id == found[0].id)
                            .order_by(JobItem.state.in_(OPEN_STATES).desc(), JobItem.id.desc()).limit(1))
    return Named("instrument", found[0].serial, _address(item) if item else url_for(
        "customers.show", customer_id=found[0].customer_id))


def _address(item: JobItem) -> str:
    """Where an item is worked on: its sheet, or the page of its job before it is assigned."""
    return url_for("jobs.worksheet", code=item.code) if item.assigned_to_id else url_for(
        "jobs.show", job_id=item.job_id)


def _items(text: str, limit: int) -> list[Hit]:
    ids = find_ids("instrument", text, limit)
    rows = session().scalars(sa.select(JobItem).where(JobItem.instrument_id.in_(ids))
                             .order_by(JobItem.id.desc()).limit(limit)).unique().all() if ids else []
    seen = {row.instrument_id for row in rows}
    idle = [one for one in _rows(Instrument, ids) if one.id not in seen]
    return [Hit(_("Phương tiện đo"), row.code, f"{row.instrument.name} {row.instrument.serial}", _address(row))
            for row in rows] + [
            Hit(_("Phương tiện đo"), one.serial, f"{one.name} · {one.customer.name}",
                url_for("customers.show", customer_id=one.customer_id)) for one in idle][:max(0, limit - len(rows))]


def _certificates(text: str, limit: int) -> list[Hit]:
    return _hits(Certificate, "certificate", text, limit, lambda row: Hit(
        _("Giấy"), row.number, f"{row.object_name} {row.object_serial} · {row.customer_name}",
        url_for("issue.show", number=row.number)))


def _standards(text: str, limit: int) -> list[Hit]:
    return _hits(Standard, "standard", text, limit, lambda row: Hit(
        _("Chuẩn"), row.asset_number, f"{row.name} {row.serial}", url_for("equipment.show", standard_id=row.id)))


def _customers(text: str, limit: int) -> list[Hit]:
    return _hits(Customer, "customer", text, limit, lambda row: Hit(
        _("Doanh nghiệp"), row.code, row.name, url_for("customers.show", customer_id=row.id)))


def _hits(model: type[Base], kind: str, text: str, limit: int, hit: Callable[[Any], Hit]) -> list[Hit]:
    return [hit(row) for row in _rows(model, find_ids(kind, text, limit))]


def _rows(model: Any, ids: Sequence[int]) -> Iterator[Any]:
    """The rows in the order of their ids."""
    if not ids:
        return
    query = sa.select(model).where(model.id.in_(ids))
    if model is Certificate:
        query = query.options(sa.orm.load_only(Certificate.number, Certificate.object_name, Certificate.object_serial,
                                               Certificate.customer_name))
    by_id = {row.id: row for row in session().scalars(query).unique()}
    yield from (by_id[one] for one in ids if one in by_id)
