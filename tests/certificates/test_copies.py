"""The print of many documents: one tagged archival file that names its originals and bears no seal of theirs."""

import csv
import hashlib
import io
from datetime import UTC, datetime

import pikepdf
from certificate_samples import CALIBRATION, VERIFICATION, anchors

from certificates.copies import Print, joined
from certificates.pdf import render
from certificates.seal import seal, statement
from certificates.seal_cms import room_for
from certificates.seal_keys import from_pem, new_trial

NOW = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
SEALER = from_pem(new_trial("Trung tâm", NOW))
ORIGINALS = [
    seal(render(record, anchors(record)), SEALER, statement(record), None, room_for(SEALER, None)).pdf
    for record in (CALIBRATION, VERIFICATION)
]
PRINTS = [Print(ORIGINALS[0], False, "C26-00417"), Print(ORIGINALS[1], True, "V26-01208"), Print(ORIGINALS[0], True)]
TOGETHER = joined(PRINTS, NOW)


def opened() -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(TOGETHER))


def test_the_same_originals_give_the_same_bytes() -> None:
    assert joined(PRINTS, NOW) == TOGETHER


def test_it_lists_its_originals_by_digest_and_is_no_document_itself() -> None:
    with opened() as book:
        listed = book.attachments["danh-muc.csv"].get_file().read_bytes().decode()
        assert "/LimsNumber" not in book.docinfo
        assert "/AcroForm" not in book.Root
        assert not any("/Annots" in page.obj for page in book.pages)
    rows = list(csv.reader(io.StringIO(listed), delimiter=";"))[1:]
    assert [row[1] for row in rows] == ["C26-00417", "V26-01208", ""]
    assert [row[2] for row in rows] == [hashlib.sha256(one.pdf).hexdigest() for one in PRINTS]
    assert [row[3] for row in rows] == ["", "BẢN SAO", "BẢN SAO"]


def test_every_mark_of_a_page_leads_to_an_element_of_its_own_document() -> None:
    with opened() as book:
        tree = book.Root.StructTreeRoot
        rows = list(tree.ParentTree.Nums)
        parents = {int(key): row for key, row in zip(rows[::2], rows[1::2], strict=True)}
        parts = [part.objgen for part in tree.K.K]
        assert len(parts) == 3
        homes = []
        for page in book.pages:
            row = parents[int(page.obj.StructParents)]
            homes.append({_part(element, parts) for element in row})
            content = page.obj.Contents
            streams = content if isinstance(content, pikepdf.Array) else [content]
            assert b"".join(one.read_bytes() for one in streams).count(b"/MCID") == len(row)
        lengths = [len(pikepdf.open(io.BytesIO(one.pdf)).pages) for one in PRINTS]
        assert homes == [{place} for place, length in enumerate(lengths) for _ in range(length)]


def _part(element: pikepdf.Object, parts: list[tuple[int, int]]) -> int:
    while element.objgen not in parts:
        element = element.P
    return parts.index(element.objgen)


def test_one_font_program_serves_all_documents_that_embed_the_same() -> None:
    apart = sum(len(programs(pikepdf.open(io.BytesIO(one.pdf)))) for one in PRINTS)
    with opened() as book:
        assert len(programs(book)) < apart * 0.7
    assert len(TOGETHER) < sum(len(one.pdf) for one in PRINTS) * 0.7


def programs(pdf: pikepdf.Pdf) -> set[tuple[int, int]]:
    found = set()
    for page in pdf.pages:
        for font in page.obj.Resources.Font.values():
            found.add(font.DescendantFonts[0].FontDescriptor.FontFile2.objgen)
    return found


def test_a_file_without_structure_takes_the_claim_away() -> None:
    bare = pikepdf.new()
    bare.add_blank_page()
    out = io.BytesIO()
    bare.save(out)
    with pikepdf.open(io.BytesIO(joined([Print(ORIGINALS[0]), Print(out.getvalue())], NOW))) as book:
        assert "/Metadata" not in book.Root
        assert "/MarkInfo" not in book.Root
