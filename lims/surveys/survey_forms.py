"""The questions of a survey as data: versions that never change, the newest of which new surveys take."""
from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid
from lims.shared.freshness import require_version
from lims.shared.text import TextError, clean, search_key
from lims.surveys.models import SurveyForm

KINDS = ("yes_no", "text", "number")
MOST_QUESTIONS = 40


def newest() -> SurveyForm:
    """The version in use; the first one is published when nobody has yet."""
    return _newest(session()) or _publish_shipped()


def newest_in(current: Session) -> SurveyForm:
    """The same inside an open transaction."""
    return _newest(current) or _add(current, *_shipped(), by="")


def versions() -> Sequence[SurveyForm]:
    """Every version, the newest first."""
    return session().scalars(sa.select(SurveyForm).order_by(SurveyForm.version.desc())).all()


def publish(title_vi: str, title_en: str, questions: str, by: str, version: int = 0) -> SurveyForm:
    """The next version from lines "kind | câu hỏi | question".

    Raises Invalid at `questions` with the line's number; Conflict when somebody published since `version`."""
    read_questions(questions)
    try:
        with write("survey_form.publish") as current:
            if (last := _newest(current)) is not None:
                require_version(last, version, "các câu hỏi", "the questions")
            return _add(current, title_vi, title_en, questions, by)
    except IntegrityError:
        raise Conflict("Người khác vừa ban hành bản mới; hãy tải lại và so sánh.",
                       "Somebody else has just published a version; reload and compare.") from None


def _add(current: Session, title_vi: str, title_en: str, questions: str, by: str) -> SurveyForm:
    last = current.scalar(sa.select(sa.func.max(SurveyForm.version))) or 0
    row = SurveyForm(code="KS", version=last + 1, title_vi=title_vi, title_en=title_en or title_vi,
                     questions=read_questions(questions), published_at=clock.now(), published_by=by)
    current.add(row)
    current.flush()
    return row


def read_questions(text: str) -> list[dict[str, str]]:
    """One question a line: kind (yes_no, text, number), Vietnamese, English (may be left out)."""
    found: list[dict[str, str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            parts = [clean(part) for part in line.split("|")]
        except TextError:
            parts = []
        if len(parts) not in (2, 3) or parts[0] not in KINDS or not parts[1] or len(line) > 400:
            raise Invalid(f"Dòng {number}: viết “{' hoặc '.join(KINDS)} | câu hỏi | câu hỏi tiếng Anh”.",
                          f"Line {number}: write “{' or '.join(KINDS)} | question in Vietnamese | in English”.",
                          "questions")
        found.append({"key": _key(parts[1], found), "kind": parts[0], "vi": parts[1], "en": parts[-1]})
    if not 0 < len(found) <= MOST_QUESTIONS:
        raise Invalid(f"Cần từ 1 đến {MOST_QUESTIONS} câu hỏi.",
                      f"Between 1 and {MOST_QUESTIONS} questions are needed.", "questions")
    return found


def as_lines(form: SurveyForm) -> str:
    """The questions as publish() reads them."""
    return "\n".join(f"{one['kind']} | {one['vi']} | {one['en']}" for one in form.questions)


def _key(words: str, before: Sequence[dict[str, str]]) -> str:
    stem = "_".join(search_key(words).split()[:6]) or "q"
    taken = {one["key"] for one in before}
    return stem if stem not in taken else f"{stem}_{len(before) + 1}"


def _newest(current: Session) -> SurveyForm | None:
    return current.scalar(sa.select(SurveyForm).order_by(SurveyForm.version.desc()).limit(1))


def _publish_shipped() -> SurveyForm:
    """The shipped questions as version 1; whoever comes second in the same second takes what the first one kept."""
    try:
        return publish(*_shipped(), by="")
    except Conflict:
        if (published := _newest(session())) is None:
            raise
        return published


def _shipped() -> tuple[str, str, str]:
    shipped = json.loads((files("lims.surveys") / "form.json").read_text(encoding="utf-8"))
    return shipped["title_vi"], shipped["title_en"], "\n".join(shipped["questions"])
