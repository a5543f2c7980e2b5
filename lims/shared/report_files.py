"""A report as a file of an office program. What writes them is read in at the first one: no page waits for it."""
from __future__ import annotations

from certificates.report import Report


def word_file(report: Report) -> bytes:
    """The report as .docx."""
    from lims.shared import report_word

    return report_word.word_file(report)


def excel_file(report: Report) -> bytes:
    """The report as .xlsx."""
    from lims.shared import report_excel

    return report_excel.excel_file(report)
