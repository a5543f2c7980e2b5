"""The official form (mẫu số) by which a document of a group-2 verification is made, as the legal data name it.

A form is printed on a document only where it was read in its original: an unconfirmed number is no claim of law. Of
several in force on the day of verification the one that began last counts.
"""
from __future__ import annotations

import re
from datetime import date

import sqlalchemy as sa

from lims.legal.documents import in_force
from lims.legal.models import LegalDocument, LegalReading
from lims.shared.db import session

CODES = {"verification": "GCNKĐ", "work_record": "BBKĐ"}
"""Kind of document -> what its form's number holds after the running number: "18.GCNKĐ (54/2025/TT-BKHCN)"."""


def form_on(kind: str, on: date) -> str:
    """Number of the form of a kind of document on a day; "" where no confirmed one is known."""
    code = CODES.get(kind)
    if code is None:
        return ""
    read = sa.exists().where(LegalReading.subject == "document:form:" + LegalDocument.number)
    rows = session().scalars(sa.select(LegalDocument).where(
        LegalDocument.kind == "form", LegalDocument.number.contains(code, autoescape=True),
        sa.or_(LegalDocument.state == "verified", read)))
    named = [row for row in rows if re.match(rf"\d+\.{code}(\W|$)", row.number) and in_force(row, on)]
    return max(named, key=lambda row: row.in_force_from or date.min).number if named else ""
