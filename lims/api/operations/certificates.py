"""`/certificates`: issued documents."""
from __future__ import annotations

from typing import Any

from lims.api.form_schema import body_of
from lims.api.issue_forms import CertificateChange, NewCertificate, PasswordCheck
from lims.api.operation import (
    DAY,
    DAY_OR_NULL,
    INSTANT,
    JSON,
    PAGE,
    TEXT,
    TEXT_OR_NULL,
    WHOLE,
    YES_NO,
    Operation,
    Schema,
    changing,
    creating,
    many,
    one_of,
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
              answers=((JSON, "Certificate"),), refusals=(404,), tagged=True),
    Operation("get", "/certificates/{number}.pdf", "certificates:read", "PDF đã lưu, đúng từng byte",
              "The archived PDF, byte for byte",
              answers=(("application/pdf", ""),), refusals=(404, 410)),
    Operation("get", "/certificates/{number}.xml", "certificates:read", "Giấy chứng nhận hiệu chuẩn số (DCC)",
              "The digital calibration certificate (DCC)",
              answers=(("application/xml", ""),), refusals=(404, 410)),
    Operation("get", "/certificates/{number}.json", "certificates:read", "Bản ghi đã đóng băng, đúng từng byte",
              "The frozen record, byte for byte",
              answers=((JSON, ""),), refusals=(404, 410)),
    Operation("post", "/password-checks", "certificates:issue", "Nhập lại mật khẩu; có hiệu lực năm phút",
              "Give the password again; it counts for five minutes", body="PasswordCheck",
              answers=((JSON, "PasswordChecked"),), refusals=(400, 413, 415, 422, 429), permission="issue.sign"),
    Operation("get", "/job-items/{code}/preflight", "certificates:issue", "Kiểm tra trước khi phát hành",
              "What is looked at before the issue", answers=((JSON, "Preflight"),), refusals=(404, 409),
              permission="issue.sign"),
    creating("/certificates", "certificates:issue", "Ký và phát hành kết quả đã đọc",
             "Sign and issue the result that was read", body="NewCertificate", answer="Certificate",
             permission="issue.sign"),
    changing("/certificates/{number}", "certificates:issue", "Thu hồi một giấy, có lý do", "Withdraw a document",
             body="CertificateChange", answer="Certificate", permission="issue.sign"),
)
_LINE: dict[str, Any] = {
    "number": TEXT, "kind": TEXT, "status": TEXT, "superseded_by": TEXT_OR_NULL, "ended_on": DAY_OR_NULL,
    "object": TEXT, "serial": TEXT, "customer": TEXT, "performed_on": DAY, "date": DAY, "valid_until": DAY_OR_NULL,
    "verdict": TEXT_OR_NULL, "url": TEXT}
SCHEMAS: dict[str, Schema] = {
    "CertificateLine": shape(**_LINE),
    "CertificatePage": page_of("CertificateLine"),
    "Certificate": shape(**_LINE, record_sha256=TEXT, version=TEXT, documents=many(shape(
        form=TEXT, revision=WHOLE, size=WHOLE, sha256=TEXT))),
    "PasswordChecked": shape(valid_until=INSTANT),
    "Preflight": shape(item=TEXT, state=TEXT, verdict=TEXT, digest=TEXT, statements=TEXT, ready=YES_NO, findings=many(
        shape(state=one_of("ok", "warn", "stop"), code=TEXT, text=TEXT, detail=TEXT))),
}
BODIES = {"PasswordCheck": body_of(PasswordCheck), "NewCertificate": body_of(NewCertificate),
          "CertificateChange": body_of(CertificateChange)}
