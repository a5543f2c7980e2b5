"""What `lims verify` does about each table of the schema; a test fails when a table has no place here."""
from __future__ import annotations

from collections.abc import Mapping

from lims.issue.raw_rows import APPEND_ONLY
from lims.issue.traced_rows import TRACED
from lims.shared import bulk_trail

CHECKED: Mapping[str, str] = {
    "audit_head": "the end of the chain of the audit trail",
    "series": "gapless numbers, each linked to the one before (integrity)",
    "user_role": "replayed as the roles of the account (traced_rows)",
    "sticker": "where the moves of the number put it (legal.sticker_ledger)",
    "duty_line": "made again from the schedules (equipment.tally)",
    "recall_tally": "counted again from the schedules (equipment.tally)",
    "plan_tally": "counted again from the schedules (equipment.tally)",
}
"""Tables with a check of their own, and which."""
UNCHECKED: Mapping[str, str] = {
    "api_answer": "what a request was answered, for one sent twice; forgotten after days",
    "background_task": "progress of work that is under way; what it changes is watched where it stands",
    "task_failure": "what a background task told its owner",
    "task_file": "a file for its owner to fetch, deleted after days; documents in it have digests of their own",
    "task_file_part": "bytes of such a file",
    "login_failure": "wrong passwords of the last hours, counted and forgotten",
    "owner_attempt": "requests of the last minutes, counted and forgotten",
    "search_word": "an index over texts that are replayed; it finds, and decides nothing",
    "work_month": "through which day figures were counted",
    "work_tally": "figures over rows that are watched; old months keep what was counted then, so they may differ",
}
"""Tables that need none, and why."""


def places() -> dict[str, list[str]]:
    """Every table that is named anywhere, with the lists that name it."""
    lists = {"append-only": APPEND_ONLY, "traced": TRACED, "bulk": tuple(bulk_trail.tables()),
             "checked": tuple(CHECKED), "unchecked": tuple(UNCHECKED)}
    found: dict[str, list[str]] = {}
    for name, tables in lists.items():
        for table in tables:
            found.setdefault(table, []).append(name)
    return found
