"""Use cases of a procedure's draft: begin, keep, try on its reference cases, publish by somebody else."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from instruments.evaluate import evaluate
from instruments.evaluation import Evaluation
from instruments.library import ReferenceCase, case_failures, read_cases, shipped_cases_text
from instruments.procedure import Procedure, ProcedureError, load_procedure
from instruments.procedure_reader import Fault
from lims.auth.models import User
from lims.jobs import procedures
from lims.jobs.draft_models import ProcedureDraft, PublishedCases
from lims.jobs.models import ProcedureVersion
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound, NotPermitted
from uncertainty.errors import InputError

LONGEST = 200_000
"""Characters of a procedure or of its cases; the longest shipped one has 30 000."""
NO_CASES = '{"reference_cases": 1, "cases": []}\n'


@dataclass(frozen=True)
class Trial:
    """A draft tried: what is wrong with its text, and what each reference case gave."""

    procedure: Procedure | None
    faults: Sequence[Fault] = ()
    cases_fault: tuple[str, str] | None = None
    cases: Sequence[tuple[ReferenceCase, Evaluation, Sequence[str]]] = ()
    """(case, its evaluation, what it gives otherwise than expected)."""

    @property
    def passes(self) -> bool:
        """The gate: a readable text, at least one case, and every case as expected."""
        return bool(self.procedure and self.cases and not self.cases_fault
                    and not any(failures for _case, _found, failures in self.cases))


def begin(based_on: ProcedureVersion | None, user: User) -> ProcedureDraft:
    """A new draft: a publication with its cases to be changed, or an empty page."""
    toml = based_on.toml if based_on else ""
    with write("procedure.draft") as current:
        draft = ProcedureDraft(
            title=procedures.parsed(based_on).title.vi if based_on else "", toml=toml,
            cases=cases_of(based_on) if based_on else NO_CASES, based_on_id=based_on.id if based_on else None,
            written_at=clock.now(), written_by_id=user.id)
        current.add(draft)
    return draft


def keep(draft_id: int, *, toml: str, cases: str, version: int, user: User) -> ProcedureDraft:
    """Keep the text as it is, right or wrong. Raises Conflict when somebody else kept another one meanwhile."""
    for name, text in (("toml", toml), ("cases", cases)):
        if len(text) > LONGEST:
            raise Invalid(f"Dài quá {LONGEST} ký tự.", f"At most {LONGEST} characters.", name)
    with write("procedure.keep_draft"):
        draft = get(draft_id)
        _require_open(draft)
        if draft.version != version:
            raise Conflict(f"{draft.written_by.full_name} vừa ghi bản khác của dự thảo này; hãy mở lại và so sánh.",
                           f"{draft.written_by.full_name} has kept another text; open it and compare.", "toml")
        draft.toml, draft.cases = _unix(toml), _unix(cases)
        draft.title = _title(draft.toml) or draft.title
        draft.written_at, draft.written_by_id = clock.now(), user.id
    return draft


def publish(draft_id: int, user: User) -> ProcedureVersion:
    """Publish a draft whose cases hold. Raises NotPermitted for its own writer, Invalid at `toml` or `cases`."""
    draft = get(draft_id)
    _require_open(draft)
    if draft.written_by_id == user.id:
        raise NotPermitted("Người viết dự thảo không tự ban hành; người khác phải xem và ban hành.",
                           "Whoever wrote a draft does not publish it; somebody else looks at it and does.")
    tried = tried_out(draft.toml, draft.cases)
    if tried.procedure is None:
        first = tried.faults[0]
        raise Invalid(f"Dòng {first.line}: {first.vi}", f"Line {first.line}: {first.en}", "toml")
    if not tried.passes:
        raise Invalid("Chưa có trường hợp mẫu nào, hoặc có trường hợp không đúng kết quả mong đợi.",
                      "There is no reference case, or one does not give what it expects.", "cases")
    published = procedures.publish(draft.toml, draft.title)
    with write("procedure.publish_draft") as current:
        if current.get(PublishedCases, published.id) is None:
            current.add(PublishedCases(procedure_id=published.id, cases=draft.cases, published_by_id=user.id,
                                       drafted_by_id=draft.written_by_id))
        get(draft_id).published_as_id = published.id
    return published


def tried_out(toml: str, cases: str) -> Trial:
    """Read the text and evaluate its reference cases; nothing is kept."""
    try:
        procedure = load_procedure(toml, "")
    except ProcedureError as error:
        return Trial(None, error.faults)
    try:
        known = read_cases(cases or NO_CASES, procedure)
        found = [(case, evaluation, case_failures(procedure, case, evaluation)) for case in known
                 for evaluation in [evaluate(procedure, case.observations)]]
    except InputError as error:
        return Trial(procedure, cases_fault=(f"{error.path}: {error.vi}", f"{error.path}: {error.en}"))
    except (KeyError, ValueError, TypeError) as error:
        return Trial(procedure, cases_fault=(f"trường hợp mẫu không đọc được: {error}",
                                             f"the reference cases cannot be read: {error}"))
    return Trial(procedure, cases=found)


def get(draft_id: int) -> ProcedureDraft:
    """The draft, or NotFound."""
    found = session().get(ProcedureDraft, draft_id)
    if found is None:
        raise NotFound("Không có dự thảo này.", "No such draft.")
    return found


def open_drafts() -> Sequence[ProcedureDraft]:
    """Drafts that are not published yet, the newest first."""
    return session().scalars(sa.select(ProcedureDraft).where(ProcedureDraft.published_as_id.is_(None))
                             .order_by(ProcedureDraft.id.desc())).all()


def publications(code: str) -> Sequence[ProcedureVersion]:
    """Every publication of a code, the newest first."""
    return session().scalars(sa.select(ProcedureVersion).where(ProcedureVersion.code == code)
                             .order_by(ProcedureVersion.id.desc())).all()


def cases_of(version: ProcedureVersion) -> str:
    """The reference cases of a publication: kept with it, or shipped beside the same text."""
    kept = session().get(PublishedCases, version.id)
    return kept.cases if kept else shipped_cases_text(version.digest) or NO_CASES


def _require_open(draft: ProcedureDraft) -> None:
    if draft.published_as_id is not None:
        raise Conflict("Dự thảo này đã ban hành; bản đã ban hành không đổi nữa.",
                       "This draft was published; what is published changes no more.")


def _title(toml: str) -> str:
    try:
        return load_procedure(toml, "").title.vi
    except ProcedureError:
        return ""


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
