"""Before any lock: may this item be issued, and does its document render?"""
from __future__ import annotations

from collections.abc import Sequence

from lims.issue import planning, preflight
from lims.issue.dossier import Dossier, load
from lims.issue.finding import Finding, stops
from lims.issue.planning import Request
from lims.jobs import states
from lims.shared.errors import Conflict, DomainError


class NotReady(DomainError):
    """Preflight stops the document; `findings` says everything that must be mended."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("Chưa phát hành được: " + "; ".join(one.vi for one in findings) + ".",
                         "Cannot be issued: " + "; ".join(one.en for one in findings) + ".", status=422)
        self.findings = tuple(findings)


def prepare(request: Request) -> str:
    """Which series numbers the document, once preflight and the dry render let it pass. Raises NotReady or Conflict."""
    dossier = load(request.item_id)
    refuse_newer_result(dossier, request)
    states.after(dossier.item.state, "issue")
    _draft, more = planning.dry_run(dossier, request.signer, request.at)
    if stopping := stops([*preflight.findings(dossier, request.signer), *more]):
        raise NotReady(stopping)
    return dossier.numbered_in


def refuse_newer_result(dossier: Dossier, request: Request) -> None:
    """Raises Conflict when the result is not the one that the signer saw."""
    if request.digest is not None and request.digest != dossier.result.digest:
        raise Conflict("Kết quả đã đổi từ khi bạn mở trang; hãy tải lại và xem lại.",
                       "The result has changed since you opened the page; reload and look again.")
