"""What a person said and photographed goes into the frozen record: reasons of failed checks, digests of photographs."""
from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from certificates import pdf
from certificates.document import Outcome, Photograph, Record, Words, canonical_json, parse_record
from lims.auth.models import User
from lims.issue import record
from lims.issue.dossier import load
from lims.jobs import load_cells, loads, photos, submission
from lims.jobs.cells import Change
from lims.jobs.models import JobItem, Result
from lims.shared import clock
from tests.certificates.certificate_samples import anchors
from tests.lims import factories as make
from tests.lims import laboratory
from tests.lims.factories import GAUGE, MULTIMETER


@pytest.fixture
def head(app: Any) -> User:
    return laboratory.approver(laboratory.opened())


def frozen_of(item: JobItem, signer: User) -> Record:
    dossier = load(item.id)
    return record.build(dossier, "B26-00417", record.signature_of(dossier, signer, clock.now().replace(microsecond=0)))


def on_paper(frozen: Record) -> str:
    """The words of the rendered document, in one line."""
    run = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf.render(frozen, anchors(frozen)),
                         capture_output=True, check=True)
    return " ".join(run.stdout.decode().split())


def failed_check(user: User) -> Result:
    sheet = make.started(GAUGE, user)
    make.type_cells(sheet, user, {cell: text for cell, text in GAUGE.cells.items() if cell != "check/technical"})
    make.type_cells(sheet, user, [Change("check/technical", "fail", 0, reason="Kim kẹt ở 4 bar")])
    return submission.submit(sheet.item.code, user)


def test_the_reason_of_a_failed_check_stands_in_the_record_and_on_the_work_record(head: User) -> None:
    laboratory.confirmed_gauge(head)
    user = laboratory.officer(make.technician(GAUGE, "kdv"))
    frozen = frozen_of(laboratory.item_of(failed_check(user)), head)
    checks = [check for group in frozen.checks for check in group.checks]
    assert [check.note for check in checks if check.outcome is Outcome.FAIL] == ["Kim kẹt ở 4 bar"]
    assert {check.note for check in checks if check.outcome is Outcome.PASS} <= {""}
    assert "(Kim kẹt ở 4 bar)" in on_paper(frozen)


def test_what_was_said_of_a_position_of_the_bench_is_the_reason_of_its_failure(head: User) -> None:
    laboratory.confirmed_gauge(head)
    user = laboratory.officer(make.technician(GAUGE, "kdv"))
    owner, standard = make.customer(), make.standard(GAUGE, user)
    items = [make.item(GAUGE, user, of=make.instrument(GAUGE, owner)) for _ in range(2)]
    load_made = loads.create("\n".join(item.code for item in items), (), user)
    loads.choose_standard(load_made.id, "", standard.asset_number, 0, user)
    texts = {f"*:{cell}": text for cell, text in GAUGE.cells.items()} | {"2:main/3/up/1": "5,600"}
    changes = [Change(cell, text, 1 if cell.startswith("2:") else 0, reason="đọc lại" if cell.startswith("2:") else "",
                      confirmed=True) for cell, text in texts.items()]
    load_cells.save_cells(load_made.id, changes, user)
    loads.set_reason(load_made.id, 2, "Kẹt, không quay", user)
    assert len(loads.hand_on(load_made.id, user).done) == 2
    good, bad = (frozen_of(item, head) for item in items)
    assert good.conformity[0].reason == Words("")
    assert bad.conformity[0].reason.vi.endswith(": Kẹt, không quay")
    assert "Kẹt, không quay" in on_paper(bad)


def test_photographs_that_count_are_listed_by_their_digests(head: User) -> None:
    user = make.technician()
    sheet = make.filled(MULTIMETER, user)
    kept = [photos.keep(sheet.item.code, content=picture(shade), subject=subject, note=note, user=user)
            for shade, subject, note in ((40, "seal", "Niêm 12"), (90, "instrument", "Mờ"))]
    photos.strike(sheet.item.code, kept[1].id, "chụp nhầm", user)
    frozen = frozen_of(laboratory.item_of(submission.submit(sheet.item.code, user)), head)
    assert frozen.photographs == (
        Photograph(kept[0].file.sha256, Words("Niêm phong, tem", "Seals, stickers"), "Niêm 12"),)
    assert parse_record(canonical_json(frozen)) == frozen
    assert b'"photographs"' not in canonical_json(replace(frozen, photographs=()))  # as records were before


def picture(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), (shade, 30, 30)).save(out, "JPEG")
    return out.getvalue()
