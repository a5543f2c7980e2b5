"""The report of a period's surveys (báo cáo kết quả khảo sát), as administrative papers are set."""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from certificates.document import Words
from certificates.report import Column, Line, Report, ReportTable, Section, render_report
from certificates.report_chart import Bar, ReportChart
from certificates.slips import Signatory
from lims.auth.models import User
from lims.customers.listing import Filter
from lims.customers.words import FIELD, SECTOR, kind_word
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.organisation import organisation
from lims.shared.report_files import excel_file, word_file
from lims.shared.task_runner import RunningTask
from lims.shared.tasks import BackgroundTask, enqueue, task
from lims.surveys.analysis import Analysis, KindFigures, analyse, surveyed
from lims.surveys.models import Survey, SurveyFollowUp, SurveyRow
from lims.surveys.words import ADVICE

VISITS = (Column("TT", 5), Column("Doanh nghiệp", 34), Column("Ngành", 18), Column("Ngày khảo sát", 13),
          Column("Số PTĐ", 9, right=True), Column("Kiến nghị", 10, right=True))
KINDS = (Column("TT", 5), Column("Loại phương tiện đo", 32), Column("Nhóm", 9, right=True),
         Column("Số lượng", 10, right=True), Column("Còn hạn", 10, right=True), Column("Quá hạn", 10, right=True),
         Column("Chưa kiểm định", 11, right=True), Column("Tỷ lệ còn hạn, %", 11, right=True))
