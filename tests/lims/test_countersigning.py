"""A person signs an issued document on a token of their own, with pyHanko in the part of the foreign program."""
from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from certificates.checking import Verdict
from certificates.seal_keys import fingerprint
from lims.auth.models import User
from lims.equipment.models import Standard
from lims.issue import archive, check, countersigning, integrity, service
from lims.issue.models import Certificate, PersonSignature
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import Conflict, Invalid, NotPermitted
from lims.staff import signing
from tests.conftest import PASSWORD
from tests.lims import factories, laboratory
from tests.lims.people import logged_in, person
from tests.lims.tampering import tamper

NAME = generic.pdf_name


@dataclass(frozen=True)
class Pen:
    """Somebody's key and certificate."""

    key: Any
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def pen(name: str, issuer: Pen | None = None, *, days: int = 300, ca: bool = False) -> Pen:
    key, now = ec.generate_private_key(ec.SECP256R1()), clock.now()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (x509.CertificateBuilder().subject_name(subject).public_key(key.public_key())
            .issuer_name(issuer.certificate.subject if issuer else subject)
            .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=900))
            .not_valid_after(now + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .sign(issuer.key if issuer else key, hashes.SHA256()))
    return Pen(key, made)


def written(pdf: bytes, by: Pen, *, field: str = "Approval", box: tuple[int, int, int, int] | None = None,
            touch: Any = None) -> bytes:
    """The file signed by pyHanko; `touch` changes something else in the same revision."""
    plain = by.key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8,
                                 serialization.NoEncryption())
    signer = signers.SimpleSigner(
        asn1_x509.Certificate.load(by.certificate.public_bytes(serialization.Encoding.DER)),
        asn1_keys.PrivateKeyInfo.load(plain), SimpleCertificateStore())
    stream = io.BytesIO(pdf)
    writer = IncrementalPdfFileWriter(stream)
    if touch is not None:
        touch(writer)
    fields.append_signature_field(writer, fields.SigFieldSpec(field, box=box))
    metadata = signers.PdfSignatureMetadata(field_name=field, subfilter=SigSeedSubFilter.PADES, reason="Phê duyệt")
    signers.sign_pdf(writer, metadata, signer, in_place=True)
    return stream.getvalue()


@pytest.fixture
def head(app: Any) -> User:
    return laboratory.approver(laboratory.opened())


@pytest.fixture
def certificate(head: User) -> Certificate:
    return service.issue_certificate(laboratory.waiting().id, signer=head, password=PASSWORD)


@pytest.fixture
def own(head: User) -> Pen:
    """The head's token, registered."""
    made = pen(head.full_name)
    signing.register(head.id, made.pem)
    return made


def newest(certificate: Certificate) -> bytes:
    return archive.pdf_of(certificate).content


def test_a_signed_file_becomes_a_further_revision_that_check_and_verify_accept(
        app: Any, head: User, certificate: Certificate, own: Pen) -> None:
    first = newest(certificate)
    brought = written(first, own)
    row = countersigning.accept(certificate.id, brought, by=head)
    assert (row.user_id, row.document.revision, row.reason) == (head.id, 2, "Phê duyệt")
    assert newest(certificate) == brought
    assert archive.pdf_of(certificate, 1).content == first
    for content, which in ((first, "revision 1: as issued"), (brought, f"revision 2: also signed by {head.full_name}")):
        finding = check.check_file(content)
        assert finding.archived is not None
        assert (finding.verdict, which in finding.archived.revision) == (Verdict.AUTHENTIC, True)
    assert integrity.verify(session()).faults == []
    public = app.test_client().get(f"/v/{certificate.number}?c={certificate.code}").text
    assert all(one.sha256 in public for one in certificate.documents)
    assert 'data-name="PDF (Ký trên token, bản 2)"' in public


def test_persons_sign_one_after_another_each_on_the_newest_revision(
        app: Any, head: User, certificate: Certificate, own: Pen) -> None:
    performer = certificate.item.worksheet.performed_by  # type: ignore[union-attr]
    other = pen(performer.full_name)
    signing.register(performer.id, other.pem)
    first = newest(certificate)
    countersigning.accept(certificate.id, written(first, own), by=head)
    countersigning.accept(certificate.id, written(newest(certificate), other, field="Performer"), by=performer)
    assert [one.revision for one in certificate.documents if one.form == "pdf"] == [1, 2, 3]
    with pytest.raises(Invalid, match="not the archived file"):
        countersigning.accept(certificate.id, written(first, other, field="Again"), by=head)
    assert integrity.verify(session()).faults == []


