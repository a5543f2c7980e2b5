"""The file as an archive keeps it: PDF/A-3a and PDF/UA-1 by veraPDF, a structure that a reader can follow."""

import io
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pikepdf
import pytest
from certificate_samples import CALIBRATION, CUSTOMER, VERIFICATION, WORK_RECORD, anchors, gauge_table

from certificates.archival import srgb_profile
from certificates.document import Amendment, Kind, Record, Stage, Words
from certificates.pdf import render
from certificates.pdffile import PdfFile, number, text_string

LONG = '<b>Công ty</b> & "con" ' + unicodedata.normalize("NFD", "Ữ Ợ ") + "שלום " + "x" * 300
RECORDS: dict[str, Record] = {
    "calibration": CALIBRATION,
    "verification": VERIFICATION,
    "work record": WORK_RECORD,
    "test": replace(CALIBRATION, kind=Kind.TEST),
    "two tables of forty points": replace(
        CALIBRATION, results=(gauge_table(40), replace(gauge_table(40), stage=Stage.AS_LEFT))
    ),
    "amended": replace(
        VERIFICATION,
        amendment=Amendment("V26-01100", (Words("Sửa số", "Number"),), Words("Nhầm", "Error"), date(2026, 11, 1)),
    ),
    "verification with results": replace(VERIFICATION, results=WORK_RECORD.results),
    "long names": replace(CALIBRATION, customer=replace(CUSTOMER, name=LONG, address=LONG, contact=LONG)),
    "demonstration": replace(WORK_RECORD, demonstration=True),
}


def opened(record: Record) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(render(record, anchors(record))))


@pytest.mark.parametrize("name", RECORDS)
def test_the_file_is_sound(name: str) -> None:
    with opened(RECORDS[name]) as pdf:
        assert pdf.check_pdf_syntax() == []


def elements(node: pikepdf.Object) -> list[pikepdf.Object]:
    """All structure elements below a node, in reading order."""
    found = []
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            found += [kid, *elements(kid)]
    return found


def test_a_table_is_tagged_row_by_row_with_heads_and_spans() -> None:
    with opened(CALIBRATION) as pdf:
        every = elements(pdf.Root.StructTreeRoot)
        tables = [element for element in every if element.S == "/Table"]
        assert len(tables) == 3  # standards, results, approvals
        inside = elements(tables[1])
        heads = [element for element in inside if element.S == "/TH"]
        assert [head.A.Scope for head in heads] == ["/Column"] * 11 + ["/Row"] * 10
        assert sorted(int(head.A.get("/ColSpan", 1)) for head in heads)[-1] == 3
        rows = [element for element in inside if element.S == "/TR"]
        cells = [sum(kid.S == "/TD" for kid in elements(row)) for row in rows]
        assert cells == [0, 0] + [9] * 10


def test_the_first_column_names_its_rows_unless_it_is_a_result() -> None:
    (table,) = CALIBRATION.results
    errors = replace(table, columns=table.columns[5:], rows=tuple(row[5:] for row in table.rows), chart=None)
    with opened(replace(CALIBRATION, results=(errors,))) as pdf:
        tables = [element for element in elements(pdf.Root.StructTreeRoot) if element.S == "/Table"]
        scopes = [{str(one.A.Scope) for one in elements(each) if one.S == "/TH"} for each in tables]
        assert scopes == [{"/Column", "/Row"}, {"/Column"}, {"/Column", "/Row"}]


def test_a_table_over_two_pages_is_one_table_with_one_head() -> None:
    with opened(RECORDS["two tables of forty points"]) as pdf:
        every = elements(pdf.Root.StructTreeRoot)
        assert [element.S for element in every].count("/Table") == 4
        assert [element.S for element in every].count("/THead") == 4


def test_headings_figures_and_languages_are_marked() -> None:
    with opened(CALIBRATION) as pdf:
        every = elements(pdf.Root.StructTreeRoot)
        tags = [str(element.S) for element in every]
        assert tags.count("/H1") == 1
        assert tags.count("/H2") == 7
        assert all(element.Alt for element in every if element.S == "/Figure")
        assert any(element.get("/Lang") == "en" for element in every)
        assert pdf.Root.Lang == "vi"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle


def test_the_metadata_tell_part_conformance_title_and_number() -> None:
    with opened(CALIBRATION) as pdf, pdf.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Giấy chứng nhận hiệu chuẩn C26-00417"
        assert metadata["xmp:CreateDate"] == "2026-11-16T15:42:00+07:00"


def test_the_attachment_is_associated_with_the_document() -> None:
    for record, relation in ((CALIBRATION, "/Alternative"), (VERIFICATION, "/Source")):
        with opened(record) as pdf:
            (spec,) = pdf.Root.AF
            assert spec.AFRelationship == relation


def test_the_colour_profile_is_read_by_little_cms() -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(io.BytesIO(srgb_profile()))
    assert "sRGB" in ImageCms.getProfileDescription(profile)


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (-0.0001, "0"), (1.5, "1.5"), (1 / 3, "0.333"), (1e6, "1000000"), (-2.0, "-2")]
)
def test_numbers_have_no_exponent_and_no_needless_zeros(value: float, text: str) -> None:
    assert number(value) == text


def test_text_strings_hold_any_text() -> None:
    assert text_string("a(b)\\") == "(a\\(b\\)\\\\)"
    assert text_string("Đ") == "<FEFF0110>"


def test_hundreds_of_objects_go_into_object_streams() -> None:
    file = PdfFile()
    items = [file.put(f"<</N {place}>>") for place in range(450)]
    references = " ".join(f"{item} 0 R" for item in items)
    pages = file.put("<</Type /Pages /Count 0 /Kids []>>")
    root = file.put(f"<</Type /Catalog /Pages {pages} 0 R /Many [{references}]>>")
    with pikepdf.open(io.BytesIO(file.to_bytes(root, file.put("<<>>"), "0" * 32))) as pdf:
        assert [int(item.N) for item in pdf.Root.Many] == list(range(450))


def test_two_documents_are_made_at_the_same_time_in_two_threads() -> None:
    expected = {name: render(record, anchors(record)) for name, record in RECORDS.items()}
    with ThreadPoolExecutor(4) as pool:
        made = pool.map(lambda record: render(record, anchors(record)), RECORDS.values())
        assert dict(zip(RECORDS, made, strict=True)) == expected


@pytest.mark.parametrize("name", ["calibration", "demonstration"])
def test_every_piece_of_text_is_tagged_or_an_artifact(name: str) -> None:
    with opened(RECORDS[name]) as pdf:
        for page in pdf.pages:
            marks: list[bool] = []
            for instruction in pikepdf.parse_content_stream(page):
                operator = str(instruction.operator)
                if operator == "BDC":
                    marks.append("/MCID" in instruction.operands[1])
                elif operator == "BMC":
                    marks.append(instruction.operands[0] == "/Artifact")
                elif operator == "EMC":
                    marks.pop()
                elif operator in ("Tj", "S", "f", "re", "Do"):
                    assert any(marks), operator
            assert marks == []