MOST_KINDS_DRAWN = 14
AT_ONCE = 20
"""Surveys of a report that is made while the person waits; a larger one goes to the background."""
MAKE = "surveys.report"
FILES: dict[str, tuple[Callable[[Report], bytes], str]] = {
    "pdf": (render_report, "application/pdf"),
    "docx": (word_file, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": (excel_file, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
SERIES = ("Còn hạn", "Quá hạn", "Chưa kiểm định")


@dataclass(frozen=True)
class Visited:
    """One finished survey in the report."""

    survey: Survey
    rows: int
    advice: Counter[str]
    """What is recommended -> for how many instruments."""
    taken_up: int

    @property
    def advised(self) -> int:
        return self.advice.total()


def visits(first: date, last: date) -> list[Visited]:
    """Finished surveys of a period in order of day; their rows are counted in the database."""
    inside = (Survey.state == "finished", Survey.visited_on.between(first, last))
    rows, advice, taken = Counter[int](), dict[int, Counter[str]](), Counter[int]()
    for survey_id, code, number, taken_up in session().execute(
            sa.select(SurveyRow.survey_id, SurveyRow.advice, sa.func.count(), sa.func.count(SurveyFollowUp.id))
            .join(Survey, Survey.id == SurveyRow.survey_id)
            .outerjoin(SurveyFollowUp, SurveyFollowUp.row_id == SurveyRow.id)
            .where(*inside).group_by(SurveyRow.survey_id, SurveyRow.advice)):
        rows[survey_id] += number
        taken[survey_id] += taken_up
        if code:
            advice.setdefault(survey_id, Counter())[code] = number
    found = session().scalars(sa.select(Survey).where(*inside).order_by(Survey.visited_on, Survey.id))
    return [Visited(one, rows[one.id], advice.get(one.id, Counter()), taken[one.id]) for one in found]


def many(first: date, last: date) -> bool:
    """Whether the period holds so many surveys that its report is made in the background."""
    return (session().scalar(sa.select(sa.func.count()).select_from(Survey).where(
        Survey.state == "finished", Survey.visited_on.between(first, last))) or 0) > AT_ONCE


def request_report(first: date, last: date, by: User) -> BackgroundTask:
    """Have the report of a period made as PDF, Word and Excel."""
    span = f"{first:%d/%m/%Y} – {last:%d/%m/%Y}"
    with write("survey.report", actor=(str(by.id), by.full_name)):
        return enqueue(MAKE, {"first": first.isoformat(), "last": last.isoformat()},
                       (f"Báo cáo khảo sát {span}", f"Survey report {span}"), len(FILES))


@task(MAKE)
def _make(work: RunningTask, payload: Mapping[str, Any]) -> None:
    first, last = date.fromisoformat(payload["first"]), date.fromisoformat(payload["last"])
    made = survey_report(first, last, clock.today())
    for number, (form, (make, media_type)) in enumerate(FILES.items(), start=1):
        work.file(file_name(first, last, form), make(made), media_type)
        work.progress(number)


def file_name(first: date, last: date, form: str) -> str:
    """Name of a file of the report."""
    return f"bao-cao-khao-sat-{first:%Y%m%d}-{last:%Y%m%d}.{form}"


def survey_report(first: date, last: date, today: date) -> Report:
    """The report: who was visited, what was found, what falls due, what is recommended."""
    laboratory, seen = organisation(session()), visits(first, last)
    picture = analyse(Filter(today, among=surveyed(first, last)))
    place = f"{laboratory.place}, " if laboratory.place else ""
    return Report(
        title="Báo cáo kết quả khảo sát tình hình sử dụng phương tiện đo tại doanh nghiệp", kind="Báo cáo khảo sát",
        short_name=laboratory.short_name, created=clock.now(), demonstration=laboratory.demonstration,
        superior=laboratory.superior_vi, issuer=laboratory.name_vi,
        dated=f"{place}ngày {today:%d} tháng {today:%m} năm {today:%Y}",
        note=f"Kỳ báo cáo: từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}; tình trạng tính đến {today:%d/%m/%Y}",
        sections=(_about(seen), _found(picture), _due(picture), _measures(seen), _advice(seen)),
        signatories=(Signatory(Words("Người lập")), Signatory(Words(laboratory.head_title_vi))),
        recipients=(laboratory.superior_vi or "Cơ quan cấp trên", "Các doanh nghiệp được khảo sát", "Lưu: VT, KT"))


def _about(seen: Sequence[Visited]) -> Section:
    enterprises = len({one.survey.customer_id for one in seen})
    teams = sorted({name.strip() for one in seen for name in one.survey.team.split(",") if name.strip()})
    lines = tuple(Line((str(number), f"{one.survey.customer.name}\n{one.survey.customer.commune}",
                        str(SECTOR.get(one.survey.customer.sector, "")), f"{one.survey.visited_on:%d/%m/%Y}",
                        str(one.rows), str(one.advised))) for number, one in enumerate(seen, start=1))
    told = (f"Đã khảo sát {enterprises} doanh nghiệp trong {len(seen)} lượt, ghi nhận {sum(one.rows for one in seen)} "
            f"phương tiện đo. Tham gia khảo sát: {', '.join(teams) or 'chưa ghi'}.")
    return Section("I.", "Tình hình thực hiện", (
        *([told] if seen else []),
        ReportTable(VISITS, lines, "Bảng 1. Doanh nghiệp được khảo sát", "Chưa có khảo sát nào kết thúc trong kỳ.")))


def _found(picture: Analysis) -> Section:
    two, one = picture.group_2, picture.group_1
    lines = [Line((str(number), kind_word(found.kind), *_figures(found))) for number, found in
             enumerate(picture.kinds, start=1)]
    if lines:
        lines.append(Line(("", "Cộng nhóm 2", *_figures(two)), strong=True))
    drawn = [Bar(kind_word(found.kind), (found.in_date, found.overdue, found.unverified))
             for found in picture.kinds if found.group == 2][:MOST_KINDS_DRAWN]
    told = f"Các doanh nghiệp được khảo sát đang sử dụng {two.total + one.total} phương tiện đo"
    told += (f", trong đó {two.total} phương tiện đo nhóm 2: {two.in_date} còn hạn kiểm định ({_percent(two)} %), "
             f"{two.overdue} quá hạn, {two.unverified} chưa kiểm định hoặc không có bằng chứng kiểm định."
             if two.total else ", không có phương tiện đo nhóm 2.")
    return Section("II.", "Phương tiện đo đang sử dụng", (
        *([told] if two.total + one.total else []),
        ReportTable(KINDS, tuple(lines), "Bảng 2. Phương tiện đo theo loại và nhóm", "Chưa có phương tiện đo nào."),
        *([ReportChart("Hình 1. Tình trạng kiểm định của phương tiện đo nhóm 2", SERIES, tuple(drawn))]
          if drawn else [])))


def _due(picture: Analysis) -> Section:
    demand = picture.demand
    fields = demand.fields
    heads = (Column("Tháng", 14), *(Column(str(FIELD.get(field, field)), 12, right=True) for field in fields),
             Column("Cộng", 9, right=True))
    now = Line(("Cần làm ngay", *(str(demand.now.get(field, 0)) for field in fields), str(sum(demand.now.values()))),
               strong=True)
    rows = [Line((f"{month:%m/%Y}", *(str(demand.by_field.get(field, {}).get(month, 0)) for field in fields),
                  str(demand.in_month(month)))) for month in demand.months]
    bars = (Bar("Cần làm ngay", (0, sum(demand.now.values()))),
            *(Bar(f"{month:%m/%Y}", (demand.in_month(month), 0)) for month in demand.months))
    if not fields:
        return Section("III.", "Nhu cầu kiểm định 12 tháng tới", ("Chưa có phương tiện đo nào đến hạn.",))
    return Section("III.", "Nhu cầu kiểm định 12 tháng tới", (
        "Số phương tiện đo hết hạn theo tháng và lĩnh vực; “cần làm ngay” là phương tiện đo nhóm 2 đã quá hạn hoặc "
        "chưa kiểm định. Hạn theo dòng chưa được xác nhận của danh mục nhóm 2 chỉ dùng để lập kế hoạch.",
        ReportTable(heads, (now, *rows), "Bảng 3. Nhu cầu theo tháng và lĩnh vực"),
        ReportChart("Hình 2. Nhu cầu theo tháng", ("Đến hạn", "Quá hạn hoặc chưa kiểm định"), bars)))


def _measures(seen: Sequence[Visited]) -> Section:
    """Answers to the yes-or-no questions, by their words."""
    yes, asked = Counter[str](), Counter[str]()
    for one in seen:
        for question in one.survey.form.questions:
            answer = one.survey.answers.get(question["key"])
            if question["kind"] == "yes_no" and answer in ("yes", "no"):
                asked[question["vi"]] += 1
                yes[question["vi"]] += answer == "yes"
    lines = tuple(Line((words, str(yes[words]), str(number))) for words, number in asked.items())
    return Section("IV.", "Quản lý đo lường tại doanh nghiệp", (ReportTable(
        (Column("Nội dung", 60), Column("Có", 12, right=True), Column("Số trả lời", 14, right=True)), lines,
        "Bảng 4. Trả lời của doanh nghiệp", "Chưa có câu trả lời nào."),))


def _advice(seen: Sequence[Visited]) -> Section:
    advised = sum((one.advice for one in seen), Counter[str]())
    told = ", ".join(f"{str(ADVICE[code]).lower()} {number}" for code, number in advised.most_common())
    taken = sum(one.taken_up for one in seen)
    parts = [f"Kiến nghị đối với {advised.total()} phương tiện đo: {told}; {taken} đã lập phiếu tiếp nhận."
             if advised else "Không có kiến nghị đối với phương tiện đo."]
    for one in seen:
        texts = [text for text in (one.survey.findings, one.survey.recommendations) if text]
        if texts:
            parts.append(f"- {one.survey.customer.name}: {' '.join(texts)}")
    return Section("V.", "Nhận xét, kiến nghị", tuple(parts))


def _figures(found: KindFigures) -> tuple[str, ...]:
    if found.group == 1:
        return ("1", str(found.total), "–", "–", "–", "–")
    return ("2", str(found.total), str(found.in_date), str(found.overdue), str(found.unverified), _percent(found))


def _percent(found: KindFigures) -> str:
    return "–" if found.share is None else f"{100 * found.share:.1f}".replace(".", ",")
