"""How many requests one address may send in a minute, counted in the database: all processes share one count."""
from __future__ import annotations

import hashlib
from datetime import datetime

import sqlalchemy as sa

from lims.owners.models import OwnerAttempt
from lims.shared.db import insert_if_absent, write

ASKED_A_MINUTE = 5
KEPT_MINUTES = 5


def too_many(address: str, now: datetime) -> bool:
    """Count one more request of an address, refused ones too; whether it is beyond what a minute allows.

    Of the address only a digest is kept, and not longer than some minutes; none of it is a matter of the audit."""
    minute = int(now.timestamp() // 60)
    mark = hashlib.sha256(f"{minute}/{address}".encode()).hexdigest()
    with write("visit.attempt", actor=("", "chủ phương tiện đo (trang công khai)")) as current:
        current.execute(sa.delete(OwnerAttempt).where(OwnerAttempt.minute < minute - KEPT_MINUTES))
        insert_if_absent(current, OwnerAttempt, minute=minute, mark=mark, count=0)
        own = (OwnerAttempt.minute == minute, OwnerAttempt.mark == mark)
        current.execute(sa.update(OwnerAttempt).where(*own).values(count=OwnerAttempt.count + 1))
        count = current.scalar(sa.select(OwnerAttempt.count).where(*own))
    return (count or 0) > ASKED_A_MINUTE
