"""Use cases of a survey while it is a draft: begin, keep what a phone sends, photographs."""
from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lims.auth.models import User
from lims.customers import service as customers
from lims.customers.models import Customer
from lims.jobs.photos import drawn_anew
from lims.shared import clock
from lims.shared.audit import AuditEvent, AuditTransaction
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound
from lims.shared.files import store
from lims.shared.forms import parse_day
from lims.shared.text import TextError, clean
from lims.surveys import survey_forms
from lims.surveys.models import Survey, SurveyPhoto, SurveyRow
from lims.surveys.row_fields import FIELDS

MOST_ROWS = 1000
MOST_PHOTOS = 200
LONGEST_TEXT = 500
_KEY = re.compile(r"[A-Za-z0-9-]{4,60}", re.ASCII)
HEAD = "head"
DISCARD = "survey.discard"
HEAD_TEXTS = ("team", "findings", "recommendations")


@dataclass(frozen=True)
class Entry:
    """One change from a phone: the head, or a row by its key. `base` is the revision it was made on (0: new)."""

    key: str
    base: int
    fields: Mapping[str, object]
    removed: bool = False
    position: int = 0


@dataclass(frozen=True)
class Outcome:
    """"saved" with the revision that counts now, "conflict" with what stands there, or "refused" with a message."""

    status: str
    revision: int = 0
    theirs: dict[str, Any] = field(default_factory=dict)
    error: Invalid | None = None


def get(survey_id: int) -> Survey:
    """The survey, or NotFound."""
    found = session().get(Survey, survey_id)
    if found is None:
        raise NotFound("Không có phiếu khảo sát này.", "No such survey.")
    return found


def begin(customer_id: int, visited_on: date, team: str, user: User, *, anew: bool = False,
          again: bool = True) -> Survey:
    """A draft on the newest form; the same person's empty one of that day is given `again`, as for two presses.

    Raises Invalid at `visited_on` when the visit is yet to come, and at `customer` when another draft of the
    enterprise is under way and it was not said that this is another visit (`anew`)."""
    form = survey_forms.newest()
    with write("survey.begin", actor=actor_of(user)) as current:
        # Who begins in the same second waits here, and finds the other's draft.
        current.execute(sa.select(Customer.id).where(Customer.id == customer_id).with_for_update())
        before = _drafts(customer_id)
        same = next((one for one in before if again and one.created_by_id == user.id and one.visited_on == visited_on
                     and is_empty(one)), None)
        if same is None and before and not anew:
            raise Invalid(f"Doanh nghiệp này đang có phiếu {before[0].number}: ghi tiếp phiếu đó, hoặc đánh dấu đây là "
                          "lần khảo sát khác.", f"The survey {before[0].number} of this enterprise is under way: go on "
                          "with it, or say that this is another visit.", "customer")
        if same is not None:
            same.team = team
        return same or add(current, customer_id, form.id, visited_on, team, user)


def go_on(survey_id: int, user: User) -> tuple[Survey, bool]:
    """(draft, whether it was begun now) for what came too late for a finished survey: the enterprise's newest draft,
    or a new one of the same day and team. Raises Conflict while the survey itself is a draft."""
    ended = get(survey_id)
    if ended.state == "draft":
        raise Conflict("Phiếu này đang làm; hãy ghi tiếp vào đó.", "This survey is under way; go on with it.")
    draft = under_way(ended.customer_id)
    return (draft, False) if draft else (begin(ended.customer_id, ended.visited_on, ended.team, user), True)


def under_way(customer_id: int) -> Survey | None:
    """The newest draft of an enterprise, if there is one."""
    return next(iter(_drafts(customer_id)), None)


def is_empty(survey: Survey) -> bool:
    """A draft in which nothing but day and team stands, not even a photograph that was struck out."""
    return survey.state == "draft" and not (survey.rows or survey.photos or survey.answers or survey.findings
                                            or survey.recommendations)


def discard(survey_id: int, user: User) -> str:
    """Take away a draft in which nothing stands; its number. Raises Conflict."""
    with write(DISCARD, actor=actor_of(user)) as current:
        survey = locked(current, survey_id)
        if not is_empty(survey):
            raise Conflict("Phiếu đã có nội dung nên không bỏ được.", "Something stands in the survey: it stays.")
        number = survey.number
        current.delete(survey)
    return number


