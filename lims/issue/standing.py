"""What is issued already: asking twice gives the document that stands, never a second one."""
from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from lims.issue.models import Certificate
from lims.jobs.models import Result, Worksheet
from lims.shared.db import session
from lims.shared.errors import Conflict


def standing(keys: Mapping[int, str | None]) -> dict[int, Certificate | Conflict]:
    """By item: what its idempotency key has issued, or whoever issued the item's newest result.

    `keys` are those of the requests, by item. A key that was used for another item gives the refusal.
    """
    found: dict[int, Certificate | Conflict] = dict(_of_newest_results(list(keys)))
    wanted = {key: item_id for item_id, key in keys.items() if key is not None}
    if wanted:
        for row in session().scalars(sa.select(Certificate).where(Certificate.idempotency_key.in_(wanted))):
            item_id = wanted[row.idempotency_key or ""]
            found[item_id] = row if row.item_id == item_id else Conflict(
                "Khóa chống lặp này đã dùng cho mục khác.", "The idempotency key was used for another item.")
    return found


def _of_newest_results(item_ids: list[int]) -> dict[int, Certificate]:
    newer = aliased(Result)
    rows = session().scalars(
        sa.select(Certificate).join(Result, Result.id == Certificate.result_id)
        .join(Worksheet, Worksheet.id == Result.worksheet_id)
        .where(Worksheet.item_id.in_(item_ids), ~sa.exists().where(
            newer.worksheet_id == Result.worksheet_id, newer.revision > Result.revision)))
    return {row.item_id: row for row in rows}
