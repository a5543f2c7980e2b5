"""The code on a sticker: made from the document's own, which cannot be found from it.

Whoever reads the sticker learns that the document exists and how long it holds; its results stand behind the code
that is printed on the paper alone.
"""
from __future__ import annotations

import base64
import hashlib
import hmac

import sqlalchemy as sa

from certificates.numbering import LONGEST, normalised
from lims.issue.models import Certificate
from lims.shared.db import session

PURPOSE = b"lims-sticker-1"
CODE_BYTES = 10
NO_CODE = "-" * 16


def sticker_code(document_code: str) -> str:
    """16 capitals and digits 2 to 7: the first 80 bits of SHA-256 over purpose and the document's code."""
    digest = hashlib.sha256(PURPOSE + document_code.encode()).digest()[:CODE_BYTES]
    return base64.b32encode(digest).decode()


def address_part(number: str, document_code: str) -> str:
    """number.code, as it stands in the address."""
    return f"{number}.{sticker_code(document_code)}"


def found(text: str) -> int | None:
    """Key of the document of "number.code"; an unknown number and a wrong code cost the same work."""
    number, _dot, typed = text[:LONGEST + 40].rpartition(".")
    wanted = sa.and_(Certificate.number_key == normalised(number),
                     sa.or_(Certificate.kind == "calibration", Certificate.verified))
    row = session().execute(sa.select(sa.select(Certificate.id).where(wanted).scalar_subquery(),
                                      sa.select(Certificate.code).where(wanted).scalar_subquery())).one()
    same = hmac.compare_digest(sticker_code(row[1] or NO_CODE).encode(), typed.strip().upper().encode())
    return row[0] if same and row[0] is not None else None