def _beyond_discarded(current: Session) -> int | None:
    """A key above every survey there ever was, where SQLite would give that of the newest one again after it was
    discarded: a phone may still hold rows under its number. None: the database's own key will do."""
    if current.get_bind().dialect.name != "sqlite":
        return None
    gone = current.scalars(sa.select(AuditEvent.entity_id).join(
        AuditTransaction, AuditTransaction.seq == AuditEvent.seq).where(
        AuditTransaction.action == DISCARD, AuditEvent.entity == Survey.__tablename__))
    highest = max(map(int, gone), default=0)
    return highest + 1 if highest > (current.scalar(sa.select(sa.func.max(Survey.id))) or 0) else None


def _drafts(customer_id: int) -> Sequence[Survey]:
    return session().scalars(sa.select(Survey).where(
        Survey.customer_id == customer_id, Survey.state == "draft").order_by(Survey.id.desc())).all()


def add(current: Session, customer_id: int, form_id: int, visited_on: date, team: str, user: User) -> Survey:
    """The same inside an open transaction."""
    customers.customer(customer_id)
    if visited_on > clock.today():
        raise Invalid("Ngày khảo sát chưa tới.", "The visit is yet to come.", "visited_on")
    added = Survey(id=_beyond_discarded(current), number=secrets.token_hex(8), customer_id=customer_id,
                   form_id=form_id, visited_on=visited_on, team=team, created_at=clock.now(), created_by_id=user.id)
    current.add(added)
    current.flush()  # the key given by the database makes the number: two people at once cannot get the same
    added.number = f"KS{visited_on:%y}-{added.id:04d}"
    return added


def save(survey_id: int, entries: Sequence[Entry], user: User) -> list[Outcome]:
    """Keep what a phone sends; each entry has its outcome, and sent twice it changes nothing the second time.

    Raises Conflict when the survey was finished."""
    with write("survey.save", actor=actor_of(user)) as current:
        survey = locked(current, survey_id)
        outcomes = [_save_head(survey, entry) if entry.key == HEAD else _save_row(current, survey, entry)
                    for entry in entries]
    return outcomes


def save_whole(survey_id: int, entries: Sequence[Entry], user: User) -> None:
    """The same, all of the entries or none. Raises Conflict or Invalid at `N` or `N.field`: the first that cannot be
    kept."""
    with write("survey.save", actor=actor_of(user)) as current:
        survey = locked(current, survey_id)
        for at, entry in enumerate(entries):
            outcome = _save_head(survey, entry) if entry.key == HEAD else _save_row(current, survey, entry)
            if outcome.error is not None:
                raise Invalid(outcome.error.vi, outcome.error.en, f"{at}.{outcome.error.field}")
            if outcome.status == "conflict":
                raise Conflict(f"Người khác vừa sửa dòng này (bản {outcome.revision}); hãy đọc lại.",
                               f"Somebody else has just changed this row (revision {outcome.revision}); read it again.",
                               str(at))


def keep_photo(survey_id: int, *, content: bytes, row_key: str, mark: str, user: User) -> SurveyPhoto:
    """Keep a photograph, drawn anew without what the camera wrote into it. Raises Invalid at `photo`, or Conflict."""
    if not _KEY.fullmatch(mark) or (row_key and not _KEY.fullmatch(row_key)):
        raise Invalid("Ảnh thiếu mã.", "The photograph has no mark.", "photo")
    known = _photo_by_mark(survey_id, mark)
    if known is not None:
        return known
    plain, width, height = drawn_anew(content)
    with write("survey.keep_photo", actor=actor_of(user)) as current:
        survey = locked(current, survey_id)
        if len(survey.photos) >= MOST_PHOTOS:
            raise Conflict(f"Mỗi phiếu có nhiều nhất {MOST_PHOTOS} ảnh.", f"At most {MOST_PHOTOS} photographs.")
        file = store(current, "khao-sat.jpg", plain, ("image/jpeg",))
        current.flush()
        photo = SurveyPhoto(survey_id=survey_id, row_key=row_key, mark=mark, file_id=file.id, width=width,
                            height=height, taken_by_id=user.id, kept_at=clock.now())
        current.add(photo)
    return photo


