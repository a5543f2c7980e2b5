"""One field finds everything: a scanned code opens its object, words list what holds them (without accents)."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _

from certificates.numbering import LONGEST, normalised
from lims.customers.models import Customer, Instrument
from lims.equipment.models import Standard
from lims.issue.models import Certificate
from lims.jobs.models import Job, JobItem
from lims.shared.db import session
from lims.shared.text import like_pattern, search_key

LISTED = 12


@dataclass(frozen=True)
class Hit:
    """One thing found."""

    group: str
    code: str
    text: str
    url: str


def code_of(scanned: str) -> str:
    """The code inside a scan: the last part of an address (QR of a certificate, label or sticker), or the text."""
    text = scanned.strip()
    if "://" not in text:
        return text
    parts = urlsplit(text)
    named = parse_qs(parts.query).get("q")
    path = unquote(parts.path)
    for prefix in ("/v/", "/V/", "/i/", "/I/", "/s/", "/S/"):
        if path.startswith(prefix):
            return path[len(prefix):]
    return named[0] if named else path.rsplit("/", 1)[-1]


def exact(text: str) -> str | None:
    """The address of the one object whose code this is; None when no code matches."""
    code = text.upper()
    current = session()
    item = current.scalar(sa.select(JobItem).where(JobItem.code == code))
    if item is not None:
        return url_for("jobs.worksheet", code=item.code) if item.assigned_to_id else url_for(
            "jobs.show", job_id=item.job_id)
    for query, endpoint, argument in (
            (sa.select(Job.id).where(Job.number == code), "jobs.show", "job_id"),
            (sa.select(Standard.id).where(sa.func.upper(Standard.asset_number) == code), "equipment.show",
             "standard_id"),
            (sa.select(Customer.id).where(Customer.code == code), "customers.show", "customer_id")):
        found = current.scalar(query)
        if found is not None:
            values: dict[str, Any] = {argument: found}
            return url_for(endpoint, **values)
    number = current.scalar(sa.select(Certificate.number).where(Certificate.number_key == normalised(text[:LONGEST])))
    return url_for("issue.show", number=number) if number else None


def find(text: str) -> list[Hit]:
    """Everything that holds the words, grouped; at most LISTED of each kind."""
    if not search_key(text):
        return []
    like = like_pattern(text)
    current = session()
    hits = [Hit(_("Giấy"), row.number, f"{row.object_name} {row.object_serial} · {row.customer_name}",
                url_for("issue.show", number=row.number))
            for row in current.scalars(sa.select(Certificate).where(Certificate.search.like(like))
                                       .order_by(Certificate.id.desc()).limit(LISTED))]
    hits += [Hit(_("Phiếu đang làm"), row.code, f"{row.instrument.name} {row.instrument.serial}",
                 url_for("jobs.show", job_id=row.job_id))
             for row in current.scalars(sa.select(JobItem).join(Instrument).where(Instrument.search.like(like))
                                        .order_by(JobItem.id.desc()).limit(LISTED))]
    hits += [Hit(_("Chuẩn"), row.asset_number, f"{row.name} {row.serial}",
                 url_for("equipment.show", standard_id=row.id))
             for row in current.scalars(sa.select(Standard).where(Standard.search.like(like))
                                        .order_by(Standard.asset_number).limit(LISTED))]
    hits += [Hit(_("Doanh nghiệp"), row.code, row.name, url_for("customers.show", customer_id=row.id))
             for row in current.scalars(sa.select(Customer).where(Customer.search.like(like))
                                        .order_by(Customer.name).limit(LISTED))]
    return hits
