"""Whether the method of a verification holds on a day: a ĐLVN, or the temporary procedure in its place, by its dates.

Where no ĐLVN exists a temporary procedure is approved for a time (TT 23/2013 Art. 19-22); outside its dates nothing is
verified by it. A procedure is found by the number of its method, with or without its edition, or by its own code.
"""
from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from certificates.formats import day
from instruments.procedure import Procedure
from instruments.words import Words
from lims.legal.documents import in_force
from lims.legal.models import LegalDocument
from lims.shared.db import session


def numbers_of(procedure: Procedure) -> set[str]:
    """Numbers under which the catalogue may know the method of a procedure, folded."""
    method = procedure.method
    return {folded(text) for text in (method.document, f"{method.document}:{method.edition}", procedure.code)}


def refusal(procedure: Procedure, on: date) -> Words | None:
    """Why nothing is verified by this procedure on that day; None where it holds or the catalogue names no dates."""
    if procedure.service != "verification":
        return None
    wanted = numbers_of(procedure)
    known = session().scalars(sa.select(LegalDocument).where(
        LegalDocument.kind == "dlvn",
        sa.or_(LegalDocument.in_force_from.is_not(None), LegalDocument.in_force_to.is_not(None)))).all()
    dated = [row for row in known if folded(row.number) in wanted]
    if not dated or any(in_force(row, on) for row in dated):
        return None
    row = dated[0]
    return Words(f"{row.number} chỉ có hiệu lực {_vi(row)}; ngày kiểm định {day(on)} ở ngoài thời hạn",
                 f"{row.number} holds {_en(row)} only; the day of verification {day(on)} lies outside")


def _vi(row: LegalDocument) -> str:
    parts = (f"từ {day(row.in_force_from)}" if row.in_force_from else "",
             f"đến {day(row.in_force_to)}" if row.in_force_to else "")
    return " ".join(part for part in parts if part)


def _en(row: LegalDocument) -> str:
    parts = (f"from {day(row.in_force_from)}" if row.in_force_from else "",
             f"through {day(row.in_force_to)}" if row.in_force_to else "")
    return " ".join(part for part in parts if part)


def folded(number: str) -> str:
    """A number without its spaces and case."""
    return "".join(number.split()).casefold()