def strike_photo(survey_id: int, photo_id: int, user: User) -> None:
    """A photograph taken by mistake no longer counts while the survey is a draft."""
    with write("survey.strike_photo", actor=actor_of(user)) as current:
        locked(current, survey_id)
        photo(survey_id, photo_id).struck_because = "chụp nhầm"


def photo(survey_id: int, photo_id: int) -> SurveyPhoto:
    """One photograph of the survey, or NotFound."""
    found = session().get(SurveyPhoto, photo_id)
    if found is None or found.survey_id != survey_id:
        raise NotFound("Không có ảnh này.", "No such photograph.")
    return found


def locked(current: Session, survey_id: int) -> Survey:
    """The draft for writing. Raises Conflict when it was finished, NotFound when there is none."""
    survey = current.scalar(sa.select(Survey).where(Survey.id == survey_id).with_for_update(of=Survey))
    if survey is None:
        raise NotFound("Không có phiếu khảo sát này.", "No such survey.")
    if survey.state != "draft":
        raise Conflict("Phiếu khảo sát đã kết thúc, không sửa được nữa.", "The survey is finished and stays as it is.")
    return survey


def head_of(survey: Survey) -> dict[str, Any]:
    """What the phone shows and sends as the head."""
    return {"visited_on": f"{survey.visited_on:%d/%m/%Y}", **{name: getattr(survey, name) for name in HEAD_TEXTS},
            **{f"answer-{key}": text for key, text in survey.answers.items()}}


def actor_of(user: User) -> tuple[str, str]:
    """(id, name) as the audit trail names a person."""
    return str(user.id), user.full_name


def _save_head(survey: Survey, entry: Entry) -> Outcome:
    fields = {name: _text(value, 4000) for name, value in entry.fields.items()}
    if survey.version != entry.base and not _says(head_of(survey), fields):
        return Outcome("conflict", survey.version, head_of(survey))
    day = parse_day(fields.get("visited_on", ""))
    if day is None or day > clock.today() or not fields.get("team"):
        return Outcome("refused", survey.version, error=Invalid(
            "Ngày khảo sát hoặc đoàn khảo sát chưa đúng.", "Date or team of the visit is not right.", "visited_on"))
    survey.visited_on = day
    for name in HEAD_TEXTS:
        setattr(survey, name, fields.get(name, ""))
    keys = {question["key"] for question in survey.form.questions}
    survey.answers = {key: fields[f"answer-{key}"] for key in sorted(keys) if fields.get(f"answer-{key}")}
    session().flush()
    return Outcome("saved", survey.version)


def _save_row(current: Session, survey: Survey, entry: Entry) -> Outcome:
    if not _KEY.fullmatch(entry.key):
        return Outcome("refused", error=Invalid("Dòng thiếu mã.", "The row has no key.", "key"))
    fields = {name: text for name in FIELDS if (text := _text(entry.fields.get(name), LONGEST_TEXT))}
    row = next((one for one in survey.rows if one.key == entry.key), None)
    if row is None:
        if entry.removed:
            return Outcome("saved", 0)
        if len(survey.rows) >= MOST_ROWS:
            return Outcome("refused", error=Invalid(f"Mỗi phiếu có nhiều nhất {MOST_ROWS} dòng.",
                                                    f"At most {MOST_ROWS} rows.", "key"))
        row = SurveyRow(key=entry.key, position=entry.position or len(survey.rows) + 1, fields=fields, revision=1)
        survey.rows.append(row)
        return Outcome("saved", 1)
    if row.revision != entry.base and row.fields != fields:
        return Outcome("conflict", row.revision, dict(row.fields))
    if entry.removed:
        survey.rows.remove(row)
        current.delete(row)
        return Outcome("saved", 0)
    if row.fields != fields:
        row.fields, row.revision = fields, row.revision + 1
    return Outcome("saved", row.revision)


def _says(kept: Mapping[str, Any], sent: Mapping[str, str]) -> bool:
    return all((kept.get(name) or "") == text for name, text in sent.items())


def _text(value: object, most: int) -> str:
    """A text as it can be kept; what cannot is left out, its faults are told when the row is read."""
    try:
        return clean(str(value or "")[:most], multiline=True)
    except TextError:
        return ""


def _photo_by_mark(survey_id: int, mark: str) -> SurveyPhoto | None:
    return session().scalar(sa.select(SurveyPhoto).where(SurveyPhoto.survey_id == survey_id, SurveyPhoto.mark == mark))
