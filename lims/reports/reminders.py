"""Statutory reports in the mail of the day, the alerts and the calendar, beside the home page."""
from __future__ import annotations

from datetime import date

from instruments.words import Words
from lims.alerts.people import ANSWERABLE, Expiring, Source, who_answers
from lims.reports import service
from lims.reports.rules import Standing

KIND = "report"
_KINDS = list(service.BUILDERS)


def due(today: date, until: date) -> list[Expiring]:
    """Reports that are not filed and due by that day, in the name of who answers for them."""
    answers = who_answers(ANSWERABLE)
    if answers is None:
        return []
    titles = {kind: title[answers.language == "en"] for kind, title in service.TITLES.items()}
    return [Expiring(answers.id, KIND, one.year * 10 + _KINDS.index(one.kind), f"{titles[one.kind]}, {one.year}",
                     one.due_on)
            for one in service.due_reports(today) if one.standing is not Standing.FILED and one.due_on <= until]


def path(subject_id: int) -> str:
    """The page of a report: the year and the place of its kind stand in the number."""
    year, place = divmod(subject_id, 10)
    return f"/reports/{_KINDS[place]}/{year}"


SOURCE = Source(KIND, Words("báo cáo theo luật", "statutory report"),
                Words("Hãy lập báo cáo, gửi rồi ghi số, ngày gửi.", "Make the report, send it, record number and day."),
                due, path)

