"""An enterprise, a survey begun there, and the workbook of its instruments."""
from __future__ import annotations

import io
from datetime import date

import xlsxwriter

from lims.auth.models import User
from lims.customers import service as customers
from lims.customers.models import Customer
from lims.surveys import intake, service
from lims.surveys.models import Survey
from lims.surveys.service import Entry

VISIT = date(2026, 11, 20)
SCALE = {"kind": "platform_scale", "serial": "0915077", "name": "Cân bàn 150 kg", "maker": "CAS"}


def enterprise() -> Customer:
    return customers.create_customer({"name": "Nhà máy gạo Bình Minh", "address": "Thôn 3", "tax_code": "0100000033"})


def begun(user: User, owner: Customer | None = None, *rows: dict[str, str]) -> Survey:
    survey = service.begin((owner or enterprise()).id, VISIT, "Minh, Hà", user)
    saved = service.save(survey.id, [Entry(f"row-{number}", 0, fields, position=number)
                                     for number, fields in enumerate(rows, start=1)], user)
    assert {one.status for one in saved} <= {"saved"}
    return survey


def sheet(*lines: dict[str, object], heads: tuple[str, ...] = ("kind", "serial", "last_service", "last_on")) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet()
    for column, name in enumerate(heads):
        page.write(0, column, intake.HEADS[name])
        for number, line in enumerate(lines, start=1):
            page.write(number, column, line.get(name, ""))
    book.close()
    return out.getvalue()
