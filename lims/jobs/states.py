"""States of a job item, as a table: from where, by which action, to where, and who may (permission)."""
from __future__ import annotations

from typing import NamedTuple

from lims.shared.errors import Conflict


class Transition(NamedTuple):
    """`action` leads from `source` to `target`; `permission` names who may do it."""

    source: str
    action: str
    target: str
    permission: str


TRANSITIONS = (
    Transition("received", "assign", "assigned", "jobs.assign"),
    Transition("assigned", "assign", "assigned", "jobs.assign"),
    Transition("assigned", "start", "measuring", "jobs.measure"),
    Transition("measuring", "submit", "submitted", "jobs.measure"),
    Transition("submitted", "review", "reviewed", "issue.review"),
    Transition("submitted", "send_back", "measuring", "issue.review"),
    Transition("reviewed", "send_back", "measuring", "issue.review"),
    Transition("submitted", "issue", "issued", "issue.sign"),
    Transition("reviewed", "issue", "issued", "issue.sign"),
    Transition("issued", "amend", "measuring", "issue.sign"),
    Transition("issued", "hand_over", "handed_over", "jobs.receive"),
    Transition("handed_over", "amend", "measuring", "issue.sign"),
    Transition("received", "cancel", "cancelled", "jobs.receive"),
    Transition("assigned", "cancel", "cancelled", "jobs.receive"),
)
BEFORE_ISSUE = ("received", "assigned", "measuring", "submitted", "reviewed")
STATES = tuple(dict.fromkeys([t.source for t in TRANSITIONS] + [t.target for t in TRANSITIONS]))
_TARGETS = {(t.source, t.action): t.target for t in TRANSITIONS}


def after(state: str, action: str) -> str:
    """The state that `action` leads to. Raises Conflict when it is not possible from here."""
    target = _TARGETS.get((state, action))
    if target is None:
        raise Conflict("Mục này không còn ở bước cho phép việc này; hãy tải lại trang.",
                       "The item is no longer at a step that allows this; reload the page.")
    return target


def possible(state: str) -> set[str]:
    """Actions possible from a state."""
    return {t.action for t in TRANSITIONS if t.source == state}
