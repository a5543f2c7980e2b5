"""The validation report as a document says what its JSON says."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from certificates.validation_report import main, render_validation_report

REPORT: dict[str, Any] = {
    "made_at": "2026-11-23T02:00:00+00:00", "standard": "ISO/IEC 17025:2017 7.11.2", "engine_version": "1.0",
    "code_digest": "c" * 64, "cases_digest": "d" * 64, "environment": {"python": "3.11.7", "numpy": "2.4.6"},
    "summary": {"requirements": 1, "untested": 0, "cases": 1, "agreeing_cases": 1, "quantities": 2,
                "agreeing_quantities": 1},
    "requirements": [{"requirement": "U-01", "vi": "Luật truyền độ không đảm bảo đo", "en": "Law of propagation",
                      "clause": "JCGM 100:2008 5.1.2", "cases": ["gum-h1"], "state": "agrees"}],
    "cases": [{"id": "gum-h1", "source": "JCGM 100:2008 H.1", "quantities": [
        {"field": "value", "published": 50000838, "computed": 50000838.0, "tolerance": 0.5, "digits": 15.0,
         "agrees": True},
        {"field": "coverage_factor", "published": 2.92, "computed": None, "tolerance": 0.005, "digits": None,
         "agrees": False}]}],
}


def test_every_requirement_and_quantity_is_printed() -> None:
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(render_validation_report(REPORT))).pages)
    words = " ".join(text.split())
    assert all(word in words for word in ("U-01", "gum-h1", "50000838", "2,92", "1/2", "Không", "c" * 64))


def test_the_same_report_gives_the_same_bytes() -> None:
    assert render_validation_report(REPORT) == render_validation_report(REPORT)


def test_the_command_writes_the_document(tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text(json.dumps(REPORT), encoding="utf-8")
    assert main([str(tmp_path / "r.json"), str(tmp_path / "r.pdf")]) == 0
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF-")


def test_the_command_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err
