"""`/certificates`: issued documents."""
from __future__ import annotations

from typing import Any

from lims.api.operation import (
    DAY,
    DAY_OR_NULL,
    JSON,
    PAGE,
    TEXT,
    TEXT_OR_NULL,
    WHOLE,
    Operation,
    Schema,
    many,
    page_of,
    shape,
)

OPERATIONS = (
    Operation("get", "/certificates", "certificates:read", "Giấy đã cấp, mới nhất trước",
              "Issued documents, newest first", (
        ("q", "words in number, customer, object or serial"), ("kind", "calibration, verification, test, work_record"),
        ("state", "valid, expired, ended, superseded, withdrawn, disposed"), ("since", "issued from, dd/mm/yyyy"),
        ("until", "issued until, dd/mm/yyyy"), *PAGE), answers=((JSON, "CertificatePage"),)),
    Operation("get", "/certificates/{number}", "certificates:read", "Một giấy, kèm dấu vân tay các tệp",
              "One document with the digests of its files",
              answers=((JSON, "Certificate"),), refusals=(404,)),
    Operation("get", "/certificates/{number}.pdf", "certificates:read", "PDF đã lưu, đúng từng byte",
              "The archived PDF, byte for byte",
              answers=(("application/pdf", ""),), refusals=(404, 410)),
    Operation("get", "/certificates/{number}.xml", "certificates:read", "Giấy chứng nhận hiệu chuẩn số (DCC)",
              "The digital calibration certificate (DCC)",
              answers=(("application/xml", ""),), refusals=(404, 410)),
    Operation("get", "/certificates/{number}.json", "certificates:read", "Bản ghi đã đóng băng, đúng từng byte",
              "The frozen record, byte for byte",
              answers=((JSON, ""),), refusals=(404, 410)),
)
_LINE: dict[str, Any] = {
    "number": TEXT, "kind": TEXT, "status": TEXT, "superseded_by": TEXT_OR_NULL, "ended_on": DAY_OR_NULL,
    "object": TEXT, "serial": TEXT, "customer": TEXT, "performed_on": DAY, "date": DAY, "valid_until": DAY_OR_NULL,
    "verdict": TEXT_OR_NULL, "url": TEXT}
SCHEMAS: dict[str, Schema] = {
    "CertificateLine": shape(**_LINE),
    "CertificatePage": page_of("CertificateLine"),
    "Certificate": shape(**_LINE, record_sha256=TEXT, documents=many(shape(
        form=TEXT, revision=WHOLE, size=WHOLE, sha256=TEXT))),
}
