"""Before any lock: may this item be issued, and does its document render?"""
from __future__ import annotations

from collections.abc import Sequence

from lims.issue import planning, preflight
from lims.issue.dossier import Dossier, load
from lims.issue.finding import Finding, stops
from lims.issue.planning import Ready, Request
from lims.jobs import states
from lims.shared import audit
from lims.shared.db import session
from lims.shared.errors import Conflict, DomainError


class NotReady(DomainError):
    """Preflight stops the document; `findings` says everything that must be mended."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("Chưa phát hành được: " + "; ".join(one.vi for one in findings) + ".",
                         "Cannot be issued: " + "; ".join(one.en for one in findings) + ".", status=422)
        self.findings = tuple(findings)


def prepare(request: Request) -> Ready:
    """The document, all but its number, once preflight and dry render let it pass. Raises NotReady or Conflict."""
    seen = _looking()
    return _prepared(request, load(request.item_id), seen)


def prepare_together(requests: Sequence[Request]) -> list[Ready | DomainError]:
    """The same for several, told by its error where one cannot be; what they share is read once."""
    seen = _looking()
    made: list[Ready | DomainError] = []
    open_dossiers = []  # the session forgets rows that nobody holds
    for request in requests:
        try:
            open_dossiers.append(load(request.item_id))
            made.append(_prepared(request, open_dossiers[-1], seen))
        except DomainError as error:
            made.append(error)
    return made


def _looking() -> int:
    """Begin to read: whatever is changed later has a greater place in the audit trail."""
    session().rollback()
    return audit.position(session())


def _prepared(request: Request, dossier: Dossier, seen: int) -> Ready:
    refuse_newer_result(dossier, request)
    states.after(dossier.item.state, "issue")
    draft, more = planning.dry_run(dossier, request.signer, request.at)
    if stopping := stops([*preflight.findings(dossier, request.signer), *more]):
        raise NotReady(stopping)
    assert draft is not None  # a render that failed stops
    return planning.ready(dossier, draft.record, seen)


def refuse_newer_result(dossier: Dossier, request: Request) -> None:
    """Raises Conflict when the result is not the one that the signer saw."""
    if request.digest is not None and request.digest != dossier.result.digest:
        raise Conflict("Kết quả đã đổi từ khi bạn mở trang; hãy tải lại và xem lại.",
                       "The result has changed since you opened the page; reload and look again.")
