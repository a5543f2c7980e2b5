"""What happens to documents after their issue: one is signed on a person's own token, one replaced, one withdrawn."""
from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lims.auth.models import User
from lims.demo.clock import MovingClock
from lims.issue import afterwards, archive, countersigning
from lims.issue.models import Certificate
from lims.jobs import submission, worksheet
from lims.shared.audit import acting_as
from lims.shared.db import session
from lims.staff import signing

if TYPE_CHECKING:
    from lims.demo.work import Desk

TOKEN_ISSUER = "Token trình diễn – không có giá trị"
DEVIATION = "Điểm 100 V đo lặp ba lần theo đề nghị của khách hàng"


def follow(desk: Desk) -> None:
    """All of it today, through the services that the pages use."""
    _countersign(_document("0915077"), desk.users, desk.clock)
    _replace(_document("40250733"), desk)
    _withdraw(_document("AK-2291745"), desk)


def _document(serial: str) -> Certificate:
    return session().scalars(sa.select(Certificate).where(Certificate.object_serial == serial).order_by(
        Certificate.id.desc()).limit(1)).one()


def _countersign(certificate: Certificate, users: dict[str, User], clock: MovingClock) -> None:
    """The deputy's token is made for the demonstration and forgotten; a program of its own signs with it."""
    deputy, manager = users["ky"], users["chatluong"]
    key = ec.generate_private_key(ec.SECP256R1())
    token = _token(deputy.full_name, key, clock)
    with acting_as(manager.id, manager.full_name):
        signing.register(deputy.id, token.public_bytes(serialization.Encoding.PEM))
    signed = _signed(archive.pdf_of(certificate).content, token, key)
    with acting_as(deputy.id, deputy.full_name):
        countersigning.accept(certificate.id, signed, by=deputy)


def _token(name: str, key: ec.EllipticCurvePrivateKey, clock: MovingClock) -> x509.Certificate:
    return (x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, TOKEN_ISSUER)]))
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(clock.now - timedelta(days=200)).not_valid_after(clock.now + timedelta(days=530))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .sign(key, hashes.SHA256()))


def _signed(pdf: bytes, token: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> bytes:
    """The file with one more signature, as any signing program appends it."""
    from asn1crypto import keys as asn1_keys  # type: ignore[import-untyped]  # seconds of loading, for the demonstration alone
    from asn1crypto import x509 as asn1_x509
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    private = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8,
                                serialization.NoEncryption())
    signer = signers.SimpleSigner(
        asn1_x509.Certificate.load(token.public_bytes(serialization.Encoding.DER)),
        asn1_keys.PrivateKeyInfo.load(private), SimpleCertificateStore())
    stream = io.BytesIO(pdf)
    writer = IncrementalPdfFileWriter(stream)
    fields.append_signature_field(writer, fields.SigFieldSpec("PhoGiamDoc"))
    signers.sign_pdf(writer, signers.PdfSignatureMetadata(
        field_name="PhoGiamDoc", subfilter=fields.SigSeedSubFilter.PADES, reason="Phê duyệt bằng chữ ký số cá nhân"),
        signer, in_place=True)
    return stream.getvalue()


def _replace(certificate: Certificate, desk: Desk) -> None:
    """The replacement names what changed and why (ISO/IEC 17025, 7.8.8)."""
    head, technician, code = desk.users["giamdoc"], desk.users["ktv2"], certificate.item.code
    with acting_as(head.id, head.full_name):
        afterwards.amend(certificate.id, signer=head, password=desk.passwords["giamdoc"],
                         changes=f"Bổ sung ghi chú: {DEVIATION}", reason="Khách hàng đề nghị ghi rõ số lần đo lặp")
    with acting_as(technician.id, technician.full_name):
        worksheet.set_details(code, performed_on=worksheet.sheet_of(code).performed_on, deviation=DEVIATION,
                              user=technician)
        submission.submit(code, technician)
    desk.issue(code)


def _withdraw(certificate: Certificate, desk: Desk) -> None:
    head = desk.users["giamdoc"]
    with acting_as(head.id, head.full_name):
        afterwards.withdraw(certificate.id, signer=head, password=desk.passwords["giamdoc"],
                            reason="Phương tiện đo bị hỏng khi vận chuyển về cơ sở; khách hàng trả lại tem và giấy")