def covered(writer: IncrementalPdfFileWriter) -> None:
    """A note over the result, as a dishonest program would add it."""
    page = writer.root["/Pages"]["/Kids"][0]
    note = writer.add_object(generic.DictionaryObject({
        NAME("/Type"): NAME("/Annot"), NAME("/Subtype"): NAME("/FreeText"),
        NAME("/Rect"): generic.ArrayObject([generic.NumberObject(n) for n in (100, 100, 400, 400)]),
        NAME("/Contents"): generic.pdf_string("U = 0,001")}))
    page["/Annots"].append(note)
    writer.update_container(page["/Annots"])
    writer.update_container(page)


def widened(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    page["/MediaBox"][2] = generic.NumberObject(300)
    writer.update_container(page)


def other_number(certificate: Certificate, head: User, own: Pen) -> bytes:
    served_by = session().query(Standard).first()
    item = laboratory.waiting(user=factories.technician(name="ktv2"), served_by=served_by)
    second = service.issue_certificate(item.id, signer=head, password=PASSWORD)
    return written(newest(second), own)


def flipped(content: bytes, start: int) -> bytes:
    changed = bytearray(content)
    place = content.index(b"/Contents <", start) + 200
    changed[place] = ord("0") if changed[place] != ord("0") else ord("1")
    return bytes(changed)


REFUSED: list[tuple[Any, str]] = [
    (lambda c, h, o: newest(c), "no further signature"),
    (lambda c, h, o: newest(c) + b"\n%%EOF\n", "cannot be read"),
    (lambda c, h, o: written(newest(c)[:5000] + b" " + newest(c)[5001:], o), "not the archived file"),
    (lambda c, h, o: other_number(c, h, o), "it is the document C26-00002, not C26-00001"),
    (lambda c, h, o: flipped(written(newest(c), o), len(newest(c))), "is broken|cannot be read"),
    (lambda c, h, o: written(newest(c), o, box=(100, 100, 300, 200)), "drawn on the page"),
    (lambda c, h, o: written(newest(c), o, touch=covered), "can be seen|more than a signature"),
    (lambda c, h, o: written(newest(c), o, touch=widened), "more than a signature"),
    (lambda c, h, o: written(written(newest(c), o), o, field="Twice"), "several further signatures"),
    (lambda c, h, o: written(newest(c), o) + b"\n% more\n", "after the signature"),
    (lambda c, h, o: written(newest(c), pen("Người lạ")), "registered for nobody"),
    (lambda c, h, o: b"", "Choose the signed PDF"),
    (lambda c, h, o: b"%PDF-1.7 nothing", "not the archived file"),
]


def test_anything_else_is_refused_and_nothing_is_stored(app: Any, head: User, certificate: Certificate,
                                                        own: Pen) -> None:
    for make, words in REFUSED:
        brought = make(certificate, head, own)
        with pytest.raises(Invalid, match=words) as told:
            countersigning.accept(certificate.id, brought, by=head)
        assert told.value.field == "file"
    assert session().query(PersonSignature).count() == 0
    assert archive.pdf_of(certificate).revision == 1


def test_a_certificate_of_a_trusted_authority_is_matched_by_name(app: Any, head: User, certificate: Certificate,
                                                                 tmp_path: Path) -> None:
    authority = pen("Sample CA", ca=True)
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    app.extensions["settings"] = replace(app.extensions["settings"], person_trust=tmp_path / "ca.pem")
    first = newest(certificate)
    for by, words in ((pen(head.full_name), "registered for nobody"), (pen("Không Ai", authority), "not clear who")):
        with pytest.raises(Invalid, match=words):
            countersigning.accept(certificate.id, written(first, by), by=head)
    accepted = countersigning.accept(certificate.id, written(first, pen(head.full_name, authority)), by=head)
    assert accepted.user_id == head.id


def test_ended_and_outdated_certificates_and_persons_without_a_part_are_refused(
        app: Any, head: User, certificate: Certificate, own: Pen) -> None:
    stranger = person("reception", "la")
    theirs, late = pen(stranger.full_name), pen(head.full_name, days=-500)
    signing.register(stranger.id, theirs.pem)
    signing.register(head.id, late.pem)
    first = newest(certificate)
    for by, words in ((theirs, "has no part in it"), (late, "not valid when it was signed")):
        with pytest.raises(Invalid, match=words):
            countersigning.accept(certificate.id, written(first, by), by=head)
    with pytest.raises(NotPermitted):
        countersigning.accept(certificate.id, written(first, own), by=stranger)
    signing.end(fingerprint(own.certificate), reason="mất token")
    with pytest.raises(Invalid, match="has ended"):
        countersigning.accept(certificate.id, written(first, own), by=head)


def test_a_withdrawn_document_takes_no_further_signature(app: Any, head: User, certificate: Certificate,
                                                         own: Pen) -> None:
    service.withdraw(certificate.id, signer=head, password=PASSWORD, reason="giao nhầm")
    with pytest.raises(Conflict):
        countersigning.accept(certificate.id, written(newest(certificate), own), by=head)


TAMPERED = (
    ("UPDATE certificate_document SET content = CAST(x'20' || substr(content, 2) AS BLOB) WHERE revision = 2",
     "does not contain the revision before it"),
    ("UPDATE person_signature SET signed_with = zeroblob(10)", "signer's certificate changed"),
    ("UPDATE person_signature SET fingerprint = replace(fingerprint, 'a', 'b')", "not told who signed it"),
    ("DELETE FROM person_signature", "not told who signed it"),
)


def test_a_changed_signature_is_found(app: Any, head: User, certificate: Certificate, own: Pen) -> None:
    countersigning.accept(certificate.id, written(newest(certificate), own), by=head)
    kept = newest(certificate)
    for statement, fault in TAMPERED:
        tamper(statement)
        assert any(fault in found for found in integrity.verify(session()).faults), fault
        tamper(f"UPDATE certificate_document SET content = x'{kept.hex()}' WHERE revision = 2")


def test_pages_and_commands_take_the_file_and_say_why_not(app: Any, head: User, certificate: Certificate, own: Pen,
                                                          tmp_path: Path) -> None:
    from click.testing import CliRunner

    from lims.cli import main

    client, address = logged_in(app, head), f"/certificates/{certificate.number}"
    exported = client.get(f"{address}/to-sign.pdf")
    assert (exported.data, "attachment" in exported.headers["Content-Disposition"]) == (newest(certificate), True)
    refused = client.post(f"{address}/signed", data={"file": (io.BytesIO(exported.data), "a.pdf")})
    assert (refused.status_code, "chưa có thêm chữ ký" in refused.text) == (422, True)
    assert client.post(f"{address}/signed", data={}).status_code == 422
    taken = client.post(f"{address}/signed", data={"file": (io.BytesIO(written(exported.data, own)), "a.pdf")})
    assert taken.status_code == 303
    shown = client.get(address).text
    assert f"{address}/document.pdf?revision=2" in shown
    assert app.test_client().post(f"{address}/signed").status_code == 302
    settings = app.extensions["settings"]
    environment = {"LIMS_DATA_DIR": str(settings.data_dir), "LIMS_DATABASE_URL": settings.database_url,
                   "LIMS_SECRET_KEY": "for tests only"}
    (tmp_path / "s.pdf").write_bytes(written(newest(certificate), own, field="Second"))
    words = ["certificate", "signed", certificate.number, str(tmp_path / "s.pdf")]
    told = CliRunner().invoke(main, words, env=environment)
    assert (told.exit_code, "revision 3" in told.output) == (0, True)
    again = CliRunner().invoke(main, words, env=environment)
    assert (again.exit_code, "no further signature" in again.output) == (2, True)


def test_the_staff_page_registers_and_ends_certificates(app: Any, head: User, own: Pen) -> None:
    quality = logged_in(app, person("quality_manager", "qlcl9"))
    made = pen("Trần Thị Bình")
    answer = quality.post("/staff/certificates/new", data={"user_id": head.id, "file": (io.BytesIO(made.pem), "c.pem")})
    assert answer.status_code == 303
    assert "Trần Thị Bình" in quality.get("/staff").text
    for content in (made.pem, b"not one"):
        typed = {"user_id": head.id, "file": (io.BytesIO(content), "c.pem")}
        answer = quality.post("/staff/certificates/new", data=typed)
        assert answer.status_code == 422
    mark = signing.of_everybody()[0].fingerprint
    assert quality.post(f"/staff/certificates/{mark}", data={"reason": ""}).status_code == 422
    assert quality.post(f"/staff/certificates/{mark}", data={"reason": "mất token"}).status_code == 303
    assert quality.get(f"/staff/certificates/{'0' * 64}").status_code == 404
    technician = logged_in(app, factories.technician(name="khac"))
    assert technician.get("/staff/certificates/new").status_code == 403
