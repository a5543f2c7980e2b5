"""A damaged archive is told by mail, once for each nightly check that found something, to whoever answers for it."""
from __future__ import annotations

import secrets
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app

from lims.alerts.models import OutboxMessage
from lims.auth.models import WITH_ROLES, User
from lims.issue import scrub
from lims.shared import clock
from lims.shared.db import session, write

RESPONSIBLE = "audit.read"


def announce_damage() -> int:
    """Put a mail into the outbox for each person, unless it was done for this check before; how many."""
    found = scrub.newest(session())
    if found is None or found.in_order:
        return 0
    people = [person for person in session().scalars(sa.select(User).where(User.active).options(WITH_ROLES))
              if RESPONSIBLE in person.permissions]
    keys = {f"{scrub.KIND}/{found.task_id}/{person.id}": person for person in people}
    known = set(session().scalars(sa.select(OutboxMessage.dedup_key).where(OutboxMessage.dedup_key.in_(keys))))
    waiting = {key: person for key, person in keys.items() if key not in known}
    if not waiting:
        return 0
    base_url = current_app.extensions["settings"].base_url
    host, now = urlsplit(base_url).hostname or "localhost", clock.now()
    with write("archive.announce_damage", actor=("", "system")) as current:
        for key, person in waiting.items():
            subject, body = _words(found, person.language, f"{base_url}/archive/check")
            current.add(OutboxMessage(recipient=person.email, subject=subject, body=body, dedup_key=key,
                                      message_id=f"<{secrets.token_hex(16)}@{host}>", created_at=now,
                                      next_attempt_at=now))
    return len(waiting)


def _words(found: scrub.Scrub, language: str, address: str) -> tuple[str, str]:
    listed = "\n".join(found.faults[:20])
    if language == "en":
        return (f"[LIMS] The archive is damaged: {len(found.faults)} faults",
                f"The nightly check found documents that are not what was archived:\n\n{listed}\n\n{address}\n"
                "Run `lims verify`, then restore what is damaged from a backup.\n")
    return (f"[LIMS] Kho lưu có hư hỏng: {len(found.faults)} lỗi",
            f"Lần kiểm tra hằng đêm thấy tài liệu không còn đúng như khi lưu:\n\n{listed}\n\n{address}\n"
            "Chạy lệnh `lims verify`, rồi khôi phục tài liệu hỏng từ bản sao lưu.\n")
