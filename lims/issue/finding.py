"""One line of the preflight list: in order, to be judged, or stopping; with the place where it is mended."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warn", "stop"]
Page = Literal["", "sheet", "job", "staff", "standard", "legal", "statements", "sticker", "status", "designation",
               "method", "impact"]


@dataclass(frozen=True)
class Finding:
    """`page` and `where` lead to what must be mended: a cell or slot of the sheet, a standard's id, a legal row."""

    state: State
    code: str
    vi: str
    en: str
    detail_vi: str = ""
    detail_en: str = ""
    page: Page = ""
    where: str = ""

    def text(self, language: str) -> str:
        return self.vi if language == "vi" else self.en

    def detail(self, language: str) -> str:
        return self.detail_vi if language == "vi" else self.detail_en


def ok(code: str, vi: str, en: str, detail_vi: str = "", detail_en: str = "") -> Finding:
    """In order."""
    return Finding("ok", code, vi, en, detail_vi, detail_en)


def warn(code: str, vi: str, en: str, detail_vi: str = "", detail_en: str = "", *, page: Page = "",
         where: str = "") -> Finding:
    """Something that a person must judge; it does not stop the issue."""
    return Finding("warn", code, vi, en, detail_vi, detail_en, page, where)


def stop(code: str, vi: str, en: str, detail_vi: str = "", detail_en: str = "", *, page: Page = "",
         where: str = "") -> Finding:
    """Must be mended before anything is issued."""
    return Finding("stop", code, vi, en, detail_vi, detail_en, page, where)


def stops(found: Iterable[Finding]) -> list[Finding]:
    """Those that stop."""
    return [finding for finding in found if finding.state == "stop"]
