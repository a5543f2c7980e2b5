"""States of a standard as a table, and the state that counts on a day (ISO/IEC 17025 6.4.4, 6.4.9)."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import get_args

from instruments.eligibility import State
from lims.shared.errors import Conflict

STATES: tuple[State, ...] = get_args(State)
SUSPECT: frozenset[State] = frozenset({"quarantined", "out_of_service"})
"""A standard found suspect today is not used for earlier days either, until somebody has judged it."""

TRANSITIONS: dict[State, tuple[State, ...]] = {
    "in_use": ("out_for_calibration", "quarantined", "out_of_service", "retired"),
    "out_for_calibration": ("in_use", "quarantined", "out_of_service", "retired"),
    "quarantined": ("in_use", "out_for_calibration", "out_of_service", "retired"),
    "out_of_service": ("in_use", "out_for_calibration", "quarantined", "retired"),
    "retired": ("out_of_service",),
}


def known(state: str) -> State:
    """The state of that name. Raises Conflict for any other text."""
    for one in STATES:
        if one == state:
            return one
    raise Conflict(f"Không có trạng thái «{state}».", f"No such state: {state!r}.", "state")


def require_transition(source: str, target: str) -> None:
    """Raises Conflict at `state` when a standard cannot go from `source` to `target`."""
    if known(target) not in TRANSITIONS[known(source)]:
        raise Conflict("Chuẩn không thể chuyển sang trạng thái này từ trạng thái hiện tại; hãy tải lại trang.",
                       "The standard cannot go to this state from the present one; reload the page.", "state")


def state_at(current: str, changes: Iterable[tuple[datetime, str]], end: datetime) -> State:
    """The state that counts for a day whose last instant is `end`.

    `changes` are (instant, new state), those of one instant in the order entered. Before the first change the first
    state known counts.
    """
    now = known(current)
    if now in SUSPECT:
        return now
    history = sorted(changes, key=lambda change: change[0])  # stable: of one instant, the last entered counts
    if not history:
        return now
    before = [state for at, state in history if at <= end]
    return known(before[-1] if before else history[0][1])
